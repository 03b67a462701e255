"""A void vote is held again in a round of its own: the same plan, list and roll, new days.

What was frozen stays as it was announced, and the void vote keeps its urn and its cards. The roll is taken
over row by row with its keyed hashes: nobody's number is read or asked for again (``Round.roll_key_id``).
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.conduct.rules import AlreadyRepeated, Given, NoSuchStep, check_again, find_step
from voting.conduct.service.effects import Taken
from voting.conduct.service.gathering import find_successor
from voting.conduct.service.moving import (
    check_allowed,
    check_given,
    held_round,
    note_and_tell,
)
from voting.journal.rules import Actor
from voting.permissions import Permission
from voting.persistence.base import new_id
from voting.proposals.models import Candidate, CandidateSource
from voting.proposals.service import candidates_of
from voting.roll.models import Elector
from voting.rounds.models import Round, RoundOfficer
from voting.rounds.rules import DAY_NAMES, PHASE_NAMES, Phase, check_plan
from voting.rounds.service import note_step, plan_columns, plan_of

_AGAIN = "（重新投票）"
_CANDIDATE = (
    "external_id", "ballot_number", "title", "category", "place", "sentence", "description", "cost",
    "beneficiaries", "picture", "rival_group", "state",
)  # fmt: skip
_RULES = (
    "kind", "area_id", "currency", "money_decimals", "min_age", "max_points", "tie_steps",
    "hash_alg", "seal_alg",
)  # fmt: skip


def repeat(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    opens_at: datetime,
    closes_at: datetime,
    reason: str,
    permissions: frozenset[Permission] | None = None,
) -> Round:
    """Hold a void vote again and return its round, which stands before its announcement.

    Raises NotFound, NoSuchStep, NotAllowed, ReasonMissing, AlreadyRepeated, or what the times lack.
    """
    old = held_round(session, now=now, actor=actor, round_id=round_id)
    step = find_step(Phase(old.phase), "repeat")
    if step is None:
        raise NoSuchStep(phase=PHASE_NAMES[Phase(old.phase)])
    check_allowed(step, permissions)
    given, reason = Given(), reason.strip()
    check_given(old, step, given, reason, now=now)
    if find_successor(session, old.id):
        raise AlreadyRepeated
    check_again(now=now, opens_at=opens_at, closes_at=closes_at)
    made = _successor(session, old, now=now, actor=actor, opens_at=opens_at, closes_at=closes_at)
    _copy_list(session, old, made)
    _copy_roll(session, old, made)
    _copy_officers(session, old, made)
    note_step(session, made, Phase.SHORTLISTED, at=now, by=actor.id, reason=reason, act=step.act)
    taken = Taken(now=now, actor=actor, keys=keys, round=old, step=step, given=given)
    note_and_tell(session, taken, reason=reason, successor=made.id)
    return made


def _successor(
    session: Session,
    old: Round,
    *,
    now: datetime,
    actor: Actor,
    opens_at: datetime,
    closes_at: datetime,
) -> Round:
    cleared: dict[str, Any] = dict.fromkeys(DAY_NAMES)
    plan = replace(
        plan_of(old),
        title=f"{old.title.removesuffix(_AGAIN)}{_AGAIN}",
        opens_at=opens_at,
        closes_at=closes_at,
        **cleared,
    )
    check_plan(plan)
    made = Round(
        **plan_columns(plan),
        **{name: getattr(old, name) for name in _RULES},
        created_at=now,
        created_by=actor.id,
        repeats_id=old.id,
        roll_source_id=old.roll_key_id,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as taken:
        raise AlreadyRepeated from taken
    session.refresh(made)
    return made


def _copy_list(session: Session, old: Round, made: Round) -> None:
    """Take over the list with its numbers, pictures and sources; what was withdrawn stays out."""
    new_ids = {one.id: new_id() for one in candidates_of(session, old.id) if not one.withdrawn_at}
    for one in session.scalars(select(Candidate).where(Candidate.id.in_(new_ids))).all():
        same = {name: getattr(one, name) for name in _CANDIDATE}
        session.add(Candidate(id=new_ids[one.id], round_id=made.id, **same))
    sources = select(CandidateSource).where(CandidateSource.candidate_id.in_(new_ids))
    session.flush()
    for source in session.scalars(sources).all():
        candidate_id = new_ids[source.candidate_id]
        session.add(CandidateSource(candidate_id=candidate_id, proposal_id=source.proposal_id))
    session.flush()


def _copy_roll(session: Session, old: Round, made: Round) -> None:
    table = Elector.__table__
    assert isinstance(table, Table)  # noqa: S101 -- mypy knows it only as a FromClause
    names = [column.name for column in table.columns if column.name != "round_id"]
    rows = select(literal(made.id), *(table.c[name] for name in names))
    copied = rows.where(table.c.round_id == old.id)
    session.execute(insert(table).from_select(["round_id", *names], copied))


def _copy_officers(session: Session, old: Round, made: Round) -> None:
    kept = select(RoundOfficer.officer_id).where(RoundOfficer.round_id == old.id)
    for officer_id in session.scalars(kept).all():
        session.add(RoundOfficer(round_id=made.id, officer_id=officer_id))
    session.flush()
