import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from tests import papers
from tests.factories.ballots import NOW, make_listed_elector, make_open_round
from tests.factories.cards import ADDRESS, make_tested_address
from voting.adapters.jobs import Queue, Work, perform, waiting
from voting.adapters.keyring import KeyMissing, Keyring
from voting.areas.models import Installation
from voting.cards.models import BallotCard, CardBatch
from voting.cards.service import (
    SHEETS,
    check_code_hmac,
    draft_sheets,
    find_by_serial,
    find_card,
    get_batch,
    sheets_file,
    spend,
)
from voting.config import Config
from voting.persistence.session import Database


@pytest.fixture
def round_id(any_database: str, database: Database, keys: Keyring) -> str:
    """A round that takes ballots, with ten people on its roll; each test runs on both databases."""
    with database.transaction() as session:
        make_tested_address(session)
        round = make_open_round(session, keys)
        for _ in range(10):
            make_listed_elector(session, round.id)
        return round.id


def run(runner: FlaskCliRunner, *words: object) -> Result:
    return runner.invoke(args=["cards", *map(str, words)])


def issue(runner: FlaskCliRunner, round_id: str, *words: object) -> str:
    result = run(runner, "issue", round_id, *words, "--json")
    assert result.exit_code == 0, result.output
    batch: str = json.loads(result.stdout)["batch"]
    return batch


def one_line(result: Result) -> str:
    """Return the sentence of a command that could not do what it was asked."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_issuing_answers_with_the_batch_and_its_size(
    runner: FlaskCliRunner, round_id: str, database: Database
) -> None:
    result = run(runner, "issue", round_id, "--count", 10, "--json")
    answer = json.loads(result.stdout)
    assert (answer["count"], set(answer), result.stderr) == (10, {"batch", "count"}, "")
    with database.reading() as session:
        assert get_batch(session, answer["batch"]).count == 10
    assert "第 2 批，1 张" in run(runner, "issue", round_id, "--count", 1).stdout


def test_revealed_cards_work_and_only_their_owner_reads_them(
    runner: FlaskCliRunner, round_id: str, database: Database, keys: Keyring, tmp_path: Path
) -> None:
    file = tmp_path / "cards.jsonl"
    file.write_text("from before")
    issue(runner, round_id, "--count", 9, "--reveal", file)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert file.stat().st_mode & 0o777 == 0o600
    assert len({line["url"] for line in lines}) == 9
    assert {tuple(line) for line in lines} == {("serial", "url", "check_code")}
    with database.transaction() as session:
        for line in lines:
            assert line["url"].startswith(f"{ADDRESS}/c/")
            found = find_card(session, line["url"].rpartition("/")[2])
            assert found
            assert find_by_serial(session, round_id, line["serial"]).cred_hash == found.cred_hash
            right = check_code_hmac(keys.card_key(), found.cred_hash, line["check_code"])
            spent = spend(session, round_id=round_id, cred_hash=found.cred_hash, check_hmac=right)
            assert spent.outcome.value == "spent"


def test_more_cards_than_people_are_warned_of_and_made(
    runner: FlaskCliRunner, round_id: str
) -> None:
    result = run(runner, "issue", round_id, "--count", 30, "--json")
    assert json.loads(result.stdout)["count"] == 30
    assert result.stderr == "比名册加 5% 备用多出 19 张。\n"


def test_assigned_cards_go_to_everybody_without_one(
    runner: FlaskCliRunner, round_id: str, database: Database
) -> None:
    issue(runner, round_id, "--assigned", "--building", "3栋")
    with database.reading() as session:
        people = select(func.count(BallotCard.elector_id.distinct()))
        assert session.scalar(people) == 10
    assert "没有要印的卡" in one_line(run(runner, "issue", round_id, "--assigned"))


def test_what_cannot_be_issued_is_one_line(
    runner: FlaskCliRunner, round_id: str, database: Database, tmp_path: Path
) -> None:
    assert "最少 1 张" in one_line(run(runner, "issue", round_id, "--count", 0))
    assert "没有找到" in one_line(run(runner, "issue", "nothing", "--count", 1))
    assert "--count" in one_line(run(runner, "issue", round_id))
    nowhere = tmp_path / "no folder" / "cards.jsonl"
    refused = run(runner, "issue", round_id, "--count", 1, "--reveal", nowhere)
    assert "写不了文件" in one_line(refused)
    with database.transaction() as session:
        session.get_one(Installation, 1).scanned_url = None
    assert "测试二维码" in one_line(run(runner, "issue", round_id, "--count", 1))
    with database.reading() as session:
        assert not session.scalar(select(func.count()).select_from(CardBatch))


def test_a_refused_issue_keeps_the_file_that_was_there(
    runner: FlaskCliRunner, round_id: str, tmp_path: Path
) -> None:
    file = tmp_path / "cards.jsonl"
    file.write_text("from before")
    run(runner, "issue", round_id, "--count", 0, "--reveal", file)
    assert [path.read_text() for path in tmp_path.glob("*cards.jsonl*")] == ["from before"]


@pytest.fixture
def fonts(config: Config) -> None:
    """The project's typefaces where the app looks for them."""
    config.var.mkdir(parents=True, exist_ok=True)
    (config.var / "fonts").symlink_to(papers.fonts().shelf.parent)


