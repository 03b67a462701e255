"""Papers of the meeting that makes the list: its minutes, and the list for everybody."""

from collections import Counter
from collections.abc import Sequence

from voting.conduct.rules.papers.rows import WorkRow
from voting.conduct.rules.papers.setting import (
    Setting,
    by_both,
    by_community,
    lines,
    moment,
    money,
    numbered,
    table,
    written,
)
from voting.figures import day, wan
from voting.notices.rules import PaperTable, PlainPaper, short_category


def minutes(setting: Setting, listed: Sequence[WorkRow], reserve: Sequence[WorkRow]) -> PlainPaper:
    """Return the minutes of the meeting that chose the candidates."""
    return written(
        setting,
        f"{setting.title}项目推选大会纪要",
        opening=(
            f"{day(setting.day or setting.today)}，{setting.area}召开项目推选大会"
            + (f"，{setting.person}主持" if setting.person else "")
            + f"。会议协商推选候选项目{len(listed)}项，另有{len(reserve)}项进入储备库。纪要如下。",
        ),
        sections=(
            ("会议情况", lines(setting.reason), None),
            ("推选出的候选项目", (), works(listed)),
            ("进入储备库的项目", *_reserve(reserve)),
            ("签字", (), _SIGNED),
        ),
        signature=by_community(setting),
    )


_SIGNED = table(
    ("身份", "签字", "日期"), (("主持人", "", ""), ("记录人", "", ""), ("居民代表", "", ""))
)


def _reserve(reserve: Sequence[WorkRow]) -> tuple[tuple[str, ...], PaperTable | None]:
    if not reserve:
        return ("没有。",), None
    rows = [(row.title, short_category(row.category), row.place, wan(row.cost)) for row in reserve]
    words = "下列项目这次没有列入候选，留待以后的轮次。"
    return (words,), table(("序号", "项目", "类别", "地点", "预算（万元）"), numbered(rows))


def works(rows: Sequence[WorkRow]) -> PaperTable:
    """Return the list of candidates with its sum."""
    return table(
        ("编号", "项目名称", "类别", "实施地点", "受益人数", "预算（万元）"),
        [
            (
                row.number,
                row.title,
                short_category(row.category),
                row.place,
                row.beneficiaries,
                wan(row.cost),
            )
            for row in rows
        ],
        ("", "合计", "", "", "", wan(sum(row.cost for row in rows))),
    )


def shortlist(setting: Setting, listed: Sequence[WorkRow]) -> PlainPaper:
    """Return the list of candidates for everybody to read."""
    kinds = Counter(row.category for row in listed)
    by_kind = "、".join(f"{name}{number}项" for name, number in kinds.items())
    return written(
        setting,
        f"{setting.title}候选项目清单",
        opening=(
            (
                f"经居民提建议、社区初审、街道联审、推选大会协商，确定候选项目{len(listed)}项"
                f"（{by_kind}），交给居民投票决定。"
            ),
        ),
        sections=(
            ("候选项目", (), works(listed)),
            (
                "下一步",
                (
                    f"投票时间定在{moment(setting.opens_at)}至{moment(setting.closing)}，怎么投看投票通告。",
                    f"每人一票，{setting.choosing}；本轮资金总额{money(setting.budget)}。",
                    f"对候选项目有疑问的，请在投票开始以前提出。{setting.asking}",
                ),
                None,
            ),
        ),
        signature=by_both(setting),
        link=(setting.url, "看每个项目的详情"),
    )
