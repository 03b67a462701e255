from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import sit_down
from tests.factories.ballots import NOW, keyring
from tests.factories.keying import Boxes, make_boxes
from tests.factories.notices import let_print
from tests.factories.reconciling import (
    hand_out_papers,
    make_reconciled_boxes,
    serials_of_first,
    settle_bundles,
)
from tests.factories.tally import make_openers
from tests.papers import words
from tests.visiting import read, submit, visit
from voting.paper.models import PaperBallot, PaperBundle, Reconciliation
from voting.paper.rules.serials import check_digit


@dataclass
class Desk:
    """A round whose vote is over, and the browsers of two officers."""

    boxes: Boxes
    first: FlaskClient
    second: FlaskClient

    @property
    def address(self) -> str:
        return f"/desk/rounds/{self.boxes.round.id}"

    @property
    def sheet(self) -> str:
        return f"{self.address}/reconciliation"


def seat(app, database, boxes) -> Desk:
    first, second = app.test_client(), app.test_client()
    sit_down(first, database, boxes.officers[0], now=NOW)
    sit_down(second, database, boxes.officers[1], now=NOW)
    return Desk(boxes, first, second)


@pytest.fixture
def desk(app, database, tmp_path) -> Desk:
    with database.transaction() as session:
        boxes = make_reconciled_boxes(session, keyring(tmp_path / "var"))
    return seat(app, database, boxes)


@pytest.fixture
def lossy(app, database, tmp_path) -> Desk:
    with database.transaction() as session:
        boxes = make_reconciled_boxes(session, keyring(tmp_path / "var"), lost=1)
    return seat(app, database, boxes)


@pytest.fixture
def open_desk(app, database, tmp_path) -> Desk:
    with database.transaction() as session:
        boxes = make_boxes(session, keyring(tmp_path / "var"), papers=4)
        hand_out_papers(session, boxes, 1)
    return seat(app, database, boxes)


def sign(desk, client, action="", **fields):
    return submit(client, visit(client, desk.sheet), desk.sheet + action, **fields)


def stored(database):
    with database.reading() as session:
        return session.scalars(select(Reconciliation)).one_or_none()


def test_two_officers_sign_what_adds_up(desk, database):
    page = visit(desk.first, desk.sheet)
    assert "没有。每一项都对上了。" in page.text
    assert sign(desk, desk.first).status_code == 303
    assert "您已经签字" in visit(desk.first, desk.sheet).text
    assert sign(desk, desk.second, "/second").status_code == 303
    page = visit(desk.first, desk.sheet)
    assert "清票记录已经两人签字" in page.text
    assert stored(database).outcome == "adds_up"


def test_a_missing_paper_is_named_and_explained_line_by_line(lossy, database):
    page = visit(lossy.first, lossy.sheet)
    assert "第 1 批第 1 本（保管人李敏）少 1 张" in page.text
    for why in ("", "x" * 301, "看不见\x07"):
        again = read(sign(lossy, lossy.first, why=why), status=422)
        assert "每一条都写明查到的原因" in again.text
    assert sign(lossy, lossy.first, why="雨天淋坏，没有登记。").status_code == 303
    assert sign(lossy, lossy.second, "/second").status_code == 303
    line = "第 1 批第 1 本（保管人李敏）少 1 张：雨天淋坏，没有登记。"
    assert stored(database).explanation == line
    assert line in visit(lossy.second, lossy.sheet).text


def test_the_page_of_the_count_says_what_to_do_before_and_lets_it_open_after(lossy, app, database):
    with database.transaction() as session:
        (opener,) = make_openers(session, session.merge(lossy.boxes.round.area), 1)
    client = app.test_client()
    sit_down(client, database, opener, now=NOW)
    address = f"{lossy.address}/count"
    page = visit(client, address)
    assert "纸质票还没有清票，不能开箱" in page.text
    assert lossy.sheet in {
        link.partition("://")[2].partition("/")[2] or link for link in page.links
    } | set(page.links)
    token = visit(client, lossy.sheet).form(lossy.sheet).values["csrf_token"]
    refused = read(client.post(address, data={"csrf_token": token}), status=409)
    assert "由两位工作人员签字" in refused.text
    sign(lossy, lossy.first, why="找不到了")
    sign(lossy, lossy.second, "/second")
    assert submit(client, visit(client, address), address).status_code == 303


