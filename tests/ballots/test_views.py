import re
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, text

from tests.factories.ballots import NOW, make_cards, open_round_with_cards
from tests.visiting import read, submit, visit
from voting.ballots.models import UrnEntry
from voting.cards.models import BallotCard


@pytest.fixture
def keys(app):
    return app.extensions["voting.keys"]


@pytest.fixture
def cards(database, keys):
    return open_round_with_cards(database, keys, count=2)[1]


def scan(client, card):
    return client.get(f"/c/{card.token}")


def at_confirm(client, card, choices=("1", "2")):
    scan(client, card)
    return read(submit(client, visit(client, "/ballot"), "/ballot", choice=list(choices)))


def urn(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(UrnEntry))


def test_scan_choose_confirm_receipt(client, cards, database):
    response = scan(client, cards[0])
    assert (response.status_code, response.location) == (303, "/ballot")
    confirm = at_confirm(client, cards[0])
    assert "您选了 2 项" in confirm.text
    response = submit(client, confirm, "/ballot/cast", check_code=cards[0].check_code)
    assert response.status_code == 303
    receipt = visit(client, response.location)
    assert "投票成功" in receipt.h1
    assert urn(database) == 1


@pytest.mark.parametrize("path", ["/c/{}", "/C/{}"])
def test_a_scan_spends_nothing_however_often_a_link_scanner_fetches_it(
    client, cards, database, path
):
    for _ in range(20):
        client.get(path.format(cards[0].token))
        client.head(path.format(cards[0].token))
    with database.reading() as session:
        assert session.scalars(select(BallotCard.state)).all() == ["printed", "printed"]


def test_a_typed_card_number_works_with_spaces_small_letters_and_lookalikes(client, cards):
    code = cards[0].short_code.lower().replace("o", "0").replace("i", "1").replace("b", "8")
    typed = " ".join(re.findall("....", code))
    response = submit(client, visit(client, "/c"), "/c", code=typed)
    assert (response.status_code, response.location) == (303, "/ballot")


@pytest.mark.parametrize("typed", ["", "ABC", "9" * 16, "甲" * 16, "A" * 5000, "\x00" * 16])
def test_what_is_no_card_number_is_sent_back_with_what_was_typed(client, typed):
    page = read(submit(client, visit(client, "/c"), "/c", code=typed), status=422)
    assert "16 个字母和数字" in page.text


@pytest.mark.parametrize("token", ["A" * 26, "x", "A" * 200, "%00", "中文", "../etc"])
def test_whatever_is_not_a_card_gets_one_and_the_same_answer(client, token):
    if "/" in token:
        assert client.get(f"/c/{token}").status_code == 404
        return
    page = visit(client, f"/c/{token}", status=404)
    assert page.h1 == "没有找到这张投票卡"


def test_without_a_card_the_ballot_asks_for_one(client):
    for response in (client.get("/ballot"), client.post("/ballot"), client.post("/ballot/cast")):
        assert (response.status_code, response.location) == (303, "/c")


def test_the_list_starts_at_a_place_of_its_own_and_numbers_stay(client, cards, app):
    starts = set()
    for _ in range(12):
        browser = app.test_client()
        scan(browser, cards[0])
        html = visit(browser, "/ballot").html
        numbers = re.findall(r'name="choice" id="c(\d+)"', html)
        assert sorted(numbers) == ["1", "2", "3", "4", "5", "6"]
        starts.add(numbers[0])
    assert len(starts) > 1


def test_too_many_ticks_come_back_with_the_ticks_kept(client, cards):
    scan(client, cards[0])
    response = submit(client, visit(client, "/ballot"), "/ballot", choice=["1", "2", "3", "4"])
    page = read(response, status=422)
    assert "最多只能选 3 项。请去掉 1 项" in page.text
    assert page.html.count(" checked") == 4


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [([], "还没有选"), (["99"], "不在这张选票上"), (["x"], "不在这张选票上"), (["-1"], "不在这张选票上"),
     (["1" * 5000], "不在这张选票上"), (["1"] * 1500, "不在这张选票上")],
    ids=["nothing", "unknown", "text", "negative", "long", "many"],
)  # fmt: skip
def test_choices_that_cannot_be_read_are_refused_with_a_sentence(client, cards, choices, sentence):
    scan(client, cards[0])
    response = submit(client, visit(client, "/ballot"), "/ballot", choice=choices or None)
    assert sentence in read(response, status=422).text


