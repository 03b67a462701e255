"""What is decided of a round before the vote, and what of it fits together."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

NOTICE_FORMS = ("通告", "公告")


# The number of a public lot where a plan names no other: drawn every evening, known to everybody.
USUAL_SOURCE = "并列公布后开出的第一期体彩“排列5”五位号码"


# The ballot page counts ticks without a script, by styles made for up to twelve.
MOST_CHOICES = 12


# Of ballots with more choices many are alone of their kind: their holders can be told apart (peers.md §3).
MOST_CHOICES_PUBLISHED = 3


# More do not fit on a ballot that a person reads to the end.
MOST_CANDIDATES = 60


# The planned days before the vote, in the order in which they come.
DAY_NAMES = {
    "collecting_from": "征集开始日期",
    "collecting_until": "征集建议截止日期",
    "screening_until": "初审完成日期",
    "review_until": "联审完成日期",
    "announce_on": "投票公告日期",
}


_MOST_SUGGESTED = 10


_CANDIDATES_PER_CHOICE = 4


class Allocation(StrEnum):
    """How votes become funded projects."""

    GREEDY = "greedy"
    GREEDY_STOP = "greedy-stop"
    TOP_K = "top-k"


class BallotKind(StrEnum):
    """What a ballot says; our own rounds use approval and knapsack, the others serve other people's data."""

    APPROVAL = "approval"
    CHOOSE_1 = "choose-1"
    CUMULATIVE = "cumulative"
    ORDINAL = "ordinal"
    KNAPSACK = "knapsack"


class DrawWay(StrEnum):
    """What the lot among equal votes is drawn from (docs/2_rules/counting.md)."""

    URN = "urn"
    PUBLIC = "public"


class SealWay(StrEnum):
    """Who keeps the key that opens the urn."""

    SERVER = "server"
    MONITORS = "monitors"


class Publication(StrEnum):
    """What is published after the count: totals for each project, or every ballot (integrity.md §3.4)."""

    TOTALS = "totals"
    FULL = "full"


class RoundChannel(StrEnum):
    """A way by which a right may be used in a round."""

    CARD = "card"
    POSTER = "poster"
    PAPER = "paper"
    ASSISTED = "assisted"


class SecondFactor(StrEnum):
    """What proves, beside name and identity number, who comes by the poster."""

    SCREEN = "screen"
    SMS = "sms"
    WORKER = "worker"


CHANNELS = (RoundChannel.CARD, RoundChannel.PAPER, RoundChannel.ASSISTED)


SECOND_FACTORS = (SecondFactor.SCREEN,)


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
    limit_engineering: int | None = None
    limit_equipment: int | None = None
    limit_service: int | None = None
    most_candidates: int = MOST_CANDIDATES
    collecting_from: date | None = None
    collecting_until: date | None = None
    screening_until: date | None = None
    review_until: date | None = None
    announce_on: date | None = None
    publicity_days: int = 5
    answer_days: int = 3
    posting_day_counts: bool = False
    min_choices: int = 1
    max_choices: int = _MOST_SUGGESTED
    allocation: Allocation = Allocation.GREEDY
    funded_count: int | None = None
    least_votes: int = 0
    least_share: int = 0
    least_turnout: int = 0
    quota_engineering: int | None = None
    quota_equipment: int | None = None
    quota_service: int | None = None
    quota_engineering_money: int | None = None
    quota_equipment_money: int | None = None
    quota_service_money: int | None = None
    ballot_kind: BallotKind = BallotKind.APPROVAL
    spend_limit: int | None = None
    draw_way: DrawWay = DrawWay.URN
    draw_source: str = ""
    compare_public: bool = False
    check_code: bool = True
    channels: tuple[RoundChannel, ...] = CHANNELS
    second_factors: tuple[SecondFactor, ...] = SECOND_FACTORS
    seal_way: SealWay = SealWay.SERVER
    publication: Publication = Publication.TOTALS
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
