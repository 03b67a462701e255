"""Papers from the count to the confirmed result."""

from collections.abc import Sequence

from voting.audits.rules import Compared
from voting.conduct.rules.papers.objecting import public_days
from voting.conduct.rules.papers.rows import StepRow
from voting.conduct.rules.papers.setting import (
    Setting,
    by_community,
    by_street,
    moment,
    money,
    numbered,
    table,
    written,
)
from voting.figures import budget, day, grouped_code, percent, wan
from voting.notices.rules import PaperTable, PlainPaper, short_category
from voting.results.rules import PaperFigures, ResultFacts, channel_name

_SIGNED = ("总监票人", "监票人", "监票人", "计票人", "计票人", "唱票人")


def count_report(
    setting: Setting,
    result: ResultFacts,
    openers: Sequence[str],
    people: Sequence[tuple[str, str]],
    head: str = "",
) -> PlainPaper:
    """Return the 计票结果报告单; ``people`` are the appointed ones with their duty, to sign by hand.

    ``head`` is the head of the public ledger in groups of four, where there is one.
    """
    return written(
        setting,
        f"{setting.title}计票结果报告单",
        opening=(
            f"投票于{moment(result.closes_at)}截止，{moment(result.counted_at)}计票完毕。"
            + (f"开箱人：{'、'.join(openers)}。" if openers else ""),
        ),
        sections=(
            ("票数", (), _ballots(result)),
            ("各项目得票", (), _votes(result)),
            ("核对", _checks(result, head), None),
            ("签字（时间写到分）", (), table(("身份", "姓名", "签字", "时间"), _signers(people))),
        ),
        signature=by_community(setting),
        warning=_alarm(result.tests),
    )


def _alarm(tests: Compared) -> tuple[str, ...]:
    """Say what must be done where test ballots are not what was revealed; the count itself went on."""
    if not tests.differ:
        return ()
    return (
        (
            f"暗访卡对不上：公布{tests.revealed}张，票箱里找到{tests.found}张，内容一致的{tests.same}张。"
            "选票可能被改动过、丢失过，或者纸上抄错了。"
        ),
        (
            "请先和监票人核对纸上原件；不是抄错的，保留服务器、数据库和备份的现场，不要审定结果，"
            "在另一台电脑上重新计票核对，由街道决定是否重新组织投票。"
        ),
    )


def _tests(tests: Compared) -> list[tuple[str, int]]:
    if not tests.drawn:
        return []
    return [
        ("暗访卡（不计入票数）", tests.drawn),
        ("其中：开箱前公布", tests.revealed),
        ("其中：票箱里找到", tests.found),
        ("其中：内容一致", tests.same),
        ("其中：没有公布（投过的按普通选票计）", tests.unrevealed),
    ]


def _ballots(result: ResultFacts) -> PaperTable:
    channels = [
        (f"其中：{channel_name(names)}", number) for names, number in result.channels.items()
    ]
    rows = [
        ("名册人数", result.roll),
        ("已在名册上登记投票", result.marked),
        ("投票率", percent(result.marked, result.roll)),
        ("票箱内选票", result.ballots),
        *channels,
        ("有效票", result.valid),
        ("空白票", result.blank),
        ("无效票", result.invalid),
        *_paper(result.paper),
        *_tests(result.tests),
    ]
    return table(("项目", "数"), rows)


def _paper(paper: PaperFigures | None) -> list[tuple[str, int]]:
    if paper is None:
        return []
    return [
        ("纸质票：发出", paper.issued),
        ("纸质票：收回", paper.returned),
        ("纸质票：录入票箱", paper.valid),
        ("纸质票：无效", paper.invalid),
    ]


def _votes(result: ResultFacts) -> PaperTable:
    rows = [
        (line.number, line.title, line.votes, percent(line.votes, result.valid))
        for line in result.projects
    ]
    return table(("编号", "项目名称", "得票数", "得票率"), rows)


def _checks(result: ResultFacts, head: str) -> list[str]:
    said = [
        (
            f"有效票、空白票、无效票合计{result.valid + result.blank + result.invalid}张，与票箱内选票一致。"
            "得票率是得票数除以有效票总数。"
        ),
        *map(str, result.situations),
        f"票箱指纹（SHA-256）：{grouped_code(result.urn_digest)}。",
    ]
    return [*said, f"公开账本封存号：{head}。"] if head else said


def _signers(people: Sequence[tuple[str, str]]) -> list[tuple[str, str, str, str]]:
    """Return a line for whoever signs; a duty to which nobody was appointed is filled in by hand."""
    rows: list[tuple[str, str]] = []
    for duty in dict.fromkeys(_SIGNED):
        named = [(duty, name) for held, name in people if held == duty]
        rows += named or [(duty, "")] * _SIGNED.count(duty)
    return [(duty, name, "", "") for duty, name in rows]