def test_going_back_keeps_the_ticks(client, cards):
    confirm = at_confirm(client, cards[0], ["2", "5"])
    page = read(submit(client, confirm, "/ballot", edit="1"))
    assert re.findall(r'value="(\d+)" checked', page.html) in (["2", "5"], ["5", "2"])


def test_a_wrong_check_code_keeps_the_choices_and_says_how_many_tries_are_left(
    client, cards, database
):
    confirm = at_confirm(client, cards[0])
    wrong = "000000" if cards[0].check_code != "000000" else "111111"
    page = read(submit(client, confirm, "/ballot/cast", check_code=wrong), status=422)
    assert "还可以再试 4 次" in page.text
    response = submit(client, page, "/ballot/cast", check_code=cards[0].check_code)
    assert response.status_code == 303
    assert urn(database) == 1


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1234567", "１２３"])
def test_what_is_no_check_code_costs_no_try(client, cards, database, typed):
    confirm = at_confirm(client, cards[0])
    page = read(submit(client, confirm, "/ballot/cast", check_code=typed), status=422)
    assert "6 位数字" in page.text
    with database.reading() as session:
        assert set(session.scalars(select(BallotCard.fails))) == {0}


def test_a_check_code_in_full_width_digits_is_understood(client, cards):
    confirm = at_confirm(client, cards[0])
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in cards[0].check_code)
    assert submit(client, confirm, "/ballot/cast", check_code=wide).status_code == 303


def test_a_second_tap_shows_the_same_receipt(client, cards, database):
    confirm = at_confirm(client, cards[0])
    places = {
        submit(client, confirm, "/ballot/cast", check_code=cards[0].check_code).location
        for _ in range(5)
    }
    assert len(places) == 1
    assert client.get("/ballot").location == places.pop()
    assert urn(database) == 1


def test_a_used_card_in_another_browser_is_told_so(client, cards, app, database):
    submit(client, at_confirm(client, cards[0]), "/ballot/cast", check_code=cards[0].check_code)
    other = app.test_client()
    scan(other, cards[0])
    page = visit(other, "/ballot", status=409)
    assert "已经用过" in page.text
    assert urn(database) == 1


def test_a_form_that_was_open_while_another_browser_cast_answers_409(client, cards, app):
    other = app.test_client()
    stale = at_confirm(other, cards[0])
    submit(client, at_confirm(client, cards[0]), "/ballot/cast", check_code=cards[0].check_code)
    response = submit(other, stale, "/ballot/cast", check_code=cards[0].check_code)
    assert "已经用过" in read(response, status=409).text


def test_a_void_card_is_told_so(client, cards, database):
    with database.transaction() as session:
        session.execute(text("UPDATE ballot_card SET state = 'void'"))
    scan(client, cards[0])
    assert "已经作废" in visit(client, "/ballot", status=409).text


def test_two_cards_on_one_phone_do_not_mix(client, cards, database):
    first = at_confirm(client, cards[0])
    scan(client, cards[1])
    response = submit(client, first, "/ballot/cast", check_code=cards[0].check_code)
    assert response.status_code == 409
    assert "另一张卡" in read(response, status=409).text
    assert urn(database) == 0


