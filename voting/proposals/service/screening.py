"""Proposals are accepted, screened by the four questions, and taken up again when something was added."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.proposals.models import Appeal, Proposal, ProposalDecision
from voting.proposals.rules import CandidateFacts, ProposalState
from voting.proposals.rules.facts import SENTENCE_MOST
from voting.proposals.rules.screening import Answers, Verdict, check_answers, check_verdict
from voting.proposals.service.candidates import candidate_behind, sources_of
from voting.proposals.service.deciding import journal, move
from voting.proposals.service.entering import get_proposal, open_round
from voting.proposals.service.joining import link
from voting.proposals.service.merging import nominate, open_candidate


class MergedWithItself(Refusal):
    """A proposal cannot be merged with itself."""

    msgid = "不能合并到这条建议自己。请选别的建议或候选项目。"
    status = 422
    field = "target"


class TargetUndecided(Refusal):
    """What is merged with must have passed, or the proposer of the one is answered by nothing."""

    msgid = "“%(title)s”还没有通过初审，不能合并到它。请先初审那一条。"
    status = 422
    field = "target"


class AppealOpen(Refusal):
    """The street is looking at what was decided: it must not change meanwhile."""

    msgid = "建议人申请了复核，街道还在看。等复核有了结果再收。"


class NothingTicked(Refusal):
    """An act on many needs at least one."""

    msgid = "请先勾选一条或几条待受理的建议。"


def accept(
    session: Session, *, now: datetime, actor: Actor, round_id: str, proposal_ids: Sequence[str]
) -> list[Proposal]:
    """Accept proposals: from now on everybody may read them.

    Raises NotFound, RulesFrozen, NotTakingProposals, NothingTicked or WrongProposalState.
    """
    round = open_round(session, round_id)
    proposals = [get_proposal(session, id, round_id=round_id) for id in dict.fromkeys(proposal_ids)]
    if not proposals:
        raise NothingTicked
    for proposal in proposals:
        move(session, proposal, "proposal.accept", ProposalState.ACCEPTED)
        session.add(
            ProposalDecision(
                proposal_id=proposal.id, kind="acceptance", outcome=ProposalState.ACCEPTED.value,
                at=now, by=actor.id,
            )
        )  # fmt: skip
        journal(session, actor, "proposal.accept", now, round, proposal)
    return proposals


def screen(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    proposal_id: str,
    answers: Answers,
    verdict: Verdict,
) -> Proposal:
    """Decide about an accepted proposal; what must not be read in public is decided unaccepted.

    Raises NotFound, RulesFrozen, NotTakingProposals, WrongProposalState, or what the verdict lacks.
    """
    round = open_round(session, round_id)
    proposal = get_proposal(session, proposal_id, round_id=round_id)
    check_verdict(verdict)
    check_answers(answers, verdict.outcome)
    move(session, proposal, "proposal.screen", verdict.outcome)
    decide(session, now, actor, proposal, verdict, kind="screening", answers=answers)
    journal(session, actor, "proposal.screen", now, round, proposal)
    return proposal


def supplement(
    session: Session, *, now: datetime, actor: Actor, round_id: str, proposal_id: str
) -> Proposal:
    """Take a returned proposal up again, now that its proposer has added what was missing."""
    round = open_round(session, round_id)
    proposal = get_proposal(session, proposal_id, round_id=round_id)
    appeal = session.get(Appeal, proposal.id)
    if appeal is not None and appeal.decided_at is None:
        raise AppealOpen
    move(session, proposal, "proposal.supplement", ProposalState.RECEIVED)
    journal(session, actor, "proposal.supplement", now, round, proposal)
    return proposal


def decide(
    session: Session,
    now: datetime,
    actor: Actor,
    proposal: Proposal,
    verdict: Verdict,
    *,
    kind: str,
    answers: Answers,
) -> None:
    """Keep a decision with its answers; one that merges puts the proposal behind its candidate."""
    candidate_id = None
    if verdict.outcome is ProposalState.MERGED:
        candidate_id = _put_together(session, now, actor, proposal, verdict)
    session.add(
        ProposalDecision(
            proposal_id=proposal.id, kind=kind, outcome=verdict.outcome.value, **answers.by_question(),
            notes=answers.notes_text(), reason=verdict.reason, passed_to=verdict.passed_to,
            candidate_id=candidate_id, at=now, by=actor.id,
        )
    )  # fmt: skip
    session.flush()


def _put_together(
    session: Session, now: datetime, actor: Actor, proposal: Proposal, verdict: Verdict
) -> str:
    """Put a proposal behind the candidate it is merged with, or behind a new one; return whose id."""
    candidate_id = verdict.candidate_id or _candidate_of(session, now, actor, proposal, verdict)
    candidate = open_candidate(session, candidate_id, proposal.round_id)
    alone = sources_of(session, candidate.id)
    link(session, now, actor, candidate, proposal, verdict.reason)
    if len(alone) == 1 and alone[0].state == ProposalState.PASSED:
        move(session, alone[0], "proposal.merge", ProposalState.MERGED)
    return candidate.id


def _candidate_of(
    session: Session, now: datetime, actor: Actor, proposal: Proposal, verdict: Verdict
) -> str:
    """Return the candidate of the other proposal; one that passed by itself becomes a candidate now."""
    other = get_proposal(session, verdict.proposal_id or "", round_id=proposal.round_id)
    if other.id == proposal.id:
        raise MergedWithItself
    behind = candidate_behind(session, other)
    if behind is not None:
        return behind.id
    if other.state != ProposalState.PASSED:
        raise TargetUndecided(title=other.title)
    # The review settles cost and beneficiaries; until then nobody has estimated them.
    facts = CandidateFacts(
        title=other.title, category=other.category, place=other.place,
        sentence=other.title[:SENTENCE_MOST], cost=0, beneficiaries=0,
    )  # fmt: skip
    made = nominate(
        session, now=now, actor=actor, round_id=proposal.round_id, proposal_ids=[other.id],
        facts=facts, reason=verdict.reason,
    )  # fmt: skip
    return made.id
