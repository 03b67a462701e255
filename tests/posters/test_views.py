"""The resident's pages: the poster, the form, the message, the worker who looks, and the ballot."""

import base64
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.factories.accounts import make_officer, sit_down
from tests.factories.ballots import NOW, make_open_round, open_round_with_cards
from tests.factories.posters import NAME, NUMBER, code_now, poster_round
from tests.factories.roll import identity_number
from tests.visiting import read, submit, visit
from voting.areas.models import Area
from voting.ballots.models import UrnEntry
from voting.journal.models import JournalEntry
from voting.permissions import Role
from voting.posters.holder import send_messages
from voting.posters.models import IdentityTry, PosterClaim, ShortMessage
from voting.rounds.models import Round

RIGHT = {"name": NAME, "number": NUMBER, "consent": "y"}
SAME = "没有核对上。请检查姓名、证件号码和 6 位数字"


@pytest.fixture
def environ(environ):
    return environ | {"VOTING_SMS_URL": "console:"}


@pytest.fixture
def keys(app):
    return app.extensions["voting.keys"]


@pytest.fixture
def made(database, keys):
    return poster_round(database, keys, factors="screen,sms,worker")


def claim(client, made, way="screen", **changes):
    address = f"/p/{made.round_id}"
    page = visit(client, f"{address}?way={way}")
    return submit(client, page, address, **(RIGHT | changes))


def vote(client, choices=("1", "2")):
    """Walk from the ballot to the receipt."""
    confirm = read(submit(client, visit(client, "/ballot"), "/ballot", choice=list(choices)))
    assert "验证码" not in confirm.text
    answer = submit(client, confirm, "/ballot/cast")
    assert answer.status_code == 303
    return answer.location


def rows(database, table):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_name_number_and_the_screens_code_lead_to_a_receipt(client, database, keys, made):
    code = code_now(keys, made)
    page = visit(client, f"/p/{made.round_id}?code={code}")
    assert page.form(f"/p/{made.round_id}").values["code"] == [code]
    answer = submit(client, page, f"/p/{made.round_id}", **RIGHT)
    assert (answer.status_code, answer.location) == (303, f"/p/{made.round_id}/ballot")
    taken = client.get(answer.location)
    assert (taken.status_code, taken.location) == (303, "/ballot")
    receipt = visit(client, vote(client))
    assert "投票成功" in receipt.h1
    assert client.get("/ballot").location == receipt.url
    assert rows(database, UrnEntry) == 1


def test_the_page_says_what_is_done_with_what_is_typed_before_the_form(client, made):
    html = visit(client, f"/p/{made.round_id}").html
    told = [html.index(word) for word in ("南站街道办事处", "留多久", "一样能投", 'name="number"')]
    assert told == sorted(told)


def test_a_lost_reply_and_a_claim_made_again_lead_to_the_same_receipt(client, keys, made):
    claim(client, made, code=code_now(keys, made))
    client.get(f"/p/{made.round_id}/ballot")
    confirm = read(submit(client, visit(client, "/ballot"), "/ballot", choice=["1"]))
    places = {submit(client, confirm, "/ballot/cast").location for _ in range(3)}
    assert len(places) == 1


def test_the_same_person_on_the_same_browser_keeps_the_nonce(client, keys, made, clock):
    def digest():
        claim(client, made, code=code_now(keys, made, clock.now))
        client.get(f"/p/{made.round_id}/ballot")
        return re.findall(r'name="form" value="(\w+)"', visit(client, "/ballot").html)

    start = client.get_cookie("card")
    assert start is None
    digest()
    first = client.get_cookie("card").value
    clock.now += timedelta(minutes=21)
    digest()
    second = client.get_cookie("card").value
    assert first != second
    assert _nonce(first) == _nonce(second)


def _nonce(cookie):
    return base64.urlsafe_b64decode(cookie)[58:74]


