"""The pages on which one officer asks and another decides."""

import re

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.factories.accounts import make_officer, sit_down
from tests.factories.roll import NOW, make_elector, make_round, person
from tests.papers import running_text
from tests.roll.conftest import Desk
from tests.rounds.statements import statements
from tests.visiting import Page, read, submit, visit
from voting.areas.models import Area
from voting.journal.models import JournalEntry
from voting.permissions import Role
from voting.persistence.session import Database
from voting.roll.models import Elector, RollChange
from voting.roll.service import hand_out
from voting.rounds.models import Round

TYPED = {
    "name": "李二二", "basis": "居住", "place": "3栋502", "shown": "number",
    "number": str(person(5)[1]), "phone": "13800000000", "why": "漏了",
}  # fmt: skip


@pytest.fixture
def elector(desk_of_worker: Desk, database: Database) -> Elector:
    with database.transaction() as session:
        return make_elector(session, desk_of_worker.voting)


def of(desk: Desk, elector: Elector) -> Page:
    return desk.visit(f"/people/{elector.elector_id}", round_id=desk.voting)


def do(desk: Desk, elector: Elector, act: str, **changes: object) -> TestResponse:
    page = of(desk, elector)
    return submit(desk.client, page, f"{page.url}/{act}", **changes)


def colleague(desk: Desk, database: Database) -> None:
    """Another officer sits down at the same desk."""
    with database.transaction() as session:
        area = session.get_one(Area, session.get_one(Round, desk.voting).area_id)
        second = make_officer(session, area=area, role=Role.COMMUNITY_WORKER, name="周强")
    sit_down(desk.client, database, second, now=NOW)


def test_a_person_is_asked_for_and_confirmed_by_a_colleague(desk_of_worker, database):
    page = desk_of_worker.visit("/enter", round_id=desk_of_worker.voting)
    assert "提出补列" in page.text
    ask = f"{page.url}/ask"
    wrong = submit(desk_of_worker.client, page, ask, **{**TYPED, "why": ""})
    assert "请写为什么要改" in read(wrong, status=422).text
    answer = submit(desk_of_worker.client, page, ask, **TYPED)
    shown = visit(desk_of_worker.client, answer.location)
    assert "要请另一位工作人员确认" in shown.text
    assert TYPED["number"] not in shown.html
    colleague(desk_of_worker, database)
    shown = visit(desk_of_worker.client, answer.location)
    for words in ("李*", "漏了", "3栋"):
        assert words in shown.text
    assert submit(desk_of_worker.client, shown, f"{shown.url}/confirm").status_code == 303
    page = visit(desk_of_worker.client, answer.location)
    assert "改后名册1 人" in page.text
    twice = submit(desk_of_worker.client, shown, f"{shown.url}/refuse")
    assert "已经有人办过了" in read(twice, status=409).text


def test_a_strike_is_asked_for_and_sent_back(desk_of_worker, database, elector):
    assert "请选择除名的理由" in read(do(desk_of_worker, elector, "strike/ask"), status=422).text
    answer = do(desk_of_worker, elector, "strike/ask", reason="died")
    assert "有一项更改在等" in of(desk_of_worker, elector).text
    colleague(desk_of_worker, database)
    shown = visit(desk_of_worker.client, answer.location)
    assert "已经去世" in shown.text
    submit(desk_of_worker.client, shown, f"{shown.url}/refuse")
    history = desk_of_worker.visit("/changes/history", round_id=desk_of_worker.voting)
    for words in ("退回", "除名", "已经去世", "王芳 / 周强"):
        assert words in history.text
    with database.reading() as session:
        assert session.scalars(select(Elector.struck_at)).all() == [None]


def test_a_place_is_corrected_and_who_was_struck_comes_back(desk_of_worker, database):
    with database.transaction() as session:
        struck = make_elector(session, desk_of_worker.voting, struck_at=NOW, struck_reason="died")
        moved = make_elector(session, desk_of_worker.voting)
    read(do(desk_of_worker, struck, "restore/ask"), status=422)
    do(desk_of_worker, struck, "restore/ask", why="除错了")
    looked = read(do(desk_of_worker, moved, "look"))
    address = looked.url.replace("/look", "/correct/ask")
    wrong = submit(desk_of_worker.client, looked, address, place="", why="搬家")
    assert "没有填楼栋房号" in read(wrong, status=422).text
    answer = submit(desk_of_worker.client, looked, address, place="8栋808", why="搬家")
    assert answer.status_code == 303
    colleague(desk_of_worker, database)
    page = desk_of_worker.visit("/changes", round_id=desk_of_worker.voting)
    ids = re.findall(r'name="change" value="(\w+)"', page.html)
    submit(desk_of_worker.client, page, page.url, change=ids)
    with database.reading() as session:
        people = session.scalars(select(Elector).where(Elector.round_id == desk_of_worker.voting))
        assert {(one.building, one.struck_at) for one in people} == {("3栋", None), ("8栋", None)}