def test_the_sheets_are_laid_out_again_until_they_are_confirmed(
    runner: FlaskCliRunner,
    round_id: str,
    keys: Keyring,
    config: Config,
    tmp_path: Path,
    fonts: None,
) -> None:
    batch_id = issue(runner, round_id, "--count", 7)
    file = tmp_path / "cards.pdf"
    for _ in range(2):
        assert run(runner, "sheet", batch_id, file).exit_code == 0
        assert len(papers.open_pdf(file.read_bytes()).pages) == 2
        assert file.stat().st_mode & 0o777 == 0o600
    assert "还没有记入公开账本" in one_line(run(runner, "printed", batch_id))
    assert runner.invoke(args=["ledger", "checkpoint", round_id]).exit_code == 0
    assert run(runner, "printed", batch_id).exit_code == 0
    assert "不能再打印" in one_line(run(runner, "sheet", batch_id, file))
    assert not sheets_file(config.var, batch_id).exists()
    with pytest.raises(KeyMissing):
        keys.batch_seed(batch_id)


def test_the_process_that_serves_the_queue_is_left_to_its_work(
    runner: FlaskCliRunner, round_id: str, database: Database, config: Config, tmp_path: Path
) -> None:
    batch_id = issue(runner, round_id, "--count", 1)
    file = tmp_path / "cards.pdf"

    def lay_out(work: Work) -> None:
        draft_sheets(config.var, work.subject_id, b"%PDF").replace(
            sheets_file(config.var, work.subject_id)
        )

    def serve() -> None:
        while not (jobs := waiting(database)):
            time.sleep(0.05)
        perform(database, {SHEETS: lay_out}, jobs[0], clock=lambda: NOW)

    with Queue(config.var / "jobs").held(wait=False), ThreadPoolExecutor(1) as pool:
        done = pool.submit(serve)
        assert run(runner, "sheet", batch_id, file).exit_code == 0
        done.result()
    assert file.read_bytes() == b"%PDF"


def test_what_was_not_laid_out_is_not_confirmed(runner: FlaskCliRunner, round_id: str) -> None:
    batch_id = issue(runner, round_id, "--count", 1)
    assert "还没有生成打印文件" in one_line(run(runner, "printed", batch_id))


def test_sheets_that_fail_say_why(
    runner: FlaskCliRunner, round_id: str, keys: Keyring, tmp_path: Path
) -> None:
    batch_id = issue(runner, round_id, "--count", 1)
    keys.forget_batch_seed(batch_id)
    file = tmp_path / "cards.pdf"
    assert "不能再打印" in one_line(run(runner, "sheet", batch_id, file))
    assert "没有找到" in one_line(run(runner, "sheet", "nothing", file))
    assert not file.exists()


def test_a_void_batch_is_listed_with_its_counts(
    runner: FlaskCliRunner, round_id: str, database: Database
) -> None:
    batch_id = issue(runner, round_id, "--count", 3)
    assert "3 张卡已作废" in run(runner, "void", batch_id, "--reason", "印错了").stdout
    listed = json.loads(run(runner, "list", round_id, "--json").stdout)
    assert [(line["batch"], line["state"], line["void"]) for line in listed] == [
        (batch_id, "void", 3)
    ]
    assert "state void" in run(runner, "list", round_id).stdout
    assert "已经办过了" in one_line(run(runner, "void", batch_id, "--reason", "再来"))
    assert "没有找到" in one_line(run(runner, "list", "nothing"))
