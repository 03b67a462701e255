"""Papers from the beginning of the work to the files: projects, the summary, what is handed over."""

from collections.abc import Sequence

from voting.conduct.rules.papers.rows import PaperRow, ProjectRow, StepRow
from voting.conduct.rules.papers.setting import (
    NONE,
    Setting,
    by_both,
    by_community,
    by_street,
    money,
    numbered,
    table,
    written,
)
from voting.figures import day, percent, wan
from voting.notices.rules import PaperTable, PlainPaper, short_category
from voting.results.rules import ResultFacts

# practice.md §1.8: the result and what it rests on are kept long, the way there for ten years.
_KEPT_LONG = frozenset(
    {"result", "vote", "count_report", "result_draft", "correction", "projects", "summary"}
)


def projects(setting: Setting, rows: Sequence[ProjectRow]) -> PlainPaper:
    """Return the list of projects that are now carried out."""
    total = sum(row.budget for row in rows)
    return written(
        setting,
        f"{setting.title}实施项目清单",
        opening=(
            f"{setting.title}票决入选的项目开始实施，共{len(rows)}项，预算合计{money(total)}。清单如下。",
        ),
        sections=(
            ("实施项目", (), _works(rows, total)),
            (
                "怎么监督",
                (
                    "每个项目的进度、花了多少钱、前后照片都在网上公开，随时可以看。",
                    f"发现问题请拨打{setting.help_number}。{setting.asking}",
                ),
                None,
            ),
        ),
        signature=by_street(setting),
        link=(setting.url, "看项目进度"),
    )


def _works(rows: Sequence[ProjectRow], total: int) -> PaperTable:
    return table(
        ("序号", "项目名称", "类别", "实施地点", "实施单位", "预算（万元）"),
        numbered(
            (row.title, short_category(row.category), row.place, row.unit or NONE, wan(row.budget))
            for row in rows
        ),
        ("", "合计", "", "", "", wan(total)),
    )


def summary(
    setting: Setting,
    rows: Sequence[ProjectRow],
    history: Sequence[StepRow],
    result: ResultFacts | None,
    proposals: int,
) -> PlainPaper:
    """Return what the round came to, for everybody to read."""
    return written(
        setting,
        f"{setting.title}总结",
        opening=(f"{setting.title}的项目已经全部办结。从提建议到做完，经过和结果如下。",),
        sections=(
            ("参与情况", _taking_part(proposals, result), None),
            ("项目和资金", (_spent(setting, rows),), _settled(rows)),
            ("经过", (), _path(history)),
            ("以后有事找谁", (setting.asking,), None),
        ),
        signature=by_both(setting),
        link=(setting.url, "看每个项目的前后变化"),
    )


def _taking_part(proposals: int, result: ResultFacts | None) -> list[str]:
    asked = f"居民提出建议{proposals}条。"
    if result is None:
        return [asked]
    return [
        f"{asked}推选候选项目{len(result.projects)}项，票决入选{len(result.funded)}项。",
        f"名册{result.roll}人中有{result.marked}人参加投票，投票率{percent(result.marked, result.roll)}。",
    ]


def _spent(setting: Setting, rows: Sequence[ProjectRow]) -> str:
    planned = sum(row.budget for row in rows)
    settled = [row.final_cost for row in rows if row.final_cost is not None]
    money_words = f"本轮资金总额{money(setting.budget)}，入选项目预算合计{money(planned)}"
    if not settled:
        return f"{money_words}。"
    return f"{money_words}，其中{len(settled)}项已经决算，决算合计{money(sum(settled))}。"


def _settled(rows: Sequence[ProjectRow]) -> PaperTable | None:
    if not rows:
        return None
    settled = [row.final_cost for row in rows if row.final_cost is not None]
    return table(
        ("序号", "项目名称", "受益人数", "预算（万元）", "决算（万元）", "结果"),
        numbered(
            (
                row.title,
                row.beneficiaries,
                wan(row.budget),
                NONE if row.final_cost is None else wan(row.final_cost),
                row.state,
            )
            for row in rows
        ),
        ("", "合计", "", wan(sum(row.budget for row in rows)), wan(sum(settled)), ""),
    )


def _path(history: Sequence[StepRow]) -> PaperTable:
    return table(("日期", "进入阶段"), [(day(row.noted), row.phase) for row in history])


def handover(setting: Setting, papers: Sequence[PaperRow], attached: int) -> PlainPaper:
    """Return the 归档移交单 that both sides sign."""
    return written(
        setting,
        f"{setting.title}归档移交单",
        opening=(
            f"本轮形成文件{len(papers)}份，另有随步骤上传的附件{attached}个，现移交归档。",
            "含个人信息的名册和核验明细按期删除，不进入长期案卷。",
        ),
        sections=(
            ("文件目录", (), contents(papers)),
            (
                "交接签字",
                (),
                table(
                    ("身份", "签字", "日期"),
                    (("移交人", "", ""), ("接收人", "", ""), ("监交人", "", "")),
                ),
            ),
        ),
        signature=by_community(setting),
    )


def contents(papers: Sequence[PaperRow]) -> PaperTable:
    """Return the list of a round's papers, each with how long it is best kept."""
    rows = [
        (row.number, row.title, day(row.day), "30年" if row.kind in _KEPT_LONG else "10年")
        for row in papers
    ]
    return table(("序号", "编号", "文件名称", "日期", "保管期限（建议）"), numbered(rows))


def filed(setting: Setting, papers: Sequence[PaperRow], attached: int) -> PlainPaper:
    """Return the 归档说明 that closes the files of a round."""
    return written(
        setting,
        f"{setting.title}归档说明",
        opening=(
            f"{setting.title}的文件已于{day(setting.today)}移交归档，移交单由双方签字，扫描件随步骤保存。",
            f"案卷共有文件{len(papers)}份、附件{attached}个。",
        ),
        sections=(("文件目录", (), contents(papers)),),
        signature=by_street(setting),
    )
