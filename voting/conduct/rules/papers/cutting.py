"""The paper that says that the money of a declared result was cut, and who leaves by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from voting.conduct.rules.papers.objecting import public_days
from voting.conduct.rules.papers.setting import (
    Setting,
    by_street,
    lines,
    money,
    table,
    written,
)
from voting.figures import day
from voting.notices.rules import PaperTable, PlainPaper

_COLUMNS = ("编号", "项目名称", "得票", "预算")
_RULE = "从最后入选的项目起依次退出，到余下的付得起为止；没有入选的项目不递补。"


@dataclass(frozen=True)
class CutRow:
    """A project that keeps its money or leaves; ``cost`` in cents."""

    number: int
    title: str
    votes: int
    cost: int


@dataclass(frozen=True, kw_only=True)
class Cut:
    """What was cut; money in cents."""

    before: int
    after: int
    reason: str
    decided_by: str
    decided_on: date
    kept: Sequence[CutRow]
    leaving: Sequence[CutRow]


def cut(setting: Setting, what: Cut) -> PlainPaper:
    """Return the 预算核减更正公示 with the new days of publicity."""
    return written(
        setting,
        f"关于{setting.title}预算核减的更正公示",
        opening=(_opening(setting, what),),
        sections=(
            ("核减的理由", lines(what.reason), None),
            ("退出的项目", (_RULE,), _rows(what.leaving)),
            ("保留的入选项目", () if what.kept else ("没有。",), _rows(what.kept)),
            ("得票和名次", ("计票结果、得票和名次都不变，以原公示为准。",), None),
            ("公示时间", (public_days(setting),), None),
            ("异议提出方式", (_asking(setting),), None),
        ),
        closing="特此公示。",
        signature=by_street(setting),
        link=(setting.url, "看网上全文"),
    )


def _opening(setting: Setting, what: Cut) -> str:
    return (
        f"{setting.title}原公示的资金总额为{money(what.before)}。经{what.decided_by}{day(what.decided_on)}决定，"
        f"核减为{money(what.after)}。现将更正内容公示如下，公示时间重新计算。"
    )


def _rows(rows: Sequence[CutRow]) -> PaperTable | None:
    if not rows:
        return None
    return table(_COLUMNS, ((one.number, one.title, one.votes, money(one.cost)) for one in rows))


def _asking(setting: Setting) -> str:
    return (
        "对更正内容有异议的，请在公示期内以书面或者电话的方式实名提出，并说明具体事实。"
        f"受理后{setting.answer_days}个工作日内答复，对反映人信息严格保密。{setting.asking}"
    )
