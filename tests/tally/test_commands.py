import json
import os
import subprocess
import sys

import pytest
from sqlalchemy import func, select

from tests.factories.accounts import PASSWORD, make_officer
from tests.factories.areas import make_area
from tests.factories.ballots import keyring
from tests.factories.reconciling import make_reconciled_boxes
from tests.factories.tally import drop_raw, make_closed_round, make_openers, open_by_two
from voting.accounts.models import Officer, OfficerSession
from voting.config import ROOT
from voting.permissions import Role
from voting.rounds.models import Round
from voting.tally.models import Tally


@pytest.fixture
def keys(config):
    return keyring(config.var)


@pytest.fixture
def round_id(database, keys, any_database):
    with database.transaction() as session:
        return make_closed_round(session, keys).id


@pytest.fixture
def names(database, round_id):
    with database.transaction() as session:
        area = session.get_one(Round, round_id).area
        return [officer.sign_in_name for officer in make_openers(session, area)]


def run(runner, *words, given=None):
    return runner.invoke(args=["tally", *words], input=given)


def approve(runner, round_id, name, password=PASSWORD):
    return run(runner, "approve", round_id, name, "--password-stdin", given=f"{password}\n")


def test_two_officers_with_their_passwords_then_the_count(runner, round_id, names):
    first = run(
        runner, "approve", round_id, names[0], "--password-stdin", "--json", given=f"{PASSWORD}\n"
    )
    assert json.loads(first.stdout) == {"round": round_id, "officers": 1}
    second = approve(runner, round_id, names[1])
    assert second.stdout == "两位工作人员都已同意，可以计票了。\n"
    facts = json.loads(run(runner, "count", round_id, "--json").stdout)
    assert facts["ballots"] == 5
    assert facts["votes"]["1"] == 4
    assert {"rule", "ballots", "votes", "funded", "spent", "ties"} <= facts.keys()


def test_the_password_may_be_typed(runner, round_id, names):
    typed = run(runner, "approve", round_id, names[0], given=f"{PASSWORD}\n")
    assert typed.exit_code == 0
    assert PASSWORD not in typed.output


def test_an_approval_leaves_no_session_behind(runner, database, round_id, names):
    approve(runner, round_id, names[0])
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(OfficerSession)) == 0


def test_a_wrong_password_counts_as_a_try_and_opens_nothing(runner, database, round_id, names):
    result = approve(runner, round_id, names[0], "wrong")
    assert result.exit_code == 1
    assert result.stderr.startswith("登录名或密码不对")
    assert len(result.stderr.splitlines()) == 1
    with database.reading() as session:
        officer = session.scalars(select(Officer).where(Officer.sign_in_name == names[0])).one()
        assert officer.failed_tries == 1


def test_an_initial_password_opens_nothing(runner, database, round_id):
    with database.transaction() as session:
        area = session.get_one(Round, round_id).area
        new = make_officer(
            session, area=area, role=Role.STREET_OFFICER, must_change_password=True
        ).sign_in_name
    result = approve(runner, round_id, new)
    assert (result.exit_code, "初始密码" in result.stderr) == (1, True)


def test_the_same_officer_twice_is_refused(runner, round_id, names):
    approve(runner, round_id, names[0])
    again = approve(runner, round_id, names[0])
    assert (again.exit_code, "开箱要两个人" in again.stderr) == (1, True)


def test_a_stranger_finds_no_round(runner, database, round_id):
    with database.transaction() as session:
        stranger = make_openers(session, make_area(session), 1)[0].sign_in_name
    result = approve(runner, round_id, stranger)
    assert (result.exit_code, result.stderr) == (1, "没有找到您要的内容。\n")


@pytest.mark.parametrize("command", ["count", "verify"])
@pytest.mark.parametrize("name", ["nonesuch", "../etc", "中文", "x" * 300])
def test_an_unknown_round_is_one_line(runner, command, name):
    result = run(runner, command, name)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_without_two_officers_the_command_counts_nothing(runner, database, round_id):
    result = run(runner, "count", round_id)
    assert (result.exit_code, result.stderr) == (1, "要两位工作人员都同意开箱，才能计票。\n")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Tally)) == 0


@pytest.fixture
def opened(database, round_id):
    with database.transaction() as session:
        open_by_two(session, session.get_one(Round, round_id))
    return round_id


def test_a_second_count_answers_the_same(runner, opened):
    first, second = (run(runner, "count", opened, "--json").stdout for _ in range(2))
    assert first == second


def test_the_readable_form_has_a_line_for_every_project(runner, opened):
    lines = run(runner, "count", opened).stdout.splitlines()
    assert lines[0].startswith("选票 5 张，其中空白 0 张，无效 0 张。预算 300000.00")
    assert lines[1] == "1\t入选\t1\t4\t8100.00"
    assert len(lines) == 7


def test_a_recount_confirms_the_count(runner, opened):
    run(runner, "count", opened)
    result = run(runner, "verify", opened)
    assert (result.exit_code, result.stdout) == (0, "重新计票 5 张，和保存的结果一致。\n")
    facts = json.loads(run(runner, "verify", opened, "--json").stdout)
    assert facts == {"round": opened, "ballots": 5, "same": True}


def test_a_recount_that_differs_ends_with_1_and_says_where(runner, database, opened):
    run(runner, "count", opened)
    with database.transaction() as session:
        session.get_one(Tally, opened).ballots = 6
    result = run(runner, "verify", opened)
    assert result.exit_code == 1
    assert result.stderr == ("重新计票和保存的结果不一致。选票数：保存的是 6，重新计票是 5。\n")


def test_a_ballot_added_after_the_count_is_found(runner, database, opened):
    run(runner, "count", opened)
    with database.transaction() as session:
        drop_raw(session, opened, b'{"channel":"card","choices":[1]}')
    assert run(runner, "verify", opened).exit_code == 1


def test_a_terminal_shows_how_far_the_count_is(environ, opened):
    """Run as a person would: with a terminal at the other end."""
    ours, theirs = os.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        command = [
            sys.executable,
            "-m",
            "flask",
            "--app",
            "wsgi",
            "tally",
            "count",
            opened,
            "--json",
        ]
        clean = {name: value for name, value in os.environ.items() if name != "PORT"}
        with subprocess.Popen(
            command, cwd=ROOT, env=clean | environ, stdout=subprocess.PIPE, stderr=theirs
        ) as process:
            os.close(theirs)
            assert process.stdout is not None
            facts = json.loads(process.stdout.read())
        shown = terminal.read(4096).decode()
    assert facts["ballots"] == 5
    assert "开箱" in shown
    assert "5/5" in shown


def test_paper_that_is_not_reconciled_is_said_in_one_line(runner, database, keys):
    with database.transaction() as session:
        boxes = make_reconciled_boxes(session, keys)
        opener = make_openers(session, boxes.round.area, 1)[0].sign_in_name
        round_id = boxes.round.id
    for refused in (approve(runner, round_id, opener), run(runner, "count", round_id, "--json")):
        assert refused.exit_code == 1
        assert refused.stdout == ""
        assert refused.stderr.count("\n") == 1
        assert "请先到“清票”一页核对" in refused.stderr