def test_the_second_hears_what_changed_since_the_first_signed(desk, database):
    sign(desk, desk.first)
    bundles = visit(desk.second, f"{desk.address}/paper/bundles")
    place = next(link for link in bundles.links if "/paper/bundles/" in link)
    again = submit(desk.second, visit(desk.second, place), place + "/again")
    assert again.status_code == 303
    with database.transaction() as session:
        settle_bundles(session, desk.boxes, lost=1)
    page = visit(desk.second, desk.sheet)
    assert "第 1 批第 1 本的“剩余”从 3 变成 2" in page.text
    assert sign(desk, desk.second, "/withdraw").status_code == 303
    assert stored(database) is None


def test_a_stale_page_signs_nothing(desk, database):
    page = visit(desk.first, desk.sheet)
    answer = submit(desk.first, page, desk.sheet, seen="0" * 64)
    assert "数字变了" in read(answer, status=422).text
    assert stored(database) is None


def test_what_waits_is_listed_with_ways_to_it(open_desk):
    page = visit(open_desk.first, open_desk.sheet)
    assert "有 1 本纸质票还没有点清、接收" in page.text
    assert open_desk.sheet not in {form.action for form in page.forms}


def test_a_bundle_is_counted_by_one_and_received_by_another_blindly(open_desk, database):
    place = next(
        link
        for link in visit(open_desk.first, f"{open_desk.address}/paper/bundles").links
        if "/paper/bundles/" in link
    )
    page = visit(open_desk.first, place)
    assert "剩下 3" not in page.text
    for typed in ("", "三", "-1", "9"):
        read(submit(open_desk.first, page, place, unused=typed, act="count"), status=422)
    submit(open_desk.first, page, place, unused="3", act="count")
    own = read(
        submit(open_desk.first, visit(open_desk.first, place), place, unused="3", act="receive"),
        status=409,
    )
    assert "接收的要是另一位工作人员" in own.text
    page = visit(open_desk.second, place)
    differs = read(submit(open_desk.second, page, place, unused="2", act="receive"), status=422)
    assert "您数的和交票人数的不一样" in differs.text
    assert submit(open_desk.second, page, place, unused="3", act="receive").status_code == 303
    with database.reading() as session:
        bundle = session.scalars(select(PaperBundle)).one()
    assert (bundle.unused, bundle.counted_by, bundle.received_by) == (
        3, open_desk.boxes.officers[0].id, open_desk.boxes.officers[1].id,
    )  # fmt: skip
    assert "收好了，剩 3 张" in visit(open_desk.first, f"{open_desk.address}/paper/bundles").text


def test_a_misprinted_paper_is_taken_out_of_use_and_put_back(open_desk, database):
    with database.reading() as session:
        serial = serials_of_first(session, open_desk.boxes)[0]
    unknown = "00000000" + check_digit("00000000")
    place = f"{open_desk.address}/paper/spoiled"
    page = visit(open_desk.first, place)
    for typed, sentence in (("123", "票号不对"), (unknown, "本轮没有票号是")):
        assert sentence in read(submit(open_desk.first, page, place, serial=typed), status=422).text
    submit(open_desk.first, page, place, serial=serial, reason="damaged")
    page = visit(open_desk.first, place)
    assert "损坏" in page.text
    twice = read(submit(open_desk.first, page, place, serial=serial), status=422)
    assert "已经登记过" in twice.text
    assert submit(open_desk.first, page, place + "/undo").status_code == 303
    with database.reading() as session:
        states = set(session.scalars(select(PaperBallot.state)))
    assert states == {"printed"}


def test_the_record_is_a_paper_with_lines_to_sign(lossy, config):
    let_print(config)
    sign(lossy, lossy.first, why="雨天淋坏")
    sign(lossy, lossy.second, "/second")
    answer = lossy.first.get(f"{lossy.sheet}/record.pdf")
    assert answer.mimetype == "application/pdf"
    said = "".join(words(answer.data).split())
    for one in ("清票记录", "总监票人", "时间（写到分）", "少1张：雨天淋坏", "李敏"):
        assert one in said