def test_what_cannot_be_confirmed_is_said_and_the_rest_is_done(desk_of_worker, database, elector):
    answer = do(desk_of_worker, elector, "strike/ask", reason="died")
    with database.transaction() as session:
        hand_out(session, now=NOW, round_id=desk_of_worker.voting, elector_id=elector.elector_id)
    colleague(desk_of_worker, database)
    shown = visit(desk_of_worker.client, answer.location)
    refused = submit(desk_of_worker.client, shown, f"{shown.url}/confirm")
    assert "已经领过票或投过票" in read(refused, status=409).text
    page = desk_of_worker.visit("/changes", round_id=desk_of_worker.voting)
    nothing = submit(desk_of_worker.client, page, page.url)
    assert "请先勾选" in read(nothing, status=422).text
    strange = submit(desk_of_worker.client, page, page.url, change="x")
    assert "已经办过的" in read(strange, status=422).text
    ids = re.findall(r'name="change" value="(\w+)"', page.html)
    made = submit(desk_of_worker.client, page, page.url, change=ids)
    assert "已经领过票或投过票" in visit(desk_of_worker.client, made.location).text


def test_nothing_of_ones_own_is_confirmed_all_at_once(desk_of_worker, elector):
    do(desk_of_worker, elector, "strike/ask", reason="died")
    page = desk_of_worker.visit("/changes", round_id=desk_of_worker.voting)
    token = page.form(page.url).values["csrf_token"][0]
    answer = desk_of_worker.client.post(f"{page.url}/all", data={"csrf_token": token})
    assert "没有等您确认的更改" in read(answer, status=409).text


def test_a_roll_that_is_not_frozen_or_closed_says_so(desk_of_worker, database, elector):
    page = of(desk_of_worker, elector)
    token = page.form(f"{page.url}/strike/ask").values["csrf_token"][0]
    with database.transaction() as session:
        area = session.get_one(Round, desk_of_worker.draft).area_id
        other = make_elector(session, desk_of_worker.draft)
        over = make_round(session, frozen=True, area_id=area, closes_at=NOW)
        late = make_elector(session, over.id)
    for round_id, one, words in (
        (desk_of_worker.draft, other, "名册可以直接改"), (over.id, late, "投票已经截止"),
    ):  # fmt: skip
        address = f"/desk/rounds/{round_id}/roll/people/{one.elector_id}/strike/ask"
        answer = desk_of_worker.client.post(address, data={"csrf_token": token, "reason": "died"})
        assert words in read(answer, status=409).text
    assert "现在不能改名册" in desk_of_worker.visit("/changes", round_id=over.id).text
    assert "不能再改" in desk_of_worker.visit("", round_id=over.id).text
    desk_of_worker.visit("/enter", round_id=over.id, status=409)


def test_who_asks_is_told_entry_and_mark_and_nothing_else(desk_of_worker, database, elector):
    shown = read(do(desk_of_worker, elector, "standing"))
    assert "没有划销" in shown.text
    with database.transaction() as session:
        hand_out(session, now=NOW, round_id=desk_of_worker.voting, elector_id=elector.elector_id)
    shown = read(do(desk_of_worker, elector, "standing"))
    for words in ("张*", "3699**********1234", "已划销：11月23日（周一） 领了投票卡"):
        assert words in shown.text
    paper = submit(desk_of_worker.client, shown, f"{shown.url}.pdf")
    assert paper.mimetype == "application/pdf"
    assert paper.headers["Cache-Control"] == "no-store"
    text = running_text(paper.data)
    assert "名册登记情况" in text
    assert "领了投票卡" in text
    with database.reading() as session:
        acts = session.scalars(select(JournalEntry.act)).all()
    assert acts.count("roll.answer") == 3


def test_a_list_asks_no_more_for_many_changes_than_for_few(desk_of_worker, app, database):
    engine = app.extensions["voting.database"].engine
    counts = []
    for number in (3, 40):
        with database.transaction() as session:
            for _ in range(number):
                one = make_elector(session, desk_of_worker.voting)
                session.add(
                    RollChange(
                        round_id=desk_of_worker.voting,
                        act="strike",
                        elector_id=one.elector_id,
                        name_masked="张*",
                        reason="died",
                        first_by="one",
                        first_at=NOW,
                    )
                )
        with statements(engine) as seen:
            desk_of_worker.visit("/changes", round_id=desk_of_worker.voting)
        counts.append(len(seen))
    assert counts[0] == counts[1]
