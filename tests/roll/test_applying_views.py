"""The pages of an application: on a phone, and at the desk."""

from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.factories.accounts import make_officer, sit_down
from tests.factories.roll import NOW, identity_number, make_round, person
from tests.roll.conftest import Desk
from tests.visiting import Page, read, submit, visit
from voting.areas.models import Area
from voting.journal.models import JournalEntry
from voting.permissions import Role
from voting.persistence.session import Database
from voting.rounds.models import Round

NUMBER = str(person(5)[1])
TYPED = {"name": "王一一", "number": NUMBER, "basis": "居住", "place": "3栋502", "agrees": "y"}


def round_for(database: Database, phase: str = "collecting") -> str:
    with database.transaction() as session:
        return make_round(session, phase=phase).id


def send(client: FlaskClient, round_id: str, **changes: object) -> TestResponse:
    page = visit(client, f"/rounds/{round_id}/apply")
    return submit(client, page, page.url, **{**TYPED, **changes})


def test_a_resident_applies_and_comes_back_with_the_code(client, database):
    round_id = round_for(database)
    answer = send(client, round_id)
    assert answer.status_code == 303
    page = visit(client, answer.location)
    assert "申请收到了" in page.text
    code = urlsplit(answer.location).path.rpartition("/")[2]
    assert "王" not in page.text.replace("王一一", "")
    assert NUMBER not in page.html
    typed = client.get("/apply", query_string={"code": code.replace("-", " ").lower()})
    assert typed.location == answer.location
    assert client.get(answer.location).headers["X-Robots-Tag"].startswith("noindex")
    assert "10 个字母和数字" in visit(client, "/apply?code=0", status=422).text
    assert "没有这个查询码" in visit(client, "/apply/22222-22222", status=404).text
    visit(client, "/apply")


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"name": ""}, "请填证件上的姓名"),
    ({"number": ""}, "请填证件号码"),
    ({"number": identity_number(order=7)[:-1] + "0"}, "最后一位"),
    ({"number": identity_number(NOW.date().replace(year=2015))}, "小小观察员"),
    ({"basis": ""}, "请选一项"),
    ({"place": ""}, "请填楼栋房号"),
    ({"place": "-"}, "没有填楼栋房号"),
    ({"phone": "123"}, "电话"),
    ({"agrees": None}, "同意请打勾"),
])  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    client, database, changes, sentence
):
    page = read(send(client, round_for(database), **changes), status=422)
    assert sentence in page.text
    if "name" not in changes:
        assert "王一一" in page.html


def test_a_form_without_its_token_is_shown_again(client, database):
    page = read(client.post(f"/rounds/{round_for(database)}/apply", data=TYPED), status=422)
    assert "王一一" in page.html


def test_who_is_listed_gets_the_answer_of_who_is_not(desk_of_worker, database):
    with database.transaction() as session:
        area = session.get_one(Round, desk_of_worker.draft).area_id
        round_id = make_round(session, phase="collecting", area_id=area).id
    page = desk_of_worker.visit("/enter", round_id=round_id)
    number = {"shown": "number", "number": NUMBER}
    submit(desk_of_worker.client, page, page.url, **{**TYPED, **number})
    answer = send(desk_of_worker.client, round_id)
    assert "申请收到了" in visit(desk_of_worker.client, answer.location).text
    one = queue(desk_of_worker, round_id)
    tried = do(desk_of_worker, one, "accept", proof="lease", seen="y")
    assert "已经有这位居民" in read(tried, status=422).text
    assert do(desk_of_worker, one, "refuse", answer="listed").status_code == 303
    assert "您已经在名册上" in visit(desk_of_worker.client, answer.location).text


def queue(desk: Desk, round_id: str) -> Page:
    """Open the one application that waits."""
    page = desk.visit("/applications", round_id=round_id)
    links = [link for link in page.links if "/applications/" in link]
    assert len(links) == 1
    return visit(desk.client, links[0])


def do(desk: Desk, page: Page, act: str, **changes: object) -> TestResponse:
    return submit(desk.client, page, f"{page.url}/{act}", **changes)


@pytest.fixture
def collecting(desk_of_worker: Desk, database: Database) -> str:
    with database.transaction() as session:
        area = session.get_one(Round, desk_of_worker.draft).area_id
        return make_round(session, phase="collecting", area_id=area).id


