"""The one function that moves a round from phase to phase."""

from datetime import datetime

from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.conduct.rules import NoSuchStep, ReasonMissing, Step, find_step, missing
from voting.conduct.service.freezing import freeze
from voting.conduct.service.gathering import facts_of
from voting.config import Config
from voting.errors import NotAllowed, NotFound
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.permissions import Permission
from voting.rounds.models import Round
from voting.rounds.rules import PHASE_NAMES, Phase
from voting.rounds.service import hold_round, note_step, settle


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
) -> Round:
    """Take one step of a round; announcing the vote freezes it.

    Raises NotFound for a round outside the actor's area, NoSuchStep, ReasonMissing, RulesFrozen, or the
    first refusal of ``rules.missing``. ``permissions`` are those the actor's role holds: asked again here,
    because the round may have moved since the page was shown, and the step be another. ``config`` lets the
    scanned address be compared with the one in force.
    """
    settle(session, now=now, round_id=round_id)
    round = hold_round(session, round_id)
    if not round.area.path.startswith(actor.area_path):
        raise NotFound
    before, reason = Phase(round.phase), reason.strip()
    step = _open_step(before, to, reason, permissions)
    lacking = missing(step, facts_of(session, round, now=now, config=config))
    if lacking:
        raise lacking[0]
    if to is Phase.VOTE_ANNOUNCED:
        freeze(session, now=now, keys=keys, round=round)
    note_step(session, round, to, at=now, by=actor.id, reason=reason)
    session.flush()
    record(
        session, actor, step.act, now=now, kind="round", id=round.id, area_path=round.area.path,
        before=before.value, after=to.value,
    )  # fmt: skip
    return round


def _open_step(
    before: Phase, to: Phase, reason: str, permissions: frozenset[Permission] | None
) -> Step:
    step = find_step(before, to)
    if step is None:
        raise NoSuchStep(phase=PHASE_NAMES[before])
    if permissions is not None and step.permission not in permissions:
        raise NotAllowed
    if step.needs_reason and not reason:
        raise ReasonMissing
    return step