@pytest.mark.parametrize(
    "changes", [{"name": "李四"}, {"number": identity_number(order=8)}, {"code": "000000"}]
)
def test_whatever_is_wrong_the_answer_is_the_same_and_only_the_code_is_lost(
    client, database, keys, made, changes
):
    typed = {"code": code_now(keys, made)} | changes
    page = read(claim(client, made, **typed), status=422)
    assert SAME in page.text
    values = page.form(f"/p/{made.round_id}").values
    assert values["name"] == [changes.get("name", NAME)]
    assert values["number"] == [changes.get("number", NUMBER)]
    assert values["code"] == [""]
    assert values["consent"] == ["y"]
    assert rows(database, IdentityTry) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": NUMBER[:-1] + "6"}, "号码的最后一位和前面的对不上"),
        ({"number": "12345"}, "号码应是 18 位"),
        ({"number": ""}, "请填证件号码"),
        ({"name": ""}, "请填姓名"),
        ({"name": "张*"}, "姓名没有写全"),
        ({"code": "12345"}, "这里要填 6 位数字"),
        ({"code": "abcdef"}, "这里要填 6 位数字"),
        ({"consent": None}, "不同意也能投"),
        ({"csrf_token": "x"}, "页面放得太久了"),
    ],
)
def test_what_cannot_be_right_has_its_own_sentence_and_costs_no_try(
    client, database, made, changes, sentence
):
    page = read(claim(client, made, **({"code": "123456"} | changes)), status=422)
    assert sentence in page.text
    assert rows(database, IdentityTry) == 0


def test_a_right_that_was_used_is_told_after_both_factors(client, app, keys, made):
    claim(client, made, code=code_now(keys, made))
    client.get(f"/p/{made.round_id}/ballot")
    vote(client)
    page = read(claim(app.test_client(), made, code=code_now(keys, made)), status=409)
    assert "已经记录这位居民领过票或投过票" in page.text


def test_a_claim_that_expired_says_what_to_do(client, keys, made, clock):
    claim(client, made, code=code_now(keys, made))
    client.get(f"/p/{made.round_id}/ballot")
    confirm = read(submit(client, visit(client, "/ballot"), "/ballot", choice=["1"]))
    clock.now += timedelta(minutes=21)
    page = read(submit(client, confirm, "/ballot/cast"), status=409)
    assert "请重新扫海报" in page.text


def test_another_persons_form_is_refused(client, database, keys, made):
    claim(client, made, code=code_now(keys, made))
    client.get(f"/p/{made.round_id}/ballot")
    confirm = read(submit(client, visit(client, "/ballot"), "/ballot", choice=["1"]))
    (card,) = open_round_with_cards(database, keys)[1]
    client.get(f"/c/{card.token}")
    page = read(submit(client, confirm, "/ballot/cast"), status=409)
    assert "另一张卡或另一个人" in page.text


def test_nobody_reaches_the_ballot_without_a_claim(client, made):
    answer = client.get(f"/p/{made.round_id}/ballot")
    assert (answer.status_code, answer.location) == (303, f"/p/{made.round_id}")
    client.set_cookie("claim", "x" * 142)
    assert client.get(f"/p/{made.round_id}/ballot").location == f"/p/{made.round_id}"


# --- short messages ---------------------------------------------------------------------------------


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


# --- before a worker --------------------------------------------------------------------------------


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


# --- rounds without a poster ------------------------------------------------------------------------


def test_a_round_without_the_poster_shows_its_page_and_takes_no_claim(client, database, keys):
    with database.transaction() as session:
        round = make_open_round(session, keys)
    page = visit(client, f"/p/{round.id}")
    assert "投票要用投票卡" in page.text
    assert 'name="number"' not in page.html
    assert client.post(f"/p/{round.id}", data=RIGHT | {"way": "screen"}).status_code == 404


def test_before_the_vote_the_page_says_when_it_begins(client, database, keys):
    opens = NOW + timedelta(days=2)
    made = poster_round(database, keys, phase="vote_announced", opens_at=opens)
    page = visit(client, f"/p/{made.round_id}")
    assert "投票开始以后，没有投票卡的也能在这一页" in page.text
    assert 'name="number"' not in page.html
