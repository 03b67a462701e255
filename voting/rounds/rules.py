"""Phases of a round, the plan of a round, and what people type into its forms; plain values, no database.

The codes of the phases are those of docs/2_rules/phases.md.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from voting.clock import local_day
from voting.errors import Refusal

NOTICE_FORMS = ("通告", "公告")
LONGEST_VOTING = timedelta(days=30)
# The ballot page counts ticks without a script, by styles made for up to twelve.
MOST_CHOICES = 12
_MOST_SUGGESTED = 10
_CANDIDATES_PER_CHOICE = 4
_FARTHEST_REFERENCE = timedelta(days=366)
YUAN = 100
WAN = 10_000 * YUAN
# 10 thousand million yuan: a district's whole programme is smaller, and every sum stays exact in JSON.
MOST_MONEY = 1_000_000 * WAN
_WHOLE = re.compile(r"[0-9]{1,9}\Z")
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,8})?\Z")
_MOBILE = re.compile(r"1[3-9][0-9]{9}\Z")
_LANDLINE = re.compile(r"(0[0-9]{2,3})-?([0-9]{7,8})\Z")
_FILLING = re.compile(r"[\s,，]")
# What nobody sees: controls, direction marks, private use, halves of characters, line ends. What Unicode
# does not know yet is let in: rare characters of names are still being added.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_STAND_IN = "\ufffd"


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


def phase_at(stored: Phase, opens_at: datetime, closes_at: datetime, now: datetime) -> Phase:
    """Return the phase in force: opening and closing happen by the clock (系统到时).

    Voting is open from ``opens_at`` inclusive to ``closes_at`` exclusive.
    """
    if stored is Phase.VOTE_ANNOUNCED and now >= opens_at:
        stored = Phase.VOTING
    if stored is Phase.VOTING and now >= closes_at:
        return Phase.COUNTING
    return stored


class Allocation(StrEnum):
    """How votes become funded projects."""

    GREEDY = "greedy"
    GREEDY_STOP = "greedy-stop"
    TOP_K = "top-k"


class BallotKind(StrEnum):
    """What a ballot says; our own rounds use approval, the others serve other people's data."""

    APPROVAL = "approval"
    CHOOSE_1 = "choose-1"
    CUMULATIVE = "cumulative"
    ORDINAL = "ordinal"


class SealWay(StrEnum):
    """Who keeps the key that opens the urn."""

    SERVER = "server"
    MONITORS = "monitors"


class ClosesBeforeOpening(Refusal):
    """The end of voting does not lie after its beginning."""

    msgid = "投票截止时间要晚于开始时间。"
    field = "closes_day"


class VotingTooLong(Refusal):
    """Voting for more than a month."""

    msgid = "投票最长 %(days)d 天。请把截止日期提前。"
    field = "closes_day"


class CollectingTooLate(Refusal):
    """Proposals would still be collected while people vote."""

    msgid = "征集截止日期要早于投票开始日期。"
    field = "collecting_until"


class ReferenceDayFarAway(Refusal):
    """The day on which ages are computed has nothing to do with this vote."""

    msgid = "年龄计算日离投票太远。一般用投票的最后一天。"
    field = "reference_day"


class ChoicesOutOfOrder(Refusal):
    """At least more than at most."""

    msgid = "“最少选”不能大于“最多选”。"
    field = "min_choices"


