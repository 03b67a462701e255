"""An act beside the steps that one officer asks and another confirms: found, and decided once."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import update
from sqlalchemy.orm import Session

from voting.conduct.rules import Given
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.persistence.changing import changes_one
from voting.proposals.models import Withdrawal
from voting.results.models import BudgetCut

Asked = TypeVar("Asked", Withdrawal, BudgetCut)


def get_asked(session: Session, kind: type[Asked], round_id: str, id: str) -> Asked:
    """Return what somebody asked in this round; raise NotFound."""
    found = session.get(kind, id) if id.isalnum() else None
    if found is None or found.round_id != round_id:
        raise NotFound
    return found


def decide(
    session: Session,
    asked: Asked,
    *,
    actor: Actor,
    now: datetime,
    same: type[Refusal],
    late: type[Refusal],
    **outcome: str,
) -> None:
    """Decide what waits, once; raise ``same`` where who asked would confirm, ``late`` where it is decided.

    ``outcome`` are the columns that say how, ``state`` among them; who asked may refuse.
    """
    kind = type(asked)
    mine = [kind.first_by != actor.id] if outcome["state"] == "done" else []
    decided = (
        update(kind)
        .where(kind.id == asked.id, kind.state == "waiting", *mine)
        .values(second_by=actor.id, second_at=now, **outcome)
        .execution_options(synchronize_session=False)
    )
    is_first = changes_one(session, decided)
    session.refresh(asked)
    if not is_first:
        raise late if asked.state != "waiting" else same


def given_of(asked: Withdrawal | BudgetCut) -> Given:
    """Return what was given with it, as a paper reads it."""
    return Given(asked.day, asked.decided_by, asked.file_digest, asked.file_name)


def asked_with(reason: str, given: Given, *, actor: Actor, now: datetime) -> dict[str, object]:
    """Return the columns of something that is asked now."""
    return {
        "reason": reason,
        "day": given.day,
        "decided_by": given.person.strip(),
        "file_digest": given.file_digest,
        "file_name": given.file_name,
        "first_by": actor.id,
        "first_at": now,
    }
