"""The tables of open data for a spreadsheet: CSV with a mark for office programs, and XLSX."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from voting.adapters.spreadsheets import write_csv, write_report
from voting.api.rules.writing import day_or_none, moment, yuan_text
from voting.api.service import (
    all_candidates,
    all_papers,
    all_projects,
    declared_result,
    seen_comparison,
    written_turnout,
)
from voting.api.views.asking import asked_area, asked_round
from voting.api.views.serving import Answer
from voting.clock import local_day
from voting.comparing.rules.words import rule_name
from voting.figures import budget, percent
from voting.rounds.service import get_seen_round
from voting.web.db import get_session, now
from voting.web.text import _

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = {"csv": CSV, "xlsx": XLSX}

Row = Sequence[object]


@dataclass(frozen=True)
class Sheet:
    """A table: its name, its columns with their widths, its rows."""

    name: str
    columns: dict[str, int]
    rows: list[Row]


def as_file(make: Callable[..., Sheet], name: str, ending: str) -> Callable[..., Answer]:
    """Return what serves a table as a file of one kind."""

    def serve(**values: str) -> Answer:
        sheet = make(**values)
        if ending == "csv":
            content = write_csv(list(sheet.columns), sheet.rows)
        else:
            content = write_report(sheet.name, sheet.columns, sheet.rows)
        return Answer(content, file_name=f"{name}.{ending}")

    return serve


def candidates(round_id: str) -> Sheet:
    """Return a round's candidates as a table."""
    session = get_session()
    found = all_candidates(session, get_seen_round(session, round_id), now=now())
    columns = {
        _("编号"): 8, _("名称"): 40, _("类别"): 14, _("地点"): 24, _("预算（元）"): 14,
        _("受益人数"): 12, _("一句话说明"): 50, _("已撤下"): 10,
    }  # fmt: skip
    rows: list[Row] = [
        (
            one.ballot_number, one.title, one.category_name, one.place, yuan_text(one.cost),
            one.beneficiaries, one.sentence, _("是") if one.withdrawn_at else "",
        )
        for one in found
    ]  # fmt: skip
    return Sheet(_("候选项目"), columns, rows)


def result(round_id: str) -> Sheet:
    """Return a declared result as a table."""
    facts = declared_result(get_session(), round_id).facts
    columns = {
        _("名次"): 8, _("编号"): 8, _("名称"): 40, _("类别"): 14, _("地点"): 24, _("得票数"): 10,
        _("得票率"): 10, _("预算（元）"): 14, _("结果"): 10, _("原因"): 60,
    }  # fmt: skip
    rows: list[Row] = [
        (
            "" if line.rank is None else line.rank, line.number, line.title, line.category, line.place,
            line.votes, percent(line.votes, facts.valid), yuan_text(line.cost),
            _("入选") if line.funded else _("未入选"), str(line.sentence(budget)),
        )
        for line in facts.projects
    ]  # fmt: skip
    return Sheet(_("票决结果"), columns, rows)


def turnout(round_id: str) -> Sheet:
    """Return how many people were marked on which days as a table; empty where that was not kept."""
    facts = declared_result(get_session(), round_id).facts
    columns = {
        _("第一天"): 14, _("最后一天"): 14, _("新登记（人）"): 14, _("累计（人）"): 14,
        _("名册（人）"): 14, _("占名册"): 10,
    }  # fmt: skip
    rows: list[Row] = [
        (one["first"], one["last"], one["marked"], one["total"], facts.roll, one["percent"])
        for one in written_turnout(facts)
    ]
    return Sheet(_("每天登记人数"), columns, rows)


def comparison(round_id: str) -> Sheet:
    """Return what every rule would have funded as a table, one column for each rule."""
    found = seen_comparison(get_session(), round_id).found
    columns = {
        _("名次"): 8, _("编号"): 8, _("名称"): 40, _("得票数"): 10, _("预算（元）"): 14,
        _("再多几票就入选"): 16, _("少几票就不入选"): 14,
        **{str(rule_name(one)): 18 for one in found.alternatives},
    }  # fmt: skip
    rows: list[Row] = [
        (
            "" if one.place is None else one.place, int(one.id), one.title, one.votes,
            yuan_text(one.cost), "" if one.more is None else one.more,
            "" if one.fewer is None else one.fewer,
            *(_("入选") if one.id in rule.funded else "" for rule in found.alternatives),
        )
        for one in found.projects
    ]  # fmt: skip
    return Sheet(_("几种规则对照"), columns, rows)


def projects() -> Sheet:
    """Return projects as a table."""
    lines = all_projects(
        get_session(), today=local_day(now()), area=asked_area(), round=asked_round()
    )
    columns = {
        _("项目编号"): 20, _("名称"): 40, _("区域"): 16, _("地点"): 24, _("状态"): 24,
        _("预算（元）"): 14, _("已支出（元）"): 14, _("结算价（元）"): 14, _("完成的节点"): 12,
        _("全部节点"): 12, _("晚了的节点"): 12,
    }  # fmt: skip
    rows: list[Row] = [
        (
            line.project.code, line.project.title, line.project.area.name, line.project.place,
            line.state, yuan_text(line.project.budget), yuan_text(line.spent),
            "" if line.project.final_cost is None else yuan_text(line.project.final_cost),
            line.done, line.total, line.late,
        )
        for line in lines
    ]  # fmt: skip
    return Sheet(_("入选项目"), columns, rows)


def papers() -> Sheet:
    """Return papers as a table."""
    columns = {
        _("编号"): 14, _("标题"): 60, _("发布时间"): 26, _("公示开始"): 14, _("公示结束"): 14,
        _("页面"): 26,
    }  # fmt: skip
    rows: list[Row] = [
        (
            one.number, one.title, moment(one.issued_at), day_or_none(one.publicity_from) or "",
            day_or_none(one.publicity_to) or "", f"/notices/{one.number}",
        )
        for one in all_papers(get_session(), area=asked_area(), round=asked_round())
    ]  # fmt: skip
    return Sheet(_("公示和通告"), columns, rows)
