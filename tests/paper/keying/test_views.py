"""The pages about keying, without a script: a plain form, and what the script asks in JSON."""

import json

import pytest
from sqlalchemy import func, select

from tests.factories.accounts import make_officer, sit_down
from tests.factories.ballots import NOW
from tests.factories.keying import key_twice, make_boxes, paper_of
from tests.visiting import read, submit, visit
from voting.ballots.models import UrnEntry
from voting.paper.models import PaperDecision, PaperForeign, PaperVoid
from voting.permissions import Role

JSON = {"Accept": "application/json"}


class Table:
    """A round whose boxes are open, and a browser of each of three officers."""

    def __init__(self, app, database, keys, *, prepare=lambda *_: None, **changes):
        self.database, self.keys = database, keys
        with database.transaction() as session:
            self.boxes = make_boxes(session, keys, **changes)
            prepare(session, self.boxes)
        self.base = f"/desk/rounds/{self.boxes.round.id}/paper"
        self.clients = [app.test_client() for _ in self.boxes.officers]
        for client, officer in zip(self.clients, self.boxes.officers, strict=True):
            sit_down(client, database, officer, now=NOW)

    def page(self, path="/keying", who=0, *, status=200):
        return visit(self.clients[who], self.base + path, status=status)

    def send(self, path="/keying", who=0, *, action=None, page=None, **fields):
        page = page or self.page(path, who)
        return submit(self.clients[who], page, action or self.base + path, **fields)

    def key(self, who, serial, ticks, **more):
        token = self.page(who=who).form(self.base + "/keying").values["csrf_token"]
        data = {"csrf_token": token, "serial": serial, "ticks": ticks, **more}
        return self.clients[who].post(self.base + "/keying", data=data, headers=JSON)

    def count(self, kind):
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(kind))

    def state(self, serial):
        with self.database.reading() as session:
            return paper_of(session, self.boxes, serial).state


@pytest.fixture
def table(app, database, keys):
    return Table(app, database, keys)


@pytest.fixture
def disputed(app, database, keys):
    return Table(
        app, database, keys,
        prepare=lambda session, boxes: key_twice(session, keys, boxes, boxes.serials[0], "1 2", "1 3?"),
    )  # fmt: skip


def test_two_officers_key_a_paper_without_a_script(table):
    serial = table.boxes.serials[0]
    for who, said in ((0, "第一遍录好"), (1, "已投进票箱")):
        assert table.send(who=who, serial=serial, ticks="1 5 12").status_code == 303
        assert said in table.page(who=who).text
    assert table.count(UrnEntry) == 1
    assert table.state(serial) == "entered"


def test_a_blank_paper_takes_a_second_enter(table):
    asked = read(table.send(serial=table.boxes.serials[0], ticks=""), status=422)
    assert "再按一次回车" in asked.text
    action = table.base + "/keying"
    assert submit(table.clients[0], asked, action).status_code == 303
    assert table.state(table.boxes.serials[0]) == "returned"


def test_nothing_typed_is_lost_when_a_paper_is_refused(table):
    page = read(table.send(serial="12345", ticks="1 5"), status=422)
    assert page.form(table.base + "/keying").values["ticks"] == ["1 5"]
    assert "校验位" in page.text


def test_the_script_is_told_in_json(table):
    serial = table.boxes.serials[0]
    first = table.key(0, serial, "1 5").get_json()
    assert (first["after"], first["serial"]) == ("first", serial)
    assert first["progress"] == {"settled": 0, "once": 1, "disputed": 0, "mine": 1}
    again = table.key(0, serial, "1 5")
    assert again.status_code == 422
    assert (again.get_json()["after"], again.get_json()["field"]) == ("refused", "serial")
    assert table.key(1, serial, "1 2 3 4 5").get_json()["after"] == "disputed"
    blank = table.key(0, table.boxes.serials[1], "").get_json()
    assert (blank["after"], blank["field"]) == ("refused", "ticks")
    assert table.key(0, table.boxes.serials[1], "", blank="yes").get_json()["after"] == "first"
    done = table.key(1, table.boxes.serials[1], "", blank="yes").get_json()
    assert done["after"] == "invalid"
    assert "空白" in done["said"]


def test_no_answer_tells_the_second_what_the_first_keyed(table):
    serial = table.boxes.serials[0]
    table.key(0, serial, "1 5 12")
    answers = {
        json.dumps(table.key(0, serial, ticks).get_json()["said"]) for ticks in ("1 5 12", "7")
    }
    assert len(answers) == 1


