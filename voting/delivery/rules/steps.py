"""Which step leads from which state of a project to which, who takes it and what it needs."""

from dataclasses import dataclass, replace

from voting.delivery.rules.facts import Given
from voting.delivery.rules.states import ProjectState as S
from voting.permissions import Permission

_EDIT, _APPROVE = Permission.DELIVERY_EDIT, Permission.DELIVERY_APPROVE


@dataclass(frozen=True)
class Step:
    """One step an officer takes; ``label`` is what the button says, ``act`` what the journal says.

    ``key`` names it in addresses, unique among the steps from one state. ``day``, ``person``, ``amount``
    and ``file`` are "no", "may" or "must". ``paper`` is what the paper that it leaves is called; a step
    without one leaves its attached file.
    """

    before: S
    after: S
    act: str
    permission: Permission
    label: str
    key: str
    paper: str = ""
    is_public: bool = False
    needs_reason: bool = False
    day: str = "must"
    person: str = "no"
    amount: str = "no"
    file: str = "may"
    is_final: bool = False


_OPEN = tuple(state for state in S if state not in {S.DONE, S.ARCHIVED, S.TERMINATED})

STEPS = (
    Step(S.TO_APPROVE, S.APPROVED, "project.approve", _APPROVE, "批准立项", "approve",
         paper="立项批复"),
    Step(S.APPROVED, S.DESIGNING, "project.design", _EDIT, "开始方案设计", "design", person="may"),
    Step(S.APPROVED, S.PROCURING, "project.procure", _EDIT, "不用设计，直接采购", "procure",
         needs_reason=True, person="may"),
    Step(S.DESIGNING, S.PROCURING, "project.procure", _EDIT, "方案定了，开始采购", "procure",
         person="may"),
    Step(S.PROCURING, S.CONTRACTED, "project.contract", _EDIT, "登记合同", "contract",
         person="must", amount="must", file="must"),
    Step(S.CONTRACTED, S.IN_PROGRESS, "project.start", _EDIT, "开工", "start", paper="开工令"),
    Step(S.IN_PROGRESS, S.COMPLETED, "project.complete", _EDIT, "完工，申请验收", "complete",
         paper="竣工报告"),
    Step(S.IN_PROGRESS, S.CHANGING, "project.request_change", _EDIT, "申请变更", "request-change",
         paper="变更申请", needs_reason=True, amount="may"),
    Step(S.CHANGING, S.IN_PROGRESS, "project.approve_change", _APPROVE, "同意变更", "approve-change",
         paper="变更审批单", needs_reason=True, amount="may"),
    Step(S.CHANGING, S.IN_PROGRESS, "project.refuse_change", _APPROVE, "不同意变更", "refuse-change",
         paper="变更审批单", needs_reason=True),
    Step(S.IN_PROGRESS, S.SUSPENDED, "project.suspend", _EDIT, "停工", "suspend",
         paper="停工说明", needs_reason=True),
    Step(S.SUSPENDED, S.IN_PROGRESS, "project.resume", _EDIT, "复工", "resume", paper="复工通知单"),
    Step(S.COMPLETED, S.ACCEPTED, "project.accept", _APPROVE, "验收合格", "accept",
         paper="验收单", person="must", is_final=True),
    Step(S.COMPLETED, S.RECTIFYING, "project.rectify", _APPROVE, "要求整改", "rectify",
         paper="整改通知单", needs_reason=True, person="may"),
    Step(S.RECTIFYING, S.COMPLETED, "project.rectified", _EDIT, "整改完，申请复验", "rectified",
         paper="整改完成报告", needs_reason=True),
    Step(S.ACCEPTED, S.SETTLING, "project.settle", _APPROVE, "开始结算审核", "settle",
         paper="结算审核单", person="may"),
    Step(S.SETTLING, S.FINAL_PUBLICITY, "project.publish_final", _APPROVE, "公示决算", "publish-final",
         paper="决算公示", is_public=True, needs_reason=True, amount="must", is_final=True),
    Step(S.FINAL_PUBLICITY, S.SURVEYING, "project.survey", _APPROVE, "公示期满，开始满意度测评", "survey",
         paper="决算公示情况说明"),
    Step(S.SURVEYING, S.WARRANTY, "project.hand_over", _EDIT, "测评完，移交管护", "hand-over",
         paper="管护移交单", needs_reason=True, person="must"),
    Step(S.WARRANTY, S.DONE, "project.close", _APPROVE, "办结", "close", paper="办结单",
         is_final=True),
    *(
        Step(state, S.TERMINATED, "project.terminate", _APPROVE, "终止这个项目", "terminate",
             paper="终止公告", is_public=True, needs_reason=True, is_final=True)
        for state in _OPEN
    ),
    *(
        Step(state, S.ARCHIVED, "project.archive", _APPROVE, "归档", "archive",
             paper="归档移交单", person="must", is_final=True)
        for state in (S.DONE, S.TERMINATED)
    ),
)  # fmt: skip


def steps_from(state: S) -> list[Step]:
    """Return the steps that lead on from a state, the straight path first."""
    return [step for step in STEPS if step.before is state]


def find_step(before: S, key: str) -> Step | None:
    """Return the step of this key from a state, if there is one."""
    return next((step for step in STEPS if (step.before, step.key) == (before, key)), None)


def only_asked(step: Step, given: Given) -> Given:
    """Return what came along without what the step does not ask for."""
    return replace(
        given,
        day=None if step.day == "no" else given.day,
        person="" if step.person == "no" else given.person,
        amount=None if step.amount == "no" else given.amount,
    )


ACTS = tuple(dict.fromkeys(step.key for step in STEPS))
"""Every key, once."""