def test_a_form_without_its_digest_is_refused_and_spends_no_try(client, cards, database):
    confirm = at_confirm(client, cards[0])
    for digest in (None, "", "0" * 32, "甲"):
        response = submit(client, confirm, "/ballot/cast", form=digest, check_code="000000")
        assert response.status_code == 409
    with database.reading() as session:
        assert set(session.scalars(select(BallotCard.fails))) == {0}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"opens_at": NOW + timedelta(hours=1), "phase": "vote_announced"}, "还没有开始"),
     ({"closes_at": NOW}, "已经截止"), ({"phase": "paused"}, "暂停")],
    ids=["early", "late", "paused"],
)  # fmt: skip
def test_outside_voting_time_a_card_is_told_when(client, database, keys, changes, sentence):
    card = open_round_with_cards(database, keys, **changes)[1][0]
    scan(client, card)
    page = visit(client, "/ballot", status=409)
    assert sentence in page.text
    assert "0791-86543210" in page.text


def test_closing_while_the_confirm_page_is_open_refuses_and_says_so(client, cards, clock, database):
    confirm = at_confirm(client, cards[0])
    clock.now = NOW + timedelta(days=6)
    response = submit(client, confirm, "/ballot/cast", check_code=cards[0].check_code)
    assert "已经截止" in read(response, status=409).text
    assert urn(database) == 0


def test_a_receipt_never_says_what_was_chosen(client, cards, app):
    confirm = at_confirm(client, cards[0], ["4"])
    place = submit(client, confirm, "/ballot/cast", check_code=cards[0].check_code).location
    for browser in (client, app.test_client()):
        page = visit(browser, place)
        assert "第4处" not in page.text
        assert "在票箱里" in page.text


@pytest.mark.parametrize("code", ["A" * 16, "x", "A" * 300, "中文"])
def test_a_receipt_that_is_not_in_the_urn_says_what_to_do(client, code):
    assert "没有查到" in visit(client, f"/receipts/{code}", status=404).h1


def test_a_typed_receipt_leads_to_its_page(client):
    response = client.get("/receipts", query_string={"code": "abcd efgh ijkl mnop"})
    assert response.location == "/receipts/ABCDEFGHIJKLMNOP"
    assert "再输一遍" in visit(client, "/receipts?code=1").text


def test_a_damaged_cookie_is_no_card(client, cards):
    scan(client, cards[0])
    whole = client.get_cookie("card").value
    for damaged in (whole[:-4], "x" + whole[1:], "中", whole[::-1], ""):
        client.set_cookie("card", damaged)
        assert client.get("/ballot").location == "/c"


def test_the_cookie_outlives_the_browser_and_is_out_of_reach_of_scripts(client, cards):
    header = scan(client, cards[0]).headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Max-Age=3110400" in header
    assert cards[0].token not in header


def test_a_voters_pages_take_eight_statements(client, cards, app):
    at_confirm(client, cards[1])  # the paper is read once in five seconds
    seen = []
    event.listen(
        app.extensions["voting.database"].engine,
        "before_cursor_execute",
        lambda *call: seen.append(call[2]),
    )
    confirm = at_confirm(client, cards[0])
    place = submit(client, confirm, "/ballot/cast", check_code=cards[0].check_code).location
    client.get(place)
    statements = [sql for sql in seen if not sql.startswith(("BEGIN", "PRAGMA"))]
    assert len(statements) == 8, statements


def test_no_voters_page_sets_a_session_cookie(client, cards):
    at_confirm(client, cards[0])
    assert client.get_cookie("session") is None


def test_a_card_of_a_second_round_leads_to_its_own_list(client, cards, database, keys):
    with database.transaction() as session:
        round_id = session.scalars(select(BallotCard.round_id)).first()
        more = make_cards(session, keys, round_id)
    other = open_round_with_cards(database, keys, candidates=2, most=1)[1]
    scan(client, more[0])
    assert visit(client, "/ballot").html.count('name="choice"') == 6
    scan(client, other[0])
    assert visit(client, "/ballot").html.count('name="choice"') == 2


def test_a_larger_size_asked_for_on_a_page_that_answered_a_form_leads_somewhere(client, cards):
    confirm = at_confirm(client, cards[0])
    response = submit(client, confirm, "/ballot/cast", form="0" * 32, check_code="000000")
    back = [
        form.values["next"] for form in read(response, status=409).forms if "next" in form.values
    ]
    assert set(map(tuple, back)) == {("/ballot",)}
