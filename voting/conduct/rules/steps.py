"""Which step leads from which phase to which, and who takes it.

Opening and closing of the vote are no steps: the clock brings them (``rounds.rules.phase_at``).
"""

from dataclasses import dataclass

from voting.errors import Refusal
from voting.permissions import Permission
from voting.rounds.rules import Phase


class NoSuchStep(Refusal):
    """No step leads there from where the round stands."""

    msgid = "这个轮次现在是“%(phase)s”，不能这样办。请刷新页面再看。"


class ReasonMissing(Refusal):
    """The step needs a reason that people can read later."""

    msgid = "请写明理由。"
    status = 422
    field = "reason"


@dataclass(frozen=True)
class Step:
    """One step an officer takes; ``label`` is what the button says, ``act`` what the journal says."""

    before: Phase
    after: Phase
    act: str
    permission: Permission
    label: str
    needs_reason: bool = False
    is_final: bool = False


_ENDABLE = (
    Phase.PENDING_APPROVAL, Phase.COLLECTING, Phase.SCREENING, Phase.DELIBERATING, Phase.SHORTLISTED,
    Phase.VOTE_ANNOUNCED, Phase.VOTING, Phase.COUNTING, Phase.RESULT_REVIEW, Phase.PUBLICITY,
    Phase.OBJECTION, Phase.PAUSED, Phase.VOTE_VOID,
)  # fmt: skip

STEPS = (
    Step(Phase.DRAFT, Phase.PENDING_APPROVAL, "round.submit", Permission.ROUND_EDIT, "送街道审批"),
    Step(Phase.PENDING_APPROVAL, Phase.COLLECTING, "round.approve", Permission.ROUND_APPROVE,
         "批准，开始征集"),
    Step(Phase.PENDING_APPROVAL, Phase.DRAFT, "round.return", Permission.ROUND_APPROVE,
         "退回修改", needs_reason=True),
    Step(Phase.COLLECTING, Phase.SCREENING, "round.screen", Permission.ROUND_EDIT,
         "征集结束，开始审核整理"),
    Step(Phase.SCREENING, Phase.DELIBERATING, "round.deliberate", Permission.ROUND_EDIT,
         "审核完毕，开始协商推选"),
    Step(Phase.DELIBERATING, Phase.SHORTLISTED, "round.shortlist", Permission.PROPOSAL_SHORTLIST,
         "确认候选名单"),
    Step(Phase.SHORTLISTED, Phase.VOTE_ANNOUNCED, "round.announce_vote", Permission.ROUND_APPROVE,
         "发布投票公告", is_final=True),
    Step(Phase.COUNTING, Phase.RESULT_REVIEW, "round.submit_result", Permission.URN_OPEN,
         "把计票结果送街道审定"),
    Step(Phase.RESULT_REVIEW, Phase.PUBLICITY, "round.publish", Permission.RESULT_DECLARE,
         "开始结果公示"),
    Step(Phase.PUBLICITY, Phase.CONFIRMED, "round.confirm", Permission.ROUND_APPROVE,
         "公示期满，确认结果", is_final=True),
    Step(Phase.DRAFT, Phase.TERMINATED, "round.terminate", Permission.ROUND_EDIT,
         "不办了，终止这个轮次", needs_reason=True, is_final=True),
    *(
        Step(phase, Phase.TERMINATED, "round.terminate", Permission.ROUND_APPROVE,
             "终止这个轮次", needs_reason=True, is_final=True)
        for phase in _ENDABLE
    ),
)  # fmt: skip


def steps_from(phase: Phase) -> list[Step]:
    """Return the steps that lead on from a phase, the straight path first."""
    return [step for step in STEPS if step.before is phase]


def find_step(before: Phase, after: Phase) -> Step | None:
    """Return the step between two phases, if there is one."""
    return next((step for step in STEPS if (step.before, step.after) == (before, after)), None)
