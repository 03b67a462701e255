"""The one extension of a vote: the database lets it happen once."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.conduct.rules import (
    ExtendedAlready,
    Given,
    NoSuchStep,
    check_extension,
    find_step,
    missing,
)
from voting.conduct.service.effects import Taken
from voting.conduct.service.gathering import facts_of
from voting.conduct.service.moving import (
    check_allowed,
    check_given,
    held_round,
    note_and_tell,
)
from voting.journal.rules import Actor
from voting.permissions import Permission
from voting.rounds.models import Round
from voting.rounds.rules import PHASE_NAMES, Phase


def extend(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    closes_at: datetime,
    reason: str,
    permissions: frozenset[Permission] | None = None,
) -> Round:
    """Let a vote that is on, or was paused while it was on, end later.

    Raises NotFound, NoSuchStep, NotAllowed, NotVoting, ReasonMissing, ExtendedAlready, ClosingNotLater,
    ClosingPassed or VotingTooLong.
    """
    round = held_round(session, now=now, actor=actor, round_id=round_id)
    step = find_step(Phase(round.phase), "extension", paused_in=round.paused_in)
    if step is None:
        raise NoSuchStep(phase=PHASE_NAMES[Phase(round.phase)])
    check_allowed(step, permissions)
    given, reason = Given(), reason.strip()
    check_given(round, step, given, reason, now=now)
    for refusal in missing(step, facts_of(session, round, now=now)):
        raise refusal
    check_extension(now=now, opens_at=round.opens_at, closing=round.closing, closes_at=closes_at)
    _set_closing(session, round, closes_at)
    taken = Taken(now=now, actor=actor, keys=keys, round=round, step=step, given=given)
    note_and_tell(session, taken, reason=reason, closes=closes_at.isoformat())
    return round


def _set_closing(session: Session, round: Round, closes_at: datetime) -> None:
    changed = session.execute(
        update(Round)
        .where(Round.id == round.id, Round.extended_to.is_(None))
        .values(extended_to=closes_at)
        .returning(Round.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if changed is None:
        raise ExtendedAlready
    session.refresh(round)
