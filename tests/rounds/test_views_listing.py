from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.factories.areas import NOW, make_area
from tests.factories.rounds import CLOSES, OPENS, make_plan, make_round
from tests.rounds.statements import statements
from tests.visiting import visit
from voting.areas.models import Area
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import phase_in_force


def _make(database, area, **facts):
    with database.transaction() as session:
        return make_round(session, area=session.get_one(Area, area.id), **facts)


def test_the_list_shows_own_rounds_with_their_phase(desk, database):
    mine = _make(database, desk.chain.estate, phase="vote_announced")
    with database.transaction() as session:
        foreign = make_round(session, plan=make_plan(title="别人家的轮次"))
    page = visit(desk.client, "/desk/rounds")
    assert mine.title in page.text
    assert "投票公告期" in page.text
    assert foreign.title not in page.text
    assert f"http://localhost/desk/rounds/{mine.id}" in page.links or any(
        mine.id in link for link in page.links
    )


def test_an_empty_list_says_what_to_do(desk):
    assert "这里还没有轮次" in visit(desk.client, "/desk/rounds").text


@pytest.mark.parametrize("page", ["0", "-5", "99", "x", "9" * 40])
def test_any_page_number_shows_a_page(desk, database, page):
    _make(database, desk.chain.estate)
    assert "南烟小区" in visit(desk.client, f"/desk/rounds?page={page}").text


def test_a_thousand_rounds_ask_no_more_of_the_database_than_ten(desk, database, app):
    engine = app.extensions["voting.database"].engine
    asked = []
    for total in (10, 1000):
        with database.transaction() as session:
            area = session.get_one(Area, desk.chain.estate.id)
            have = len(session.scalars(select(Round.id)).all())
            for _ in range(total - have):
                make_round(session, area=area)
        visit(desk.client, "/desk/rounds")
        with statements(engine) as seen:
            visit(desk.client, "/desk/rounds?phase=draft&search=2026&page=2")
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_the_list_is_narrowed_by_phase_area_and_name(desk, database):
    with database.transaction() as session:
        community = session.get_one(Area, desk.chain.community.id)
        other = make_area(session, parent=community, name="朝阳小区")
        draft = make_round(session, area=other, plan=make_plan(title="朝阳一轮"))
    announced = _make(database, desk.chain.estate, phase="vote_announced")
    for query, shown, hidden in (
        (f"area={other.id}", draft, announced),
        ("phase=vote_announced", announced, draft),
        ("search=朝阳", draft, announced),
        (f"area={desk.chain.estate.id}&phase=vote_announced&search=南烟", announced, draft),
    ):
        page = visit(desk.client, f"/desk/rounds?{query}")
        assert shown.title in page.text
        assert hidden.title not in page.text
    assert "没有找到这样的轮次" in visit(desk.client, "/desk/rounds?search=没有的").text


@pytest.mark.parametrize(
    "query",
    [
        "phase=nonsense",
        "area=elsewhere",
        "search=%25",
        "search=%00",
        "search=" + "长" * 500,
        "phase=",
    ],
)
def test_whatever_is_looked_for_gets_a_page(desk, database, query):
    _make(database, desk.chain.estate)
    visit(desk.client, f"/desk/rounds?{query}")


def test_the_filter_keeps_its_place_from_page_to_page(desk, database):
    with database.transaction() as session:
        area = session.get_one(Area, desk.chain.estate.id)
        for _ in range(51):
            make_round(session, area=area)
    page = visit(desk.client, "/desk/rounds?phase=draft&search=南烟")
    following = next(link for link in page.links if "page=2" in link)
    assert "phase=draft" in following
    assert "第 2 页" in visit(desk.client, following).text


@pytest.mark.usefixtures("any_database")
def test_the_database_works_out_the_phase_as_everybody_reads_it(database):
    collected = make_plan(collecting_until=date(2026, 11, 30))
    with database.transaction() as session:
        for phase in Phase:
            for plan in (make_plan(), collected):
                round = make_round(session, plan=plan)
                round.phase = phase.value
                if phase is Phase.PAUSED:
                    round.phase_before_pause = "voting"
    moments = [NOW, OPENS - timedelta(days=4), OPENS, CLOSES - timedelta(seconds=1), CLOSES]
    with database.reading() as session:
        for now in moments:
            for round, phase in session.execute(select(Round, phase_in_force(now))):
                assert phase == round.phase_at(now).value
