"""What views, jobs and commands of the roll need of this installation."""

from flask import current_app

from voting.adapters.jobs import Queue, perform
from voting.roll.service import Shelf
from voting.web.db import current_config, current_database, current_keys, now


def current_shelf() -> Shelf:
    """Return where this installation keeps files on their way into the roll."""
    return Shelf(current_config().var, current_keys())


def current_queue() -> Queue:
    """Return this installation's queue of long jobs."""
    return Queue(current_config().var / "jobs")


def start(job_id: str) -> None:
    """Wake whoever works jobs off; where nobody does, do this one now: a roll is read in seconds."""
    queue = current_queue()
    if queue.is_served():
        queue.put(job_id)
    else:
        do_now(job_id)


def do_now(job_id: str) -> None:
    """Do a job that nobody has begun."""
    handlers = current_app.extensions["voting.jobs"]
    perform(current_database(), handlers, job_id, clock=now)
