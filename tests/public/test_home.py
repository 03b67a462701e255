from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.areas import NOW
from tests.public.conftest import WEEK, Town, hang_out, stand
from tests.rounds.statements import statements
from tests.visiting import Page, submit, visit
from voting.areas.models import Area
from voting.delivery.models import Milestone, Project, ProjectCandidate
from voting.persistence.session import Database
from voting.proposals.models import Candidate
from voting.rounds.models import Round


def section(page: Page, heading: str) -> str:
    """What the page says below one of its headings."""
    headings = [" ".join("".join(one.itertext()).split()) for one in page.all("h2")]
    start = page.text.index(heading)
    after = headings[headings.index(heading) + 1 :]
    said = page.text[start:]
    return said[: min((said.index(other) for other in after if other in said), default=len(said))]


def remember(client: FlaskClient, area: Area) -> None:
    """Let the browser call a place its own."""
    address = f"/areas/{area.id}"
    page = visit(client, address)
    assert submit(client, page, f"{address}/mine").location == "/"


def make_work(database: Database, round: Round, *, state: str = "in_progress") -> str:
    """Let a round's candidate be built, with one of two milestones done."""
    with database.transaction() as session:
        candidate = Candidate(
            round_id=round.id,
            title="加装路灯",
            place="主路",
            sentence="亮",
            cost=100,
            beneficiaries=9,
        )
        project = Project(
            round_id=round.id, area_id=round.area_id, code=f"X-{round.id}", title="加装路灯",
            place="主路", beneficiaries=9, budget=100, state=state, opened_at=NOW, changed_at=NOW,
        )  # fmt: skip
        session.add_all([candidate, project])
        session.flush()
        session.add(ProjectCandidate(project_id=project.id, candidate_id=candidate.id))
        for position, done in enumerate((NOW.date(), None), 1):
            session.add(
                Milestone(
                    project_id=project.id, position=position, title="开工", person="张工",
                    planned_on=NOW.date(), done_on=done,
                )
            )  # fmt: skip
        return project.id


def test_where_nothing_is_there_each_section_says_what_will_come(client: FlaskClient) -> None:
    page = visit(client, "/")
    assert "现在没有正在征集、投票或公示的轮次" in section(page, "现在可以参加")
    assert "先到社区服务台说" in section(page, "现在可以参加")
    assert "现在没有正在准备的轮次" in page.text
    assert "现在没有正在做的项目" in page.text
    assert "还没有已经确认的结果" in page.text
    assert "还没有公示和通告" in page.text


@pytest.mark.parametrize(
    ("phase", "verb", "path", "until"),
    [
        ("voting", "怎样投票", "", "11月29日（周日） 10:00"),
        ("collecting", "提建议", "/propose", "11月30日（周一）"),
        ("publicity", "看结果", "/result", "公示到 11月27日（周五）"),
        ("objection", "看结果", "/result", "正在处理异议"),
    ],
)
def test_what_is_open_is_a_card_with_one_verb_and_its_last_day(
    client: FlaskClient,
    database: Database,
    town: Town,
    phase: str,
    verb: str,
    path: str,
    until: str,
) -> None:
    with database.transaction() as session:
        round = stand(
            session, town.chain.estate, phase, "甲轮", publicity_to=NOW.date() + timedelta(4)
        )
    page = visit(client, "/")
    card = section(page, "现在可以参加")
    assert until in card
    assert verb in card
    assert f"/rounds/{round.id}{path}" in page.links


def test_votes_come_before_proposals_and_these_before_what_is_only_read(
    client: FlaskClient, database: Database, town: Town
) -> None:
    with database.transaction() as session:
        for phase, title in (("publicity", "丙"), ("collecting", "乙"), ("voting", "甲")):
            stand(session, town.chain.estate, phase, f"{title}轮")
    said = section(visit(client, "/"), "现在可以参加")
    assert said.index("甲轮") < said.index("乙轮") < said.index("丙轮")


def test_the_clock_moves_a_round_before_anybody_wrote_it_down(
    client: FlaskClient, database: Database, town: Town
) -> None:
    with database.transaction() as session:
        stand(session, town.chain.estate, "vote_announced", "开始了的")
        stand(session, town.neighbour, "voting", "截止了的", opens=NOW - 2 * WEEK)
        stand(
            session,
            town.other,
            "collecting",
            "征集完的",
            collecting_until=NOW.date() - timedelta(1),
        )
        stand(session, town.other, "vote_announced", "还没开始的", opens=NOW + WEEK)
    page = visit(client, "/")
    open_now, later = section(page, "现在可以参加"), section(page, "正在准备和计票")
    assert "开始了的" in open_now
    for title in ("截止了的", "征集完的", "还没开始的"):
        assert title in later
        assert title not in open_now
    assert "投票已截止，正在计票" in later
    assert "11月30日（周一）开始投票" in later


@pytest.mark.parametrize("phase", ["draft", "pending_approval", "terminated"])
def test_what_was_never_public_is_not_shown(
    client: FlaskClient, database: Database, town: Town, phase: str
) -> None:
    with database.transaction() as session:
        stand(session, town.chain.estate, phase, "没公开的")
        halted = stand(session, town.neighbour, "draft", "批准前暂停的")
        halted.phase, halted.phase_before_pause = "paused", "pending_approval"
    home, place = visit(client, "/"), visit(client, f"/areas/{town.chain.community.id}")
    assert "没公开的" not in home.text + place.text
    assert "批准前暂停的" not in home.text + place.text


