"""What a step asks for before it may be taken, and what an officer should know before taking it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from voting.delivery.rules.facts import DayAhead, Given
from voting.delivery.rules.states import STATE_NAMES, ProjectState
from voting.delivery.rules.steps import Step
from voting.errors import Refusal
from voting.figures import day

_ABOVE_SHARE = 10  # percent of the budget that was voted; more has to be published anew


class NoSuchStep(Refusal):
    """No step of this kind leads on from where the project stands."""

    msgid = "这个项目现在是“%(state)s”，不能这样办。请刷新页面再看。"


class PackedAway(Refusal):
    """Its candidates are carried out by another project."""

    msgid = "这个项目已经并入别的项目，请到那个项目里办。"


class StepIncomplete(Refusal):
    """Something that goes with the step was not given."""

    status = 422


class ReasonMissing(StepIncomplete):
    """The step needs words that people can read later."""

    msgid = "请写明理由或情况。"
    field = "reason"


class DayMissing(StepIncomplete):
    """The step needs the day on which it was done."""

    msgid = "请填办理的日期。"
    field = "day"


class PersonMissing(StepIncomplete):
    """The step needs somebody's name."""

    msgid = "请填写单位或姓名。"
    field = "person"


class AmountMissing(StepIncomplete):
    """The step needs an amount."""

    msgid = "请填金额。"
    field = "amount"


class FileMissing(StepIncomplete):
    """The step needs its paper."""

    msgid = "请附上扫描件或照片。"
    field = "file"


class DayBeforeOpening(StepIncomplete):
    """Older than the project itself."""

    msgid = "日期早于项目建档的那天，请核对。"
    field = "day"


class TargetMissing(Refusal):
    """工作项目化、项目目标化: nothing starts without a target."""

    msgid = "还没有写目标。请在“责任和目标”里写清要达到什么、可以数出来。"


class UnitMissing(Refusal):
    """Nothing starts without an office that answers for it."""

    msgid = "还没有责任单位。请在“责任和目标”里填写。"


class ResponsibleMissing(Refusal):
    """节点责任化: nothing starts without a person who answers for it."""

    msgid = "还没有责任人。请在“责任和目标”里填写。"


class MilestoneMissing(Refusal):
    """目标节点化: nothing starts without a point on the way."""

    msgid = "还没有节点。请先加上至少一个节点，写明哪天完成、谁负责。"


class PublicityRunning(Refusal):
    """The final account is being shown to the neighbours."""

    msgid = "决算公示还没有期满，要到%(day)s之后才能办。"


@dataclass(frozen=True)
class Readiness:
    """What conditions and remarks are about; money in cents, ``voted`` what the vote gave."""

    target: str
    unit: str
    person: str
    milestones: int
    milestones_done: int
    has_photo_before: bool
    has_photo_after: bool
    has_measure_after: bool
    voted: int
    spent: int
    today: date
    publicity_to: date | None = None


@dataclass(frozen=True)
class Remark:
    """Something an officer should know; it stops nobody."""

    msgid: str


def lacking(step: Step, facts: Readiness) -> list[Refusal]:
    """Return everything that keeps a step from being taken: each missing thing named."""
    if step.key == "survey" and facts.publicity_to and facts.today <= facts.publicity_to:
        return [PublicityRunning(day=day(facts.publicity_to))]
    if step.after is not ProjectState.IN_PROGRESS:
        return []
    wanted: tuple[tuple[bool, type[Refusal]], ...] = (
        (bool(facts.target), TargetMissing),
        (bool(facts.unit), UnitMissing),
        (bool(facts.person), ResponsibleMissing),
        (facts.milestones > 0, MilestoneMissing),
    )
    return [refusal() for is_there, refusal in wanted if not is_there]


def check_given(step: Step, reason: str, given: Given, *, today: date, opened_on: date) -> None:
    """Raise the first StepIncomplete of what has to come with a step, or DayAhead."""
    wanted: tuple[tuple[bool, bool, type[StepIncomplete]], ...] = (
        (step.needs_reason, bool(reason), ReasonMissing),
        (step.day == "must", given.day is not None, DayMissing),
        (step.person == "must", bool(given.person), PersonMissing),
        (step.amount == "must", given.amount is not None, AmountMissing),
    )
    for is_needed, is_there, refusal in wanted:
        if is_needed and not is_there:
            raise refusal
    if given.day is not None and given.day > today:
        raise DayAhead
    if given.day is not None and given.day < opened_on:
        raise DayBeforeOpening
    if step.file == "must" and given.file_digest is None:
        raise FileMissing


def is_far_above(amount: int, voted: int) -> bool:
    """Tell whether an amount is more than a tenth above what the vote gave."""
    return amount * 100 > voted * (100 + _ABOVE_SHARE)


def remarks(step: Step, facts: Readiness) -> list[Remark]:
    """Return what an officer should know before this step."""
    return [Remark(msgid) for applies, msgid in _REMARKS.get(step.key, _nothing)(facts) if applies]


_Found = Iterator[tuple[bool, str]]


def _nothing(_facts: Readiness) -> _Found:
    yield from ()


def _complete(facts: Readiness) -> _Found:
    yield facts.milestones_done < facts.milestones, "还有节点没有登记完成。居民会看到它们晚了。"
    yield not facts.has_photo_after, "还没有完工后的照片。前后对比要两张照片。"


def _accept(facts: Readiness) -> _Found:
    has_both = facts.has_photo_before and facts.has_photo_after
    yield not has_both, "前后对比的照片还不全：施工前、完工后各要一张。"
    yield not facts.has_measure_after, "还没有填改造后的数字。前后对比要两个数字。"


def _change(_facts: Readiness) -> _Found:
    yield True, "变更后的预算如果超过票决预算的 10%，审批单会作为公示对居民公开。"


def _final(facts: Readiness) -> _Found:
    yield not facts.spent, "还没有登记过支出。居民会看到支出是 0。"
    yield facts.spent > facts.voted, "已登记的支出超过了票决预算，请在理由里写明原因。"


_REMARKS: dict[str, Callable[[Readiness], _Found]] = {
    "complete": _complete,
    "accept": _accept,
    "approve-change": _change,
    "request-change": _change,
    "publish-final": _final,
}


def no_such_step(state: ProjectState) -> NoSuchStep:
    """Return the refusal of a step that does not lead on from a state."""
    return NoSuchStep(state=STATE_NAMES[state])
