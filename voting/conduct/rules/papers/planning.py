"""Papers before the vote is planned through: the request, its return, the call for proposals."""

from voting.conduct.rules.papers.setting import (
    NONE,
    Setting,
    by_both,
    by_community,
    by_street,
    lines,
    moment,
    money,
    table,
    until,
    written,
)
from voting.figures import day, day_range, wan
from voting.notices.rules import PaperTable, PlainPaper

# What a resident may have in mind, and asks themselves before writing: our own words for the four
# questions that the desk will ask.
_WHAT = (
    "（一）工程类。像楼道、道路、停车位、管线、小花园的修缮和改造。",
    "（二）设备采购类。像路灯、健身器材、充电棚、监控、座椅的添置和更换。",
    "（三）服务采购类。像老人助餐、孩子托管、义诊、清淤、文体活动。",
)
_THINK = (
    "1. 合不合规矩：不违反法律法规，不占消防通道，不动别人家的东西。",
    "2. 办不办得成：有地方做，当年能做完，要人同意的先问一声。",
    "3. 多少人受益：能让一栋楼、一个小区的人都得到方便，不影响旁边的人。",
    "4. 花多少钱：大概要多少，做好以后谁来管、谁来修。说不准也没有关系，工作人员会帮着估算。",
)
_HOW_IT_GOES = (
    "身边有什么不方便、想改变的小事，请您提出来。"
    "大家提，大家选，选上的由街道组织实施，做得怎么样由大家评。"
)
_AFTERWARDS = (
    "每条建议都有答复。提交以后会给您一个查询码，凭它看办到哪一步；有意见的可以申请复核。",
    "您的姓名和电话只用来联系您，不公开。后面的安排如下。",
)
_NOT_TAKEN = (
    "1. 物业、业主或者产权单位自己该做的；",
    "2. 政府已经在做、已经定了要做的；",
    "3. 政府部门本来就要管的，这类会转给有关部门；",
    "4. 经营赚钱的；",
    "5. 宗教活动，或者只让一家一户受益的。",
)


def request(setting: Setting) -> PlainPaper:
    """Return the 请示 with which the community lays a round before the street."""
    return written(
        setting,
        f"关于开展{setting.title}的请示",
        addressee=setting.street,
        opening=(
            f"为了让居民自己提出、自己选定、自己监督身边的小事，拟开展{setting.title}。现将方案报上。",
        ),
        sections=(
            ("范围和参与人", _people(setting), None),
            ("资金和限额", _purse(setting), _limits(setting)),
            ("征集和推选", _gathering(setting), None),
            ("票决办法", _vote(setting), None),
            ("时间安排", (), timetable(setting)),
            ("公示和异议", (_publicity(setting), setting.asking), None),
        ),
        closing="妥否，请批示。",
        signature=by_community(setting),
    )


def _people(setting: Setting) -> list[str]:
    born = "当日满周岁的算在内" if setting.birthday_counts else "生日的第二天起算满周岁"
    return [
        f"（一）范围。{setting.area}。",
        f"（二）参与人。{setting.who}，{born}。名册由社区逐户核对。",
    ]


def _purse(setting: Setting) -> list[str]:
    one = (
        "单个项目的限额如下。"
        if any(cents for _, cents in setting.limits)
        else "单个项目不另设限额。"
    )
    return [f"本轮资金总额{money(setting.budget)}，入选项目的预算合计不超过这个数。{one}"]


def _limits(setting: Setting) -> PaperTable | None:
    if not any(cents for _, cents in setting.limits):
        return None
    rows = [(name, wan(cents) if cents else NONE) for name, cents in setting.limits]
    return table(("类别", "单个项目限额（万元）"), rows)


def _gathering(setting: Setting) -> list[str]:
    return [
        "（一）征集。居民用手机提，也可以填纸质意见表，工作人员可以代填。每条建议都答复。",
        "（二）审核。社区初审、合并同类项，街道联审，按合法性、可行性、受益面、预算四个方面审。",
        f"（三）推选。召开推选大会，协商确定候选项目，最多{setting.most_candidates}项。",
    ]


