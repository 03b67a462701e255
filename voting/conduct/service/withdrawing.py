"""A candidate leaves the list of an announced vote: one officer asks, another confirms, and it is told."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.conduct.rules import Given
from voting.conduct.rules.withdrawing import (
    SameWithdrawer,
    WithdrawalDecided,
    WithdrawalWaits,
    WithdrawnAlready,
    check_left,
    withdrawal_step,
)
from voting.conduct.service.by_two import asked_with, decide, get_asked, given_of
from voting.conduct.service.effects import Taken
from voting.conduct.service.moving import check_given, held_round, note_and_tell
from voting.config import Config
from voting.errors import NotFound
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.proposals.models import Candidate, Withdrawal
from voting.proposals.service import candidates_of, get_candidate
from voting.rounds.models import Round
from voting.rounds.rules import Phase


def ask_withdrawal(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    candidate_id: str,
    reason: str,
    given: Given,
) -> Withdrawal:
    """Ask that a candidate be taken off the list; nothing changes before another officer confirms.

    Raises NotFound, NotWhileStanding, WithdrawnAlready, WithdrawalWaits, TooFewLeft, or what
    ``rules.lacking`` says of what was given.
    """
    round = held_round(session, now=now, actor=actor, round_id=round_id)
    step = withdrawal_step(Phase(round.phase), round.paused_in)
    candidate = _standing(session, round, candidate_id)
    reason = reason.strip()
    check_given(round, step, given, reason, now=now)
    said = asked_with(reason, given, actor=actor, now=now)
    asked = Withdrawal(round_id=round.id, candidate_id=candidate.id, **said)
    try:
        with session.begin_nested():
            session.add(asked)
    except IntegrityError as refused:
        raise WithdrawalWaits(number=candidate.ballot_number, title=candidate.title) from refused
    _note(session, now, actor, "round.ask_withdrawal", round, candidate)
    return asked


def confirm_withdrawal(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    withdrawal_id: str,
    config: Config | None = None,
) -> Candidate:
    """Take a candidate off the list as another officer asked, and leave the notice that says so.

    Raises NotFound, NotWhileStanding, WithdrawnAlready, TooFewLeft, SameWithdrawer or WithdrawalDecided.
    """
    round = held_round(session, now=now, actor=actor, round_id=round_id)
    asked = get_withdrawal(session, round.id, withdrawal_id)
    step = withdrawal_step(Phase(round.phase), round.paused_in)
    # The row first: without it the database lets nobody off the list.
    _decide(session, asked, actor, now, "done")
    candidate = _standing(session, round, asked.candidate_id)
    session.execute(
        update(Candidate)
        .where(Candidate.id == candidate.id, Candidate.withdrawn_at.is_(None))
        .values(withdrawn_at=now, withdrawn_reason=asked.reason)
        .execution_options(synchronize_session=False)
    )
    session.refresh(candidate)
    taken = Taken(
        now=now,
        actor=actor,
        keys=keys,
        round=round,
        step=step,
        given=given_of(asked),
        config=config,
    )
    said = f"{candidate.ballot_number}号“{candidate.title}”：{asked.reason}"
    note_and_tell(session, taken, reason=said, number=candidate.ballot_number)
    return candidate


def refuse_withdrawal(
    session: Session, *, now: datetime, actor: Actor, round_id: str, withdrawal_id: str
) -> Withdrawal:
    """Leave the list as it is; who asked may take it back. Raises NotFound or WithdrawalDecided."""
    round = held_round(session, now=now, actor=actor, round_id=round_id)
    asked = get_withdrawal(session, round.id, withdrawal_id)
    _decide(session, asked, actor, now, "refused")
    candidate = get_candidate(session, asked.candidate_id, round_id=round.id)
    _note(session, now, actor, "round.refuse_withdrawal", round, candidate)
    return asked


def get_withdrawal(session: Session, round_id: str, withdrawal_id: str) -> Withdrawal:
    """Return what somebody asked in this round; raise NotFound."""
    return get_asked(session, Withdrawal, round_id, withdrawal_id)


def withdrawals_of(session: Session, round_id: str) -> Sequence[tuple[Withdrawal, Candidate]]:
    """Return what was asked in a round with its candidate, the latest first."""
    found = (
        select(Withdrawal, Candidate)
        .join(Candidate, Candidate.id == Withdrawal.candidate_id)
        .where(Withdrawal.round_id == round_id)
        .order_by(Withdrawal.first_at.desc(), Withdrawal.id)
    )
    return [(row.Withdrawal, row.Candidate) for row in session.execute(found)]


def count_waiting(session: Session, round_id: str) -> int:
    """Return how many candidates wait for a second officer to be taken off the list."""
    waiting = (Withdrawal.round_id == round_id, Withdrawal.state == "waiting")
    return session.scalar(select(func.count()).select_from(Withdrawal).where(*waiting)) or 0


def _standing(session: Session, round: Round, candidate_id: str) -> Candidate:
    """Return a candidate that stands on the list and can be spared."""
    candidate = get_candidate(session, candidate_id, round_id=round.id)
    if candidate.ballot_number is None:
        raise NotFound
    if candidate.withdrawn_at is not None:
        raise WithdrawnAlready(number=candidate.ballot_number, title=candidate.title)
    others = [
        one.cost
        for one in candidates_of(session, round.id)
        if one.withdrawn_at is None and one.id != candidate.id
    ]
    check_left(others, min_choices=round.min_choices, spend_limit=round.spend_limit)
    return candidate


def _decide(session: Session, asked: Withdrawal, actor: Actor, now: datetime, state: str) -> None:
    decide(
        session,
        asked,
        actor=actor,
        now=now,
        same=SameWithdrawer,
        late=WithdrawalDecided,
        state=state,
    )


def _note(
    session: Session, now: datetime, actor: Actor, act: str, round: Round, candidate: Candidate
) -> None:
    record(
        session, actor, act, now=now, kind="round", id=round.id, area_path=round.area.path,
        number=candidate.ballot_number,
    )  # fmt: skip
