"""The list of candidates: made of proposals, numbered, changed, until the vote is announced."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.proposals.models import Candidate, CandidateSource, Proposal
from voting.proposals.rules import HIGHEST_NUMBER, CandidateFacts, next_free_number
from voting.proposals.service.entering import OPEN_PHASES, NotTakingProposals, get_proposal
from voting.rounds.models import Round
from voting.rounds.rules import WAN, Allocation, written_amount
from voting.rounds.service import hold_unfrozen


class NothingChosen(Refusal):
    """A candidate needs a proposal it is made of."""

    msgid = "请先在建议列表里勾选一条或几条建议，再列为候选。"


class ProposalTaken(Refusal):
    """A proposal stands behind another candidate."""

    msgid = "建议“%(title)s”已经列入候选项目“%(candidate)s”，不能再列一次。"


class NumberTaken(Refusal):
    """Two candidates cannot have one number."""

    msgid = "%(number)d 号已经是“%(title)s”。请换一个编号，或者先改它的编号。"
    field = "ballot_number"


class NumbersNotDistinct(Refusal):
    """The new numbers are not one number for each candidate on the list."""

    msgid = "编号不能重复，每个候选项目要有一个 1 到 %(most)d 之间的编号。"


class CostAboveBudget(Refusal):
    """It could never be funded."""

    msgid = (
        "造价超过了本轮资金总额（%(budget)s %(unit)s），不可能入选。请核对造价，或拆成几个项目。"
    )
    field = "cost"


def candidates_of(session: Session, round_id: str) -> list[Candidate]:
    """Return the candidates on the list, by ballot number."""
    on_list = (Candidate.round_id == round_id, Candidate.ballot_number.is_not(None))
    return list(
        session.scalars(select(Candidate).where(*on_list).order_by(Candidate.ballot_number))
    )


def off_list(session: Session, round_id: str) -> list[Candidate]:
    """Return the candidates that were taken off the list."""
    off = (Candidate.round_id == round_id, Candidate.ballot_number.is_(None))
    return list(session.scalars(select(Candidate).where(*off).order_by(Candidate.title)))


def get_candidate(session: Session, candidate_id: str, *, round_id: str) -> Candidate:
    """Return a candidate of this round; raise NotFound for another round's as for none."""
    candidate = session.get(Candidate, candidate_id) if candidate_id.isalnum() else None
    if candidate is None or candidate.round_id != round_id:
        raise NotFound
    return candidate


def proposals_behind(session: Session, round_id: str) -> dict[str, list[Proposal]]:
    """Return the proposals behind each candidate of a round, by the candidate's id."""
    rows = session.execute(
        select(CandidateSource.candidate_id, Proposal)
        .join(Proposal, Proposal.id == CandidateSource.proposal_id)
        .where(Proposal.round_id == round_id)
        .order_by(Proposal.entered_at, Proposal.id)
    )
    behind: defaultdict[str, list[Proposal]] = defaultdict(list)
    for candidate_id, proposal in rows:
        behind[candidate_id].append(proposal)
    return dict(behind)


def next_number(session: Session, round_id: str) -> int:
    """Return the smallest ballot number nobody has."""
    return next_free_number(
        candidate.ballot_number or 0 for candidate in candidates_of(session, round_id)
    )


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
    """Make one candidate of one or more proposals; without a number it gets the next free one.

    Raises NotFound, RulesFrozen, NotTakingProposals, NothingChosen, ProposalTaken, NumberTaken or
    CostAboveBudget.
    """
    round = _open_round(session, round_id)
    proposals = [get_proposal(session, id, round_id=round_id) for id in dict.fromkeys(proposal_ids)]
    if not proposals:
        raise NothingChosen
    _check_free(session, proposals)
    candidate = Candidate(round_id=round_id)
    _write(round, candidate, facts)
    session.add(candidate)
    _number(session, candidate, ballot_number or next_number(session, round_id))
    session.add_all(
        CandidateSource(candidate_id=candidate.id, proposal_id=proposal.id)
        for proposal in proposals
    )
    _mark(session, candidate)
    _note(session, actor, "candidate.shortlist", now, round, candidate)
    return candidate


