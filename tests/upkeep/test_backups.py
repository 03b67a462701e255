"""R12 of integrity.md: a backup made while people vote holds, restored elsewhere, every older receipt."""

import json
import sys
import threading
import time
from collections import deque
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.factories.areas import NOW
from tests.factories.ballots import keyring, make_cards
from tests.factories.upkeep import keep_whole, vote
from voting.app import create_app
from voting.ballots.models import UrnEntry
from voting.ballots.service import is_in_urn
from voting.config import Config
from voting.persistence import condition
from voting.persistence.session import Database
from voting.rounds.models import PhaseChange
from voting.upkeep.service.checking import check_everything


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["backup", *map(str, arguments)])


@contextmanager
def elsewhere(request, folder: Path, kind: str):
    """An app on another computer: an empty database, no files, no keys."""
    url = f"sqlite:///{folder / 'other' / 'voting.sqlite3'}"
    cluster = name = None
    if kind == "postgresql":
        cluster = request.getfixturevalue("postgres")
        name = cluster.create()
        url = cluster.url(name)
    environ = {"VOTING_VAR": str(folder / "other"), "VOTING_DATABASE_URL": url}
    app = create_app(Config.from_environ(environ))
    yield app
    app.extensions["voting.database"].engine.dispose()
    if cluster:
        cluster.drop(name)


def slots(database):
    with database.reading() as session:
        return set(session.scalars(select(UrnEntry.slot)))


def test_a_backup_goes_to_another_computer_and_holds_everything(
    request, app, tmp_path, whole, database, any_database
):
    path = tmp_path / "backup.tar"
    made = run(app, "create", path, "--json")
    assert made.exit_code == 0, made.output
    with elsewhere(request, tmp_path, any_database) as other:
        restored = run(other, "restore", path, "--json")
        assert restored.exit_code == 0, restored.output
        there = other.extensions["voting.database"]
        assert slots(there) == slots(database)
        found = {one.code for one in check_everything(there.reading)}
        assert found <= {"settings", "advice"}
        with there.reading() as session:
            assert condition.guards_differing(session.connection()) == []
        said = json.loads(restored.stdout)
        assert {key["name"].rpartition("/")[2] for key in said["missing_keys"]} >= {
            "seal.key", "ledger.key", "cards.key",
        }  # fmt: skip


