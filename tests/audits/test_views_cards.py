import re

import pytest

from tests.factories.audits import (
    CLOSED,
    Checked,
    Desk,
    make_marked_round,
    make_monitor,
    reveal_all,
    write_all,
)
from tests.factories.ballots import NOW
from tests.factories.notices import let_print
from tests.factories.tally import open_by_two
from tests.papers import words
from tests.visiting import read, visit
from voting.cards.models import CardDraw, DrawnCard
from voting.rounds.models import Appointment, Round
from voting.tally.service import count


def test_both_are_off_until_somebody_asks_and_the_page_says_what_they_are_good_for(watched):
    page = watched.page()
    assert page.h1 == "抽查"
    assert "这一轮没有抽暗访卡" in page.text
    assert "这一轮没有抽取回访" in page.text
    assert "它能发现有人在后台改选票、丢选票" in page.text
    assert "它能发现有人冒用别人的名字领卡、投票" in page.text
    assert watched.base + "/cards/draw" in page.links
    assert "投票截止以后、归档以前才能抽" in page.text
    assert "抽 30 张都一致：如果有 10% 的选票被改过，漏掉的可能是 4.2%" in page.text
    assert "60 位都确认：如果有 5% 是冒名划销，漏掉的可能是 4.6%" in page.text
    tabs = [link for link in page.links if link == watched.base]
    assert tabs


def test_cards_are_drawn_before_a_named_monitor(watched):
    page = watched.page("/cards/draw")
    assert "抽了就不能撤销" in page.text
    answer = watched.send("/cards/draw", page=page, count="２", monitor=watched.monitor)
    assert answer.status_code == 303
    page = watched.page("/cards")
    assert "抽好了 2 张暗访卡" in page.text
    assert len(re.findall(r"01-0001-\d", page.text)) == 2
    assert watched.count(CardDraw) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"count": ""}, "请填数字"),
        ({"count": "0"}, "请填 1 到 200 之间的整数"),
        ({"count": "201"}, "请填 1 到 200 之间的整数"),
        ({"count": "三十"}, "请填"),
        ({"count": "7"}, "只有 6 张，抽不出 7 张"),
        ({"monitor": ""}, "请选择在场的监票人"),
        ({"monitor": "x" * 26}, "Not a valid choice|请选|有效"),
    ],
)
def test_bad_input_gets_a_sentence_and_is_not_lost(watched, fields, sentence):
    given = {"count": "5", "monitor": watched.monitor} | fields
    page = read(watched.send("/cards/draw", **given), status=422)
    assert re.search(sentence, page.text)
    assert page.form(watched.base + "/cards/draw").values["count"] == [given["count"]]
    assert watched.count(DrawnCard) == 0


def test_serials_read_out_are_drawn_or_named(watched):
    bad = watched.send("/cards/by-hand", serials="01-0001-2\n01-0009-1", monitor=watched.monitor)
    page = read(bad, status=422)
    assert "01-0009-1（没有这张卡）" in page.text
    assert page.form(watched.base + "/cards/by-hand").values["serials"] == ["01-0001-2\n01-0009-1"]
    good = watched.send("/cards/by-hand", page=page, serials="01-0001-2\n01-0001-3")
    assert good.status_code == 303
    assert watched.count(DrawnCard) == 2


def test_when_cards_were_handed_out_the_machine_warns(app, database, keys, clock):
    with database.transaction() as session:
        round, _monitor = make_marked_round(session, keys)
        round.phase = "voting"
        desk = (round.id, round.area)
    page = Desk(app, database, clock, *desk).page("/cards/draw")
    assert "系统随机抽到的卡可能已经在居民手里" in page.text


def test_without_a_monitor_the_page_leads_to_the_appointments(watched):
    with watched.database.transaction() as session:
        session.get_one(Appointment, watched.monitor).ended_at = NOW
    page = watched.page()
    assert "还没有监票人" in page.text
    assert f"/desk/rounds/{watched.round_id}/people" in page.links
    assert watched.base + "/cards/draw" not in page.links


def test_the_sheet_lists_the_serials_and_no_code_of_a_card(watched, config):
    let_print(config)
    assert watched.client.get(watched.base + "/cards/sheet.pdf").status_code == 404
    watched.send("/cards/draw", count="3", monitor=watched.monitor)
    answer = watched.client.get(watched.base + "/cards/sheet.pdf")
    assert answer.mimetype == "application/pdf"
    said = words(answer.data)
    assert "暗访卡登记表" in said
    assert len(re.findall(r"01-0001-\d", said)) == 3