def test_the_details_are_shown_once_and_the_journal_keeps_who_looked(
    desk_of_worker, database, collecting
):
    send(desk_of_worker.client, collecting)
    page = queue(desk_of_worker, collecting)
    assert NUMBER not in page.html
    looked = read(do(desk_of_worker, page, "look"))
    assert NUMBER in looked.text
    assert NUMBER not in queue(desk_of_worker, collecting).html
    with database.reading() as session:
        assert session.scalars(select(JournalEntry.act)).all()[-1] == "roll.look_application"


def test_a_worker_accepts_with_the_document_in_hand(desk_of_worker, database, collecting):
    address = send(desk_of_worker.client, collecting).location
    page = queue(desk_of_worker, collecting)
    assert "请选择看了哪种材料" in read(do(desk_of_worker, page, "accept"), status=422).text
    unseen = do(desk_of_worker, page, "accept", proof="lease")
    assert "请看过原件再打勾" in read(unseen, status=422).text
    answer = do(desk_of_worker, page, "accept", proof="lease", seen="y")
    assert answer.status_code == 303
    assert "已列入名册" in visit(desk_of_worker.client, address).text
    assert "租赁合同" in visit(desk_of_worker.client, page.url).text
    again = do(desk_of_worker, page, "accept", proof="lease", seen="y")
    assert "已经办完了" in read(again, status=409).text
    assert "没有等着办的申请" in desk_of_worker.visit("/applications", round_id=collecting).text


def test_a_refusal_says_why_and_what_to_do(desk_of_worker, collecting):
    address = send(desk_of_worker.client, collecting).location
    page = queue(desk_of_worker, collecting)
    assert "请选择理由" in read(do(desk_of_worker, page, "refuse"), status=422).text
    do(desk_of_worker, page, "refuse", answer="not_shown", words="缺租赁合同")
    page = visit(desk_of_worker.client, address)
    for words in ("没有看到证件", "缺租赁合同", "请带齐证件"):
        assert words in page.text


def test_at_a_frozen_roll_two_officers_put_the_applicant_on_it(desk_of_worker, database):
    round_id = desk_of_worker.voting
    address = send(desk_of_worker.client, round_id).location
    page = queue(desk_of_worker, round_id)
    do(desk_of_worker, page, "accept", proof="household", seen="y")
    assert "正由另一位工作人员复核" in visit(desk_of_worker.client, address).text
    changes = desk_of_worker.visit("/changes", round_id=round_id)
    assert "户口簿" in changes.text
    assert "自己提的" in changes.text
    with database.transaction() as session:
        area = session.get_one(Area, session.get_one(Round, round_id).area_id)
        second = make_officer(session, area=area, role=Role.COMMUNITY_WORKER, name="周强")
    sit_down(desk_of_worker.client, database, second, now=NOW)
    page = desk_of_worker.visit("/changes", round_id=round_id)
    (link,) = [one for one in page.links if "/changes/" in one and "history" not in one]
    page = visit(desk_of_worker.client, link)
    assert "3栋" in page.text
    assert do(desk_of_worker, page, "confirm").status_code == 303
    assert "您已经在名册上" in visit(desk_of_worker.client, address).text
    assert "户口簿" in desk_of_worker.visit("/changes/history", round_id=round_id).text


def test_a_round_that_takes_none_says_so(client, database):
    closed = round_for(database, phase="counting")
    assert "现在不收名册申请" in visit(client, f"/rounds/{closed}/apply", status=409).text
    visit(client, f"/rounds/{round_for(database, phase='draft')}/apply", status=404)
    open_round = round_for(database)
    page = visit(client, f"/rounds/{open_round}/apply")
    with database.transaction() as session:
        session.get_one(Round, open_round).phase = "counting"
    assert submit(client, page, page.url, **TYPED).status_code == 409


def test_applications_of_others_are_not_found(desk_of_worker, collecting):
    send(desk_of_worker.client, collecting)
    page = queue(desk_of_worker, collecting)
    path = urlsplit(page.url).path.partition("/roll")[2]
    for round_id in (desk_of_worker.draft, desk_of_worker.foreign):
        desk_of_worker.visit(path, round_id=round_id, status=404)
    desk_of_worker.visit("/applications/%00", round_id=collecting, status=404)
