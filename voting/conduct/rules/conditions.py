"""What must be true before a step, and what is unusual about it.

The service gathers ``Facts`` of a round from every stage; everything here judges them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from voting.clock import local_day
from voting.conduct.rules.steps import Step
from voting.errors import Refusal
from voting.rounds.rules import Phase, suggested_choices

LEAST_CANDIDATES = 2
LEAST_ANNOUNCEMENT = timedelta(days=1)
USUAL_ANNOUNCEMENT = timedelta(days=3)


class OpeningPassed(Refusal):
    """Voting would have begun already."""

    msgid = "投票开始时间已经过了。请先修改方案里的投票时间。"


class NoProposals(Refusal):
    """There is nothing to deliberate on."""

    msgid = "还没有录入建议。请先录入居民的建议。"


class TooFewCandidates(Refusal):
    """A vote needs a choice."""

    msgid = "候选项目至少要有 %(least)d 项，现在有 %(number)d 项。"


class MoreChoicesThanCandidates(Refusal):
    """Everybody could choose everything."""

    msgid = "每人最多选 %(most)d 项，候选项目只有 %(number)d 项。请修改方案，建议最多选 %(suggested)d 项。"


class CandidateTooDear(Refusal):
    """The budget was lowered below a candidate's cost."""

    msgid = "%(number)d 号“%(title)s”的预算超过了本轮资金总额，不可能入选。请核对。"


class RollEmpty(Refusal):
    """Nobody may vote."""

    msgid = "名册还是空的。请先导入名册。"


class AddressNotScanned(Refusal):
    """Cards would lead nowhere."""

    msgid = "还没有用手机扫过测试二维码。请管理员在“平台设置”里扫一次，再发布公告。"


class AnnouncedTooLate(Refusal):
    """People would have no time to read."""

    msgid = "公告最晚要在投票开始前 1 天发布。请把投票开始时间往后改。"


class OfficeMissing(Refusal):
    """The announcement says where objections go."""

    msgid = "受理异议的单位、地址、联系人还没有填全。请修改方案补上。"


class ProposerCounts(Refusal):
    """A candidate's proposer would monitor or tell."""

    msgid = "%(name)s是 %(number)d 号项目的建议人，不能做监票人、计票人。请先换人。"


class NotCounted(Refusal):
    """The urn has not been opened and counted."""

    msgid = "还没有计票。请先由两名工作人员开箱计票。"


class NotDeclared(Refusal):
    """The street has not declared the result."""

    msgid = "结果还没有审定。请街道先审定结果。"


class PublicityRunning(Refusal):
    """The days of publicity are not over."""

    msgid = "公示到%(day)s为止。期满以后才能确认结果。"


