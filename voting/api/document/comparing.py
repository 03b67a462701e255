"""The named schemas of a comparison of rules."""

from voting.api.rules.schemas import (
    Schema,
    address,
    flag,
    many,
    maybe,
    moment,
    one_of,
    record,
    ref,
    text,
    whole,
)
from voting.comparing.rules.facts import Rule
from voting.figures import LEAST_SHOWN

_RULES = {
    Rule.GREEDY.value: "按得票从多到少，装不下的跳过",
    Rule.GREEDY_STOP.value: "按得票从多到少，装不下就停",
    Rule.TOP_K.value: "取前几名",
    Rule.EQUAL_SHARES.value: "均等份额法，份额逐步增加",
    Rule.EQUAL_SHARES_ONCE.value: "均等份额法，只分一次",
}
_NUMBERS = many(whole("选票上的编号", least=1))

COMPARING: dict[str, Schema] = {
    "ComparedRule": record(
        rule=one_of(_RULES),
        name=text("规则的简称"),
        sentences=many(text(), "规则的说明"),
        is_declared=flag("是本轮公告的规则"),
        funded=_NUMBERS,
        came=_NUMBERS,
        went=_NUMBERS,
        spent=ref("Money"),
        served_percent=maybe(
            whole("选了至少一个入选项目的有效票，占有效票的百分之几，按 5 取整；人少的不公布")
        ),
        tied=many(whole("选票上的编号", least=1), "得票相同、要抽签才知道谁入选的"),
    ),
    "ComparedProject": record(
        number=whole("选票上的编号", least=1),
        title=text("名称"),
        cost=ref("Money"),
        votes=whole("得票数"),
        rank=maybe(whole("名次", least=1)),
        is_funded=flag("按公告的规则入选"),
        votes_to_win=maybe(whole("再多几票就会入选", least=1)),
        votes_to_lose=maybe(whole("少几票就不会入选", least=1)),
    ),
    "ChannelCell": record(
        number=whole("选票上的编号", least=1), votes=whole("得票数", least=LEAST_SHOWN)
    ),
    "ChannelVotes": record(
        channel=text("投票渠道的代码；票数少的几种合在一起，用 + 连着"),
        name=text("投票渠道，中文"),
        ballots=whole("这种渠道的选票", least=LEAST_SHOWN),
        votes=many(ref("ChannelCell"), "可以公布的得票；没有列出的项目不公布"),
    ),
    "TurnoutPart": record(
        name=text("年龄段或者楼栋；人少的合在一起"),
        listed=whole("名册人数"),
        marked=whole("已登记投票的人数", least=LEAST_SHOWN),
        percent=text("投票率"),
    ),
    "Comparison": record(
        round_id=text("编号，一直不变"),
        says=text("这些数字怎样看"),
        made_at=moment("算出来的时刻"),
        budget=ref("Money"),
        cut_to=maybe(ref("Money")),
        valid=whole("有效票"),
        rules=many(ref("ComparedRule"), "同样的选票按每一种规则"),
        projects=many(ref("ComparedProject"), "全部项目，按名次"),
        smallest=maybe(whole("至少有几票不一样，入选的项目才会不一样", least=1)),
        channels=many(ref("ChannelVotes")),
        turnout_by_age=many(ref("TurnoutPart")),
        turnout_by_building=many(ref("TurnoutPart")),
        page=address("给人看的页面"),
    ),
}
