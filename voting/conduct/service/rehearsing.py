"""A rehearsal is made from a round, and its roll filled with invented people."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.clock import local_day
from voting.conduct.rules.conditions.needed import LEAST_CANDIDATES
from voting.conduct.rules.rehearsals import invented_people
from voting.conduct.service.rehearsals import NotARehearsal
from voting.errors import NotFound
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.proposals.models import Candidate
from voting.proposals.service import candidates_of
from voting.roll.service import ImportReport, import_roll
from voting.rounds.models import Round, RoundOfficer
from voting.rounds.rules import DAY_NAMES, Phase
from voting.rounds.service import create_round, hold_round, note_step, plan_of

_NOT_COPIED = frozenset({"id", "round_id", "external_id", "withdrawn_at", "withdrawn_reason"})


def rehearse(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    opens_at: datetime,
    closes_at: datetime,
) -> Round:
    """Make a rehearsal with the plan, the list and the officers of a round; nothing is invented.

    With a list it stands before its announcement, without one it is a draft. Raises NotFound, or what the
    times lack.
    """
    source = hold_round(session, round_id)
    if not source.area.path.startswith(actor.area_path):
        raise NotFound
    left_open: dict[str, Any] = dict.fromkeys(DAY_NAMES)
    plan = replace(
        plan_of(source),
        opens_at=opens_at,
        closes_at=closes_at,
        reference_day=local_day(closes_at),
        **left_open,
    )
    made = create_round(
        session, now=now, actor=actor, area_id=source.area_id, plan=plan, kind="rehearsal"
    )
    _copy_officers(session, source, made)
    listed = [one for one in candidates_of(session, source.id) if one.withdrawn_at is None]
    session.add_all(Candidate(round_id=made.id, **_facts(one)) for one in listed)
    if len(listed) >= LEAST_CANDIDATES:
        note_step(session, made, Phase.SHORTLISTED, at=now, by=actor.id, act="round.rehearse")
    session.flush()
    record(
        session, actor, "round.rehearse", now=now, kind="round", id=made.id,
        area_path=made.area.path, before=source.id,
    )  # fmt: skip
    return made


def fill_roll(
    session: Session, *, now: datetime, actor: Actor, keys: Keyring, round_id: str
) -> ImportReport:
    """List twenty invented people for a rehearsal; raise NotARehearsal, or what the roll refuses."""
    round = hold_round(session, round_id)
    if round.kind != "rehearsal":
        raise NotARehearsal
    rows = list(enumerate(invented_people(), start=1))
    return import_roll(
        session, now=now, actor=actor, keys=keys, round_id=round_id, rows=rows, file_name="演练名册"
    )


def _copy_officers(session: Session, source: Round, made: Round) -> None:
    mine = RoundOfficer.round_id == source.id
    for officer_id in session.scalars(select(RoundOfficer.officer_id).where(mine)).all():
        session.add(RoundOfficer(round_id=made.id, officer_id=officer_id))


def _facts(candidate: Candidate) -> dict[str, Any]:
    names = (column.key for column in Candidate.__table__.columns)
    return {name: getattr(candidate, name) for name in names if name not in _NOT_COPIED}