@dataclass(frozen=True)
class Remark:
    """Something unusual that does not forbid a step: a message id and the values to fill in."""

    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a round when a step is asked for."""

    now: datetime
    opens_at: datetime
    max_choices: int
    proposals: int
    candidates: int
    has_office: bool
    is_scanned: bool
    listed: int
    too_dear: tuple[int, str] | None = None
    conflict: tuple[str, int] | None = None
    monitors: int = 0
    collecting_until: date | None = None
    is_counted: bool = False
    is_declared: bool = False
    publicity_to: date | None = None
    is_rehearsal: bool = False


def missing(step: Step, facts: Facts) -> list[Refusal]:
    """Return everything that must be put right before a step, in the order in which it is put right."""
    return [
        refusal for condition in _CONDITIONS.get(step.after, ()) for refusal in condition(facts)
    ]


def _opens_later(facts: Facts) -> Iterable[Refusal]:
    if facts.opens_at <= facts.now:
        yield OpeningPassed()


def _has_proposals(facts: Facts) -> Iterable[Refusal]:
    if not facts.proposals:
        yield NoProposals()


def _has_candidates(facts: Facts) -> Iterable[Refusal]:
    if facts.candidates < LEAST_CANDIDATES:
        yield TooFewCandidates(least=LEAST_CANDIDATES, number=facts.candidates)


def _fits_list(facts: Facts) -> Iterable[Refusal]:
    if LEAST_CANDIDATES <= facts.candidates < facts.max_choices:
        yield MoreChoicesThanCandidates(
            most=facts.max_choices,
            number=facts.candidates,
            suggested=suggested_choices(facts.candidates),
        )
    if facts.too_dear:
        yield CandidateTooDear(number=facts.too_dear[0], title=facts.too_dear[1])


def _reaches_voters(facts: Facts) -> Iterable[Refusal]:
    if not facts.listed:
        yield RollEmpty()
    if not facts.is_scanned:
        yield AddressNotScanned()
    if not facts.has_office:
        yield OfficeMissing()


def _gives_notice(facts: Facts) -> Iterable[Refusal]:
    early = local_day(facts.opens_at) - local_day(facts.now) >= LEAST_ANNOUNCEMENT
    if facts.opens_at > facts.now and not early and not facts.is_rehearsal:
        yield AnnouncedTooLate()


def _counts_fairly(facts: Facts) -> Iterable[Refusal]:
    if facts.conflict:
        yield ProposerCounts(name=facts.conflict[0], number=facts.conflict[1])


def _is_counted(facts: Facts) -> Iterable[Refusal]:
    if not facts.is_counted:
        yield NotCounted()


def _is_declared(facts: Facts) -> Iterable[Refusal]:
    if not facts.is_declared:
        yield NotDeclared()


def _was_public(facts: Facts) -> Iterable[Refusal]:
    if facts.publicity_to is None:
        yield NotDeclared()
    elif local_day(facts.now) <= facts.publicity_to:
        last = facts.publicity_to
        yield PublicityRunning(day=f"{last.year}年{last.month}月{last.day}日")


Condition = Callable[[Facts], Iterable[Refusal]]
_CONDITIONS: dict[Phase, tuple[Condition, ...]] = {
    Phase.PENDING_APPROVAL: (_opens_later,),
    Phase.COLLECTING: (_opens_later,),
    Phase.DELIBERATING: (_has_proposals,),
    Phase.SHORTLISTED: (_has_candidates,),
    Phase.VOTE_ANNOUNCED: (
        _has_candidates, _fits_list, _reaches_voters, _opens_later, _gives_notice, _counts_fairly,
    ),
    Phase.RESULT_REVIEW: (_is_counted,),
    Phase.PUBLICITY: (_is_declared,),
    Phase.CONFIRMED: (_was_public,),
}  # fmt: skip


def remarks(step: Step, facts: Facts) -> list[Remark]:
    """Return what somebody should know before a step, though it may be taken."""
    return [remark for look in _REMARKS.get(step.after, ()) for remark in look(facts)]


def _short_announcement(facts: Facts) -> Iterable[Remark]:
    days = local_day(facts.opens_at) - local_day(facts.now)
    if LEAST_ANNOUNCEMENT <= days < USUAL_ANNOUNCEMENT:
        yield Remark(
            "离投票开始只有 %(days)d 天，一般要提前 %(usual)d 天公告。",
            {"days": days.days, "usual": USUAL_ANNOUNCEMENT.days},
        )


def _unusual_choices(facts: Facts) -> Iterable[Remark]:
    suggested = suggested_choices(facts.candidates)
    if facts.candidates and facts.max_choices != suggested:
        yield Remark(
            "候选项目有 %(number)d 项，一般每人最多选 %(suggested)d 项，现在定的是 %(most)d 项。",
            {"number": facts.candidates, "suggested": suggested, "most": facts.max_choices},
        )


def _nobody_watches(facts: Facts) -> Iterable[Remark]:
    if not facts.monitors:
        yield Remark("还没有委任监票人。可以在公告以后、开箱以前委任。")


def _still_collecting(facts: Facts) -> Iterable[Remark]:
    last = facts.collecting_until
    if last and local_day(facts.now) <= last:
        yield Remark(
            "原定征集到%(day)s，现在提前结束。",
            {"day": f"{last.year}年{last.month}月{last.day}日"},
        )


Look = Callable[[Facts], Iterable[Remark]]
_REMARKS: dict[Phase, tuple[Look, ...]] = {
    Phase.SCREENING: (_still_collecting,),
    Phase.SHORTLISTED: (_unusual_choices,),
    Phase.VOTE_ANNOUNCED: (_short_announcement, _unusual_choices, _nobody_watches),
}
