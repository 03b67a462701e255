"""Where a proposal and a candidate stand, and which act of whom leads on (docs/2_rules/screening.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from voting.errors import Refusal
from voting.permissions import Permission


class ProposalState(StrEnum):
    """Where a proposal stands; the order of the members is the order of the tabs at the desk."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    PASSED = "passed"
    MERGED = "merged"
    PASSED_ON = "passed_on"
    REFUSED = "refused"
    REVIEW_PASSED = "review_passed"
    REVIEW_FAILED = "review_failed"


class CandidateState(StrEnum):
    """Where a candidate stands."""

    NOMINATED = "nominated"
    RESERVE = "reserve"
    LISTED = "listed"
    FUNDED = "funded"
    UNFUNDED = "unfunded"
    REMOVED = "removed"


PROPOSAL_STATE_NAMES = {
    ProposalState.RECEIVED: "待受理",
    ProposalState.ACCEPTED: "已受理",
    ProposalState.RETURNED: "退回补充",
    ProposalState.MERGED: "已合并",
    ProposalState.PASSED_ON: "已转办",
    ProposalState.REFUSED: "不予受理",
    ProposalState.PASSED: "通过初审",
    ProposalState.REVIEW_PASSED: "通过联审",
    ProposalState.REVIEW_FAILED: "未通过联审",
}
CANDIDATE_STATE_NAMES = {
    CandidateState.NOMINATED: "推选候选",
    CandidateState.RESERVE: "推选未入选（储备库）",
    CandidateState.LISTED: "票决候选",
    CandidateState.FUNDED: "票决入选",
    CandidateState.UNFUNDED: "票决未入选（储备库）",
    CandidateState.REMOVED: "因异议移除",
}

# Nothing is decided yet: a round is not deliberated on while one of its proposals stands here.
UNDECIDED = (ProposalState.RECEIVED, ProposalState.ACCEPTED, ProposalState.RETURNED)
# What the desk keeps to itself and the proposer: the public list leaves them out.
HIDDEN = (
    ProposalState.RECEIVED, ProposalState.RETURNED, ProposalState.REFUSED, ProposalState.PASSED_ON,
)  # fmt: skip
OUTCOMES = (
    ProposalState.PASSED, ProposalState.RETURNED, ProposalState.MERGED, ProposalState.PASSED_ON,
    ProposalState.REFUSED,
)  # fmt: skip
# Against a decision that ends a proposal, or sends it back, its proposer may appeal once.
APPEALABLE = (
    ProposalState.RETURNED, ProposalState.MERGED, ProposalState.PASSED_ON, ProposalState.REFUSED,
)  # fmt: skip
# What stands behind a candidate, or may come to stand there.
MERGEABLE = (ProposalState.ACCEPTED, ProposalState.PASSED, ProposalState.MERGED)
REVIEWABLE = (
    ProposalState.PASSED, ProposalState.MERGED, ProposalState.REVIEW_PASSED,
    ProposalState.REVIEW_FAILED,
)  # fmt: skip
KEPT_IN_RESERVE = (CandidateState.RESERVE, CandidateState.UNFUNDED)


class WrongProposalState(Refusal):
    """The act does not lead on from where the proposal stands."""

    msgid = "“%(title)s”现在是“%(state)s”，不能这样办。请刷新页面，看看是不是已经有人办过了。"


class WrongCandidateState(Refusal):
    """The act does not lead on from where the candidate stands."""

    msgid = "候选项目“%(title)s”现在是“%(state)s”，不能这样办。请刷新页面再看。"


@dataclass(frozen=True)
class ProposalStep:
    """One step of a proposal; ``permission`` is None where the proposer takes it."""

    before: ProposalState
    after: ProposalState
    act: str
    permission: Permission | None


@dataclass(frozen=True)
class CandidateStep:
    """One step of a candidate; ``before`` is None where it begins."""

    before: CandidateState | None
    after: CandidateState
    act: str
    permission: Permission


def _proposal(
    act: str,
    permission: Permission | None,
    before: Iterable[ProposalState],
    after: Iterable[ProposalState],
) -> tuple[ProposalStep, ...]:
    ends = tuple(after)
    return tuple(ProposalStep(here, there, act, permission) for here in before for there in ends)


_S = ProposalState
_SCREEN = Permission.PROPOSAL_SCREEN
_REVIEW = Permission.PROPOSAL_REVIEW

PROPOSAL_STEPS: tuple[ProposalStep, ...] = (
    *_proposal("proposal.accept", _SCREEN, [_S.RECEIVED], [_S.ACCEPTED]),
    # What must never be read in public is decided without having been accepted.
    *_proposal("proposal.screen", _SCREEN, [_S.RECEIVED], [_S.RETURNED, _S.PASSED_ON, _S.REFUSED]),
    *_proposal("proposal.screen", _SCREEN, [_S.ACCEPTED], OUTCOMES),
    *_proposal("proposal.supplement", Permission.PROPOSAL_EDIT, [_S.RETURNED], [_S.RECEIVED]),
    *_proposal("proposal.uphold", _REVIEW, APPEALABLE, OUTCOMES),
    *_proposal("proposal.merge", _SCREEN, [_S.ACCEPTED, _S.PASSED], [_S.PASSED, _S.MERGED]),
    *_proposal("proposal.split", _SCREEN, REVIEWABLE, [_S.ACCEPTED, _S.PASSED]),
    *_proposal("proposal.review", _REVIEW, REVIEWABLE, [_S.REVIEW_PASSED, _S.REVIEW_FAILED]),
)

_C = CandidateState
_LIST = Permission.PROPOSAL_SHORTLIST

CANDIDATE_STEPS: tuple[CandidateStep, ...] = (
    CandidateStep(None, _C.NOMINATED, "candidate.nominate", _SCREEN),
    CandidateStep(_C.NOMINATED, _C.LISTED, "candidate.list", _LIST),
    CandidateStep(_C.RESERVE, _C.LISTED, "candidate.list", _LIST),
    CandidateStep(_C.NOMINATED, _C.RESERVE, "candidate.reserve", _LIST),
    CandidateStep(_C.LISTED, _C.RESERVE, "candidate.reserve", _LIST),
    CandidateStep(_C.NOMINATED, _C.RESERVE, "candidate.empty", _SCREEN),
    CandidateStep(_C.LISTED, _C.FUNDED, "candidate.settle", Permission.ROUND_APPROVE),
    CandidateStep(_C.LISTED, _C.UNFUNDED, "candidate.settle", Permission.ROUND_APPROVE),
    CandidateStep(_C.LISTED, _C.REMOVED, "candidate.remove", Permission.RESULT_DECLARE),
    CandidateStep(_C.FUNDED, _C.REMOVED, "candidate.remove", Permission.RESULT_DECLARE),
)


def proposal_sources(act: str, after: ProposalState) -> tuple[ProposalState, ...]:
    """Return the states from which an act leads to ``after``."""
    return tuple(s.before for s in PROPOSAL_STEPS if (s.act, s.after) == (act, after))


def outcomes_from(state: str) -> tuple[ProposalState, ...]:
    """Return what screening may decide about a proposal in a state, in the order of ``OUTCOMES``."""
    found = {s.after for s in PROPOSAL_STEPS if (s.act, s.before) == ("proposal.screen", state)}
    return tuple(outcome for outcome in OUTCOMES if outcome in found)


def candidate_sources(act: str, after: CandidateState) -> tuple[CandidateState, ...]:
    """Return the states from which an act leads to ``after``."""
    return tuple(
        s.before
        for s in CANDIDATE_STEPS
        if (s.act, s.after) == (act, after) and s.before is not None
    )