def change_candidate(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    candidate_id: str,
    facts: CandidateFacts,
    ballot_number: int | None = None,
) -> Candidate:
    """Change what the list says of a candidate; without a number it keeps the one it has."""
    round = _open_round(session, round_id)
    candidate = get_candidate(session, candidate_id, round_id=round_id)
    _write(round, candidate, facts)
    if candidate.ballot_number is not None:
        _number(session, candidate, ballot_number or candidate.ballot_number)
    _note(session, actor, "candidate.change", now, round, candidate)
    return candidate


def take_off(
    session: Session, *, now: datetime, actor: Actor, round_id: str, candidate_id: str
) -> Candidate:
    """Take a candidate off the list; it keeps what was written and can be put back."""
    round = _open_round(session, round_id)
    candidate = get_candidate(session, candidate_id, round_id=round_id)
    candidate.ballot_number = None
    _mark(session, candidate)
    _note(session, actor, "candidate.take_off", now, round, candidate)
    return candidate


def put_back(
    session: Session, *, now: datetime, actor: Actor, round_id: str, candidate_id: str
) -> Candidate:
    """Put a candidate back on the list under the next free number."""
    round = _open_round(session, round_id)
    candidate = get_candidate(session, candidate_id, round_id=round_id)
    if candidate.ballot_number is None:
        _number(session, candidate, next_number(session, round_id))
        _mark(session, candidate)
        _note(session, actor, "candidate.put_back", now, round, candidate)
    return candidate


def renumber(
    session: Session, *, now: datetime, actor: Actor, round_id: str, numbers: Mapping[str, int]
) -> None:
    """Give every candidate on the list the number in ``numbers`` (by id); raise NumbersNotDistinct."""
    round = _open_round(session, round_id)
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


def _open_round(session: Session, round_id: str) -> Round:
    round = hold_unfrozen(session, round_id)
    if round.phase not in OPEN_PHASES:
        raise NotTakingProposals
    return round


def _check_free(session: Session, proposals: Sequence[Proposal]) -> None:
    row = session.execute(
        select(Proposal.title, Candidate.title.label("candidate"))
        .join(CandidateSource, CandidateSource.proposal_id == Proposal.id)
        .join(Candidate, Candidate.id == CandidateSource.candidate_id)
        .where(Proposal.id.in_([proposal.id for proposal in proposals]))
        .limit(1)
    ).one_or_none()
    if row is not None:
        raise ProposalTaken(title=row.title, candidate=row.candidate)


def _write(round: Round, candidate: Candidate, facts: CandidateFacts) -> None:
    if facts.cost > round.budget and round.allocation != Allocation.TOP_K:
        amount, unit = written_amount(round.budget)
        raise CostAboveBudget(budget=amount, unit="万元" if unit == WAN else "元")
    candidate.title, candidate.category = facts.title, facts.category
    candidate.place, candidate.sentence = facts.place, facts.sentence
    candidate.description, candidate.picture = facts.description, facts.picture
    candidate.cost, candidate.beneficiaries = facts.cost, facts.beneficiaries


def _number(session: Session, candidate: Candidate, number: int) -> None:
    if not 0 < number <= HIGHEST_NUMBER:
        raise NumbersNotDistinct(field="ballot_number", most=HIGHEST_NUMBER)
    with session.no_autoflush:
        other = session.scalar(
            select(Candidate).where(
                Candidate.round_id == candidate.round_id, Candidate.ballot_number == number
            )
        )
    if other is not None and other is not candidate:
        raise NumberTaken(number=number, title=other.title)
    candidate.ballot_number = number
    try:
        session.flush()
    except IntegrityError as taken:  # the unique key decides, should the lock ever be forgotten
        raise NumberTaken(number=number, title="") from taken


def _mark(session: Session, candidate: Candidate) -> None:
    """Let the proposals behind a candidate say what became of them."""
    session.flush()
    behind = select(CandidateSource.proposal_id).where(CandidateSource.candidate_id == candidate.id)
    ids = session.scalars(behind).all()
    on_list = "merged" if len(ids) > 1 else "passed"
    state = "accepted" if candidate.ballot_number is None else on_list
    session.execute(update(Proposal).where(Proposal.id.in_(ids)).values(state=state))


def _note(
    session: Session, actor: Actor, act: str, now: datetime, round: Round, candidate: Candidate
) -> None:
    session.flush()
    record(
        session, actor, act, now=now, kind="candidate", id=candidate.id,
        area_path=round.area.path, round=round.id, number=candidate.ballot_number,
    )  # fmt: skip
