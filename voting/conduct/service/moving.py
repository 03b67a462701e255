"""The one function that moves a round from phase to phase."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.clock import local_day
from voting.conduct.rules import (
    Given,
    NoSuchStep,
    Step,
    asked_for,
    find_step,
    find_step_to,
    lacking,
    missing,
)
from voting.conduct.service.effects import Taken, take_effect
from voting.conduct.service.gathering import facts_of
from voting.conduct.service.papers import leave_papers
from voting.config import Config
from voting.errors import NotAllowed, NotFound
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.permissions import Permission
from voting.rounds.models import Round
from voting.rounds.rules import PHASE_NAMES, Phase
from voting.rounds.service import hold_round, note_step, settle

_NOTHING = Given()


def advance(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    to: Phase,
    reason: str = "",
    config: Config | None = None,
    permissions: frozenset[Permission] | None = None,
    key: str | None = None,
    given: Given = _NOTHING,
) -> Round:
    """Take one step of a round, with all it does and the papers it leaves.

    Raises NotFound for a round outside the actor's area, NoSuchStep, NotAllowed, what ``rules.lacking``
    says of what was given, RulesFrozen, or the first refusal of ``rules.missing``. ``permissions`` are those
    the actor's role holds: asked again here, because the round may have moved since the page was shown, and
    the step be another. ``key`` picks between steps that lead to one phase. ``config`` lets the scanned
    address be compared with the one in force.
    """
    round = held_round(session, now=now, actor=actor, round_id=round_id)
    step = _open_step(round, to, key, permissions)
    reason, given = reason.strip(), asked_for(step, given)
    check_given(round, step, given, reason, now=now)
    facts = facts_of(session, round, now=now, config=config, given_day=given.day)
    for refusal in missing(step, facts):
        raise refusal
    taken = Taken(
        now=now, actor=actor, keys=keys, round=round, step=step, given=given, config=config
    )
    take_effect(session, taken)
    note_and_tell(session, taken, reason=reason)
    settle(session, now=now, round_id=round_id)
    return round


def held_round(session: Session, *, now: datetime, actor: Actor, round_id: str) -> Round:
    """Return a round of the actor's area, settled, held until the end of this act; raise NotFound."""
    settle(session, now=now, round_id=round_id)
    round = hold_round(session, round_id)
    if not round.area.path.startswith(actor.area_path):
        raise NotFound
    return round


def check_given(round: Round, step: Step, given: Given, reason: str, *, now: datetime) -> None:
    """Raise the first thing that is wrong with what was given."""
    since, is_rehearsal = local_day(round.created_at), round.kind == "rehearsal"
    for refusal in lacking(
        step, given, reason, today=local_day(now), since=since, is_rehearsal=is_rehearsal
    ):
        raise refusal


def note_and_tell(session: Session, taken: Taken, *, reason: str, **details: Any) -> None:
    """Note a step that was decided: in the history, on paper, in the journal."""
    round, step, given = taken.round, taken.step, taken.given
    before = round.phase
    change = note_step(
        session, round, step.after, at=taken.now, by=taken.actor.id, reason=reason, act=step.act,
        day=given.day, person=given.person, file_digest=given.file_digest, file_name=given.file_name,
    )  # fmt: skip
    session.flush()
    leave_papers(
        session, now=taken.now, actor=taken.actor, round=round, step=step, change=change,
        config=taken.config,
    )  # fmt: skip
    if given.day:
        details["day"] = given.day.isoformat()
    if given.file_digest:
        details["file"] = given.file_digest
    record(
        session, taken.actor, step.act, now=taken.now, kind="round", id=round.id,
        area_path=round.area.path, before=before, after=step.after.value, **details,
    )  # fmt: skip


def _open_step(
    round: Round, to: Phase, key: str | None, permissions: frozenset[Permission] | None
) -> Step:
    before = Phase(round.phase)
    if key is None:
        step = find_step_to(before, to, paused_in=round.paused_in)
    else:
        step = find_step(before, key, paused_in=round.paused_in)
    if step is None or step.after is not to or step.asks_times:
        raise NoSuchStep(phase=PHASE_NAMES[before])
    check_allowed(step, permissions)
    return step


def check_allowed(step: Step, permissions: frozenset[Permission] | None) -> None:
    """Raise NotAllowed for a step that is not this actor's."""
    if permissions is not None and step.permission not in permissions:
        raise NotAllowed
