"""More time to vote: once by the street's own will, and whenever an outage took some."""

from datetime import datetime

from sqlalchemy import delete, exists, or_, update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.conduct.rules import (
    ExtendedAlready,
    Given,
    NoSuchStep,
    UrnOpened,
    check_extension,
    check_made_up,
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
from voting.rounds.models import Outage, Round
from voting.rounds.rules import PHASE_NAMES, Phase
from voting.rounds.service import MADE_UP, decide_outages
from voting.tally.models import UrnOpening
from voting.tally.service import find_opening


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

    An outage about which nothing was decided allows it once more; then what was lost must be given back.
    Raises NotFound, NoSuchStep, NotAllowed, NotVoting, ReasonMissing, ExtendedAlready, ClosingNotLater,
    ClosingPassed, ExtensionTooShort or VotingTooLong.
    """
    return _lengthen(
        session, now=now, actor=actor, keys=keys, round_id=round_id, closes_at=closes_at, reason=reason,
        permissions=permissions, key="extension",
    )  # fmt: skip


def reopen(
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
    """Let a vote that has ended go on, by at least what an outage took from it; nobody has opened its urn.

    One officer's word that the urn be opened is void then. Raises what ``extend`` raises, NothingLost or
    UrnOpened.
    """
    round = _lengthen(
        session, now=now, actor=actor, keys=keys, round_id=round_id, closes_at=closes_at, reason=reason,
        permissions=permissions, key="reopen",
    )  # fmt: skip
    # The row decides between this and a second officer who agrees at the same moment.
    session.execute(
        delete(UrnOpening)
        .where(UrnOpening.round_id == round_id, UrnOpening.second_officer.is_(None))
        .execution_options(synchronize_session=False)
    )
    if find_opening(session, round_id) is not None:
        raise UrnOpened
    return round


def _lengthen(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    closes_at: datetime,
    reason: str,
    permissions: frozenset[Permission] | None,
    key: str,
) -> Round:
    round = held_round(session, now=now, actor=actor, round_id=round_id)
    step = find_step(Phase(round.phase), key, paused_in=round.paused_in)
    if step is None:
        raise NoSuchStep(phase=PHASE_NAMES[Phase(round.phase)])
    check_allowed(step, permissions)
    given, reason = Given(), reason.strip()
    check_given(round, step, given, reason, now=now)
    facts = facts_of(session, round, now=now)
    for refusal in missing(step, facts):
        raise refusal
    check_extension(now=now, opens_at=round.opens_at, closing=round.closing, closes_at=closes_at)
    check_made_up(now=now, closing=round.closing, closes_at=closes_at, minutes=facts.lost_minutes)
    _set_closing(session, round, closes_at)
    decide_outages(session, round.id, decision=MADE_UP, by=actor.id)
    taken = Taken(now=now, actor=actor, keys=keys, round=round, step=step, given=given)
    note_and_tell(session, taken, reason=reason, closes=closes_at.isoformat())
    return round


def _set_closing(session: Session, round: Round, closes_at: datetime) -> None:
    undecided = exists().where(Outage.round_id == round.id, Outage.decision.is_(None))
    changed = session.execute(
        update(Round)
        .where(Round.id == round.id, or_(Round.extended_to.is_(None), undecided))
        .values(extended_to=closes_at)
        .returning(Round.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if changed is None:
        raise ExtendedAlready
    session.refresh(round)
