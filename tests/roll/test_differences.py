"""A second file shows what it would change before anything changes; chosen lines are taken over."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.factories.accounts import make_officer, sit_down
from tests.factories.roll import HEADER, NOW, Cells, freeze, person, xlsx
from tests.roll.conftest import Desk
from tests.roll.sending import check, send
from tests.visiting import Page, read, submit, visit
from voting.areas.models import Area
from voting.journal.models import JournalEntry
from voting.permissions import Role
from voting.persistence.session import Database
from voting.roll.models import Elector, RollChange
from voting.roll.rules.hashing import roll_hash
from voting.roll.service import hand_out, newest_change
from voting.rounds.models import Round

FIRST = [person(index) for index in range(4)]
MOVED = [*FIRST[1][:3], "7栋707", "13912345678"]
SECOND = [HEADER, FIRST[0], MOVED, FIRST[2], person(9)]
WHY = {"reason": "物业的新名册"}


@pytest.fixture
def listed_four(desk_of_worker: Desk) -> Desk:
    send(desk_of_worker, xlsx([HEADER, *FIRST]))
    return desk_of_worker


def compare(desk: Desk, cells: Sequence[Cells] = SECOND) -> str:
    """Send a file and return where what was found in it is shown."""
    return check(desk, xlsx(cells)).location


def electors(database: Database, round_id: str) -> list[Elector]:
    with database.reading() as session:
        return list(session.scalars(select(Elector).where(Elector.round_id == round_id)))


def take(desk: Desk, address: str, kind: str, **changes: object) -> Page:
    """Take over what is ticked on the first page of a list."""
    page = visit(desk.client, f"{address}/{kind}")
    answer = submit(desk.client, page, f"{page.url}?page=1", **{**WHY, **changes})
    return visit(desk.client, answer.location)


def test_a_second_file_shows_the_difference_and_changes_nothing(listed_four, database):
    address = compare(listed_four)
    page = visit(listed_four.client, address)
    for words in ("新的人 1", "有变化的人 1", "新名册里没有的人 1"):
        assert words in page.text
    changed = visit(listed_four.client, f"{address}/changed")
    for words in ("7栋", "原来：1栋", "房号有变化", "电话有变化"):
        assert words in changed.text
    for secret in (str(MOVED[1]), "707", "13912345678"):
        assert secret not in changed.html
    assert len(electors(database, listed_four.draft)) == 4


def test_the_first_file_is_compared_with_nothing(desk_of_worker):
    address = compare(desk_of_worker)
    assert "和名册比一比" not in visit(desk_of_worker.client, address).text
    answer = desk_of_worker.client.get(f"{address}/new")
    assert "已经不在服务器上" in read(answer, status=409).text


def test_before_the_freezing_chosen_lines_change_the_roll(listed_four, database):
    address = compare(listed_four)
    assert "已改好" in take(listed_four, address, "new").text
    take(listed_four, address, "changed")
    missing = visit(listed_four.client, f"{address}/missing")
    nothing = submit(listed_four.client, missing, f"{missing.url}?page=1", **WHY)
    assert "请先勾选要办的人" in read(nothing, status=422).text
    assert (
        "请写为什么要改"
        in read(submit(listed_four.client, missing, f"{missing.url}?page=1"), status=422).text
    )
    key = [one.get("value") for one in missing.all("input") if one.get("name") == "line"]
    take(listed_four, address, "missing", line=key)
    kept = electors(database, listed_four.draft)
    assert len(kept) == 5
    assert [one.struck_reason for one in kept if one.struck_at] == ["物业的新名册"]
    assert "7栋" in {one.building for one in kept}
    with database.reading() as session:
        acts = session.scalars(select(JournalEntry.act).order_by(JournalEntry.idx)).all()
    assert acts[1:] == ["roll.take_over"] * 3
    again = visit(listed_four.client, f"{address}/new")
    assert [one for one in again.all("input") if one.get("name") == "line"] == []


def test_a_line_that_somebody_else_settled_says_why_it_was_not_done(listed_four, database):
    address = compare(listed_four)
    page = visit(listed_four.client, f"{address}/changed")
    with database.transaction() as session:
        for elector in session.scalars(select(Elector)):
            elector.struck_at, elector.struck_reason = NOW, "died"
    submit(listed_four.client, page, f"{page.url}?page=1", **WHY)
    assert "已经除名了" in visit(listed_four.client, f"{address}/changed").text


def test_a_line_of_another_page_is_refused(listed_four):
    page = visit(listed_four.client, f"{compare(listed_four)}/new")
    answer = submit(listed_four.client, page, f"{page.url}?page=1", line="x", **WHY)
    assert "勾选的人不在这一页" in read(answer, status=422).text


def announce(desk: Desk, database: Database) -> None:
    with database.transaction() as session:
        freeze(session.get_one(Round, desk.draft))


def second_officer(desk: Desk, database: Database) -> None:
    with database.transaction() as session:
        area = session.get_one(Area, session.get_one(Round, desk.draft).area_id)
        second = make_officer(session, area=area, role=Role.COMMUNITY_WORKER, name="周强")
    sit_down(desk.client, database, second, now=NOW)


def test_after_the_freezing_each_line_waits_for_a_second_officer(listed_four, database):
    announce(listed_four, database)
    address = compare(listed_four)
    page = visit(listed_four.client, address)
    assert "导入好的" not in page.text
    for kind in ("new", "changed"):
        assert "等着确认" in take(listed_four, address, kind).text
    missing = visit(listed_four.client, f"{address}/missing")
    key = [one.get("value") for one in missing.all("input") if one.get("name") == "line"]
    take(listed_four, address, "missing", line=key)
    assert len(electors(database, listed_four.draft)) == 4
    second_officer(listed_four, database)
    waiting = listed_four.visit("/changes")
    ids = [one.get("value") for one in waiting.all("input") if one.get("name") == "change"]
    assert len(ids) == 3
    answer = submit(listed_four.client, waiting, waiting.url, change=ids)
    assert "已确认 3 项" in visit(listed_four.client, answer.location).text
    kept = electors(database, listed_four.draft)
    living = [one for one in kept if one.struck_at is None]
    assert (len(kept), len(living)) == (5, 4)
    with database.reading() as session:
        newest = newest_change(session, listed_four.draft)
    assert newest is not None
    assert newest.digest == roll_hash((one.elector_id, one.id_key) for one in living)


def test_who_used_their_right_is_no_candidate_for_striking(listed_four, database):
    announce(listed_four, database)
    with database.transaction() as session:
        for elector in session.scalars(select(Elector)):
            hand_out(session, now=NOW, round_id=listed_four.draft, elector_id=elector.elector_id)
    page = visit(listed_four.client, f"{compare(listed_four)}/missing")
    assert "不能除名" in page.text
    assert [one for one in page.all("input") if one.get("name") == "line"] == []


def test_whole_lists_are_taken_over_and_confirmed_as_jobs(listed_four, database):
    announce(listed_four, database)
    address = compare(listed_four, [HEADER, *FIRST, *(person(index) for index in range(10, 70))])
    page = visit(listed_four.client, f"{address}/new")
    whole = f"{address}/new/all"
    token = page.form(f"{page.url}?page=1").values["csrf_token"][0]
    reasonless = listed_four.client.post(whole, data={"csrf_token": token})
    assert "请写为什么要改" in read(reasonless, status=422).text
    listed_four.client.post(whole, data={"csrf_token": token, **WHY})
    assert "等着确认" in visit(listed_four.client, f"{address}/new?page=2").text
    assert (
        listed_four.client.post(
            f"{address}/missing/all", data={"csrf_token": token, **WHY}
        ).status_code
        == 404
    )
    with database.reading() as session:
        assert len(session.scalars(select(RollChange)).all()) == 60
    second_officer(listed_four, database)
    waiting = listed_four.visit("/changes")
    assert "第 1 页，共 2 页" in waiting.text
    submit(listed_four.client, waiting, f"{waiting.url}/all")
    assert "没有等着确认的更改" in listed_four.visit("/changes").text
    with database.reading() as session:
        counts = session.scalars(select(RollChange.count).order_by(RollChange.second_at)).all()
    assert counts == list(range(5, 65))
    assert "第 1 页，共 2 页" in listed_four.visit("/changes/history").text


def test_the_differences_go_with_the_file(listed_four, config):
    address = compare(listed_four)
    folder = Path(config.var) / "rolls"
    assert {one.suffix for one in folder.iterdir()} >= {".differences", ".new-1"}
    page = visit(listed_four.client, address)
    submit(listed_four.client, page, f"{address}/give-up")
    assert list(folder.iterdir()) == []
