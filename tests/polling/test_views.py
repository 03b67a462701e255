import re
from datetime import timedelta

import pytest

from tests.factories.accounts import make_officer, sit_down
from tests.factories.ballots import NOW, make_open_round
from tests.factories.posters import TOKEN, code_now, make_place, poster_round
from tests.visiting import read, submit, visit
from voting.areas.models import Area
from voting.permissions import Role
from voting.polling.models import PollingPlace
from voting.rounds.models import Round


@pytest.fixture
def keys(app):
    return app.extensions["voting.keys"]


@pytest.fixture
def round_id(client, database, keys):
    """A round in the area of a worker who sits at the client's desk."""
    with database.transaction() as session:
        round = make_open_round(session, keys)
        area = session.get_one(Area, round.area_id)
        worker = make_officer(session, area=area, role=Role.COMMUNITY_WORKER)
    sit_down(client, database, worker)
    return round.id


def _place(database):
    with database.reading() as session:
        return session.query(PollingPlace).one()


def _act(client, page, end, **changes):
    (form,) = [form for form in page.forms if form.action.endswith(end)]
    return submit(client, page, form.action, **changes)


def test_a_place_is_added_and_its_screen_is_shown_once(client, database, round_id):
    index = visit(client, f"/desk/rounds/{round_id}/polling")
    assert "还没有投票点" in index.text
    new = visit(client, f"/desk/rounds/{round_id}/polling/new")
    empty = read(submit(client, new, new.url), status=422)
    assert "请填名称" in empty.text
    facts = {"kind": "mobile", "name": "流动车", "address": "1栋到5栋", "hours": "19:00—20:00"}
    answer = submit(client, new, new.url, **facts)
    assert answer.status_code == 303
    page = visit(client, answer.location)
    assert "投票点已添加" in page.text
    opened = _act(client, page, "/screen")
    assert (opened.status_code, opened.location) == (303, f"{answer.location}#screen")
    shown = visit(client, answer.location)
    address = re.search(r"http://127.0.0.1:8000(/screen/[a-z2-7]{26})", shown.text)
    assert address
    assert "只显示这一次" in shown.text
    screen = client.get(address[1])
    assert screen.status_code == 200
    assert address[1] not in visit(client, answer.location).text
    assert address[1] not in screen.get_data(as_text=True)
    renewed = visit(client, answer.location)
    _act(client, renewed, "/screen")
    assert client.get(address[1]).status_code == 404


def test_a_place_is_changed_closed_and_opened_again(client, database, round_id):
    with database.transaction() as session:
        place = make_place(session, round_id, token=TOKEN)
    here = f"/desk/rounds/{round_id}/polling/{place.id}"
    edit = visit(client, f"{here}/edit")
    assert edit.form(edit.url).values["name"] == ["社区服务大厅"]
    assert submit(client, edit, edit.url, name="新大厅").status_code == 303
    close = visit(client, f"{here}/close")
    assert submit(client, close, close.url).status_code == 303
    assert _place(database).screen_hash is None
    assert client.get(f"/screen/{TOKEN}").status_code == 404
    page = visit(client, here)
    assert "已经关闭" in page.text
    assert _act(client, page, "/reopen").status_code == 303
    assert _place(database).closed_at is None


def test_a_name_that_is_taken_is_refused_with_the_form(client, database, round_id):
    with database.transaction() as session:
        make_place(session, round_id)
    new = visit(client, f"/desk/rounds/{round_id}/polling/new")
    facts = {"name": "社区服务大厅", "address": "别处", "hours": "9:00"}
    page = read(submit(client, new, new.url, **facts), status=409)
    assert "同名的投票点" in page.text
    assert page.form(page.url).values["address"] == ["别处"]


def test_shifts_are_noted_and_removed(client, database, round_id):
    with database.transaction() as session:
        place = make_place(session, round_id)
    here = f"/desk/rounds/{round_id}/polling/{place.id}"
    page = visit(client, here)
    wrong = read(_act(client, page, "/shifts", begins="08:30", ends="12:00"), status=422)
    assert "请选择值班人员" in wrong.text
    (officer,) = re.findall(r'<option value="([a-z2-7]{26})">', page.html)
    facts = {"officer_id": officer, "begins": "08:30", "ends": "12:00"}
    assert _act(client, page, "/shifts", **facts).status_code == 303
    listed = visit(client, here)
    assert "08:30—12:00" in listed.text
    assert _act(client, listed, "/remove").status_code == 303
    assert "08:30—12:00" not in visit(client, here).text


def test_where_a_worker_proves_people_the_way_there_is_shown(app, database, keys):
    made = poster_round(database, keys, factors="screen,worker")
    client = app.test_client()
    with database.transaction() as session:
        area = session.get_one(Area, session.get_one(Round, made.round_id).area_id)
        worker = make_officer(session, area=area, role=Role.COMMUNITY_WORKER)
    sit_down(client, database, worker)
    page = visit(client, f"/desk/rounds/{made.round_id}/polling")
    assert f"/desk/rounds/{made.round_id}/poster" in page.links
    assert "还没有一个投票点开了屏幕" not in page.text


def test_who_only_reads_is_offered_no_act(client, database, keys, round_id):
    with database.transaction() as session:
        make_place(session, round_id)
        area = session.get_one(Area, session.get_one(Round, round_id).area_id)
        auditor = make_officer(session, area=area, role=Role.AUDITOR)
    sit_down(client, database, auditor)
    page = visit(client, f"/desk/rounds/{round_id}/polling")
    assert "社区服务大厅" in page.text
    assert not any(link.endswith("/new") for link in page.links)
    assert client.get(f"/desk/rounds/{round_id}/polling/new").status_code == 403


def test_the_screen_shows_the_code_its_places_and_how_many_came(client, database, keys):
    made = poster_round(database, keys)
    page = visit(client, f"/screen/{TOKEN}")
    code = code_now(keys, made)
    assert f"{code[:3]} {code[3:]}" in page.text
    assert "今天已有 0 人" in page.text
    assert "0791-86543210" in page.text
    assert "9:00—17:00" in page.text
    assert page.html.count("data:image/png;base64,") == 1


def test_an_unknown_screen_is_not_found(client, database, keys):
    poster_round(database, keys)
    for token in ("x", TOKEN[:-1], TOKEN.upper(), "%00", "a" * 300):
        assert client.get(f"/screen/{token}").status_code == 404


@pytest.mark.parametrize(
    ("phase", "sentence"),
    [
        ("vote_announced", "到时这里自动出现数字"),
        ("paused", "投票暂停了"),
        ("counting", "投票已经结束"),
        ("terminated", "投票已经结束"),
    ],
)
def test_where_nobody_votes_the_screen_says_so(client, database, keys, clock, phase, sentence):
    days = 2 if phase == "vote_announced" else -1
    poster_round(database, keys, phase=phase, opens_at=NOW + timedelta(days=days))
    page = visit(client, f"/screen/{TOKEN}")
    assert "现在没有屏幕码" in page.text
    assert sentence in page.text
    assert "data:image" not in page.html


def test_a_round_without_the_poster_has_no_code(client, database, keys):
    with database.transaction() as session:
        round = make_open_round(session, keys)
        make_place(session, round.id, token=TOKEN)
    assert "这一轮不用屏幕码" in visit(client, f"/screen/{TOKEN}").text
