import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner

from tests.factories.roll import HEADER, csv_file, identity_number, make_round, person, sheet, xlsx
from voting.persistence.session import Database
from voting.roll.service import roll_counts

BAD = ["王1", *person(1)[1:]]


@pytest.fixture
def round_id(database: Database) -> str:
    with database.transaction() as session:
        return make_round(session).id


def run(runner: FlaskCliRunner, round_id: str, file: Path, *options: str) -> Result:
    return runner.invoke(args=["roll", "import", round_id, str(file), *options])


def written(folder: Path, content: bytes, name: str = "roll.xlsx") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def listed(database: Database, round_id: str) -> int:
    with database.reading() as session:
        return roll_counts(session, round_id).listed


@pytest.mark.parametrize("write", [xlsx, csv_file])
def test_a_file_is_read_and_the_answer_is_json(
    runner: FlaskCliRunner, tmp_path: Path, round_id: str, database: Database, write: object
) -> None:
    assert callable(write)
    path = written(tmp_path, write([HEADER, person(0), person(0), BAD]))
    result = run(runner, round_id, path, "--json")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert json.loads(result.stdout) == {
        "accepted": 1,
        "duplicates": 1,
        "rejected": [
            {"row": 4, "column": "姓名", "reason": "姓名里有数字或符号。请填证件上的姓名。"}
        ],
    }
    assert listed(database, round_id) == 1


def test_the_columns_may_stand_in_any_order_and_the_telephone_may_be_absent(
    runner: FlaskCliRunner, tmp_path: Path, round_id: str
) -> None:
    name, number, basis, room, _ = person(0)
    path = written(
        tmp_path, csv_file([["楼栋房号", "类型", "证件号码", "姓名"], [room, basis, number, name]])
    )
    assert json.loads(run(runner, round_id, path, "--json").stdout)["accepted"] == 1


def test_a_dry_run_answers_the_same_and_changes_nothing(
    runner: FlaskCliRunner, tmp_path: Path, round_id: str, database: Database
) -> None:
    path = written(tmp_path, xlsx([HEADER, person(0), BAD]))
    dry = run(runner, round_id, path, "--dry-run", "--json")
    assert listed(database, round_id) == 0
    assert dry.stdout == run(runner, round_id, path, "--json").stdout
    assert listed(database, round_id) == 1


def test_without_json_the_answer_is_read_by_people(
    runner: FlaskCliRunner, tmp_path: Path, round_id: str
) -> None:
    result = run(runner, round_id, written(tmp_path, xlsx([HEADER, person(0), BAD])))
    assert result.stdout.splitlines() == [
        "新列入 1 人，重复 0 行，有错 1 行。",
        "3\t姓名\t姓名里有数字或符号。请填证件上的姓名。",
    ]


def test_ages_above_105_need_the_option(
    runner: FlaskCliRunner, tmp_path: Path, round_id: str
) -> None:
    old = ["王一", identity_number(date(1918, 1, 1)), "居住", "3栋1", ""]
    path = written(tmp_path, xlsx([HEADER, old]))
    (rejected,) = json.loads(run(runner, round_id, path, "--json").stdout)["rejected"]
    assert "超过 105 岁" in rejected["reason"]
    answer = run(runner, round_id, path, "--old-ages-checked", "--json").stdout
    assert json.loads(answer)["accepted"] == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "文件是空的", id="0 bytes"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0", "不是能读的表格", id="PNG"),
        pytest.param(b"a" * (5 * 1024 * 1024 + 1), "表格太大", id="large"),
        pytest.param(csv_file([["姓名"], ["王一"]]), "缺少这一列", id="missing columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line_on_standard_error(
    runner: FlaskCliRunner, tmp_path: Path, round_id: str, content: bytes, sentence: str
) -> None:
    result = run(runner, round_id, written(tmp_path, content), "--json")
    assert result.exit_code != 0
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert sentence in result.stderr


def test_a_file_or_round_that_is_not_there_is_one_line_too(
    runner: FlaskCliRunner, tmp_path: Path, round_id: str, database: Database
) -> None:
    with database.transaction() as session:
        frozen = make_round(session, frozen=True).id
    good = written(tmp_path, xlsx(sheet()))
    for round, path in (
        (round_id, tmp_path / "absent.xlsx"),
        (round_id, tmp_path),
        ("nothing", good),
        (frozen, good),
    ):
        result = run(runner, round, path)
        assert result.exit_code != 0
        assert len(result.stderr.splitlines()) == 1
