"""Where a project stands, and the six words in which the public reads it (practice.md §1.10)."""

from enum import StrEnum


class ProjectState(StrEnum):
    """Where a project stands; the order of the members is the straight path, holds and ends last."""

    TO_APPROVE = "to_approve"
    APPROVED = "approved"
    DESIGNING = "designing"
    PROCURING = "procuring"
    CONTRACTED = "contracted"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    ACCEPTED = "accepted"
    SETTLING = "settling"
    FINAL_PUBLICITY = "final_publicity"
    SURVEYING = "surveying"
    WARRANTY = "warranty"
    DONE = "done"
    ARCHIVED = "archived"
    CHANGING = "changing"
    SUSPENDED = "suspended"
    RECTIFYING = "rectifying"
    TERMINATED = "terminated"


STATE_NAMES = {
    ProjectState.TO_APPROVE: "待立项",
    ProjectState.APPROVED: "已立项",
    ProjectState.DESIGNING: "方案设计",
    ProjectState.PROCURING: "采购中",
    ProjectState.CONTRACTED: "已签约",
    ProjectState.IN_PROGRESS: "实施中",
    ProjectState.COMPLETED: "完工待验",
    ProjectState.ACCEPTED: "验收合格",
    ProjectState.SETTLING: "结算审核",
    ProjectState.FINAL_PUBLICITY: "决算公示中",
    ProjectState.SURVEYING: "满意度测评",
    ProjectState.WARRANTY: "质保管护",
    ProjectState.DONE: "已办结",
    ProjectState.ARCHIVED: "已归档",
    ProjectState.CHANGING: "变更审批中",
    ProjectState.SUSPENDED: "停工",
    ProjectState.RECTIFYING: "整改中",
    ProjectState.TERMINATED: "已终止",
}


class PublicState(StrEnum):
    """The six words the neighbours read."""

    WAITING = "waiting"
    PREPARING = "preparing"
    BUILDING = "building"
    FINISHED = "finished"
    ACCEPTED = "accepted"
    TERMINATED = "terminated"


PUBLIC_NAMES = {
    PublicState.WAITING: "待启动",
    PublicState.PREPARING: "筹备中",
    PublicState.BUILDING: "建设中",
    PublicState.FINISHED: "已完工",
    PublicState.ACCEPTED: "已验收",
    PublicState.TERMINATED: "已终止",
}

_PUBLIC = {
    PublicState.WAITING: (ProjectState.TO_APPROVE, ProjectState.APPROVED),
    PublicState.PREPARING: (ProjectState.DESIGNING, ProjectState.PROCURING, ProjectState.CONTRACTED),
    PublicState.BUILDING: (ProjectState.IN_PROGRESS, ProjectState.CHANGING, ProjectState.SUSPENDED),
    PublicState.FINISHED: (ProjectState.COMPLETED, ProjectState.RECTIFYING),
    PublicState.ACCEPTED: (
        ProjectState.ACCEPTED, ProjectState.SETTLING, ProjectState.FINAL_PUBLICITY,
        ProjectState.SURVEYING, ProjectState.WARRANTY, ProjectState.DONE, ProjectState.ARCHIVED,
    ),
    PublicState.TERMINATED: (ProjectState.TERMINATED,),
}  # fmt: skip
_WORD = {state: word for word, states in _PUBLIC.items() for state in states}


def public_state(state: ProjectState, *, is_terminated: bool = False) -> PublicState:
    """Return the public word for a state; a terminated project stays so in the archive."""
    return PublicState.TERMINATED if is_terminated else _WORD[state]


def states_of(word: PublicState) -> tuple[ProjectState, ...]:
    """Return the states that the public reads in one word."""
    return _PUBLIC[word]