def test_an_unfilled_form_is_told_in_json(table):
    answer = table.key(0, "", "1")
    assert answer.status_code == 422
    assert answer.get_json()["field"] == "serial"


def test_while_people_vote_the_page_says_when_to_come(table, clock):
    clock.now = table.boxes.round.opens_at
    page = table.page()
    assert "现在不能录票" in page.text
    assert not [form for form in page.forms if form.action.endswith("/keying")]


def test_a_third_officer_decides_what_two_leave_open(disputed):
    serial = disputed.boxes.serials[0]
    path = f"/adjudication/{serial}"
    assert path in " ".join(disputed.page("/adjudication", 2).links)
    page = disputed.page(path, 2)
    facts = {"monitor": disputed.boxes.monitor.id, "reason": "压线的不算", "paper": "valid"}
    half = read(disputed.send(path, 2, page=page, **facts, **{"mark-2": "yes"}), status=422)
    assert "3 号还没有定" in half.text
    done = disputed.send(path, 2, page=half, **facts, **{"mark-2": "yes", "mark-3": "no"})
    assert done.status_code == 303
    assert disputed.count(UrnEntry) == disputed.count(PaperDecision) == 1
    listed = disputed.page("/adjudication", 0).text
    assert "压线的不算" in listed
    assert disputed.boxes.monitor.name in listed


def test_a_keyer_is_not_shown_the_other_keying(disputed):
    page = disputed.page(f"/adjudication/{disputed.boxes.serials[0]}", 0, status=409)
    assert "不能由您裁定" in page.text


def test_a_paper_that_is_none_has_no_decision(disputed):
    disputed.page("/adjudication/123", 2, status=404)
    disputed.page("/adjudication/record.pdf", 2, status=404)


def test_a_correction_takes_two(table):
    serial = table.boxes.serials[0]
    with table.database.transaction() as session:
        key_twice(session, table.keys, table.boxes, serial, "1")
    unknown = read(table.send("/corrections", serial="1", reason="录串了行"), status=422)
    assert "录串了行" in unknown.form(table.base + "/corrections").values["reason"]
    asked = table.send("/corrections", serial=serial, reason="录串了行")
    assert asked.status_code == 303
    with table.database.reading() as session:
        void = session.scalars(select(PaperVoid)).one()
    action = f"{table.base}/corrections/{void.id}"
    own = [form.values for form in table.page("/corrections").forms if form.action == action]
    assert [set(values) for values in own] == [{"csrf_token", "act"}]
    page = table.page("/corrections", 1)
    token = page.form(table.base + "/corrections").values["csrf_token"]
    done = table.clients[1].post(action, data={"csrf_token": token})
    assert done.status_code == 303
    assert table.state(serial) == "returned"
    late = table.clients[2].post(action, data={"csrf_token": token})
    assert late.status_code in {400, 409}


def test_a_correction_is_withdrawn(table):
    serial = table.boxes.serials[0]
    with table.database.transaction() as session:
        key_twice(session, table.keys, table.boxes, serial, "1")
    table.send("/corrections", serial=serial, reason="录串了行")
    with table.database.reading() as session:
        void = session.scalars(select(PaperVoid)).one()
    action = f"{table.base}/corrections/{void.id}"
    assert table.send("/corrections", action=action).status_code == 303
    assert table.count(PaperVoid) == 0


def test_a_foreign_paper_is_looked_at_by_two(table):
    assert table.send("/foreign", sign="复印的").status_code == 303
    with table.database.reading() as session:
        paper = session.scalars(select(PaperForeign)).one()
    action = f"{table.base}/foreign/{paper.id}"
    page = table.page("/foreign", 1)
    token = page.form(table.base + "/foreign").values["csrf_token"]
    own = table.page("/foreign").form(table.base + "/foreign").values["csrf_token"]
    refused = table.clients[0].post(action, data={"csrf_token": own})
    assert "另一位工作人员" in read(refused, status=409).text
    assert table.clients[1].post(action, data={"csrf_token": token}).status_code == 303
    assert "复印的" in table.page("/foreign").text


@pytest.mark.parametrize("path", ["/keying", "/adjudication", "/corrections", "/foreign"])
def test_only_who_keys_sees_the_pages(table, app, database, path):
    with database.transaction() as session:
        area = session.merge(table.boxes.round.area)
        auditor = make_officer(session, area=area, role=Role.AUDITOR)
        stranger = make_officer(session, role=Role.COMMUNITY_WORKER)
    for officer, status in ((auditor, 403), (stranger, 404)):
        client = app.test_client()
        sit_down(client, database, officer, now=NOW)
        visit(client, table.base + path, status=status)