class FundedCountMissing(Refusal):
    """The first K, without a K."""

    msgid = "按名次入选，要填写取前几名。"
    field = "funded_count"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything a form enters of a round. Money is whole cents (分), moments are aware."""

    title: str
    budget: int
    opens_at: datetime
    closes_at: datetime
    help_number: str
    reference_day: date
    scope: str = ""
    birthday_counts: bool = True
    collecting_until: date | None = None
    publicity_days: int = 5
    answer_days: int = 3
    posting_day_counts: bool = False
    min_choices: int = 1
    max_choices: int = _MOST_SUGGESTED
    allocation: Allocation = Allocation.GREEDY
    funded_count: int | None = None
    least_votes: int = 0
    check_code: bool = True
    notice_form: str = NOTICE_FORMS[0]
    office_name: str = ""
    office_address: str = ""
    office_contact: str = ""
    polling_place: str = ""


def suggested_choices(candidates: int) -> int:
    """Return how many choices suit a list: a quarter, rounded up, 1 to 10 (39 gives 10, as in 西湖区)."""
    if candidates == 0:
        return _MOST_SUGGESTED
    return min(max(-(-candidates // _CANDIDATES_PER_CHOICE), 1), _MOST_SUGGESTED)


def check_plan(plan: Plan) -> None:
    """Raise the first refusal for what does not fit together."""
    if plan.closes_at <= plan.opens_at:
        raise ClosesBeforeOpening
    if plan.closes_at - plan.opens_at > LONGEST_VOTING:
        raise VotingTooLong(days=LONGEST_VOTING.days)
    if plan.collecting_until and plan.collecting_until >= local_day(plan.opens_at):
        raise CollectingTooLate
    if abs(plan.reference_day - local_day(plan.closes_at)) > _FARTHEST_REFERENCE:
        raise ReferenceDayFarAway
    if plan.min_choices > plan.max_choices:
        raise ChoicesOutOfOrder
    if (plan.allocation is Allocation.TOP_K) != (plan.funded_count is not None):
        raise FundedCountMissing


class NotANumber(Refusal):
    """Something else than digits."""

    msgid = "请填数字，例如 30 或 12.5。"


class TooPrecise(Refusal):
    """A part of a cent."""

    msgid = "金额最小到分。请检查小数点后的位数。"


class AmountOutOfRange(Refusal):
    """Nothing, or more than any round has."""

    msgid = "金额要大于 0，不超过 %(most)d 万元。"


class NotAPhone(Refusal):
    """Neither a mobile number nor a landline."""

    msgid = "请填 11 位手机号，或带区号的座机号，例如 0791-86500000。"


def half_width(text: str) -> str:
    """Return ``text`` with full-width letters, digits and signs as their ordinary forms."""
    return "".join(
        chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else char for char in text
    )


def shown(text: str) -> str:
    """Return ``text`` so that a page can show it again: for what nobody sees stands U+FFFD."""
    return "".join(
        _STAND_IN if unicodedata.category(char) in _UNSEEN and char not in "\n\t" else char
        for char in text
    )


def is_plain(text: str, *, lines: bool = False) -> bool:
    """Tell whether a text has no characters nobody sees, nor their stand-in; ``lines`` allows line breaks."""
    read = text.replace("\n", "").replace("\t", "") if lines else text
    return _STAND_IN not in read and _UNSEEN.isdisjoint(map(unicodedata.category, read))


def read_whole(text: str) -> int:
    """Return a whole number of at most nine digits; raise NotANumber."""
    digits = _FILLING.sub("", half_width(text))
    if not _WHOLE.match(digits):
        raise NotANumber
    return int(digits)


def read_money(text: str, unit: int, *, least: int = 1) -> int:
    """Return an amount in cents, ``unit`` cents being 1; raise NotANumber, TooPrecise, AmountOutOfRange."""
    written = _FILLING.sub("", half_width(text)).replace("。", ".")
    if not _AMOUNT.match(written):
        raise NotANumber
    cents = Decimal(written) * unit
    if cents != cents.to_integral_value():
        raise TooPrecise
    if not least <= cents <= MOST_MONEY:
        raise AmountOutOfRange(most=MOST_MONEY // WAN)
    return int(cents)


def written_amount(cents: int) -> tuple[str, int]:
    """Return how an amount stands in a form: its digits and their unit, 万元 where it is not small."""
    unit = WAN if cents >= WAN else YUAN
    return f"{Decimal(cents) / unit:f}", unit


def read_phone(text: str) -> str:
    """Return a mobile number, or a landline as ``0791-86500000``; raise NotAPhone."""
    number = re.sub(r"[\s()]", "", half_width(text)).replace("—", "-").replace("－", "-")
    if _MOBILE.match(number):
        return number
    landline = _LANDLINE.match(number)
    if not landline:
        raise NotAPhone
    return f"{landline[1]}-{landline[2]}"
