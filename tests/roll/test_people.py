"""One person entered, corrected, struck and restored at the desk."""

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.factories.roll import HEADER, freeze, make_elector, person, xlsx
from tests.roll.conftest import Desk
from tests.roll.sending import listed, send
from tests.visiting import Page, read, submit, visit
from voting.journal.models import JournalEntry
from voting.persistence.session import Database
from voting.roll.models import Elector
from voting.rounds.models import Round

WITHOUT = {
    "name": "王一一", "basis": "居住", "place": "3栋502", "shown": "passport", "born": "1980-05-17",
    "confirmed": "y", "phone": "13800000000",
}  # fmt: skip
NUMBERED = {
    "name": "李二", "basis": "工作", "place": "", "shown": "number", "number": str(person(5)[1]),
}  # fmt: skip


def enter(desk: Desk, facts: dict[str, str], **changes: str) -> TestResponse:
    page = desk.visit("/enter")
    return submit(desk.client, page, page.url, **{**facts, **changes})


def only(database: Database) -> Elector:
    with database.reading() as session:
        return session.scalars(select(Elector)).one()


def acts(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(JournalEntry.act).order_by(JournalEntry.idx)))


def of(desk: Desk, elector: Elector) -> Page:
    return desk.visit(f"/people/{elector.elector_id}")


def do(desk: Desk, elector: Elector, act: str, **changes: object) -> TestResponse:
    page = of(desk, elector)
    return submit(desk.client, page, f"{page.url}/{act}", **changes)


def test_somebody_without_a_number_is_listed_once_a_worker_has_seen_a_paper(
    desk_of_worker: Desk, database: Database
) -> None:
    assert enter(desk_of_worker, WITHOUT).status_code == 303
    kept = only(database)
    assert (kept.id_key, kept.id_masked, kept.age_band) == (None, "护照（已核对）", "35-59")
    assert kept.confirmed_by is not None
    page = desk_of_worker.visit("/enter")
    assert "1 人" in page.text
    assert "王*" in page.text
    assert "王一一" not in page.html
    assert acts(database) == ["roll.enter"]
    assert "已经有这位居民" in read(enter(desk_of_worker, WITHOUT), status=422).text


def test_somebody_with_a_number_is_listed_as_from_a_sheet(
    desk_of_worker: Desk, database: Database
) -> None:
    enter(desk_of_worker, NUMBERED)
    kept = only(database)
    assert (kept.id_kind, kept.confirmed_by, kept.basis) == ("resident", None, "work")
    page = read(enter(desk_of_worker, NUMBERED, name="李三"), status=422)
    assert "姓名却不一样" in page.text
    send(desk_of_worker, xlsx([HEADER, ["李二", person(5)[1], "工作", "", ""], person(1)]))
    assert listed(database) == 2


