"""The resident's pages: the poster, the form, and the ballot."""

import base64
import re
from datetime import timedelta

import pytest

from tests.factories.ballots import NOW, make_open_round, open_round_with_cards
from tests.factories.posters import NAME, NUMBER, code_now, poster_round
from tests.factories.roll import identity_number
from tests.posters.visits import RIGHT, SAME, claim, rows, vote
from tests.visiting import read, submit, visit
from voting.ballots.models import UrnEntry
from voting.posters.models import IdentityTry


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


def test_who_sends_the_form_after_the_close_is_told_so(client, keys, made, clock):
    page = visit(client, f"/p/{made.round_id}")
    clock.now += timedelta(days=10)
    late = submit(client, page, f"/p/{made.round_id}", **RIGHT, code=code_now(keys, made))
    assert "现在不能用海报码投票" in read(late, status=409).text


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