def test_what_was_written_is_typed_card_by_card_and_then_revealed(tested):
    for number, code, choices in tested.written:
        answer = tested.send(
            f"/cards/{number}", receipt=" ".join(code[at : at + 4] for at in (0, 4, 8, 12)).lower(),
            choices=[str(one) for one in choices],
        )  # fmt: skip
        assert answer.status_code == 303
    assert answer.location == tested.base + "/cards"
    page = tested.page("/cards/reveal")
    assert "抽出 3 张，已录入 2 张" in page.text
    assert tested.send("/cards/reveal", page=page, monitor=tested.monitor).status_code == 303
    assert "已公布 2 张，作废没用的 1 张" in tested.page("/cards").text
    late = tested.send("/cards/reveal", page=page, monitor=tested.monitor)
    assert "已经公布过了" in read(late, status=409).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"receipt": ""}, "请填回执号"),
        ({"receipt": "ABCD"}, "回执号是 16 位"),
        ({"receipt": "ABCDEFGHABCDEFGH"}, "票箱里没有这个回执号"),
        ({"choices": ["1", "2", "3", "4"]}, "本轮每张选票选 0 到 3 个项目，勾的是 4 个"),
        ({"choices": ["99"]}, "选中的不在名单里"),
    ],
)
def test_what_cannot_be_keeps_what_was_typed(tested, fields, sentence):
    number, code, _choices = tested.written[0]
    given = {"receipt": code, "choices": ["1"]} | fields
    page = read(tested.send(f"/cards/{number}", **given), status=422)
    assert sentence in page.text
    assert page.form(tested.base + f"/cards/{number}").values["receipt"] == [given["receipt"]]


def test_a_receipt_that_is_nowhere_is_noted_when_said_so(tested):
    number = tested.written[0][0]
    answer = tested.send(f"/cards/{number}", receipt="ABCDEFGHABCDEFGH", choices=["1"], missing="y")
    assert answer.status_code == 303
    page = tested.page(f"/cards/{number}")
    assert page.form(tested.base + f"/cards/{number}").values["receipt"] == ["ABCDEFGHABCDEFGH"]


def test_before_opening_the_count_page_warns_of_cards_that_are_not_revealed(tested):
    page = visit(tested.client, f"/desk/rounds/{tested.round_id}/count")
    assert "抽出了 3 张暗访卡" in page.text
    assert tested.base + "/cards" in page.links


def counted(tested, keys, *, lie=False):
    with tested.database.transaction() as session:
        round = session.get_one(Round, tested.round_id)
        again = Checked(round, session.get_one(Appointment, tested.monitor), tested.written)
        if lie:
            number, code, _choices = again.written[0]
            again.written[0] = (number, code, (6,))
        reveal_all(session, again)
        open_by_two(session, round, now=CLOSED)
        count(session, now=CLOSED, keys=keys, round_id=round.id)


def test_a_count_whose_test_cards_agree_says_so(tested, keys):
    counted(tested, keys)
    for path in (f"/desk/rounds/{tested.round_id}/count", f"/desk/rounds/{tested.round_id}/result"):
        page = visit(tested.client, path)
        assert "抽 3 张，公布 2 张，全部和票箱里的一致" in page.text
        assert "有 1 张没有公布" in page.text
        assert "对不上" not in page.text


def test_a_difference_is_red_on_every_page_and_says_what_to_do(tested, keys):
    counted(tested, keys, lie=True)
    for path in ("count", "result", "audits/cards", "audits"):
        page = visit(tested.client, f"/desk/rounds/{tested.round_id}/{path}")
        assert "公布 2 张，只有 1 张一致" in page.text
        assert "和监票人一起核对纸上原件" in page.text
        assert "纸上写的是 6，票箱里的是 1" in page.text
        assert any("note error" in one.get("class", "") for one in page.all("div"))


def test_a_monitor_who_left_keeps_the_name_on_the_papers(watched):
    with watched.database.transaction() as session:
        other = make_monitor(session, session.get_one(Round, watched.round_id), name="孙柏")
        other.ended_at = NOW
        other_id = other.id
    page = watched.page("/cards/draw")
    assert "孙柏" not in page.text
    answer = watched.send("/cards/draw", page=page, count="1", monitor=other_id)
    assert answer.status_code == 422


def test_a_page_number_of_any_kind_shows_a_page(tested):
    for page in ("0", "-1", "x", "9" * 30):
        assert tested.page(f"/cards?page={page}").h1 == "暗访卡"


def test_what_is_typed_is_kept_until_it_is_revealed(tested):
    with tested.database.transaction() as session:
        write_all(session, tested.checked)
    number, code, choices = tested.written[1]
    kept = tested.page(f"/cards/{number}").form(tested.base + f"/cards/{number}").values
    assert kept["receipt"] == [code]
    assert kept["choices"] == [str(one) for one in choices]
