"""Opening, packing, taking apart, counting and reporting."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.factories.areas import NOW, make_chain
from tests.factories.delivery import make_entry, make_funded, make_milestone, make_project
from tests.factories.rounds import make_round
from voting.areas.models import Area
from voting.delivery.models import Project, ProjectCandidate, ProjectChange
from voting.delivery.rules.conditions import PackedAway, ReasonMissing
from voting.delivery.service import (
    advance_project,
    candidates_in,
    in_progress,
    open_months,
    open_projects,
    pack,
    project_counts,
    projects_of,
    report_month,
    unpack,
)
from voting.delivery.service.monthly import MonthReported, NoProjects, NotAReportMonth
from voting.delivery.service.packing import NotWaiting, OnlyCandidate, TooFewProjects
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE, Actor
from voting.notices.models import Notice
from voting.rounds.models import Round

ACT: dict[str, Any] = {"now": NOW, "actor": COMMAND_LINE}
TODAY = date(2026, 11, 23)


@pytest.fixture
def round_id(database):
    with database.transaction() as session:
        return make_round(session).id


def _open(session, round_id, *titles, **changes):
    round = session.get_one(Round, round_id)
    funded = [make_funded(session, round, title=title, **changes) for title in titles]
    return open_projects(session, **ACT, round=round, candidates=funded)


def test_every_funded_candidate_gets_one_project_under_a_number_of_its_own(database, round_id):
    with database.transaction() as session:
        projects = _open(session, round_id, "装扶手", "修台阶")
        assert [project.code for project in projects] == [
            "南站-站南巷-南烟-2026-001",
            "南站-站南巷-南烟-2026-002",
        ]
        again = [candidates_in(session, project.id)[0] for project in projects]
        round = session.get_one(Round, round_id)
        assert open_projects(session, **ACT, round=round, candidates=again) == projects
        assert session.scalar(select(func.count()).select_from(Project)) == 2
        assert {project.state for project in projects} == {"to_approve"}
    with database.reading() as session:
        acts = session.scalars(select(JournalEntry.act)).all()
    assert acts.count("project.open") == 2


def test_numbers_go_on_across_rounds_and_estates_of_one_name(database, round_id):
    with database.transaction() as session:
        _open(session, round_id, "装扶手")
        twin = make_project(session)  # another chain with the same names
        assert twin.code == "南站-站南巷-南烟-2026-002"
        rehearsal = make_project(session, kind="rehearsal")
        assert rehearsal.code == "演练-南站-站南巷-南烟-2026-001"


def test_packing_moves_everything_into_the_first_and_keeps_the_others_on_record(database, round_id):
    with database.transaction() as session:
        first, second, third = _open(session, round_id, "装扶手", "修台阶", "换路灯")
        packed = pack(
            session, **ACT, round_id=round_id, project_ids=[second.id, first.id],
            title="楼道改造", reason="同一栋楼，一起采购。",
        )  # fmt: skip
        assert packed is second
        assert (packed.title, packed.budget) == ("楼道改造", 96_000_00)
        titles = [one.title for one in candidates_in(session, packed.id)]
        assert titles == ["装扶手", "修台阶"]
        assert first.state == "terminated"
        assert project_counts(session, round_id).total == 2
        assert [line.project.id for line in projects_of(session, round_id, today=TODAY)] == [
            packed.id,
            third.id,
        ]
        why = session.scalars(
            select(ProjectChange.reason).where(
                ProjectChange.project_id == first.id, ProjectChange.act == "project.pack"
            )
        ).one()
        assert why == f"并入 {packed.code}"
        with pytest.raises(PackedAway):
            advance_project(session, **ACT, project_id=first.id, key="archive")


def test_a_pack_is_taken_apart_before_the_approval(any_database, database, round_id):
    with database.transaction() as session:
        first, second = _open(session, round_id, "装扶手", "修台阶")
        pack(
            session, **ACT, round_id=round_id, project_ids=[first.id, second.id],
            title="楼道改造", reason="一起做",
        )  # fmt: skip
        out = candidates_in(session, first.id)[1]
        opened = unpack(
            session, **ACT, project_id=first.id, candidate_id=out.id, reason="还是分开采购。"
        )
        assert (opened.title, opened.code[-3:], opened.state) == ("修台阶", "003", "to_approve")
        assert (first.title, first.budget) == ("装扶手", 48_000_00)
        with pytest.raises(OnlyCandidate):
            unpack(
                session, **ACT, project_id=opened.id, candidate_id=out.id, reason="再拆"
            )  # fmt: skip
        links = session.scalar(select(func.count()).select_from(ProjectCandidate))
        assert links == 2


def test_what_is_approved_is_neither_packed_nor_taken_apart(database, round_id):
    with database.transaction() as session:
        first, second = _open(session, round_id, "装扶手", "修台阶")
        second.state = "approved"
        session.flush()
        given = {"round_id": round_id, "title": "合并", "reason": "一起"}
        with pytest.raises(NotWaiting) as refusal:
            pack(session, **ACT, project_ids=[first.id, second.id], **given)
        assert "“修台阶”已经是“已立项”" in str(refusal.value)
        with pytest.raises(TooFewProjects):
            pack(session, **ACT, project_ids=[first.id, first.id], **given)
        other = make_project(session)
        with pytest.raises(NotFound):
            pack(session, **ACT, project_ids=[first.id, other.id], **given)
        third = _open(session, round_id, "换路灯")[0]
        with pytest.raises(ReasonMissing):
            pack(
                session, **ACT, project_ids=[first.id, third.id], round_id=round_id, title="合",
                reason="",
            )  # fmt: skip


def test_counts_tell_what_was_approved_and_what_is_over(any_database, database, round_id):
    with database.transaction() as session:
        projects = _open(session, round_id, "甲", "乙", "丙", "丁")
        for project, state in zip(
            projects, ("to_approve", "in_progress", "done", "terminated"), strict=True
        ):
            project.state = state
        session.flush()
        counts = project_counts(session, round_id)
        assert (counts.total, counts.approved, counts.ended) == (4, 2, 2)


def test_an_act_from_outside_the_area_finds_nothing(database):
    with database.transaction() as session:
        project = make_project(session)
        other = make_chain(session).street
        actor = Actor("x", "别处", session.get_one(Area, other.id).path)
        with pytest.raises(NotFound):
            advance_project(session, now=NOW, actor=actor, project_id=project.id, key="approve")


def test_works_that_go_on_come_first_for_the_home_page(any_database, database):
    with database.transaction() as session:
        round = make_round(session)
        make_project(session, round=round, state="done", title="完了")
        make_project(session, round=round, state="procuring", title="采购")
        make_project(session, round=round, state="in_progress", title="在做")
        titles = [line.project.title for line in in_progress(session, 5, today=TODAY)]
        assert titles == ["在做", "采购"]


def test_a_month_is_reported_once_with_everything_that_happened(any_database, database):
    with database.transaction() as session:
        project = make_project(session, state="in_progress", is_ready=True)
        make_milestone(session, project, title="打孔", position=3, done_on=TODAY)
        make_milestone(
            session, project, title="清场", position=4, planned_on=date(2026, 11, 1)
        )  # fmt: skip
        make_entry(session, project, words="材料都到了。")
        round_id, month = project.round_id, date(2026, 11, 1)
        assert open_months(session, round_id, today=TODAY) == [month]
        notice = report_month(session, **ACT, round_id=round_id, month=month, site="https://v.cn")
        assert notice.audience == "public"
        assert "2026年11月进度通报" in notice.title
        for words in ("打孔", "材料都到了。", "建设中（实施中）", "1/4", "1 个节点过了计划日期"):
            assert words in notice.facts, words
        with pytest.raises(MonthReported):
            report_month(session, **ACT, round_id=round_id, month=month)
        assert open_months(session, round_id, today=TODAY) == []
        for wrong in (date(2026, 10, 1), date(2026, 12, 1)):
            with pytest.raises(NotAReportMonth):
                report_month(session, **ACT, round_id=round_id, month=wrong)
        later = NOW + timedelta(days=30)
        december = report_month(
            session, now=later, actor=COMMAND_LINE, round_id=round_id, month=date(2026, 12, 1)
        )
        assert "没有新的记录" in december.facts


def test_there_is_no_report_of_nothing(database, round_id):
    with database.transaction() as session:
        with pytest.raises(NoProjects):
            report_month(session, **ACT, round_id=round_id, month=date(2026, 11, 1))
        assert session.scalar(select(func.count()).select_from(Notice)) == 0


def test_papers_of_a_rehearsal_stay_at_the_desk(database):
    with database.transaction() as session:
        project = make_project(session, kind="rehearsal", state="in_progress", is_ready=True)
        report = report_month(
            session, **ACT, round_id=project.round_id, month=date(2026, 11, 1)
        )  # fmt: skip
        assert report.audience == "desk"
