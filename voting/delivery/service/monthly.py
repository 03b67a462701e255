"""The monthly report (月进度通报): one public paper for a round and a month."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.clock import at_local, local_day
from voting.delivery.models import Milestone, ProgressEntry, Project, ProjectChange
from voting.delivery.rules.monthly import MonthLine, month_paper
from voting.delivery.rules.progress import month_after, month_before, month_of
from voting.delivery.rules.states import STATE_NAMES, ProjectState
from voting.delivery.service.listing import ProjectLine, projects_of
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.notices.models import Notice
from voting.notices.service import PUBLIC, AlreadyIssued, issue_plain, issuer_of
from voting.rounds.models import Round
from voting.rounds.service import get_round

KIND = "project-month-"
_MOST_BACK = 6


class NoProjects(Refusal):
    """There is nothing to report."""

    msgid = "这个轮次还没有入选项目，没有进度可以通报。"


class NotAReportMonth(Refusal):
    """A month to come, or one before the projects."""

    msgid = "只能通报本月，或者项目开始以后的最近几个月。"
    status = 422
    field = "month"


class MonthReported(Refusal):
    """A month is reported once."""

    msgid = "这个月的进度通报已经发布过了。"
    field = "month"


def open_months(session: Session, round_id: str, *, today: date) -> list[date]:
    """Return the months that may still be reported, the latest first."""
    projects = [line.project for line in projects_of(session, round_id, today=today)]
    if not projects:
        return []
    first = month_of(min(local_day(project.opened_at) for project in projects))
    months: list[date] = []
    month = month_of(today)
    while month >= first and len(months) < _MOST_BACK:
        months.append(month)
        month = month_before(month)
    issued = {notice.kind for notice in month_reports(session, round_id)}
    return [month for month in months if _kind(month) not in issued]


def month_reports(session: Session, round_id: str) -> list[Notice]:
    """Return the monthly reports of a round, the latest first."""
    mine = select(Notice).where(Notice.round_id == round_id, Notice.kind.startswith(KIND))
    return list(session.scalars(mine.order_by(Notice.kind.desc())))


def report_month(
    session: Session, *, now: datetime, actor: Actor, round_id: str, month: date, site: str = ""
) -> Notice:
    """Issue the report of a month; raise NotFound, NoProjects, NotAReportMonth or MonthReported."""
    round = get_round(session, round_id)
    if not round.area.path.startswith(actor.area_path):
        raise NotFound
    today = local_day(now)
    lines = projects_of(session, round_id, today=today)
    if not lines:
        raise NoProjects
    if any(notice.kind == _kind(month) for notice in month_reports(session, round_id)):
        raise MonthReported
    if month not in open_months(session, round_id, today=today):
        raise NotAReportMonth
    paper = month_paper(
        round_title=round.title,
        month=month,
        today=today,
        lines=_month_lines(session, lines, month),
        issuer=issuer_of(session, round.area),
        asked=_asked(round),
        url=f"{site}/projects?round={round_id}" if site else "",
        is_rehearsal=round.kind == "rehearsal",
    )
    try:
        return issue_plain(
            session, now=now, actor=actor, kind=_kind(month), area=round.area, round_id=round_id,
            paper=paper, audience=PUBLIC,
        )  # fmt: skip
    except AlreadyIssued as doubled:
        raise MonthReported from doubled


def _kind(month: date) -> str:
    return f"{KIND}{month:%Y-%m}"


def _asked(round: Round) -> str:
    return f"{round.office_name}（电话 {round.help_number}）"


def _month_lines(
    session: Session, lines: Sequence[ProjectLine], month: date
) -> tuple[MonthLine, ...]:
    ids = [line.project.id for line in lines]
    happened: defaultdict[str, list[str]] = defaultdict(list)
    for source in (_moved, _reached, _noted):
        for project_id, words in source(session, ids, month):
            happened[project_id].append(words)
    return tuple(
        MonthLine(
            title=line.project.title,
            state=line.state,
            done=line.done,
            total=line.total,
            late=line.late,
            spent=line.spent,
            budget=line.project.budget,
            happened=tuple(happened[line.project.id]),
        )
        for line in lines
    )


def _reached(session: Session, ids: Sequence[str], month: date) -> list[tuple[str, str]]:
    last = month_after(month) - timedelta(days=1)
    found = session.scalars(
        select(Milestone)
        .where(Milestone.project_id.in_(ids), Milestone.done_on.between(month, last))
        .order_by(Milestone.done_on, Milestone.position)
    )
    return [(one.project_id, f"完成节点“{one.title}”") for one in found]


def _moved(session: Session, ids: Sequence[str], month: date) -> list[tuple[str, str]]:
    first, end = at_local(month), at_local(month_after(month))
    found = session.scalars(
        select(ProjectChange)
        .join(Project, Project.id == ProjectChange.project_id)
        .where(
            ProjectChange.project_id.in_(ids),
            ProjectChange.at >= first,
            ProjectChange.at < end,
            ProjectChange.before != ProjectChange.after,
        )
        .order_by(ProjectChange.at)
    )
    last = {one.project_id: ProjectState(one.after) for one in found}
    return [(project_id, f"转为“{STATE_NAMES[state]}”") for project_id, state in last.items()]


def _noted(session: Session, ids: Sequence[str], month: date) -> list[tuple[str, str]]:
    last = month_after(month) - timedelta(days=1)
    found = session.scalars(
        select(ProgressEntry)
        .where(ProgressEntry.project_id.in_(ids), ProgressEntry.day.between(month, last))
        .order_by(ProgressEntry.day, ProgressEntry.at)
    )
    return [(one.project_id, one.words) for one in found]