def result_draft(setting: Setting, result: ResultFacts) -> PlainPaper:
    """Return the 票决结果送审稿 that the street decides on."""
    return written(
        setting,
        f"关于{setting.title}票决结果的送审稿",
        addressee=setting.street,
        opening=(f"{setting.title}已经投票、计票完毕，现将票决结果送上，请审定。",),
        sections=(
            ("投票情况", (_turnout(result),), None),
            ("拟入选项目", (_rule(result),), _funded(result)),
            ("未入选项目", *_unfunded(result)),
            (
                "公示安排",
                (
                    (
                        f"审定以后张贴公示{setting.publicity_days}个工作日，起止日期印在公示上；"
                        f"异议由{setting.office}受理，受理后{setting.answer_days}个工作日内答复。"
                    ),
                ),
                None,
            ),
        ),
        closing="以上结果妥否，请审定。",
        signature=by_community(setting),
    )


def _turnout(result: ResultFacts) -> str:
    return (
        f"名册共{result.roll}人，{result.marked}人已登记投票，投票率{percent(result.marked, result.roll)}。"
        f"实投选票{result.ballots}张，其中有效{result.valid}张、空白{result.blank}张、无效{result.invalid}张。"
    )


def _rule(result: ResultFacts) -> str:
    ties = "".join(f"{tie.phrase}。" for tie in result.ties)
    ties += "".join(map(str, result.situations))
    return (
        f"入选规则：{'；'.join(map(str, result.rule))}。资金总额{money(result.budget)}，"
        f"拟入选{len(result.funded)}项，预算合计{money(result.spent)}。{ties}"
    )


def _funded(result: ResultFacts) -> PaperTable | None:
    if not result.funded:
        return None
    rows = [
        (
            line.number,
            line.title,
            short_category(line.category),
            line.place,
            line.votes,
            wan(line.cost),
        )
        for line in result.funded
    ]
    return table(
        ("编号", "项目名称", "类别", "实施地点", "得票数", "预算（万元）"),
        rows,
        ("", "合计", "", "", "", wan(result.spent)),
    )


def _unfunded(result: ResultFacts) -> tuple[tuple[str, ...], PaperTable | None]:
    if not result.unfunded:
        return ("候选项目全部入选。",), None
    rows = [
        (line.number, line.title, line.votes, wan(line.cost), line.short_reason(_tight))
        for line in result.unfunded
    ]
    return (), table(("编号", "项目名称", "得票数", "预算（万元）", "未入选原因"), rows)


def _tight(cents: int) -> str:
    return budget(cents).replace(" ", "")


def publicity_done(
    setting: Setting, history: Sequence[StepRow], result: ResultFacts | None
) -> PlainPaper:
    """Return the 公示情况说明: how long the result was public and what was objected."""
    asked = [row for row in history if row.act == "round.object"]
    upheld = [row for row in history if row.act == "round.correct"]
    posted = [
        row.day or row.noted for row in history if row.act in {"round.publish", "round.correct"}
    ]
    return written(
        setting,
        f"{setting.title}票决结果公示情况说明",
        opening=(f"{setting.title}票决结果公示期满，公示情况说明如下。",),
        sections=(
            (
                "公示",
                (
                    f"公示时间为{public_days(setting)}",
                    f"张贴日期：{'、'.join(map(day, posted)) or '见公示'}。张贴照片存档。",
                ),
                None,
            ),
            ("异议", _objections(len(asked), len(upheld)), _handled(history)),
            ("结论", (_outcome(result),), None),
        ),
        signature=by_street(setting),
    )


def _objections(asked: int, upheld: int) -> tuple[str, ...]:
    if not asked:
        return ("公示期内没有收到异议。",)
    return (f"公示期内收到异议{asked}件，其中{upheld}件成立并更正，全部已经答复。",)


def _handled(history: Sequence[StepRow]) -> PaperTable | None:
    names = {
        "round.object": "登记异议",
        "round.dismiss": "答复：不成立",
        "round.correct": "答复：成立，更正",
    }
    rows = [(names[row.act], day(row.day or row.noted)) for row in history if row.act in names]
    return table(("序号", "事项", "日期"), numbered(rows)) if rows else None


def _outcome(result: ResultFacts | None) -> str:
    if result is None:
        return "票决结果予以确认，入选项目转入立项、实施。"
    funded = f"入选项目{len(result.funded)}项，预算合计{money(result.spent)}"
    return f"票决结果予以确认：{funded}，转入立项、实施。"
