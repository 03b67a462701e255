"""What views, jobs and commands of the roll need of this installation.

What a worker types to find somebody goes by POST into the session cookie of their own browser, so that no
address and no log ever holds a name, a room or a part of a number.
"""

from flask import current_app, session

from voting.adapters.jobs import Queue, perform
from voting.roll.service import Shelf
from voting.rounds.models import Round
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


def keep_search(page: str, round: Round, text: str) -> None:
    """Remember in this browser what is looked for on a page; an empty text forgets it."""
    if text:
        session[_key(page)] = [round.id, text]
    else:
        session.pop(_key(page), None)


def kept_search(page: str, round: Round) -> str:
    """Return what this browser looks for on a page of this round."""
    round_id, text = session.get(_key(page), ["", ""])
    return text if round_id == round.id else ""


def _key(page: str) -> str:
    return f"roll.{page}"
