"""Papers that say a round waits, goes on, ends early, is given more time, or has a vote that is void."""

from voting.conduct.rules.papers.setting import (
    Setting,
    by_street,
    lines,
    moment,
    table,
    written,
)
from voting.notices.rules import PlainPaper
from voting.results.rules import ResultFacts


def paused(setting: Setting) -> PlainPaper:
    """Return the 公告 that a round is paused."""
    return written(
        setting,
        f"关于暂停{setting.title}的公告",
        opening=(f"{setting.title}原在“{setting.stood}”阶段，现决定暂停。有关事项公告如下。",),
        sections=(
            ("暂停的理由", lines(setting.reason), None),
            (
                "暂停期间",
                (
                    "已经收到的建议、已经投下的选票都原样保存，不作废，也不提前打开。",
                    "暂停期间不收建议、不投票、不计票。恢复的时间另行公告。",
                    setting.asking,
                ),
                None,
            ),
        ),
        closing="特此公告。",
        signature=by_street(setting),
        link=(setting.url, "看最新情况"),
    )


def resumed(setting: Setting, phase: str) -> PlainPaper:
    """Return the 公告 that a paused round goes on."""
    return written(
        setting,
        f"关于恢复{setting.title}的公告",
        opening=(f"{setting.title}暂停的事由已经处理完毕，即日起恢复。",),
        sections=(
            (
                "从哪里接着办",
                (f"从暂停前的“{phase}”阶段接着办，以前办过的都有效。", *lines(setting.reason)),
                None,
            ),
            (
                "时间",
                (
                    f"投票时间为{moment(setting.opens_at)}至{moment(setting.closing)}；有变动的，另行公告。",
                    setting.asking,
                ),
                None,
            ),
        ),
        closing="特此公告。",
        signature=by_street(setting),
        link=(setting.url, "看最新情况"),
    )


def terminated(setting: Setting) -> PlainPaper:
    """Return the 公告 that a round is ended early."""
    return written(
        setting,
        f"关于终止{setting.title}的公告",
        opening=(f"{setting.title}在“{setting.stood}”阶段终止，不再继续。有关事项公告如下。",),
        sections=(
            ("终止的理由", lines(setting.reason), None),
            (
                "后续安排",
                (
                    "已经收到的建议和候选项目存入储备库，以后的轮次可以再用。",
                    "名册等个人信息按规定的期限删除。",
                    setting.asking,
                ),
                None,
            ),
        ),
        closing="特此公告。",
        signature=by_street(setting),
        link=(setting.url, "看这一轮的情况"),
    )


def extended(setting: Setting) -> PlainPaper:
    """Return the 通告 that voting goes on longer."""
    times = table(
        ("情况", "投票截止时间"),
        (("原定", moment(setting.closes_at)), ("延长后", moment(setting.closing))),
    )
    return written(
        setting,
        f"关于延长{setting.title}投票时间的通告",
        opening=(f"现决定延长{setting.title}的投票时间。有关事项通告如下。",),
        sections=(
            ("新的截止时间", (), times),
            ("延长的理由", lines(setting.reason), None),
            (
                "其他事项",
                (
                    "已经投下的选票继续有效，不用再投。还没有投的，在新的截止时间以前投。",
                    "候选项目、每人能选几项、入选规则都不变。",
                    setting.asking,
                ),
                None,
            ),
        ),
        closing="特此通告。",
        signature=by_street(setting),
        link=(setting.url, "看这一轮的情况"),
    )


def made_up(setting: Setting, minutes: int) -> PlainPaper:
    """Return the 通告 that a vote goes on, because an outage of so many minutes took time from it."""
    times = table(
        ("情况", "投票截止时间"),
        (("原定", moment(setting.closes_at)), ("补足以后", moment(setting.closing))),
    )
    return written(
        setting,
        f"关于补足{setting.title}投票时间的通告",
        opening=(
            f"{setting.title}投票期间，投票平台有{minutes}分钟打不开。现决定补足这段时间，恢复投票。有关事项通告如下。",
        ),
        sections=(
            ("新的截止时间", (), times),
            ("中断的情况", lines(setting.reason), None),
            (
                "其他事项",
                (
                    "票箱没有打开过。已经投下的选票继续有效，不用再投。还没有投的，在新的截止时间以前投，投票卡照样能用。",
                    "候选项目、每人能选几项、入选规则都不变。",
                    setting.asking,
                ),
                None,
            ),
        ),
        closing="特此通告。",
        signature=by_street(setting),
        link=(setting.url, "看这一轮的情况"),
    )


def kept_closing(setting: Setting, minutes: int) -> PlainPaper:
    """Return why the end of a vote stays though an outage of so many minutes took time from it."""
    return written(
        setting,
        f"关于{setting.title}投票截止时间不变的说明",
        opening=(
            f"{setting.title}投票期间，投票平台有{minutes}分钟打不开。经研究，不补这段时间，投票按原定时间截止。",
        ),
        sections=(
            ("截止时间", (f"投票于{moment(setting.closing)}截止。",), None),
            ("不补的理由", lines(setting.reason), None),
            ("有不同意见的", (setting.asking,), None),
        ),
        closing="特此说明。",
        signature=by_street(setting),
        link=(setting.url, "看这一轮的情况"),
    )


def void(setting: Setting, result: ResultFacts | None, paper_note: str = "") -> PlainPaper:
    """Return why a vote does not count; ``result`` is what the count says, if there was one."""
    figures = _figures(result) if result else ("还没有开箱，选票封存不动。",)
    return written(
        setting,
        f"关于{setting.title}投票无效的说明",
        opening=(f"{setting.title}本次投票无效，不产生入选项目。现将情况说明如下。",),
        sections=(
            ("为什么无效", lines(setting.reason), None),
            ("投票情况", (*figures, *lines(paper_note)), None),
            (
                "接下来怎么办",
                (
                    "重新组织投票的，候选项目和名册不变，时间另行通告；不再组织的，公告终止。",
                    "这次投下的选票封存备查，不带入下一次投票。",
                    setting.asking,
                ),
                None,
            ),
        ),
        signature=by_street(setting),
        link=(setting.url, "看这一轮的情况"),
    )


def _figures(result: ResultFacts) -> tuple[str, ...]:
    return (
        (
            f"名册共{result.roll}人，其中{result.marked}人已在名册上登记投票。"
            f"票箱内选票{result.ballots}张，其中有效{result.valid}张、空白{result.blank}张、无效{result.invalid}张。"
        ),
        *_low_turnout(result),
    )


def _low_turnout(result: ResultFacts) -> tuple[str, ...]:
    """Return that too few took part, where the round asked for more; nothing else of the count is told."""
    return (str(result.situations[0]),) if result.is_turnout_too_low else ()
