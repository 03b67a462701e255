"""Signs of life of the platform, and the outages of votes that follow from their absence (docs/adr/0051)."""

from datetime import datetime

from sqlalchemy import Table, case, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.persistence.base import new_id
from voting.persistence.watch import Heartbeat
from voting.rounds.models import Outage, Round
from voting.rounds.rules import Phase
from voting.rounds.rules.outages import LONGEST_SILENCE, lost_of, minutes_lost

MADE_UP, KEPT = "made_up", "kept"
_VOTING = (Phase.VOTE_ANNOUNCED.value, Phase.VOTING.value, Phase.COUNTING.value)
_OUTAGE = Outage.__table__


def beat(session: Session, *, now: datetime) -> None:
    """Note that the platform answers at this moment; a silence before it is noted first."""
    last = session.get(Heartbeat, 1, with_for_update=True, populate_existing=True)
    if last is None:
        # Of two that beat for the first time at once the primary key lets one win.
        try:
            with session.begin_nested():
                session.add(Heartbeat(id=1, at=now))
        except IntegrityError:
            pass
        return
    if now - last.at > LONGEST_SILENCE:
        note_silence(session, since=last.at, until=now)
    last.at = now
    session.flush()


def notice_silence(session: Session, *, now: datetime) -> None:
    """Note a silence that lasts; where no sign of life was ever kept there is nothing to notice."""
    last = session.get(Heartbeat, 1, populate_existing=True)
    if last is not None and now - last.at > LONGEST_SILENCE:
        note_silence(session, since=last.at, until=now)


def note_silence(session: Session, *, since: datetime, until: datetime) -> int:
    """Note what a silence took from votes and return of how many; the same silence is noted once.

    A paused vote loses nothing, and other people's elections have no voters here.
    """
    query = select(Round).where(
        Round.frozen_at.is_not(None),
        Round.kind != "loaded",
        Round.phase.in_(_VOTING),
        Round.opens_at < until,
        or_(Round.closes_at > since, Round.extended_to > since),
    )
    number = 0
    for round in session.scalars(query).all():
        lost = lost_of(since, until, opens_at=round.opens_at, closing=round.closing)
        if lost:
            _note(session, round.id, *lost)
            number += 1
    return number


def _note(session: Session, round_id: str, since: datetime, until: datetime) -> None:
    assert isinstance(_OUTAGE, Table)  # noqa: S101 -- what a mapped class has
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    new = (sqlite.insert if is_sqlite else postgresql.insert)(_OUTAGE)
    row = {"id": new_id(), "round_id": round_id, "since": since, "until": until}
    later = case((_OUTAGE.c.until < new.excluded.until, new.excluded.until), else_=_OUTAGE.c.until)
    session.execute(
        new.values(row).on_conflict_do_update(
            index_elements=["round_id", "since"],
            set_={"until": later},
            where=_OUTAGE.c.decision.is_(None),
        )
    )


def outages_of(session: Session, round_id: str) -> list[Outage]:
    """Return the outages of a round, the first one first."""
    mine = select(Outage).where(Outage.round_id == round_id)
    return list(session.scalars(mine.order_by(Outage.since)))


def undecided_minutes(session: Session, round_id: str) -> int:
    """Return the minutes lost about which the street has not decided."""
    return lost_minutes(session, round_id, decision=None)


def lost_minutes(session: Session, round_id: str, *, decision: str | None) -> int:
    """Return the minutes of the outages of a round about which this was decided."""
    mine = select(Outage.since, Outage.until).where(
        Outage.round_id == round_id, Outage.decision.is_not_distinct_from(decision)
    )
    return minutes_lost((row.since, row.until) for row in session.execute(mine))


def decide_outages(session: Session, round_id: str, *, decision: str, by: str) -> int:
    """Write down what the street decided about all outages that stand open; return how many."""
    decided = session.scalars(
        update(Outage)
        .where(Outage.round_id == round_id, Outage.decision.is_(None))
        .values(decision=decision, decided_by=by)
        .returning(Outage.id)
        .execution_options(synchronize_session=False)
    )
    return len(decided.all())
