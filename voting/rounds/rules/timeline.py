"""The time line of a round: every node with its planned and its actual day, and the days between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from voting.clock import local_day
from voting.rounds.rules.phases import STRAIGHT_PATH, Phase

NODE_NAMES = {
    Phase.DRAFT: "退回修改",
    Phase.PENDING_APPROVAL: "送街道审批",
    Phase.COLLECTING: "开始征集",
    Phase.SCREENING: "征集结束，开始审核",
    Phase.DELIBERATING: "开始协商推选",
    Phase.SHORTLISTED: "确认候选名单",
    Phase.VOTE_ANNOUNCED: "发布投票公告",
    Phase.VOTING: "开始投票",
    Phase.COUNTING: "投票截止，开始计票",
    Phase.RESULT_REVIEW: "计票完成，送街道审定",
    Phase.PUBLICITY: "结果公示",
    Phase.OBJECTION: "收到异议，开始处理",
    Phase.CONFIRMED: "确认结果",
    Phase.IMPLEMENTING: "开始实施",
    Phase.CLOSED: "全部办结",
    Phase.ARCHIVED: "归档",
    Phase.VOTE_VOID: "投票无效",
    Phase.PAUSED: "暂停",
    Phase.TERMINATED: "终止",
}
EXTENDED = "延长投票时间"
RESUMED = "恢复"
# Acts that move no round and have a name of their own on the line.
ASIDE_NAMES = {"round.withdraw": "撤下候选项目", "round.cut": "预算核减"}
_STOPS = (Phase.PAUSED, Phase.TERMINATED, Phase.VOTE_VOID)
_ASIDE = (Phase.OBJECTION,)


@dataclass(frozen=True)
class Change:
    """One step as the history has it; ``day`` is that of the thing itself, where somebody entered one."""

    before: Phase
    after: Phase
    at: datetime
    reason: str = ""
    day: date | None = None
    act: str = ""


@dataclass(frozen=True)
class Node:
    """One node; ``since_last`` and ``since_start`` are days, None where there is nothing to count from.

    ``state`` is done, now, stopped or next. ``resumes`` names the phase to which a pause went back.
    """

    name: str
    state: str
    planned: date | None = None
    at: datetime | None = None
    day: date | None = None
    since_last: int | None = None
    since_start: int | None = None
    reason: str = ""
    resumes: Phase | None = None


def reached(
    changes: Iterable[Change], planned: Mapping[Phase, date], *, is_public: bool
) -> list[Node]:
    """Return the nodes a round has come through; the public line begins with the collecting."""
    nodes: list[Node] = []
    start: date | None = None
    seen: set[Phase] = set()
    for change in changes:
        day = local_day(change.at)
        if change.after is Phase.COLLECTING and start is None:
            start = day
        if is_public and start is None:
            continue
        is_new = change.after not in seen and change.before is not Phase.PAUSED
        seen.add(change.after)
        last = nodes[-1].at if nodes else None
        nodes.append(
            Node(
                name=_name(change),
                state="stopped" if _is_stop(change) else "done",
                planned=planned.get(change.after) if is_new else None,
                at=change.at,
                day=change.day,
                since_last=(day - local_day(last)).days if last else None,
                since_start=(day - start).days if start and day > start else None,
                reason=_said(change, is_public=is_public),
                resumes=change.after if change.before is Phase.PAUSED else None,
            )
        )
    return nodes


def coming(phase: Phase, planned: Mapping[Phase, date]) -> list[Node]:
    """Return the nodes that lie ahead of a round that stands in ``phase``; after a stop, none."""
    if phase in _STOPS:
        return []
    here = STRAIGHT_PATH.index(phase)
    ahead = [one for one in STRAIGHT_PATH[here + 1 :] if one not in _ASIDE]
    return [Node(NODE_NAMES[one], "next", planned=planned.get(one)) for one in ahead]


def joined(done: Sequence[Node], ahead: Sequence[Node]) -> list[Node]:
    """Return the whole line; the last node that was reached is where the round stands."""
    if not done:
        return list(ahead)
    last = done[-1]
    if last.state == "done" and ahead:
        last = _standing(last)
    return [*done[:-1], last, *ahead]


def _standing(node: Node) -> Node:
    return Node(**{**vars(node), "state": "now"})


def _is_stop(change: Change) -> bool:
    return change.after in _STOPS and change.act not in ASIDE_NAMES


def _name(change: Change) -> str:
    if change.act in ASIDE_NAMES:
        return ASIDE_NAMES[change.act]
    if change.before is change.after and change.after in (Phase.VOTING, Phase.PAUSED):
        return EXTENDED
    if change.before is Phase.PAUSED and change.after not in _STOPS:
        return RESUMED
    return NODE_NAMES[change.after]


def _said(change: Change, *, is_public: bool) -> str:
    """Return the reason as far as this reader is told: everybody reads why it stopped or takes longer."""
    is_notice = change.after in _STOPS or change.before is change.after
    return change.reason if is_notice or not is_public else ""