@pytest.mark.parametrize(("kind", "target"), [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_a_backup_of_one_database_fits_the_other(request, tmp_path, kind, target):
    with elsewhere(request, tmp_path / "a", kind) as first:
        with first.app_context():
            first.extensions["alembic"].upgrade()
        database = first.extensions["voting.database"]
        keep_whole(database, keyring(tmp_path / "a" / "other"), ballots=21, more=1)
        assert run(first, "create", tmp_path / "backup").exit_code == 0
        with elsewhere(request, tmp_path / "b", target) as second:
            restored = run(second, "restore", tmp_path / "backup")
            assert restored.exit_code == 0, restored.output
            assert "seal.key" in restored.stdout
            assert slots(second.extensions["voting.database"]) == slots(database)


def under_load(request, app, tmp_path, database, keys, config, kind, *, ballots, voters):
    """Back up while people vote, restore elsewhere; return older receipts that are missing, and seconds."""
    whole = keep_whole(database, keys, ballots=ballots, more=0, counted=False)
    with database.transaction() as session:
        cards = deque(make_cards(session, keys, whole.round_id, 500 * voters))
    acknowledged, stop, begun = list(whole.slots), threading.Event(), threading.Event()
    work = (config, keys, whole.round_id, cards, acknowledged, begun, stop)
    threads = [threading.Thread(target=_keep_voting, args=work) for _ in range(voters)]
    for thread in threads:
        thread.start()
    begun.wait(timeout=30)
    older = list(acknowledged)
    started = time.monotonic()
    made = run(app, "create", tmp_path / "backup")
    seconds = [time.monotonic() - started]
    stop.set()
    for thread in threads:
        thread.join()
    assert made.exit_code == 0, made.output
    with elsewhere(request, tmp_path, kind) as other:
        started = time.monotonic()
        assert run(other, "restore", tmp_path / "backup").exit_code == 0
        seconds.append(time.monotonic() - started)
        with other.extensions["voting.database"].reading() as session:
            missing = [slot for slot in older if not is_in_urn(session, whole.round_id, slot)]
    assert len(acknowledged) > len(older)
    return missing, seconds


def _keep_voting(config, keys, round_id, cards, acknowledged, begun, stop):
    database = Database(config.database_url)
    while cards and not stop.is_set():
        with database.transaction() as session:
            slot = vote(session, keys, round_id, cards.popleft())
        acknowledged.append(slot)
        begun.set()
        time.sleep(0.02)
    database.engine.dispose()


def test_receipts_older_than_a_backup_made_under_load_are_in_it(
    request, app, tmp_path, database, keys, config, any_database
):
    missing, _ = under_load(
        request, app, tmp_path, database, keys, config, any_database, ballots=21, voters=1
    )
    assert missing == []


@pytest.mark.soak
def test_the_same_with_thousands_of_ballots_and_four_voters(
    request, app, tmp_path, database, keys, config, any_database, capsys
):
    missing, seconds = under_load(
        request, app, tmp_path, database, keys, config, any_database, ballots=3000, voters=4
    )
    with capsys.disabled():
        sys.stdout.write(
            f"\n{any_database}: created in %.1f s, restored in %.1f s\n" % tuple(seconds)
        )
    assert missing == []


def test_nothing_is_overwritten_unasked(app, tmp_path, whole, database):
    path = tmp_path / "backup"
    assert run(app, "create", path).exit_code == 0
    again = run(app, "create", path)
    assert (again.exit_code, again.stderr.count("\n")) == (1, 1)
    refused = run(app, "restore", path)
    assert refused.exit_code == 1
    assert "--replace" in refused.stderr
    declined = app.test_cli_runner().invoke(
        args=["backup", "restore", str(path), "--replace"], input="n\n"
    )
    assert declined.exit_code == 1
    replaced = run(app, "restore", path, "--replace", "--yes")
    assert replaced.exit_code == 0, replaced.output
    assert "需要的钥匙都在" in replaced.stdout


def test_a_key_of_another_installation_is_no_key(app, tmp_path, whole, config):
    path = tmp_path / "backup"
    run(app, "create", path)
    seal = config.secrets / "rounds" / whole.round_id / "seal.key"
    seal.write_bytes(bytes(32))
    said = json.loads(run(app, "restore", path, "--replace", "--yes", "--json").stdout)
    assert [(key["name"], key["is_other"]) for key in said["missing_keys"]] == [
        (f"rounds/{whole.round_id}/seal.key", True)
    ]


def test_a_stored_file_that_is_damaged_is_named_and_the_rest_is_kept(
    app, tmp_path, whole, database
):
    files = app.extensions["voting.files"]
    digest = files.put(b"%PDF-1.4 a paper")
    with database.transaction() as session:
        step = {"before": "x", "after": "x", "at": NOW, "by": "o"}
        session.add(PhaseChange(round_id=whole.round_id, file_digest=digest, **step))
    files.path(digest).write_bytes(b"another")
    made = run(app, "create", tmp_path / "backup")
    assert made.exit_code == 1
    assert digest in made.stderr
    assert run(app, "verify", tmp_path / "backup").exit_code == 0


def test_a_database_that_does_not_hold_together_is_not_backed_up(app, tmp_path, whole, database):
    with database.transaction() as session:
        session.connection().exec_driver_sql("DROP TRIGGER ledger_entry_no_update")
        session.connection().exec_driver_sql(
            "UPDATE ledger_entry SET body = body || ' ' WHERE idx = 3"
        )
    made = run(app, "create", tmp_path / "backup")
    assert made.exit_code == 1
    assert "第 3 条" in made.stderr
    assert not (tmp_path / "backup").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_odd_files_are_refused_with_a_sentence(app, tmp_path):
    (tmp_path / "text").write_text("no backup")
    for path in (tmp_path / "text", tmp_path / "nowhere"):
        said = run(app, "restore", path)
        assert (said.exit_code, said.stderr.count("\n")) == (1, 1), said.output
    assert run(app, "create", "/proc/backup").stderr.count("\n") == 1