@pytest.mark.parametrize(
    ("facts", "changes", "sentence"),
    [
        pytest.param(WITHOUT, {"name": ""}, "请填姓名", id="no name"),
        pytest.param(WITHOUT, {"name": "王*"}, "没有写全", id="masked name"),
        pytest.param(WITHOUT, {"name": "王" * 51}, "太长", id="long name"),
        pytest.param(WITHOUT, {"basis": "户籍"}, "有几处需要改一下", id="another basis"),
        pytest.param(WITHOUT, {"place": ""}, "没有填楼栋房号", id="no room"),
        pytest.param(WITHOUT, {"place": "", "basis": "学习"}, "单位、学校的名称", id="no school"),
        pytest.param(WITHOUT, {"place": "3月2日"}, "改成了日期", id="a date"),
        pytest.param(WITHOUT, {"place": "3" * 61}, "太长", id="long room"),
        pytest.param(WITHOUT, {"born": ""}, "请填证件上的出生日期", id="no birth date"),
        pytest.param(WITHOUT, {"born": "x"}, "有几处需要改一下", id="a word for a date"),
        pytest.param(WITHOUT, {"born": "2999-01-01"}, "出生日期不对", id="future"),
        pytest.param(WITHOUT, {"born": "1899-12-31"}, "出生日期不对", id="before 1900"),
        pytest.param(WITHOUT, {"born": "2012-11-30"}, "小小观察员", id="too young"),
        pytest.param(WITHOUT, {"born": "1910-11-30"}, "超过 105 岁", id="too old"),
        pytest.param(WITHOUT, {"confirmed": ""}, "核对证件原件", id="not seen"),
        pytest.param(WITHOUT, {"shown": "photo"}, "有几处需要改一下", id="another paper"),
        pytest.param(WITHOUT, {"phone": "123"}, "手机号不对", id="telephone"),
        pytest.param(WITHOUT, {"phone": "1\x00"}, "有几处需要改一下", id="NUL"),
        pytest.param(NUMBERED, {"number": ""}, "请填证件号码", id="no number"),
        pytest.param(NUMBERED, {"number": "3" * 61}, "太长", id="long number"),
        pytest.param(NUMBERED, {"number": "360103201011220014"}, "最后一位", id="check digit"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    desk_of_worker: Desk,
    database: Database,
    facts: dict[str, str],
    changes: dict[str, str],
    sentence: str,
) -> None:
    changes = {name: value for name, value in changes.items() if value or name != "confirmed"}
    given = {**facts, **changes}
    if sentence == "核对证件原件":
        del given["confirmed"]
    page = desk_of_worker.visit("/enter")
    answer = submit(desk_of_worker.client, page, page.url, **given)
    assert sentence in read(answer, status=422).text
    assert listed(database) == 0


def test_a_namesake_at_the_same_door_wants_a_look(desk_of_worker: Desk, database: Database) -> None:
    enter(desk_of_worker, WITHOUT)
    numbered = {**WITHOUT, "shown": "number", "number": str(person(5)[1])}
    page = read(enter(desk_of_worker, numbered), status=422)
    assert "可能是同一个人" in page.text
    answer = submit(desk_of_worker.client, page, page.url, namesake_checked="y")
    assert answer.status_code == 303
    assert listed(database) == 2


def test_room_and_telephone_are_seen_only_by_an_act_that_is_written_down(
    desk_of_worker: Desk, database: Database
) -> None:
    enter(desk_of_worker, WITHOUT)
    kept = only(database)
    assert "13800000000" not in of(desk_of_worker, kept).html
    page = read(do(desk_of_worker, kept, "look"))
    assert "13800000000" in page.text
    assert acts(database)[-1] == "roll.look"


def test_a_place_and_a_telephone_are_corrected(desk_of_worker: Desk, database: Database) -> None:
    enter(desk_of_worker, WITHOUT)
    kept = only(database)
    page = read(do(desk_of_worker, kept, "look"))
    address = page.url.replace("/look", "/correct")
    answer = submit(desk_of_worker.client, page, address, place="4栋101", phone="")
    assert answer.status_code == 303
    after = only(database)
    assert (after.building, after.phone_sealed) == ("4栋", None)
    assert after.person_key != kept.person_key
    for wrong in ({"place": ""}, {"phone": "1"}, {"basis": "x"}, {"place": "3" * 61}):
        read(submit(desk_of_worker.client, page, address, **wrong), status=422)


def test_a_wrong_entry_is_struck_with_a_reason_and_can_be_restored(
    desk_of_worker: Desk, database: Database
) -> None:
    enter(desk_of_worker, WITHOUT)
    kept = only(database)
    assert "请选择除名的理由" in read(do(desk_of_worker, kept, "strike"), status=422).text
    read(do(desk_of_worker, kept, "strike", reason="no such reason"), status=422)
    page = of(desk_of_worker, kept)
    assert do(desk_of_worker, kept, "strike", reason="wrong_entry").status_code == 303
    again = submit(desk_of_worker.client, page, f"{page.url}/strike", reason="died")
    assert again.status_code == 409
    assert "登错了人" in desk_of_worker.visit("/struck").text
    assert do(desk_of_worker, kept, "restore").status_code == 303
    assert only(database).struck_at is None
    assert acts(database) == ["roll.enter", "roll.strike", "roll.restore"]


def test_a_file_does_not_bring_back_who_was_struck_but_the_desk_does(
    desk_of_worker: Desk, database: Database
) -> None:
    send(desk_of_worker, xlsx([HEADER, person(0)]))
    kept = only(database)
    do(desk_of_worker, kept, "strike", reason="not_here")
    page = visit(
        desk_of_worker.client, send(desk_of_worker, xlsx([HEADER, person(0), person(1)])).location
    )
    assert "已经从名册中除名" in page.text
    name, number, basis, room, _phone = (str(cell) for cell in person(0))
    facts = {"name": name, "number": number, "basis": basis, "place": room, "shown": "number"}
    assert enter(desk_of_worker, facts).status_code == 303
    with database.reading() as session:
        assert session.get_one(Elector, (kept.round_id, kept.elector_id)).struck_at is None


def test_a_frozen_roll_says_what_to_do_instead(desk_of_worker: Desk, database: Database) -> None:
    enter(desk_of_worker, WITHOUT)
    kept = only(database)
    form, page = desk_of_worker.visit("/enter"), of(desk_of_worker, kept)
    with database.transaction() as session:
        freeze(session.get_one(Round, desk_of_worker.draft))
    answers = [
        submit(desk_of_worker.client, form, form.url, **WITHOUT),
        submit(desk_of_worker.client, page, f"{page.url}/strike", reason="died"),
    ]
    for answer in answers:
        assert "由另一位工作人员确认" in read(answer, status=409).text
    assert "在这里提出更改" in of(desk_of_worker, kept).text


def test_people_of_other_rolls_are_not_found(desk_of_worker: Desk, database: Database) -> None:
    with database.transaction() as session:
        foreign = make_elector(session, desk_of_worker.foreign)
    desk_of_worker.visit(f"/people/{foreign.elector_id}", status=404)
    desk_of_worker.visit("/people/%00", status=404)
    for path in ("/enter", "/struck", f"/people/{foreign.elector_id}"):
        desk_of_worker.visit(path, round_id=desk_of_worker.foreign, status=404)
