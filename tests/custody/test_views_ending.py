"""The end of a key on its page, and who may touch one at all."""

import io
from datetime import timedelta
from typing import Any

import pytest

from tests.factories.areas import NOW
from tests.factories.custody import (
    MONITORS,
    announce,
    make_listed,
    make_sealed,
    pass_gate,
)
from tests.factories.tally import make_counted_round
from tests.visiting import read, visit
from voting.conduct.service import appoint, replace
from voting.custody.service import (
    find_destruction,
    make_key,
)
from voting.journal.rules import COMMAND_LINE
from voting.permissions import Role
from voting.rounds.rules import SealWay
from voting.tally.service import OpeningsStore

ACT: dict[str, Any] = {"now": NOW, "actor": COMMAND_LINE}


def _confirmed(session, keys):
    round = make_counted_round(session, keys)
    round.phase = "confirmed"
    return round


def test_two_officers_destroy_a_key_and_its_files_are_gone(desk, keys, config, clock):
    town = desk(lambda session: _confirmed(session, keys))
    store = OpeningsStore(config.var / "openings", keys)
    with store.writing(town.round_id):
        pass
    path = f"{town.path}/destroy"
    assert "登记" in visit(town.client, path).text
    said = {"day": "2026-11-20", "present": "监票人甲、乙"}
    assert town.press(path, at=path, **said).status_code == 303
    assert "请另一位" in visit(town.client, path).text
    second = town.browser()
    unsure = town.press(f"{path}/confirm", client=second, at=path)
    assert unsure.status_code == 422
    assert "请先勾选" in read(unsure, path, status=unsure.status_code).text
    assert keys.has_seal_key(town.round_id)
    assert town.press(f"{path}/confirm", client=second, at=path, is_sure="y").status_code == 303
    page = visit(town.client, town.path)
    assert "本轮的钥匙已经销毁" in page.text
    assert "监票人甲、乙" in page.text
    assert not keys.has_seal_key(town.round_id)
    assert not store.has(town.round_id)
    assert keys.kept("pepper", town.round_id) is None or keys.kept("ledger", town.round_id)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"day": "", "present": "甲"}, "请填销毁日期"),
        ({"day": "2026-11-20", "present": ""}, "请填当时在场的人"),
        ({"day": "2027-11-20", "present": "甲"}, "不能晚于今天"),
        ({"day": "2026-11-20", "present": "甲" * 201}, "最多 200 个字"),
        ({"day": "2026-11-20", "present": "甲", "file": (io.BytesIO(b"no"), "a.doc")}, "只能上传"),
    ],
    ids=["no day", "nobody", "to come", "long", "word"],
)
def test_a_destruction_that_is_not_told_well_is_not_noted(desk, keys, fields, sentence):
    town = desk(lambda session: _confirmed(session, keys))
    path = f"{town.path}/destroy"
    answer = town.press(path, at=path, **fields)
    assert answer.status_code == 422
    page = read(answer, path, status=answer.status_code)
    assert sentence in page.text
    with town.database.reading() as session:
        assert find_destruction(session, town.round_id) is None


def test_before_the_confirmation_the_page_says_why_not(desk, keys):
    town = desk(lambda session: make_counted_round(session, keys))
    path = f"{town.path}/destroy"
    page = visit(town.client, path)
    assert "结果确认以后才能销毁钥匙" in page.text
    assert not any(form.action.endswith("/destroy") for form in page.forms)


POSTS = (
    "make",
    "sheets",
    "forget",
    "prove",
    "sets",
    "read-back",
    "renew",
    "destroy",
    "destroy/confirm",
)


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_who_may_not_open_an_urn_handles_no_key(desk, keys, role):
    town = desk(lambda session: make_sealed(session, keys))
    town.app.config["WTF_CSRF_ENABLED"] = False
    client = town.browser(role)
    may = role in {Role.COMMUNITY_SECRETARY, Role.STREET_OFFICER}
    page = client.get(town.path)
    assert page.status_code == 200
    assert ("登记丢失" in page.text) is may
    if not may:
        for name in POSTS:
            assert client.post(f"{town.path}/{name}").status_code == 403
        for name in ("renew", "destroy", "sheets/1/lost"):
            assert client.get(f"{town.path}/{name}").status_code == 403


def test_keys_of_another_area_are_not_found(desk, keys):
    town = desk(lambda session: make_sealed(session, keys))
    town.app.config["WTF_CSRF_ENABLED"] = False
    client = town.browser(elsewhere=True)
    assert client.get(town.path).status_code == 404
    for name in POSTS:
        assert client.post(f"{town.path}/{name}").status_code == 404
    for name in ("renew", "destroy", "sheets/1/lost"):
        assert client.get(f"{town.path}/{name}").status_code == 404


def test_a_sheet_that_does_not_exist_is_not_found(desk, keys):
    town = desk(lambda session: make_sealed(session, keys))
    assert town.client.get(f"{town.path}/sheets/4/lost").status_code == 404


def test_a_monitor_reads_on_the_telephone_which_sheet_is_theirs(app, database, keys):
    with database.transaction() as session:
        round = make_listed(session, keys)
        # One after the other: sheets are numbered in the order in which their holders were appointed.
        slips = [
            appoint(
                session, **ACT | {"now": NOW + timedelta(seconds=second)}, keys=keys,
                round_id=round.id, duty="monitor", name=name,
            )
            for second, name in enumerate(MONITORS)
        ]  # fmt: skip
        make_key(session, **ACT, keys=keys, round_id=round.id)
        again = replace(
            session, **ACT, keys=keys, round_id=round.id, name=MONITORS[1],
            appointment_id=slips[1].appointment.id,
        )  # fmt: skip
    client = app.test_client()
    client.get(f"/s/{again.token}")
    page = visit(client, "/duty")
    assert "您拿的是第 2 张（第 1 套）" in page.text
    assert "丢了马上打 0791-86543210" in page.text


def test_a_round_of_an_earlier_version_is_left_alone(desk, keys):
    town = desk(lambda session: make_counted_round(session, keys))
    assert "不用补办" in visit(town.client, town.path).text


def test_a_rehearsal_is_told_that_it_needs_no_sets(desk, keys):
    town = desk(lambda session: make_listed(session, keys, way=SealWay.SERVER, kind="rehearsal"))
    assert "演练不用准备恢复袋" in visit(town.client, town.path).text
    step = visit(town.client, f"/desk/rounds/{town.round_id}/steps/vote-announced")
    assert "演练不用准备恢复袋" in step.text


def test_the_step_says_what_is_missing(desk, keys):
    town = desk(lambda session: make_listed(session, keys))
    step = visit(town.client, f"/desk/rounds/{town.round_id}/steps/vote-announced")
    assert "开箱的钥匙还没有备好" in step.text


def test_an_announced_server_round_shows_its_sets(desk, keys):
    def made(session):
        round = make_listed(session, keys, way=SealWay.SERVER)
        pass_gate(session, keys, round)
        return announce(session, keys, round)

    town = desk(made)
    assert "保险柜；铁皮柜" in visit(town.client, town.path).text
