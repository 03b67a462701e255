"""What the monthly report of a round says. Money in cents."""

from dataclasses import dataclass
from datetime import date

from voting.delivery.rules.papers import numbered
from voting.figures import budget, day, percent, wan
from voting.notices.rules import (
    PaperSection,
    PaperTable,
    PlainPaper,
    Signature,
    named_round,
)

_MOST_WORDS = 120  # a cell of the table stays readable


@dataclass(frozen=True)
class MonthLine:
    """One project in the report: where it stands, and what happened in the month."""

    title: str
    state: str
    done: int
    total: int
    late: int
    spent: int
    budget: int
    happened: tuple[str, ...]


def month_paper(
    *,
    round_title: str,
    month: date,
    today: date,
    lines: tuple[MonthLine, ...],
    issuer: str,
    asked: str,
    url: str = "",
    is_rehearsal: bool = False,
) -> PlainPaper:
    """Return the report: one table of all projects, then those that are behind."""
    name = named_round(round_title)
    spent, given = sum(line.spent for line in lines), sum(line.budget for line in lines)
    rows = tuple(
        (str(number), line.title, line.state, f"{line.done}/{line.total}",
         f"{wan(line.spent)}/{wan(line.budget)}", _shortened(line.happened))
        for number, line in enumerate(lines, start=1)
    )  # fmt: skip
    columns = ("序号", "项目", "进展", "节点", "支出/预算（万元）", "本月情况")
    total = ("", "合计", f"{len(lines)} 项", _sum(lines), f"{wan(spent)}/{wan(given)}", "")
    opening = (
        f"{name}共有 {len(lines)} 个入选项目。截至{day(today)}，已支出 {budget(spent)}，占预算的"
        f" {percent(spent, given)}。现将{month.year}年{month.month}月的进度通报如下。"
    )
    return PlainPaper(
        title=f"{name}项目实施{month.year}年{month.month}月进度通报",
        opening=(opening,),
        sections=numbered(
            (
                PaperSection("各项目进度", table=PaperTable(columns, rows, total)),
                PaperSection("落后于计划的项目", _behind(lines)),
                PaperSection("监督和询问", (f"有疑问或发现问题的，请向{asked}反映。",)),
            )
        ),
        signature=Signature((issuer,), today),
        url=url,
        url_words="看各项目的进度" if url else "",
        rehearsal=is_rehearsal,
    )


def _sum(lines: tuple[MonthLine, ...]) -> str:
    return f"{sum(line.done for line in lines)}/{sum(line.total for line in lines)}"


def _shortened(happened: tuple[str, ...]) -> str:
    said = "；".join(" ".join(words.split()) for words in happened) or "没有新的记录"
    return said if len(said) <= _MOST_WORDS else said[: _MOST_WORDS - 1] + "…"


def _behind(lines: tuple[MonthLine, ...]) -> tuple[str, ...]:
    late = [
        f"“{line.title}”有 {line.late} 个节点过了计划日期还没有完成。"
        for line in lines
        if line.late
    ]
    return tuple(late) or ("没有。",)
