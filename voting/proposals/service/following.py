"""What became of a proposal, read by its proposer; supplementing it, and the one appeal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.calendar.service import working_day_after
from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.proposals.models import (
    Appeal,
    Candidate,
    Proposal,
    ProposalDecision,
    ProposalPhoto,
)
from voting.proposals.rules import masked_name
from voting.proposals.rules.sending import APPEAL_DAYS
from voting.proposals.rules.states import APPEALABLE, ProposalState
from voting.proposals.service.candidates import candidate_behind
from voting.proposals.service.codes import find_by_code
from voting.proposals.service.persons import opened_name
from voting.proposals.service.public_list import photos_of
from voting.proposals.service.sending import photographs
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import get_round

_SUPPLEMENTED_IN = (Phase.COLLECTING, Phase.SCREENING)
_SCREENING_DAYS, _REVIEW_DAYS = 5, 7


class NothingToSupplement(Refusal):
    """Only what was sent back waits for its proposer."""

    msgid = "这条建议现在不用补充。请看上面写的办理情况。"


class AppealBeforeSupplement(Refusal):
    """The street is looking at what was decided: it must not change meanwhile."""

    msgid = "您已经申请复核，街道还在看。等复核有了结果再补充。"


class NothingToAppeal(Refusal):
    """There is no decision against which one could appeal."""

    msgid = "这条建议现在没有可以申请复核的决定。请看上面写的办理情况。"


class AlreadyAppealed(Refusal):
    """There is one appeal for each proposal."""

    msgid = "这条建议已经申请过一次复核，只能申请一次。"


class AppealTooLate(Refusal):
    """The working days within which one may appeal are over."""

    msgid = "申请复核的期限是%(month)d月%(day)d日，已经过了。还有意见，请打求助电话。"


@dataclass(frozen=True)
class AppealWindow:
    """The decision one may appeal against, the last day for it, and years whose holidays are not known."""

    decision: ProposalDecision
    last_day: date
    doubtful_years: tuple[int, ...]


@dataclass(frozen=True)
class Followed:
    """A proposal as its proposer reads it: who decided is an office, never an officer."""

    proposal: Proposal
    round: Round
    proposer: str
    photos: Sequence[str]
    decisions: Sequence[ProposalDecision]
    candidate: Candidate | None
    appeal: Appeal | None
    window: AppealWindow | None
    due: date | None
    may_appeal: bool
    may_supplement: bool


@dataclass(frozen=True, kw_only=True)
class SupplementFacts:
    """What a proposer writes anew of a proposal that was sent back."""

    title: str
    category: str
    place: str
    reason: str


def follow(session: Session, *, now: datetime, keys: Keyring, code: str) -> Followed:
    """Return what became of the proposal of a code; raise NotFound."""
    proposal = _found(session, keys, code)
    round = get_round(session, proposal.round_id)
    appeal = session.get(Appeal, proposal.id)
    decisions = decisions_on(session, proposal.id)
    window = _window(session, proposal, decisions)
    is_open = appeal is not None and appeal.decided_at is None
    returned = proposal.state == ProposalState.RETURNED
    return Followed(
        proposal=proposal,
        round=round,
        proposer=masked_name(opened_name(keys, proposal.id, proposal.proposer_sealed)),
        photos=photos_of(session, [proposal.id]).get(proposal.id, []),
        decisions=decisions,
        candidate=candidate_behind(session, proposal),
        appeal=appeal,
        window=window,
        due=_due(session, round, proposal),
        may_appeal=bool(window and appeal is None and local_day(now) <= window.last_day),
        may_supplement=returned and not is_open and round.phase_at(now) in _SUPPLEMENTED_IN,
    )


def decisions_on(session: Session, proposal_id: str) -> list[ProposalDecision]:
    """Return what was decided about a proposal, oldest first."""
    found = select(ProposalDecision).where(ProposalDecision.proposal_id == proposal_id)
    return list(session.scalars(found.order_by(ProposalDecision.at, ProposalDecision.id)))


def lodge_appeal(
    session: Session, *, now: datetime, keys: Keyring, code: str, words: str
) -> Appeal:
    """Ask the street to look again, once, within three working days of the decision.

    Raises NotFound, NothingToAppeal, AlreadyAppealed or AppealTooLate.
    """
    proposal = _held(session, keys, code)
    if session.get(Appeal, proposal.id) is not None:
        raise AlreadyAppealed
    window = _window(session, proposal, decisions_on(session, proposal.id))
    if window is None:
        raise NothingToAppeal
    if local_day(now) > window.last_day:
        raise AppealTooLate(month=window.last_day.month, day=window.last_day.day)
    appeal = Appeal(
        proposal_id=proposal.id,
        decision_id=window.decision.id,
        against_by=window.decision.by,
        words=words,
        made_at=now,
    )
    try:
        with session.begin_nested():
            session.add(appeal)
    except IntegrityError as taken:  # the primary key decides, should the lock ever be forgotten
        raise AlreadyAppealed from taken
    return appeal


def supplement(
    session: Session,
    *,
    now: datetime,
    keys: Keyring,
    code: str,
    facts: SupplementFacts,
    photos: Sequence[str],
) -> Proposal:
    """Write anew what was sent back; it then waits at the desk as if it had just come.

    Raises NotFound, NothingToSupplement or AppealBeforeSupplement.
    """
    proposal = _held(session, keys, code)
    appeal = session.get(Appeal, proposal.id)
    if appeal is not None and appeal.decided_at is None:
        raise AppealBeforeSupplement
    round = get_round(session, proposal.round_id)
    if round.phase_at(now) not in _SUPPLEMENTED_IN:
        raise NothingToSupplement
    returned = (Proposal.id == proposal.id, Proposal.state == ProposalState.RETURNED.value)
    written = (
        update(Proposal)
        .where(*returned)
        .values(
            title=facts.title,
            category=facts.category,
            place=facts.place,
            reason=facts.reason,
            state=ProposalState.RECEIVED.value,
        )
    )
    if session.execute(written.returning(Proposal.id)).first() is None:
        raise NothingToSupplement
    session.execute(delete(ProposalPhoto).where(ProposalPhoto.proposal_id == proposal.id))
    session.add_all(photographs(proposal.id, photos))
    session.flush()
    session.refresh(proposal)
    return proposal


def _found(session: Session, keys: Keyring, code: str) -> Proposal:
    proposal = find_by_code(session, keys, code)
    if proposal is None:
        raise NotFound
    return proposal


def _held(session: Session, keys: Keyring, code: str) -> Proposal:
    proposal = _found(session, keys, code)
    session.refresh(proposal, with_for_update=True)
    return proposal


def _window(
    session: Session, proposal: Proposal, decisions: Sequence[ProposalDecision]
) -> AppealWindow | None:
    """Return until when one may appeal against what stands now; None if there is nothing to appeal."""
    last = decisions[-1] if decisions else None
    if last is None or last.kind != "screening" or last.outcome not in APPEALABLE:
        return None
    if last.outcome != proposal.state:
        return None
    days = working_day_after(session, local_day(last.at), APPEAL_DAYS)
    return AppealWindow(last, days.last_day, days.doubtful_years)


def _due(session: Session, round: Round, proposal: Proposal) -> date | None:
    """Return the day until which the desk means to take the next step, as far as the plan says one."""
    screened = round.screening_until or (
        working_day_after(session, round.collecting_until, _SCREENING_DAYS).last_day
        if round.collecting_until
        else None
    )
    match ProposalState(proposal.state):
        case ProposalState.RECEIVED | ProposalState.ACCEPTED | ProposalState.RETURNED:
            return screened
        case ProposalState.PASSED | ProposalState.MERGED:
            reviewed = screened and working_day_after(session, screened, _REVIEW_DAYS).last_day
            return round.review_until or reviewed
        case ProposalState.REVIEW_PASSED:
            return round.announce_on
    return None
