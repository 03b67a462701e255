"""What somebody should know before a step, though it may be taken."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from voting.clock import local_day
from voting.conduct.rules.conditions.facts import Facts
from voting.conduct.rules.conditions.needed import LEAST_ANNOUNCEMENT
from voting.conduct.rules.steps import Step
from voting.paper.rules.sheet import Outcome
from voting.rounds.rules import MOST_LISTED, suggested_choices

USUAL_ANNOUNCEMENT = timedelta(days=3)


@dataclass(frozen=True)
class Remark:
    """Something unusual that does not forbid a step: a message id and the values to fill in."""

    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)


def remarks(step: Step, facts: Facts) -> list[Remark]:
    """Return what somebody should know before a step, though it may be taken."""
    return [remark for look in _REMARKS.get(step.act, ()) for remark in look(facts)]


def _short_announcement(facts: Facts) -> Iterable[Remark]:
    days = local_day(facts.opens_at) - local_day(facts.now)
    if LEAST_ANNOUNCEMENT <= days < USUAL_ANNOUNCEMENT:
        yield Remark(
            "离投票开始只有 %(days)d 天，一般要提前 %(usual)d 天公告。",
            {"days": days.days, "usual": USUAL_ANNOUNCEMENT.days},
        )


def _unusual_choices(facts: Facts) -> Iterable[Remark]:
    suggested = suggested_choices(facts.candidates)
    if facts.candidates and facts.max_choices not in {suggested, MOST_LISTED}:
        yield Remark(
            "候选项目有 %(number)d 项，一般每人最多选 %(suggested)d 项，现在定的是 %(most)d 项。",
            {"number": facts.candidates, "suggested": suggested, "most": facts.max_choices},
        )


def _nobody_watches(facts: Facts) -> Iterable[Remark]:
    if not facts.monitors:
        yield Remark("还没有委任监票人。可以在公告以后、开箱以前委任。")


def _rehearses_without_sets(facts: Facts) -> Iterable[Remark]:
    if facts.is_rehearsal and facts.seal_way == "server":
        yield Remark("演练不用准备恢复袋；正式投票要先准备好两份，读回一份，才能公告。")


def _still_collecting(facts: Facts) -> Iterable[Remark]:
    last = facts.collecting_until
    if last and local_day(facts.now) <= last:
        yield Remark(
            "原定征集到%(day)s，现在提前结束。",
            {"day": f"{last.year}年{last.month}月{last.day}日"},
        )


def _void_for_good(facts: Facts) -> Iterable[Remark]:
    if facts.sheet == Outcome.MORE_RETURNED:
        yield Remark("清票记录两人签字：收回的纸质票多于发出的票。")
    if facts.is_counted:
        yield Remark("这一轮已经开箱计票。投票无效以后，计票结果不再审定、不再公布。")


def _to_make_up(facts: Facts) -> Iterable[Remark]:
    if facts.lost_minutes:
        yield Remark(
            "投票中断了 %(minutes)d 分钟，要补足：已经截止的从现在算起，没有截止的从原来的截止时间算起。",
            {"minutes": facts.lost_minutes},
        )


Look = Callable[[Facts], Iterable[Remark]]
_REMARKS: dict[str, tuple[Look, ...]] = {
    "round.screen": (_still_collecting,),
    "round.shortlist": (_unusual_choices,),
    "round.announce_vote": (
        _short_announcement,
        _unusual_choices,
        _nobody_watches,
        _rehearses_without_sets,
    ),
    "round.extend": (_to_make_up,),
    "round.reopen": (_to_make_up,),
    "round.void": (_void_for_good,),
}
