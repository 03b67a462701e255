import pytest
from sqlalchemy import select

from tests.factories.audits import (
    call_facts,
)
from tests.factories.notices import let_print
from tests.papers import words
from tests.visiting import read, submit
from voting.audits.models import CallBack, CallDraw
from voting.audits.service import draw_calls
from voting.roll.models import Elector
from voting.roll.service.secrecy import roll_key, seal_phone, seal_room
from voting.rounds.models import Appointment, Round


def test_people_are_drawn_and_what_they_say_is_noted(marked):
    page = marked.page("/calls/draw")
    assert "从划销的 8 人里抽取回访" in page.text
    answer = marked.send(
        "/calls/draw", page=page, count="60", public_number="０１ ０５ １２", source="双色球第2026137期",
        monitor=marked.monitor,
    )  # fmt: skip
    assert answer.status_code == 303
    page = marked.page("/calls")
    names = [name for name in page.form(marked.base + "/calls?page=1").values if "answer" in name]
    assert len(names) == 8
    said = dict.fromkeys(names[1:], "confirmed") | {names[0]: "denied"}
    action = marked.base + "/calls?page=1"
    assert submit(marked.client, page, action, **said).status_code == 303
    page = marked.page("/calls")
    assert "有 1 位说没投过" in page.text
    assert "按这个比例，划销的 8 人里约有 1 人被冒名" in page.text
    assert "把上面的数和票差比较" in page.text


def test_all_who_confirm_show_what_they_can_show(marked):
    with marked.database.transaction() as session:
        round = session.get_one(Round, marked.round_id)
        draw_calls(session, **call_facts(round, session.get_one(Appointment, marked.monitor)))
        for call in session.scalars(select(CallBack)):
            call.answer = "confirmed"
    text = marked.page("/calls").text
    assert "问到的 5 位都确认投过：如果有 5% 是冒名划销，漏掉的可能是 77.4%" in text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"public_number": "12"}, "请填 4 到 40 位数字"),
        ({"public_number": ""}, "请填公开号码"),
        ({"source": ""}, "请写明是哪里公布的"),
        ({"count": "501"}, "请填 1 到 500 之间的整数"),
        ({"monitor": ""}, "请选择在场的监票人"),
    ],
)
def test_a_draw_that_lacks_something_says_what(marked, fields, sentence):
    given = {
        "count": "5",
        "public_number": "2026137",
        "source": "双色球",
        "monitor": marked.monitor,
    }
    page = read(marked.send("/calls/draw", **(given | fields)), status=422)
    assert sentence in page.text
    kept = page.form(marked.base + "/calls/draw").values
    for name, value in (given | fields).items():
        assert kept[name] == [value]
    assert marked.count(CallDraw) == 0


def test_two_officers_who_note_at_once_do_not_overwrite_each_other(marked):
    marked.send(
        "/calls/draw", count="2", public_number="2026137", source="双色球", monitor=marked.monitor
    )
    action = marked.base + "/calls?page=1"
    page = marked.page("/calls")
    first, *_ = [name for name in page.form(action).values if "answer" in name]
    submit(marked.client, page, action, **{first: "denied"})
    late = read(submit(marked.client, page, action, **{first: "unreached"}), status=409)
    assert "第 1 位的回答刚刚被别人改过" in late.text
    assert late.form(action).values[first] == ["unreached"]
    strange = read(submit(marked.client, late, action, **{first: "<b>"}), status=422)
    assert "选中的不在名单里" in strange.text


def test_the_register_shows_rooms_and_telephones_and_the_pages_never(marked, keys, config):
    let_print(config)
    with marked.database.transaction() as session:
        round = session.get_one(Round, marked.round_id)
        pepper = roll_key(keys, round)
        for person in session.scalars(select(Elector)):
            person.room_sealed = seal_room(pepper, "2单元301")
            person.phone_sealed = seal_phone(pepper, "0791-86500000")
        draw_calls(session, **call_facts(round, session.get_one(Appointment, marked.monitor)))
        calls = list(session.scalars(select(CallBack)))
        people = {one.elector_id for one in calls}
    page = marked.page("/calls")
    assert "301" not in page.text
    assert not any(person in page.html for person in people)
    answer = submit(marked.client, page, marked.base + "/calls/register")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    said = words(answer.data)
    assert said.count("2单元301") == 5
    assert said.count("0791-86500000") == 5
    assert "01234567" in said
