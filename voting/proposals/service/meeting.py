"""The meeting (推选大会) puts candidates on the list under their numbers, or keeps them in reserve."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.proposals.models import Candidate
from voting.proposals.rules import HIGHEST_NUMBER, CandidateFacts
from voting.proposals.rules.states import (
    CANDIDATE_STATE_NAMES,
    CandidateState,
    WrongCandidateState,
    candidate_sources,
)
from voting.proposals.service.candidates import (
    NumbersNotDistinct,
    candidates_of,
    check_cost,
    get_candidate,
    give_number,
    last_review,
    next_number,
    note_candidate,
    sources_of,
)
from voting.proposals.service.entering import open_round
from voting.proposals.service.merging import nominate
from voting.rounds.models import Round


class NotReviewed(Refusal):
    """The street has not reviewed it, or it failed: nobody has settled what it costs."""

    msgid = (
        "“%(title)s”还没有通过街道联审，不能列入候选名单。请先联审；"
        "确实来不及的，由街道勾选“未经联审”并写明理由。"
    )


class CostMissing(Refusal):
    """A vote about money needs the amount."""

    msgid = "“%(title)s”还没有预算。请先填好预算、受益人数，再列入候选名单。"


class UnreviewedReasonMissing(Refusal):
    """Everybody may ask why the street let it by."""

    msgid = "未经联审也列入的，请写明理由。"
    status = 422
    field = "reason"


class NothingToList(Refusal):
    """The meeting chose nothing."""

    msgid = "请先勾选一项或几项候选项目。"


def shortlist(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    proposal_ids: Sequence[str],
    facts: CandidateFacts,
    ballot_number: int | None = None,
) -> Candidate:
    """Make one candidate of one or more proposals and put it on the list at once, without a review.

    Without a number it gets the next free one. Raises what ``nominate`` raises, or NumberTaken.
    """
    candidate = nominate(
        session, now=now, actor=actor, round_id=round_id, proposal_ids=proposal_ids, facts=facts
    )
    round = open_round(session, round_id)
    candidate.state = CandidateState.LISTED.value
    give_number(session, candidate, ballot_number or next_number(session, round_id))
    note_candidate(session, actor, "candidate.shortlist", now, round, candidate)
    return candidate


def list_candidate(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    candidate_id: str,
    ballot_number: int | None = None,
    unreviewed: str = "",
) -> Candidate:
    """Put a candidate on the list; ``unreviewed`` is the street's reason for doing so without a review.

    Raises NotFound, RulesFrozen, NotTakingProposals, WrongCandidateState, NotReviewed, CostMissing,
    CostAboveBudget, CostAboveLimit or NumberTaken.
    """
    round = open_round(session, round_id)
    candidate = get_candidate(session, candidate_id, round_id=round_id)
    review = last_review(session, candidate.id)
    if not unreviewed and (review is None or not review.is_passed):
        raise NotReviewed(title=candidate.title)
    _to_list(session, round, candidate, ballot_number)
    note_candidate(
        session, actor, "candidate.list", now, round, candidate, unreviewed=unreviewed or None
    )
    return candidate


def take_off(
    session: Session, *, now: datetime, actor: Actor, round_id: str, candidate_id: str
) -> Candidate:
    """Take a candidate off the list into the reserve; it keeps what was written and can be put back."""
    round = open_round(session, round_id)
    candidate = get_candidate(session, candidate_id, round_id=round_id)
    _move(session, candidate, "candidate.reserve", CandidateState.RESERVE)
    candidate.ballot_number = None
    note_candidate(session, actor, "candidate.take_off", now, round, candidate)
    return candidate


def reserve(
    session: Session, *, now: datetime, actor: Actor, round_id: str, candidate_id: str
) -> Candidate:
    """Keep for later rounds a candidate that the meeting did not choose."""
    round = open_round(session, round_id)
    candidate = get_candidate(session, candidate_id, round_id=round_id)
    if candidate.state == CandidateState.LISTED:
        return take_off(session, now=now, actor=actor, round_id=round_id, candidate_id=candidate_id)
    _move(session, candidate, "candidate.reserve", CandidateState.RESERVE)
    note_candidate(session, actor, "candidate.reserve", now, round, candidate)
    return candidate


def put_back(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    candidate_id: str,
    unreviewed: str = "",
) -> Candidate:
    """Put a candidate back on the list under the next free number; who is there stays as it is."""
    candidate = get_candidate(session, candidate_id, round_id=round_id)
    if candidate.state == CandidateState.LISTED:
        open_round(session, round_id)
        return candidate
    return list_candidate(
        session, now=now, actor=actor, round_id=round_id, candidate_id=candidate_id,
        unreviewed=unreviewed,
    )  # fmt: skip


def renumber(
    session: Session, *, now: datetime, actor: Actor, round_id: str, numbers: Mapping[str, int]
) -> None:
    """Give every candidate on the list the number in ``numbers`` (by id); raise NumbersNotDistinct."""
    round = open_round(session, round_id)
    candidates = candidates_of(session, round_id)
    wanted = [numbers.get(candidate.id, 0) for candidate in candidates]
    if len(set(wanted)) < len(wanted) or not all(0 < number <= HIGHEST_NUMBER for number in wanted):
        raise NumbersNotDistinct(most=HIGHEST_NUMBER)
    # Two candidates that swap their numbers would meet halfway: all are taken off first.
    on_list = (Candidate.round_id == round_id, Candidate.ballot_number.is_not(None))
    session.execute(update(Candidate).where(*on_list).values(ballot_number=None))
    for candidate, number in zip(candidates, wanted, strict=True):
        candidate.ballot_number = number
    session.flush()
    record(
        session, actor, "candidate.renumber", now=now, kind="round", id=round_id,
        area_path=round.area.path,
    )  # fmt: skip


def _to_list(session: Session, round: Round, candidate: Candidate, number: int | None) -> None:
    if not candidate.cost or not sources_of(session, candidate.id):
        raise CostMissing(title=candidate.title)
    check_cost(round, candidate.category, candidate.cost)
    _move(session, candidate, "candidate.list", CandidateState.LISTED)
    give_number(session, candidate, number or next_number(session, round.id))


def _move(session: Session, candidate: Candidate, act: str, after: CandidateState) -> None:
    """Take a candidate one step on; of two who do so at once the second is refused."""
    session.flush()
    moved = session.execute(
        update(Candidate)
        .where(
            Candidate.id == candidate.id,
            Candidate.state.in_([state.value for state in candidate_sources(act, after)]),
        )
        .values(state=after.value)
        .returning(Candidate.id)
    ).one_or_none()
    session.refresh(candidate, ["state"])
    if moved is None:
        name = CANDIDATE_STATE_NAMES[CandidateState(candidate.state)]
        raise WrongCandidateState(title=candidate.title, state=name)
