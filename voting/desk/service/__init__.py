"""What waits at the desk, and handing over what a retiring officer holds."""

from voting.desk.service.retiring import (
    Holdings,
    ReceiverNeeded,
    ReceiverUnfit,
    fit_receivers,
    holdings,
    retire,
)
from voting.desk.service.tasks import MOST_TASKS, STEPS, Task, tasks
from voting.desk.service.waiting import Kind, Pile, piles

__all__ = [
    "MOST_TASKS",
    "STEPS",
    "Holdings",
    "Kind",
    "Pile",
    "ReceiverNeeded",
    "ReceiverUnfit",
    "Task",
    "fit_receivers",
    "holdings",
    "piles",
    "retire",
    "tasks",
]