@pytest.mark.parametrize("kind", ["rehearsal", "loaded"])
def test_a_rehearsal_is_never_shown_nor_its_papers(
    client: FlaskClient, database: Database, town: Town, kind: str
) -> None:
    with database.transaction() as session:
        round = stand(session, town.chain.estate, "collecting", "演练的", kind=kind)
        hang_out(session, town.chain.estate, "2026-0001", title="演练公示", round_id=round.id)
        hang_out(session, town.chain.estate, "2026-0002", title="内部材料", audience="desk")
        hang_out(session, town.chain.estate, "2026-0003", title="真的公示")
    make_work(database, round)
    place = town.chain.estate.id
    pages = [visit(client, url) for url in ("/", f"/areas/{place}", f"/areas/{place}/notices")]
    for page in pages:
        assert "演练" not in page.text
        assert "内部材料" not in page.text
        assert "加装路灯" not in page.text
        assert "真的公示" in page.text


def test_works_under_way_have_a_bar_and_their_figures_in_words(
    client: FlaskClient, database: Database, town: Town
) -> None:
    with database.transaction() as session:
        round = stand(session, town.chain.estate, "implementing", "已定的")
    project_id = make_work(database, round)
    page = visit(client, "/")
    assert "2 个节点，完成 1 个" in section(page, "正在做的项目")
    assert f"/projects/{project_id}" in page.links
    assert "已定的" in section(page, "票决结果")


def test_works_of_ones_own_place_come_first(
    client: FlaskClient, database: Database, town: Town
) -> None:
    with database.transaction() as session:
        mine = stand(session, town.neighbour, "implementing", "我们的")
        others = [stand(session, town.other, "implementing", f"{n}的") for n in range(7)]
    project_id = make_work(database, mine, state="completed")
    for round in others:
        make_work(database, round)
    remember(client, town.neighbour)
    works = [link for link in visit(client, "/").links if link.startswith("/projects/")]
    assert (works[0], len(works)) == (f"/projects/{project_id}", 6)


def test_ones_own_place_comes_first_and_the_rounds_around_it_belong_to_it(
    client: FlaskClient, database: Database, town: Town
) -> None:
    with database.transaction() as session:
        stand(session, town.other, "voting", "河畔的")
        stand(session, town.chain.community, "collecting", "全社区的")
        stand(session, town.neighbour, "publicity", "朝阳的")
    remember(client, town.neighbour)
    said = section(visit(client, "/"), "现在可以参加")
    mine, _heading, others = said.partition("别的小区和社区")
    assert "朝阳的" in mine
    assert "全社区的" in mine
    assert "河畔的" in others


def test_where_nothing_is_open_in_ones_own_place_the_next_round_is_named(
    client: FlaskClient, database: Database, town: Town
) -> None:
    with database.transaction() as session:
        stand(session, town.other, "voting", "河畔的")
        stand(session, town.neighbour, "screening", "下一轮", opens=NOW + WEEK)
    remember(client, town.neighbour)
    said = section(visit(client, "/"), "现在可以参加")
    assert "朝阳小区现在没有正在征集、投票或公示的轮次" in said
    assert "下一轮" in said
    assert "计划11月30日（周一）开始投票" in said


def test_a_place_is_forgotten_again(client: FlaskClient, database: Database, town: Town) -> None:
    address = f"/areas/{town.neighbour.id}"
    remember(client, town.neighbour)
    cookie = client.get_cookie("estate")
    assert cookie is not None
    assert cookie.value == town.neighbour.id
    assert "换一个小区" in visit(client, "/").text
    assert submit(client, visit(client, address), "/areas/forget").location == "/"
    assert "先找到您的小区" in visit(client, "/").text


@pytest.mark.parametrize("value", ["gone", "../x", "a" * 3000, "%00", "%E4%B8%AD", '"a b"'])
def test_a_cookie_that_names_no_place_changes_nothing(
    client: FlaskClient, town: Town, value: str, any_database: str
) -> None:
    client.set_cookie("estate", value)
    assert "先找到您的小区" in visit(client, "/").text


def test_remembering_needs_the_forms_token_and_a_place(client: FlaskClient, town: Town) -> None:
    assert client.post(f"/areas/{town.neighbour.id}/mine").status_code == 400
    assert client.post("/areas/forget").status_code == 400


def test_codes_of_each_kind_have_a_way_in(client: FlaskClient) -> None:
    page = visit(client, "/")
    assert {"/c", "/receipts", "/follow"} <= set(page.links)
    for address in ("/c", "/receipts", "/follow"):
        assert client.get(address).status_code == 200


def test_an_old_search_address_leads_to_the_search(client: FlaskClient) -> None:
    assert client.get("/?q=南烟").location == "/search?q=%E5%8D%97%E7%83%9F"


@pytest.mark.parametrize("phase", ["voting", "collecting", "screening", "implementing"])
def test_the_home_page_asks_as_often_for_a_thousand_rounds_as_for_ten(
    app: Flask, client: FlaskClient, database: Database, town: Town, phase: str
) -> None:
    def asked() -> int:
        with statements(app.extensions["voting.database"].engine) as seen:
            visit(client, "/")
        return len(seen)

    def grow(number: int) -> None:
        with database.transaction() as session:
            first = stand(session, town.chain.estate, phase, "原样")
            row = {
                column.name: getattr(first, column.name)
                for column in Round.__table__.columns
                if column.name != "id"
            }
            session.add_all(Round(**row, id=f"r{phase}{number}x{index}") for index in range(number))
            session.flush()
            for index in range(number):
                hang_out(session, town.chain.estate, f"{number}-{index}")

    remember(client, town.chain.estate)
    grow(10)
    visit(client, "/")
    few = asked()
    grow(990)
    assert asked() == few
    assert few <= 20
