"""What of a plan must fit together, with a sentence for each thing that does not."""

from datetime import date, timedelta

from voting.clock import local_day
from voting.errors import Refusal
from voting.rounds.rules.choosing import check_spend_limit
from voting.rounds.rules.plan import (
    DAY_NAMES,
    MOST_CHOICES_PUBLISHED,
    Allocation,
    BallotKind,
    DrawWay,
    Plan,
    Publication,
    RoundChannel,
)
from voting.rounds.rules.quotas import quotas_of

LONGEST_VOTING = timedelta(days=30)


_FARTHEST_REFERENCE = timedelta(days=366)


class ClosesBeforeOpening(Refusal):
    """The end of voting does not lie after its beginning."""

    msgid = "投票截止时间要晚于开始时间。"
    field = "closes_day"


class VotingTooLong(Refusal):
    """Voting for more than a month."""

    msgid = "投票最长 %(days)d 天。请把截止日期提前。"
    field = "closes_day"


class DaysOutOfOrder(Refusal):
    """A planned day lies before the one that must come first."""

    msgid = "“%(later)s”不能早于“%(earlier)s”。请核对这两个日期。"
    status = 422


class AnnouncedAfterOpening(Refusal):
    """People would read of the vote when it has begun."""

    msgid = "投票公告要在投票开始以前发布，最好提前 3 天。"
    field = "announce_on"


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


class TooManyChoicesToPublish(Refusal):
    """Whole ballots are published only where few ways to fill one in exist."""

    msgid = (
        "公布每一张选票的轮次，每人最多选 %(most)d 项：选得再多，选法几乎没有重样的，"
        "买票的人可以约定一种选法当暗号。请减少“每人最多选几项”，或只公布各项目的得票数。"
    )
    field = "publication"


class FundedCountMissing(Refusal):
    """The first K, without a K."""

    msgid = "按名次入选，要填写取前几名。"
    field = "funded_count"


class QuotaAboveBudget(Refusal):
    """A limit that limits nothing: most likely a slip of the finger."""

    msgid = "这一类最多安排的资金不能超过资金总额。不想限制，就空着。"


class DrawSourceMissing(Refusal):
    """A lot in public without the number that was announced for it."""

    msgid = "公开抽签要事先说定用哪个号码，例如某种彩票在并列公布后开出的第一期。"
    field = "draw_source"


class NobodyCanVote(Refusal):
    """No channel is on that somebody without a telephone can use."""

    msgid = "至少要有投票卡或纸质票：没有手机的居民也要能投。"
    field = "channels"


class SecondFactorMissing(Refusal):
    """The poster alone proves nobody: name and number are known to many."""

    msgid = "开通海报码投票，要选至少一种核实本人的办法。光凭姓名和证件号码，别人也能冒投。"
    field = "second_factors"


def check_plan(plan: Plan) -> None:
    """Raise the first refusal for what does not fit together."""
    if plan.closes_at <= plan.opens_at:
        raise ClosesBeforeOpening
    if plan.closes_at - plan.opens_at > LONGEST_VOTING:
        raise VotingTooLong(days=LONGEST_VOTING.days)
    _check_days(plan)
    if abs(plan.reference_day - local_day(plan.closes_at)) > _FARTHEST_REFERENCE:
        raise ReferenceDayFarAway
    if plan.min_choices > plan.max_choices:
        raise ChoicesOutOfOrder
    if plan.publication is Publication.FULL and plan.max_choices > MOST_CHOICES_PUBLISHED:
        raise TooManyChoicesToPublish(most=MOST_CHOICES_PUBLISHED)
    _check_allocation(plan)
    _check_channels(plan)


def _check_allocation(plan: Plan) -> None:
    if (plan.allocation is Allocation.TOP_K) != (plan.funded_count is not None):
        raise FundedCountMissing
    for quota in quotas_of(plan):
        if quota.money is not None and quota.money > plan.budget:
            raise QuotaAboveBudget(field=f"quota_{quota.category}_money")
    if plan.draw_way is DrawWay.PUBLIC and not plan.draw_source:
        raise DrawSourceMissing
    check_spend_limit(
        inside_budget=plan.ballot_kind is BallotKind.KNAPSACK,
        spend_limit=plan.spend_limit,
        total=plan.budget,
    )


def _check_channels(plan: Plan) -> None:
    if not {RoundChannel.CARD, RoundChannel.PAPER} & set(plan.channels):
        raise NobodyCanVote
    if RoundChannel.POSTER in plan.channels and not plan.second_factors:
        raise SecondFactorMissing


def _check_days(plan: Plan) -> None:
    opens_on = local_day(plan.opens_at)
    if plan.collecting_until and plan.collecting_until >= opens_on:
        raise CollectingTooLate
    if plan.announce_on and plan.announce_on >= opens_on:
        raise AnnouncedAfterOpening
    earlier: tuple[str, date] | None = None
    for name, said in DAY_NAMES.items():
        day: date | None = getattr(plan, name)
        if day is None:
            continue
        if day >= opens_on:
            raise DaysOutOfOrder(field=name, later="投票开始日期", earlier=said)
        if earlier and day < earlier[1]:
            raise DaysOutOfOrder(field=name, later=said, earlier=earlier[0])
        earlier = (said, day)
