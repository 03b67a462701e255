"""What people may write about a project, and how much of it."""

from dataclasses import dataclass
from datetime import date

from voting.errors import Refusal

NAME_MOST = 40
UNIT_MOST = 60
TARGET_MOST = 200
MEASURE_MOST = 20
MILESTONE_MOST = 40
WORDS_MOST = 500
CAPTION_MOST = 40
PURPOSE_MOST = 60
REASON_MOST = 500
MOST_COUNTED = 999_999_999
MOST_MILESTONES = 40
MOST_PHOTOS = 60
MOST_FILES_NAME = 80

PHOTO_STAGES = {"before": "施工前", "during": "施工中", "after": "完工后"}


class DayAhead(Refusal):
    """Something that has been done cannot have been done tomorrow."""

    msgid = "日期不能晚于今天。还没有做的事，做完那天再登记。"
    status = 422
    field = "day"


@dataclass(frozen=True)
class Given:
    """What comes with a step: when and by whom the thing was done, a stored file, an amount in cents."""

    day: date | None = None
    person: str = ""
    file_digest: str | None = None
    file_name: str = ""
    amount: int | None = None


@dataclass(frozen=True)
class Responsibility:
    """Who answers for a project, and what it is to reach; the measure is counted before and after."""

    target: str
    unit: str
    person: str
    leader: str = ""
    contractor: str = ""
    measure: str = ""
    measure_before: int | None = None
    measure_after: int | None = None


@dataclass(frozen=True)
class MilestoneFacts:
    """A point on the way, whose it is and for which day it is planned."""

    title: str
    person: str
    planned_on: date


@dataclass(frozen=True)
class SpendingFacts:
    """Money that was paid, in cents, with the stored receipt if there is one."""

    day: date
    amount: int
    purpose: str
    payee: str
    file_digest: str | None = None
    file_name: str = ""


def check_not_ahead(day: date, today: date, *, field: str = "day") -> None:
    """Raise DayAhead for a day that has not come."""
    if day > today:
        raise DayAhead(field=field)


def days_late(planned_on: date, done_on: date | None, today: date) -> int:
    """Return how many days a milestone came, or by now is, behind its plan; 0 if it is not."""
    return max(((done_on or today) - planned_on).days, 0)
