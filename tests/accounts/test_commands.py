import json

import pytest
from flask.testing import FlaskCliRunner

from tests.factories.accounts import PASSWORD, make_officer
from tests.factories.areas import Chain, make_area
from voting.accounts.service import find_signed_in, sign_in
from voting.areas.models import Area
from voting.config import Config
from voting.persistence.session import Database


def _add(area: str, *more: str) -> list[str]:
    return ["accounts", "add", "李伟", "--role", "street_officer", "--area", area, *more]


def test_the_set_up_code_is_shown_until_the_set_up(
    runner: FlaskCliRunner, request: pytest.FixtureRequest
) -> None:
    before = runner.invoke(args=["accounts", "setup-code"])
    assert (before.exit_code, len(before.stdout.strip())) == (0, 14)
    assert runner.invoke(args=["accounts", "setup-code"]).stdout == before.stdout
    request.getfixturevalue("settled")
    after = runner.invoke(args=["accounts", "setup-code"])
    assert (after.exit_code, after.stdout) == (1, "")
    assert after.stderr == "首次设置已经完成，不再需要设置码。\n"


@pytest.mark.parametrize("by", ["id", "name"])
def test_an_officer_is_added_to_an_area_by_its_id_or_name(
    runner: FlaskCliRunner, settled: Chain, by: str
) -> None:
    done = runner.invoke(args=_add(getattr(settled.street, by), "--json"))
    assert done.exit_code == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["area"] == "南站街道"
    assert facts["sign_in_name"] == "李伟"
    assert len(facts["password"]) == 14


def test_a_password_from_standard_input_need_not_be_changed(
    runner: FlaskCliRunner,
    settled: Chain,
    database: Database,
    config: Config,
    request: pytest.FixtureRequest,
) -> None:
    arguments = _add("南站街道", "--password-stdin", "--sign-in-name", "LiWei")
    done = runner.invoke(args=arguments, input=f"{PASSWORD}\n")
    assert done.exit_code == 0, done.stderr
    assert PASSWORD not in done.stdout
    now = request.getfixturevalue("now")
    with database.transaction() as session:
        token = sign_in(session, now=now, config=config, sign_in_name="liwei", password=PASSWORD)
        officer = find_signed_in(session, token, now=now, config=config)
    assert officer is not None
    assert not officer.must_change_password


@pytest.mark.parametrize(
    ("arguments", "typed", "line"),
    [
        (_add("别处"), "", "没有叫“别处”的区域"),
        (_add("a" * 26), "", "没有叫"),
        (_add("南烟小区"), "", "有几个区域都叫“南烟小区”"),
        (_add("南站街道", "--sign-in-name", "a b"), "", "登录名用 2 到 32 个"),
        (_add("南站街道", "--sign-in-name", "taken"), "", "登录名“taken”已经有人用了"),
        (_add("南站街道", "--password-stdin"), "12345678\n", "这个密码太常见"),
        (_add("南站街道", "--password-stdin"), "", "密码至少要 8 个字符"),
    ],
)
def test_what_cannot_be_added_is_said_in_one_line(
    runner: FlaskCliRunner,
    settled: Chain,
    database: Database,
    arguments: list[str],
    typed: str,
    line: str,
) -> None:
    with database.transaction() as session:
        street = session.get_one(Area, settled.street.id)
        make_area(session, parent=street, level="estate", name="南烟小区")
        make_officer(session, area=street, sign_in_name="taken")
    done = runner.invoke(args=arguments, input=typed)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1


def test_an_unknown_role_is_refused(runner: FlaskCliRunner) -> None:
    done = runner.invoke(args=["accounts", "add", "李伟", "--role", "mayor", "--area", "x"])
    assert done.exit_code == 2
    assert "mayor" in done.stderr


def test_the_officers_are_listed(
    runner: FlaskCliRunner, settled: Chain, database: Database
) -> None:
    with database.transaction() as session:
        street = session.get_one(Area, settled.street.id)
        make_officer(session, area=street, name="李伟", sign_in_name="liwei", role="auditor")
        gone = make_officer(session, area=street, name="早走了")
        gone.retired_at = gone.created_at
    done = runner.invoke(args=["accounts", "list", "--json"])
    (facts,) = json.loads(done.stdout)
    assert {**facts, "id": ""} == {
        "id": "",
        "sign_in_name": "liwei",
        "name": "李伟",
        "role": "auditor",
        "area": "南站街道",
    }
    assert "审计员" in runner.invoke(args=["accounts", "list"]).stdout


def test_the_areas_are_listed(runner: FlaskCliRunner, settled: Chain) -> None:
    areas = json.loads(runner.invoke(args=["accounts", "areas", "--json"]).stdout)
    assert {"id": settled.estate.id, "name": "南烟小区", "level": "estate"} in areas
    assert "南烟小区" in runner.invoke(args=["accounts", "areas"]).stdout


def test_an_added_officer_prints_the_password_once_in_words(
    runner: FlaskCliRunner, settled: Chain
) -> None:
    done = runner.invoke(args=_add("南站街道"))
    assert "李伟" in done.stdout
    assert done.stdout.rstrip().count("-") >= 2


@pytest.mark.parametrize("command", ["add", "list", "areas", "setup-code"])
def test_every_command_has_help(runner: FlaskCliRunner, command: str) -> None:
    done = runner.invoke(args=["accounts", command, "--help"])
    assert (done.exit_code, done.stderr) == (0, "")
