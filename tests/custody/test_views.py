"""The pages of keys, as officers and monitors walk through them."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from tests.custody.desks import photograph
from tests.factories.accounts import make_officer
from tests.factories.areas import NOW
from tests.factories.custody import (
    AFTER,
    MONITORS,
    key_of,
    make_listed,
    make_monitors,
    make_sealed,
    typed,
)
from tests.factories.notices import let_print
from tests.visiting import read, submit, visit
from voting.custody.service import (
    make_sets,
    waiting_sheets,
)
from voting.journal.rules import COMMAND_LINE
from voting.permissions import Role
from voting.rounds.models import Round
from voting.rounds.rules import SealWay
from voting.tally.models import Tally
from voting.tally.service import approve_opening

ACT: dict[str, Any] = {"now": NOW, "actor": COMMAND_LINE}


def _monitors(session, keys, **changes):
    round = make_listed(session, keys, **changes)
    make_monitors(session, keys, round)
    return round


def test_three_monitors_get_their_sheets_and_the_server_forgets(desk, keys, config):
    let_print(config)
    town = desk(lambda session: _monitors(session, keys))
    assert "请三名监票人都到场" in visit(town.client, town.path).text
    assert town.press(f"{town.path}/make").status_code == 303
    page = visit(town.client, town.path)
    assert all(name in page.text for name in MONITORS)
    printed = town.press(f"{town.path}/sheets")
    assert (printed.status_code, printed.mimetype) == (200, "application/pdf")
    assert printed.headers["Cache-Control"] == "no-store"
    with town.database.reading() as session:
        round = session.get_one(Round, town.round_id)
        sheets = waiting_sheets(session, keys=keys, round=round)
    assert town.press(f"{town.path}/forget").status_code == 303
    assert not keys.has_seal_key(town.round_id)
    proven = town.press(f"{town.path}/prove", first=typed(sheets[0]), second=typed(sheets[2]))
    assert proven.status_code == 303
    assert "钥匙备好了，可以发布投票公告" in visit(town.client, town.path).text
    assert town.standing().passes_gate


@pytest.mark.parametrize("turned", [0, 90, 7], ids=["upright", "sideways", "askew"])
def test_photographs_of_two_sheets_are_read(desk, keys, turned):
    town = desk(lambda session: _monitors(session, keys))
    town.press(f"{town.path}/make")
    with town.database.reading() as session:
        round = session.get_one(Round, town.round_id)
        sheets = waiting_sheets(session, keys=keys, round=round)
    town.press(f"{town.path}/forget")
    first, second = (photograph("".join(one.lines), turned=turned) for one in sheets[1:])
    proven = town.press(f"{town.path}/prove", first_photo=first, second_photo=second)
    assert proven.status_code == 303
    assert town.standing().is_proven


def _sealed_typed(town):
    return {"first": typed(town.sheets[0]), "second": typed(town.sheets[1])}


BAD_SHEETS = [
    ({"first": "", "second": ""}, 422, "请拍照上传，或者逐行输入"),
    ({"second": "AAAA BBBB"}, 422, "第 1 行有误"),
    ({"first": "你好\u202e"}, 422, "第 1 行有误"),
    ({"second_photo": (io.BytesIO(b"\x89PNG no"), "x.png")}, 422, "图片"),
    ({"second_photo": (io.BytesIO(b"%PDF-1.7"), "x.pdf")}, 422, "不是照片"),
    ({"first_photo": "plain"}, 422, "没有读到钥匙纸上的二维码"),
    ({"first_photo": "strange"}, 422, "没有读到钥匙纸上的二维码"),
]


@pytest.mark.parametrize(
    ("changes", "status", "sentence"), BAD_SHEETS, ids=lambda one: str(one)[:24]
)
def test_bad_sheets_open_nothing_and_lose_nothing(desk, keys, clock, changes, status, sentence):
    town = desk(lambda session: make_sealed(session, keys))
    path = f"/desk/rounds/{town.round_id}/key/renew"
    made = {"plain": photograph("X")[0] and _blank(), "strange": photograph("HTTPS://VOTE/C/ABC")}
    given = {
        name: made.get(value, _again(value)) if name.endswith("photo") else value
        for name, value in changes.items()
    }
    answer = town.press(path, at=path, **_sealed_typed(town) | given)
    assert answer.status_code == status
    page = read(answer, path, status=answer.status_code)
    assert sentence in page.text
    if "second" not in changes:
        assert town.sheets[1].lines[0] in page.html
    assert town.standing().set_no == 1


def _blank():
    target = io.BytesIO()
    Image.new("RGB", (400, 400), "white").save(target, "PNG")
    return io.BytesIO(target.getvalue()), "blank.png"


def _again(given):
    file, name = given if isinstance(given, tuple) else (io.BytesIO(), "")
    return io.BytesIO(file.getvalue()), name


def _count_path(town):
    return f"/desk/rounds/{town.round_id}/count"


def _agreed(town, clock):
    clock.now = AFTER
    with town.database.transaction() as session:
        area = session.get_one(Round, town.round_id).area
        for _ in range(2):
            officer = make_officer(session, area=area, role=Role.STREET_OFFICER)
            approve_opening(session, now=AFTER, officer_id=officer.id, round_id=town.round_id)


def test_two_sheets_open_the_urn_on_the_page_of_the_count(desk, keys, clock):
    town = desk(lambda session: make_sealed(session, keys))
    _agreed(town, clock)
    path = _count_path(town)
    assert "请两位监票人读入钥匙纸" in visit(town.client, path).text
    wrong = town.press(
        f"{path}/open", at=path, first=typed(town.sheets[0]), second=typed(town.sheets[0])
    )
    assert wrong.status_code == 422
    assert "同一张钥匙纸" in read(wrong, path, status=wrong.status_code).text
    assert town.press(f"{path}/open", at=path, **_sealed_typed(town)).status_code == 303
    assert "计票完成" in visit(town.client, path).text
    assert not keys.has_seal_key(town.round_id)


def test_the_second_officer_alone_starts_no_count_where_monitors_hold_the_key(desk, keys, clock):
    town = desk(lambda session: make_sealed(session, keys))
    clock.now = AFTER
    path = _count_path(town)
    for client in (town.browser(), town.browser()):
        assert town.press(path, client=client, at=path).status_code == 303
    with town.database.reading() as session:
        assert session.get(Tally, town.round_id) is None
    assert "请两位监票人读入钥匙纸" in visit(town.client, path).text


def test_sheets_before_two_officers_agreed_lend_nothing(desk, keys, clock):
    town = desk(lambda session: make_sealed(session, keys))
    _agreed(town, clock)
    page = visit(town.client, _count_path(town))
    with town.database.transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM urn_opening")
    answer = submit(town.client, page, f"{_count_path(town)}/open", **_sealed_typed(town))
    assert answer.status_code == 409
    assert not keys.has_seal_key(town.round_id)


def test_two_lost_sheets_lead_to_a_void_vote(desk, keys, clock):
    town = desk(lambda session: make_sealed(session, keys))
    clock.now = AFTER - timedelta(days=3)
    for number in (1, 2):
        path = f"{town.path}/sheets/{number}/lost"
        fields = {"day": "2026-12-01", "reason": "家里发大水，泡烂了"}
        assert town.press(path, at=path, **fields).status_code == 303
    page = visit(town.client, _count_path(town))
    assert "票箱永远打不开了" in page.text
    void = f"/desk/rounds/{town.round_id}/steps/vote-void"
    assert any(link.endswith(void) for link in page.links)
    fields = {"day": "2026-12-01", "person": "吴国强"}
    step = visit(town.client, void)
    assert "三张钥匙纸丢失两张" in step.html
    assert submit(town.client, step, void, **fields).status_code == 303
    with town.database.reading() as session:
        assert session.get_one(Round, town.round_id).phase == "vote_void"


def test_a_sheet_that_was_found_opens_again(desk, keys):
    town = desk(lambda session: make_sealed(session, keys))
    path = f"{town.path}/sheets/1/lost"
    town.press(path, at=path, day="2026-11-20", reason="找不到")
    assert "丢失" in visit(town.client, town.path).text
    assert town.press(f"{town.path}/sheets/1/found").status_code == 303
    assert town.standing().lost == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"day": "", "reason": "丢"}, "请填发现丢失的日期"),
        ({"day": "2026-11-20", "reason": ""}, "请写一句怎么丢的"),
        ({"day": "2027-01-01", "reason": "丢"}, "不能晚于今天"),
        ({"day": "x", "reason": "丢"}, "日期"),
        ({"day": "2026-11-20", "reason": "丢" * 201}, "最多 200 个字"),
        ({"day": "2026-11-20", "reason": "a\u202eb"}, "看不见的字符"),
    ],
)
def test_a_loss_that_is_not_told_well_is_not_noted(desk, keys, fields, sentence):
    town = desk(lambda session: make_sealed(session, keys))
    path = f"{town.path}/sheets/1/lost"
    answer = town.press(path, at=path, **fields)
    assert answer.status_code == 422
    assert sentence in read(answer, path, status=answer.status_code).text
    assert town.standing().lost == 0


def test_the_server_way_prints_two_sets_and_reads_one_back(desk, keys, config):
    let_print(config)
    town = desk(lambda session: make_listed(session, keys, way=SealWay.SERVER))
    assert town.press(f"{town.path}/make").status_code == 303
    empty = town.press(f"{town.path}/sets", kept_at="")
    assert empty.status_code == 422
    assert "请填两个恢复袋分别放在哪里" in read(empty, town.path, status=empty.status_code).text
    assert town.press(f"{town.path}/sets", kept_at="保险柜；铁皮柜").mimetype == "application/pdf"
    with town.database.transaction() as session:
        first, _ = make_sets(session, **ACT, keys=keys, round_id=town.round_id, kept_at="保险柜")
    lines = list(first.lines)
    slip = "\n".join([*lines[:4], lines[4][::-1], *lines[5:]])
    wrong = town.press(f"{town.path}/read-back", first=slip)
    assert "第 5 行有误" in read(wrong, town.path, status=wrong.status_code).text
    assert town.press(f"{town.path}/read-back", first="".join(lines)).status_code == 303
    assert town.standing().passes_gate


def test_a_photograph_of_a_recovery_set_is_read(desk, keys):
    town = desk(lambda session: make_listed(session, keys, way=SealWay.SERVER))
    town.press(f"{town.path}/make")
    with town.database.transaction() as session:
        _, second = make_sets(session, **ACT, keys=keys, round_id=town.round_id, kept_at="保险柜")
    photo = photograph("".join(second.lines))
    assert town.press(f"{town.path}/read-back", first_photo=photo).status_code == 303
    with town.database.reading() as session:
        assert key_of(session, town.round_id).proven_with == "2"
