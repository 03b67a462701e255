"""The commands of keys, for a machine without a browser."""

import json
from typing import Any

import pytest

from tests.custody.desks import photograph
from tests.factories.accounts import make_officer
from tests.factories.areas import NOW
from tests.factories.custody import (
    AFTER,
    VOTES,
    make_listed,
    make_sealed,
    make_sheets,
    pass_gate,
    typed,
)
from tests.tally.test_keys import bundle
from tests.visiting import read, submit, visit
from voting.custody.service import forget_key, make_sets
from voting.journal.rules import COMMAND_LINE
from voting.permissions import Role
from voting.rounds.models import Round
from voting.rounds.rules import SealWay
from voting.tally.service import approve_opening
from voting.upkeep.commands.jobs import forget_keys

ACT: dict[str, Any] = {"now": NOW, "actor": COMMAND_LINE}


@pytest.fixture
def sealed(database, keys, tmp_path, clock, runner):
    """A round whose urn two officers agreed to open, its sheets, two of them as files."""
    with database.transaction() as session:
        round, sheets = make_sealed(session, keys)
        round_id, area = round.id, round.area
        for _ in range(2):
            officer = make_officer(session, area=area, role=Role.STREET_OFFICER)
            approve_opening(session, now=AFTER, officer_id=officer.id, round_id=round.id)
    clock.now = AFTER
    _json(runner, "ledger", "bundle", round_id, tmp_path / "urn.zip", "--sealed")
    text, photo = tmp_path / "one.txt", tmp_path / "two.jpg"
    text.write_text("\ufeff" + typed(sheets[0]), encoding="utf-8")
    photo.write_bytes(photograph("".join(sheets[1].lines))[0].getvalue())
    return round_id, sheets, text, photo


def _run(runner, *words):
    return runner.invoke(args=[str(word) for word in words])


def _json(runner, *words):
    answer = _run(runner, *words, "--json")
    assert answer.exit_code == 0, answer.stderr
    return json.loads(answer.stdout)


def _refused(runner, *words):
    answer = _run(runner, *words)
    assert answer.exit_code == 1
    assert len(answer.stderr.strip().splitlines()) == 1
    return answer.stderr


def test_the_status_of_a_key_is_told(runner, sealed):
    status = _json(runner, "custody", "status", sealed[0])
    assert status["way"] == "monitors"
    assert status["gate"]
    assert status["openable"]
    assert status["forgotten"]
    assert not status["key_on_server"]
    assert not status["destroyed"]
    assert "没有找到" in _refused(runner, "custody", "status", "nowhere")


def test_a_file_and_a_photograph_open_the_urn(runner, keys, sealed):
    round_id, _, text, photo = sealed
    assert "监票人手里" in _refused(runner, "tally", "count", round_id)
    assert "要给两张" in _refused(runner, "tally", "count", round_id, "--sheet", text)
    both = ("--sheet", text, "--sheet", photo)
    assert _json(runner, "tally", "count", round_id, *both)["ballots"] == len(VOTES)
    assert not keys.has_seal_key(round_id)


def test_a_key_is_taken_back_when_the_count_fails(runner, database, keys, sealed):
    round_id, _, text, photo = sealed
    with database.transaction() as session:
        session.connection().exec_driver_sql("DROP TRIGGER urn_no_update")
        session.connection().exec_driver_sql("UPDATE urn SET leaf = zeroblob(32)")
    both = ("--sheet", text, "--sheet", photo)
    assert "对不上" in _refused(runner, "tally", "count", round_id, *both)
    assert not keys.has_seal_key(round_id)


def test_an_urn_is_opened_on_another_computer_and_counted_here(runner, keys, sealed, tmp_path):
    round_id, _sheets, text, photo = sealed
    out = tmp_path / "out.zip"
    words = ("custody", "open", tmp_path / "urn.zip", out, "--sheet", text, "--sheet")
    assert "同一张" in _refused(runner, *words, text)
    assert "第 1 行" in _refused(runner, *words, "ABC")
    assert not out.exists()
    opened = _json(runner, *words, photo)
    assert opened["ballots"] == len(VOTES)
    assert _json(runner, "tally", "take", round_id, out)["ballots"] == len(VOTES)
    assert _json(runner, "tally", "verify", round_id)["same"]
    assert not keys.has_seal_key(round_id)


def test_openings_of_another_urn_are_not_counted(runner, database, keys, sealed, tmp_path):
    round_id, sheets, *_ = sealed
    with database.transaction() as session:
        other, strange = make_sealed(session, keys)
        bundle(session, keys, other, tmp_path / "other.zip")
    out = tmp_path / "out.zip"
    pair = ("--sheet", typed(strange[0]), "--sheet", typed(strange[1]))
    _json(runner, "custody", "open", tmp_path / "other.zip", out, *pair)
    assert "对不上" in _refused(runner, "tally", "take", round_id, out)
    wrong = ("--sheet", typed(sheets[0]), "--sheet", typed(sheets[1]))
    assert "另一个轮次" in _refused(runner, "custody", "open", tmp_path / "other.zip", out, *wrong)


def test_the_page_of_the_count_takes_what_was_opened_elsewhere(
    desk, runner, sealed, tmp_path, database
):
    round_id, _, text, photo = sealed
    out = tmp_path / "out.zip"
    _json(runner, "custody", "open", tmp_path / "urn.zip", out, "--sheet", text, "--sheet", photo)

    town = desk(lambda session: session.get_one(Round, round_id))
    path = f"/desk/rounds/{round_id}/count"
    page = visit(town.client, path)
    empty = submit(town.client, page, f"{path}/take")
    assert "请选择文件" in read(empty, path, status=422).text
    with text.open("rb") as file:
        strange = submit(town.client, page, f"{path}/take", file=(file, "one.txt"))
    assert "不是这里要的文件包" in read(strange, path, status=422).text
    with out.open("rb") as file:
        assert submit(town.client, page, f"{path}/take", file=(file, "OUT.zip")).status_code == 303
    assert "计票完成" in visit(town.client, path).text


def test_a_new_machine_names_what_it_wrote(runner, database, keys, config, tmp_path):
    with database.transaction() as session:
        round = make_listed(session, keys, way=SealWay.SERVER)
        pass_gate(session, keys, round)
        first, _ = make_sets(session, **ACT, keys=keys, round_id=round.id, kept_at="两处")
        round_id = round.id
    keys.forget_round(round_id)
    path = tmp_path / "set.txt"
    path.write_text(typed(first))
    written = _json(runner, "custody", "recover", round_id, "--set", path)["written"]
    assert sorted(written) == [
        f"rounds/{round_id}/{name}.key" for name in ("ledger", "pepper", "seal")
    ]
    assert "补写了 0 个" in _run(runner, "custody", "recover", round_id, "--set", path).stdout
    path.write_bytes(b"\xff\xfe\x00")
    assert "读不了文件" in _refused(runner, "custody", "recover", round_id, "--set", path)


def test_what_a_killed_process_left_goes_when_jobs_run_starts(app, database, keys, config):
    with database.transaction() as session:
        round = make_listed(session, keys)
        make_sheets(session, keys, round)
        forget_key(session, **ACT, round_id=round.id)
        round_id = round.id
    keys.lend_seal_key("another", bytes(32))
    assert keys.has_seal_key(round_id)
    with app.app_context():
        forget_keys()
    assert not keys.has_seal_key(round_id)
    assert not keys.has_seal_key("another")
