"""The desk's lists, packing and the monthly report in a browser."""

from datetime import date

from sqlalchemy import select

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import make_chain, make_installation
from tests.factories.delivery import make_milestone, make_project
from tests.factories.rounds import make_round
from tests.visiting import read, submit, visit
from voting.delivery.models import Project
from voting.permissions import Role
from voting.rounds.models import Round


def _add(database, desk, **facts):
    with database.transaction() as session:
        round = session.get_one(Round, desk.round_id)
        return make_project(session, round=round, **facts).id


def test_late_projects_come_first(desk, database):
    with database.transaction() as session:
        round = session.get_one(Round, desk.round_id)
        late = make_project(session, round=round, state="in_progress", title="修台阶")
        make_milestone(session, late, planned_on=date(2026, 11, 1))
    for url in ("/desk/projects", desk.list_url):
        page = visit(desk.client, url)
        assert page.text.index("修台阶") < page.text.index("加装无障碍扶手"), url
        assert "1 个逾期" in page.text
    page = visit(desk.client, f"{desk.list_url}?state=done")
    assert "没有“已办结”的项目。" in page.text
    assert "修台阶" in visit(desk.client, "/desk/projects?state=nonsense").text


def test_other_areas_are_not_listed(desk, database):
    with database.transaction() as session:
        make_project(session, area=make_chain(session).estate, title="别处的项目")
    assert "别处的项目" not in visit(desk.client, "/desk/projects").text


def test_empty_lists_say_what_will_come(client, database):
    with database.transaction() as session:
        make_installation(session)
        chain = make_chain(session)
        round = make_round(session, area=chain.estate)
        officer = make_officer(session, area=chain.street, role=Role.COMMUNITY_WORKER)
    sit_down(client, database, officer)
    assert "还没有入选项目" in visit(client, "/desk/projects").text
    page = visit(client, f"/desk/rounds/{round.id}/projects")
    assert "会自动建档" in page.text


def test_ticked_projects_are_packed_and_taken_apart(sit, database):
    desk = sit(Role.COMMUNITY_WORKER)
    second = _add(database, desk, title="修台阶")
    ids = f"project={desk.project_id}&project={second}"
    page = visit(desk.client, f"{desk.list_url}/pack?{ids}")
    assert "合并这 2 个项目，预算共 9.60 万元" in page.text
    for given, sentence in (
        ({"title": "", "reason": "一起"}, "请填合并后的名称。"),
        ({"title": "楼道", "reason": ""}, "请写明理由。"),
        ({"title": "长" * 41, "reason": "一起"}, "最多 40 个字。"),
    ):
        assert sentence in read(submit(desk.client, page, page.url, **given), status=422).text
    response = submit(desk.client, page, page.url, title="楼道改造", reason="一起采购")
    assert (response.status_code, response.location) == (303, desk.url)
    shown = visit(desk.client, desk.url)
    assert "2 个项目已合并成“楼道改造”。" in shown.text
    gone = visit(desk.client, f"/desk/projects/{second}")
    assert "已经并入别的项目" in gone.text
    refused = read(desk.client.get(f"/desk/projects/{second}/steps/archive"), status=409)
    assert "已经并入别的项目" in refused.text
    apart = next(link for link in shown.links if "/unpack/" in link)
    page = visit(desk.client, apart)
    assert "请写明理由。" in read(submit(desk.client, page, page.url), status=422).text
    assert submit(desk.client, page, page.url, reason="分开做").status_code == 303
    with database.reading() as session:
        codes = session.scalars(select(Project.code).where(Project.state == "to_approve")).all()
    assert sorted(code[-3:] for code in codes) == ["001", "003"]
    assert desk.client.get(apart).status_code == 404


def test_what_cannot_be_packed_is_refused(sit, database):
    desk = sit(Role.COMMUNITY_WORKER)
    page = read(desk.client.get(f"{desk.list_url}/pack?project={desk.project_id}"), status=409)
    assert "请至少勾选两个待立项的项目" in page.text
    with database.transaction() as session:
        other = make_project(session, area=make_chain(session).estate).id
    url = f"{desk.list_url}/pack?project={desk.project_id}&project={other}"
    assert desk.client.get(url).status_code == 404
    running = _add(database, desk, title="在做的", state="in_progress")
    page = visit(
        desk.client, f"{desk.list_url}/pack?project={desk.project_id}&project={running}"
    )  # fmt: skip
    answer = submit(desk.client, page, page.url, title="合并", reason="一起")
    assert "“在做的”已经是“实施中”" in read(answer, status=422).text


def test_the_street_reports_a_month_once(desk):
    page = visit(desk.client, f"{desk.list_url}/monthly")
    assert "加装无障碍扶手" in page.text
    wrong = submit(desk.client, page, page.url, month="2020-01")
    assert "有几处需要改一下" in read(wrong, status=422).text
    assert submit(desk.client, page, page.url, month="2026-11").status_code == 303
    listed = visit(desk.client, desk.list_url)
    assert "2026年11月进度通报" in listed.text
    link = next(link for link in listed.links if "/notices/2026" in link)
    assert "落后于计划的项目" in visit(desk.client, link).text
    assert "能通报的月份都已经通报过了" in visit(desk.client, page.url).text
    again = submit(desk.client, page, page.url, month="2026-11")
    assert again.status_code == 422


def test_a_worker_does_not_report(sit):
    desk = sit(Role.COMMUNITY_WORKER)
    assert desk.client.get(f"{desk.list_url}/monthly").status_code == 403
    assert "发月进度通报" not in visit(desk.client, desk.list_url).text
