"""The second factors behind the form: a short message, and a worker who looks."""

import re

import pytest
from sqlalchemy import select

from tests.factories.accounts import make_officer, sit_down
from tests.factories.posters import NAME, NUMBER, code_now
from tests.factories.roll import identity_number
from tests.posters.visits import RIGHT, SAME, claim, rows, vote
from tests.visiting import read, submit, visit
from voting.areas.models import Area
from voting.ballots.models import UrnEntry
from voting.journal.models import JournalEntry
from voting.permissions import Role
from voting.posters.holder import send_messages
from voting.posters.models import PosterClaim, ShortMessage
from voting.rounds.models import Round


def sent_code(app, capsys):
    with app.app_context():
        assert send_messages() == 1
    found = re.search(r"核实数字 (\d{6})", capsys.readouterr().out)
    assert found
    return found[1]


def test_a_short_message_leads_to_a_receipt(client, app, database, made, capsys):
    answer = claim(client, made, way="sms", consent_phone="y")
    assert (answer.status_code, answer.location) == (303, f"/p/{made.round_id}/message")
    page = visit(client, answer.location)
    wrong = read(submit(client, page, page.url, code="12345"), status=422)
    assert "这里要填 6 位数字" in wrong.text
    code = sent_code(app, capsys)
    other = f"{(int(code) + 1) % 10**6:06}"
    wrong = read(submit(client, page, page.url, code=other), status=422)
    assert SAME in wrong.text
    proven = submit(client, page, page.url, code=code)
    assert (proven.status_code, proven.location) == (303, f"/p/{made.round_id}/ballot")
    assert client.get(f"/p/{made.round_id}/message").location == f"/p/{made.round_id}/ballot"
    client.get(proven.location)
    vote(client)
    assert rows(database, UrnEntry) == 1


def test_a_telephone_is_used_only_by_a_consent_of_its_own(client, database, made):
    page = read(claim(client, made, way="sms"), status=422)
    assert "要同意才能发短信" in page.text
    assert rows(database, ShortMessage) == 0


def test_the_page_for_the_message_is_the_same_for_strangers(client, app, made):
    pages = []
    for browser, name in ((client, NAME), (app.test_client(), "李四")):
        answer = claim(browser, made, way="sms", consent_phone="y", name=name)
        pages.append(re.sub(r'value="[^"]*"', "", visit(browser, answer.location).html))
    assert pages[0] == pages[1]


def test_without_a_claim_there_is_no_page_for_the_message(client, made):
    assert client.get(f"/p/{made.round_id}/message").location == f"/p/{made.round_id}"
    page = visit(client, f"/p/{made.round_id}?way=sms")
    token = page.form(f"/p/{made.round_id}").values["csrf_token"]
    answer = client.post(
        f"/p/{made.round_id}/message", data={"csrf_token": token, "code": "123456"}
    )
    assert "请重新扫海报" in read(answer, status=409).text


def test_where_nobody_sends_messages_nobody_is_offered_one(app, client, made):
    config = app.extensions["voting.config"]
    object.__setattr__(config, "sms_url", "")
    page = visit(client, f"/p/{made.round_id}?way=sms")
    assert "发短信核实" not in page.text
    assert claim(client, made, way="screen", consent_phone="y", code="000000").status_code == 422
    assert submit(client, page, f"/p/{made.round_id}", way="sms", **RIGHT).status_code == 404


@pytest.fixture
def worker(app, database, made):
    """A browser in which a community worker of the round's area is signed in."""
    browser = app.test_client()
    with database.transaction() as session:
        area = session.get_one(Area, session.get_one(Round, made.round_id).area_id)
        officer = make_officer(session, area=area, role=Role.COMMUNITY_WORKER)
    sit_down(browser, database, officer)
    return browser


def wait(client, made, **changes):
    answer = claim(client, made, way="worker", **changes)
    assert (answer.status_code, answer.location) == (303, f"/p/{made.round_id}/worker")
    page = visit(client, answer.location)
    found = re.search(r"([A-Z2-9]{4}) ([A-Z2-9]{4})", page.text)
    assert found
    return f"{found[1]}{found[2]}"


def test_a_worker_who_has_looked_lets_a_resident_vote(client, worker, database, made):
    code = wait(client, made)
    find = visit(worker, f"/desk/rounds/{made.round_id}/poster")
    found = submit(worker, find, find.url, code=f"{code[:4].lower()} {code[4:]}")
    assert found.location == f"/desk/rounds/{made.round_id}/poster/{code}"
    page = visit(worker, found.location)
    for word in ("张*", "3699**********", "3栋"):
        assert word in page.text
    assert NUMBER not in page.html
    assert client.get(f"/p/{made.round_id}/worker").status_code == 200
    assert submit(worker, page, f"{found.location}/confirm").status_code == 303
    assert client.get(f"/p/{made.round_id}/worker").location == f"/p/{made.round_id}/ballot"
    client.get(f"/p/{made.round_id}/ballot")
    vote(client)
    assert rows(database, UrnEntry) == 1
    with database.reading() as session:
        entry = session.scalars(select(JournalEntry)).one()
    assert (entry.act, entry.object_id) == ("posters.confirm", made.round_id)
    assert made.elector_id not in entry.details


def test_a_worker_who_sees_somebody_else_refuses(client, worker, database, made):
    code = wait(client, made)
    page = visit(worker, f"/desk/rounds/{made.round_id}/poster/{code}")
    assert submit(worker, page, f"{page.url}/refuse").status_code == 303
    assert rows(database, PosterClaim) == 0
    assert "失效" in read(client.get(f"/p/{made.round_id}/worker"), status=409).text
    gone = read(worker.get(page.url), status=404)
    assert "没有找到这个号" in gone.text
    assert submit(worker, page, f"{page.url}/confirm").status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": identity_number(order=8)}, "不在名册上"),
        ({"name": "李四"}, "居民输入的姓名和名册不一样"),
    ],
)
def test_a_worker_is_told_why_somebody_cannot_be_let_through(
    client, worker, database, made, changes, sentence
):
    code = wait(client, made, **changes)
    page = visit(worker, f"/desk/rounds/{made.round_id}/poster/{code}")
    assert sentence in page.text
    confirm = f"{page.url}/confirm"
    assert confirm not in {form.action for form in page.forms}
    token = page.form(f"{page.url}/refuse").values["csrf_token"]
    refused = read(worker.post(confirm, data={"csrf_token": token}), status=409)
    assert "不能放行" in refused.text


def test_a_worker_sees_that_somebody_is_locked_or_has_voted(client, app, worker, keys, made):
    code = wait(client, made)
    for _ in range(5):
        claim(app.test_client(), made, code="000000")
    here = f"/desk/rounds/{made.round_id}/poster/{code}"
    assert "输错 5 次" in visit(worker, here).text


def test_a_worker_sees_that_somebody_has_voted(client, app, worker, keys, made):
    code = wait(client, made)
    other = app.test_client()
    claim(other, made, code=code_now(keys, made))
    other.get(f"/p/{made.round_id}/ballot")
    vote(other)
    here = f"/desk/rounds/{made.round_id}/poster/{code}"
    assert "不能再投" in visit(worker, here).text


def test_what_is_no_short_code_is_sent_back(worker, made):
    find = visit(worker, f"/desk/rounds/{made.round_id}/poster")
    page = read(submit(worker, find, find.url, code="X"), status=422)
    assert "8 位字母和数字" in page.text