def _vote(setting: Setting) -> list[str]:
    least = f"最少选{setting.min_choices}项，" if setting.min_choices > 1 else ""
    return [
        f"（一）投票。每人一票，{least}{setting.choosing}。手机、纸质票都可以，不记名。",
        f"（二）入选。{setting.rule}。得票相同的，{setting.tie_rule}。",
        "（三）计票。投票截止以后，两名工作人员同时到场才能开箱，监票人监督，居民可以观看。",
    ]


def _publicity(setting: Setting) -> str:
    return (
        f"结果由街道审定后公示{setting.publicity_days}个工作日；公示期内的异议，"
        f"受理后{setting.answer_days}个工作日内答复。"
    )


def timetable(setting: Setting) -> PaperTable:
    """Return what is done when, as planned."""
    rows = [
        ("征集建议", collecting(setting)),
        ("社区初审、合并同类项", until(setting.screening_until)),
        ("街道联审", until(setting.review_until)),
        ("发布投票公告", day(setting.announce_on) if setting.announce_on else "投票开始3天以前"),
        ("投票", f"{moment(setting.opens_at)}至{moment(setting.closing)}"),
        ("计票", "投票截止以后"),
        ("结果公示", f"街道审定以后，{setting.publicity_days}个工作日"),
    ]
    return table(("环节", "时间"), rows)


def _days(setting: Setting) -> PaperTable:
    """Return the days a resident wants to know."""
    rows = [
        ("提建议", collecting(setting)),
        ("审核、推选候选项目", until(setting.announce_on)),
        ("投票", f"{moment(setting.opens_at)}至{moment(setting.closing)}"),
        ("结果公示", f"街道审定以后，{setting.publicity_days}个工作日"),
    ]
    return table(("环节", "时间"), rows)


def collecting(setting: Setting) -> str:
    """Return when proposals are taken."""
    if setting.collecting_until is None:
        return "发布征集公告以后"
    if setting.collecting_from and setting.collecting_from <= setting.collecting_until:
        return day_range(setting.collecting_from, setting.collecting_until)
    return f"{day(setting.collecting_until)}以前"


def returned(setting: Setting) -> PlainPaper:
    """Return what the street wants changed in a plan."""
    return written(
        setting,
        f"关于{setting.title}方案的退回修改意见",
        addressee=setting.community,
        opening=("报来的方案收到了。请按下面的意见修改，再送审批。",),
        sections=(
            ("修改意见", lines(setting.reason), None),
            ("再次报送", ("修改以后，在平台上重新送审；没有改的地方保持原样。",), None),
        ),
        signature=by_street(setting),
    )


def rejected(setting: Setting) -> PlainPaper:
    """Return why the street did not approve a plan."""
    return written(
        setting,
        f"关于不予批准{setting.title}方案的通知",
        addressee=setting.community,
        opening=("报来的方案收到了。经研究，不予批准，这一轮不再开展。",),
        sections=(("理由", lines(setting.reason), None),),
        signature=by_street(setting),
    )


def call(setting: Setting) -> PlainPaper:
    """Return the 公告 that asks everybody for proposals."""
    return written(
        setting,
        f"关于征集{setting.title}建议的公告",
        addressee="各位居民",
        opening=(f"{setting.title}开始征集建议。{_HOW_IT_GOES}",),
        sections=(
            (
                "谁可以提",
                (f"在{setting.scope}居住、工作或学习，年满{setting.min_age}周岁的居民。",),
                None,
            ),
            ("可以提什么", (*_WHAT, *_purse(setting)), _limits(setting)),
            ("怎么提，什么时候提", _ways(setting), None),
            ("提之前想一想", _THINK, None),
            ("这些不收", _NOT_TAKEN, None),
            ("提了以后", _AFTERWARDS, _days(setting)),
            ("有事问哪里", (setting.asking,), None),
        ),
        closing="特此公告。",
        signature=by_both(setting),
        link=(f"{setting.url}/propose", "提建议"),
    )


def _ways(setting: Setting) -> list[str]:
    return [
        "（一）用手机。扫文末的二维码，写清楚想做什么、在哪里、为什么，可以附照片。不用下载软件，不用注册。",
        f"（二）用纸。到{setting.office}领意见表，填好交给工作人员，不会写字的由工作人员代填。",
        f"（三）打电话。拨打{setting.help_number}，您说，工作人员记。",
        f"（四）时间。{collecting(setting)}。",
    ]
