import re

import pytest

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import make_area, make_chain
from tests.factories.ballots import keyring
from tests.factories.notices import let_print, make_notice, make_plain
from tests.factories.tally import make_real_round
from tests.papers import running_text
from tests.rounds.statements import statements
from tests.visiting import visit
from voting.journal.rules import COMMAND_LINE
from voting.notices.holder import issue_kind
from voting.permissions import Role

SECRET = "异议的事实写在这里"


@pytest.fixture
def desk(app, database, config):
    """An officer of a street, with a paper for the desk in one of its estates."""
    let_print(config)
    with database.transaction() as session:
        chain = make_chain(session)
        officer = make_officer(session, area=chain.street, role=Role.STREET_OFFICER)
        notice = make_plain(
            session,
            area=chain.estate,
            audience="desk",
            round_id="r1",
            opening=(SECRET,),
            title="异议登记表",
        )
    client = app.test_client()
    sit_down(client, database, officer)
    return client, chain, notice


def test_the_desk_reads_its_papers(desk):
    client, _, notice = desk
    listed = visit(client, "/desk/notices")
    assert "内2026-0001" in listed.text
    assert f"/desk/notices/{notice.id}" in listed.html
    page = visit(client, f"/desk/notices/{notice.id}")
    assert SECRET in page.text
    assert "居民看不到" in page.text
    assert any(link.endswith("/desk/notices") for link in page.links)
    answer = client.get(f"/desk/notices/{notice.id}.pdf")
    assert SECRET in running_text(answer.data)
    assert "public" not in answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize("ending", ["", ".pdf", ".png"])
def test_nobody_else_reads_them_by_number_or_by_id(client, desk, ending):
    notice = desk[2]
    for name in (notice.number, notice.id, notice.number.removeprefix("内")):
        answer = client.get(f"/notices/{name}{ending}")
        assert answer.status_code == 404
        assert SECRET not in answer.get_data(as_text=True)


@pytest.mark.parametrize("ending", ["", ".pdf"])
def test_they_are_for_officers_of_the_area(app, client, database, desk, ending):
    notice = desk[2]
    assert client.get(f"/desk/notices/{notice.id}{ending}").status_code == 303
    with database.transaction() as session:
        stranger = make_officer(session, area=make_area(session), role=Role.STREET_OFFICER)
    other = app.test_client()
    sit_down(other, database, stranger)
    assert other.get(f"/desk/notices/{notice.id}{ending}").status_code == 404


@pytest.mark.parametrize("name", ["nonesuch", "x" * 500, "%00", "内2026-0001"])
def test_other_ids_are_not_found(desk, name):
    for ending in ("", ".pdf"):
        assert desk[0].get(f"/desk/notices/{name}{ending}").status_code == 404


def test_a_public_paper_is_read_where_everybody_reads_it(database, desk):
    client, chain, _ = desk
    with database.transaction() as session:
        notice = make_plain(session, area=chain.estate)
    answer = client.get(f"/desk/notices/{notice.id}")
    assert (answer.status_code, answer.location) == (303, f"/notices/{notice.number}")


def test_a_rehearsals_paper_stays_at_the_desk_and_says_what_it_is(client, database, desk):
    mine, chain, _ = desk
    with database.transaction() as session:
        notice = make_plain(session, area=chain.estate, rehearsal=True)
    assert client.get(f"/notices/{notice.number}").status_code == 404
    assert "这是演练的文件" in visit(mine, f"/desk/notices/{notice.id}").text
    printed = running_text(mine.get(f"/desk/notices/{notice.id}.pdf").data)
    assert "本文件在演练中形成" in printed


def test_the_list_is_narrowed_and_says_when_nothing_is_found(database, desk):
    client, chain, _ = desk
    with database.transaction() as session:
        make_plain(session, area=chain.estate, title="征集公告")
    assert "征集公告" not in visit(client, "/desk/notices?audience=desk").text
    assert "异议登记表" not in visit(client, "/desk/notices?q=征集").text
    assert "征集公告" not in visit(client, "/desk/notices?round=r1").text
    page = visit(client, "/desk/notices?q=没有这个")
    assert "没有找到这样的文件" in page.text
    assert any(link.endswith("/desk/notices") for link in page.links)


@pytest.mark.parametrize("query", ["audience=x", "q=%00", f"q={'x' * 900}", "round=%00", "page=-1"])
def test_odd_wishes_show_a_list(desk, query):
    visit(desk[0], f"/desk/notices?{query}")


def test_the_filter_stays_while_pages_are_turned(database, desk):
    client, chain, _ = desk
    with database.transaction() as session:
        for at in range(51):
            make_plain(session, area=chain.estate, round_id=f"p{at}", title=f"暂停{at}")
    page = visit(client, "/desk/notices?q=暂停&audience=public")
    assert "第 1 页，共 2 页" in page.text
    assert re.search(r'rel="next" href="[^"]*q=', page.html)


def test_the_list_asks_the_same_of_the_database_however_long_it_is(database, desk):
    client, chain, _ = desk

    def asked():
        with statements(client.application.extensions["voting.database"].engine) as seen:
            visit(client, "/desk/notices")
        return len(seen)

    asked()
    few = asked()
    with database.transaction() as session:
        for at in range(1000):
            make_notice(session, area=chain.estate, round_id=f"n{at}")
    assert asked() == few


def test_a_rehearsals_call_to_the_vote_is_read_at_the_desk_only(
    app, client, database, config, desk
):
    with database.transaction() as session:
        round = make_real_round(session, keyring(config.var), kind="rehearsal")
        officer = make_officer(session, area=round.area, role=Role.STREET_OFFICER)
        round_id = round.id
    with app.app_context():
        notice = issue_kind("vote", round_id, COMMAND_LINE)
    assert (notice.number, notice.audience) == ("演2026-0001", "desk")
    assert client.get(f"/notices/{notice.number}").status_code == 404
    mine = app.test_client()
    sit_down(mine, database, officer)
    page = visit(mine, f"/desk/notices/{notice.id}")
    assert "这是演练的文件" in page.text
    assert "候选项目清单" in page.html
    assert "本文件在演练中形成" in running_text(mine.get(f"/desk/notices/{notice.id}.pdf").data)
    announced = visit(mine, f"/desk/rounds/{round_id}/announcement")
    assert f"/desk/notices/{notice.id}" in announced.html
