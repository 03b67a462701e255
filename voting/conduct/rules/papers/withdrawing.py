"""The paper that says that a candidate of an announced vote is taken off the list."""

from dataclasses import dataclass
from datetime import date

from voting.conduct.rules.papers.rows import WorkRow
from voting.conduct.rules.papers.setting import (
    Setting,
    by_street,
    lines,
    moment,
    money,
    table,
    written,
)
from voting.figures import day
from voting.notices.rules import PlainPaper


@dataclass(frozen=True, kw_only=True)
class Gone:
    """What was taken off the list, why, who decided it on which day, and how many candidates are left."""

    work: WorkRow
    reason: str
    decided_by: str
    decided_on: date
    left: int
    has_paper: bool


def withdrawn(setting: Setting, gone: Gone) -> PlainPaper:
    """Return the 撤下候选项目公告."""
    work = gone.work
    listed = table(
        ("编号", "项目名称", "类别", "实施地点", "预算"),
        ((work.number, work.title, work.category, work.place, money(work.cost)),),
    )
    return written(
        setting,
        f"关于撤下{setting.title}{work.number}号候选项目的公告",
        opening=(_opening(setting, gone),),
        sections=(
            ("撤下的项目", (), listed),
            ("撤下的理由", lines(gone.reason), None),
            ("选票怎样计", tuple(_ballots(setting, gone)), None),
            ("不变的事项", (_unchanged(setting, gone),), None),
            ("有不同意见的", (setting.asking,), None),
        ),
        closing="特此公告。",
        signature=by_street(setting),
        link=(setting.url, "看这一轮的情况"),
    )


def _opening(setting: Setting, gone: Gone) -> str:
    work = gone.work
    return (
        f"{setting.title}的{work.number}号候选项目“{work.title}”，经{gone.decided_by}"
        f"{day(gone.decided_on)}决定，从候选名单中撤下，不再参加票决。有关事项公告如下。"
    )


def _ballots(setting: Setting, gone: Gone) -> list[str]:
    number = gone.work.number
    said = [
        "已经投下的选票继续有效，不用再投。投票卡照样能用，不用换。",
        f"选票上勾了{number}号的，这个勾不计，也不占每人最多{setting.max_choices}项的名额，其他的勾照常计。",
        f"还没有投票的，请在其余项目中选择；网上的选票已经标明{number}号撤下，不能再勾。",
    ]
    if gone.has_paper:
        said.append(f"已经领到的纸质票照样能投，{number}号不用勾；勾了也不影响其他的勾。")
    said.append(
        f"只勾了已撤下项目的选票，按空白票统计。{number}号不参加排名，不会入选；它的得票在结果里仍然写明。"
    )
    return said


def _unchanged(setting: Setting, gone: Gone) -> str:
    return (
        f"其余{gone.left}个候选项目和它们的编号、每人能选几项、入选规则都不变。"
        f"投票时间仍为{moment(setting.opens_at)}至{moment(setting.closing)}。"
    )
