"""Where a round stands. The codes are those of docs/2_rules/phases.md."""

from datetime import date, datetime
from enum import StrEnum

from voting.clock import local_day


class Phase(StrEnum):
    """Where a round stands; the order of the members is the straight path."""

    DRAFT = "draft"
    PENDING_APPROVAL = "pending_approval"
    COLLECTING = "collecting"
    SCREENING = "screening"
    DELIBERATING = "deliberating"
    SHORTLISTED = "shortlisted"
    VOTE_ANNOUNCED = "vote_announced"
    VOTING = "voting"
    COUNTING = "counting"
    RESULT_REVIEW = "result_review"
    PUBLICITY = "publicity"
    OBJECTION = "objection"
    CONFIRMED = "confirmed"
    IMPLEMENTING = "implementing"
    CLOSED = "closed"
    ARCHIVED = "archived"
    VOTE_VOID = "vote_void"
    PAUSED = "paused"
    TERMINATED = "terminated"


PHASE_NAMES = {
    Phase.DRAFT: "草稿",
    Phase.PENDING_APPROVAL: "待街道审批",
    Phase.COLLECTING: "征集中",
    Phase.SCREENING: "审核整理中",
    Phase.DELIBERATING: "协商推选中",
    Phase.SHORTLISTED: "候选确认",
    Phase.VOTE_ANNOUNCED: "投票公告期",
    Phase.VOTING: "投票中",
    Phase.COUNTING: "计票中",
    Phase.RESULT_REVIEW: "结果待审定",
    Phase.PUBLICITY: "结果公示中",
    Phase.OBJECTION: "异议处理中",
    Phase.CONFIRMED: "结果确认",
    Phase.IMPLEMENTING: "实施中",
    Phase.CLOSED: "已办结",
    Phase.ARCHIVED: "已归档",
    Phase.VOTE_VOID: "投票无效·待重组",
    Phase.PAUSED: "已暂停",
    Phase.TERMINATED: "已终止",
}


STRAIGHT_PATH = tuple(Phase)[: tuple(Phase).index(Phase.ARCHIVED) + 1]


# From here on the rules can no longer change.
FROZEN = frozenset(STRAIGHT_PATH[STRAIGHT_PATH.index(Phase.VOTE_ANNOUNCED) :]) | {Phase.VOTE_VOID}


PUBLIC = frozenset(Phase) - {Phase.DRAFT, Phase.PENDING_APPROVAL}


def phase_at(
    stored: Phase,
    opens_at: datetime,
    closes_at: datetime,
    now: datetime,
    collecting_until: date | None = None,
) -> Phase:
    """Return the phase in force: collecting ends, voting opens and closes by the clock (系统到时).

    Proposals are taken up to the end of ``collecting_until`` in Shanghai; voting is open from ``opens_at``
    inclusive to ``closes_at`` exclusive.
    """
    if stored is Phase.COLLECTING and collecting_until and local_day(now) > collecting_until:
        return Phase.SCREENING
    if stored is Phase.VOTE_ANNOUNCED and now >= opens_at:
        stored = Phase.VOTING
    if stored is Phase.VOTING and now >= closes_at:
        return Phase.COUNTING
    return stored
