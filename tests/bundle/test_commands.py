import json
import os
import subprocess
import sys

import pytest

from tests.bundle.checking import ACCEPTED, verdict
from tests.factories.ballots import keyring
from tests.factories.bundles import count_round, make_voted_round
from tests.factories.rounds import make_round
from tests.pabulib.loading import FILES, loaded
from verify_bundle import Verification
from voting.config import ROOT
from voting.tally.service import OpeningsStore


@pytest.fixture
def run(runner):
    def invoke(*words):
        return runner.invoke(args=[str(word) for word in words])

    return invoke


@pytest.fixture
def keys(config):
    return keyring(config.var)


@pytest.fixture
def round_id(database, keys, config):
    with database.transaction() as session:
        round = make_voted_round(session, keys)
        count_round(session, keys, round, OpeningsStore(config.var / "openings", keys))
        return round.id


def checked(path, head=None):
    done = Verification(str(path), head=head, pure=True)
    done.run()
    return done


def test_the_command_writes_what_the_verifier_accepts(run, round_id, tmp_path):
    path = tmp_path / "核对包.zip"
    path.write_text("an older file")
    result = run("ledger", "bundle", round_id, path, "--monitors", "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert set(found) == {"file", "sort", "size", "entries", "ballots", "head"}
    assert found["size"] == path.stat().st_size
    assert (found["sort"], found["ballots"]) == ("monitors", 30)
    assert verdict(checked(path, head=found["head"])) == ACCEPTED
    assert verdict(checked(path, head=found["head"][::-1])) == "head"
    assert checked(path).counted == 30


@pytest.mark.parametrize("name", ["approval.pb", "points.pb", "ranks.pb"])
def test_a_loaded_election_is_verified_like_our_own(run, any_database, tmp_path, name):
    round_id, path = loaded(run, FILES / name)["round"], tmp_path / "loaded.zip"
    facts = json.loads(run("tally", "count", round_id, "--json").stdout)
    result = run("ledger", "bundle", round_id, path)
    assert result.exit_code == 0, result.stderr
    assert "封存号" in result.stdout
    done = checked(path)
    assert verdict(done) == ACCEPTED, done.failure
    assert done.counted == facts["ballots"]


def test_what_cannot_be_written_is_said_in_one_line(run, round_id, tmp_path, database, keys):
    with database.transaction() as session:
        early = make_round(session).id
    (tmp_path / "file").write_text("")
    cases = [
        (run("ledger", "bundle", round_id, tmp_path / "none" / "x.zip"), 1),
        (run("ledger", "bundle", round_id, tmp_path / "file" / "x.zip"), 1),
        (run("ledger", "bundle", "nobody", tmp_path / "x.zip"), 1),
        (run("ledger", "bundle", early, tmp_path / "x.zip"), 1),
        (run("ledger", "bundle", round_id, tmp_path / "x.zip", "--monitors", "--sealed"), 2),
    ]
    for result, code in cases:
        assert result.exit_code == code
        assert "Traceback" not in result.stderr
        assert code == 2 or len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "x.zip").exists()


def test_a_terminal_sees_how_far_it_is(round_id, environ, tmp_path):
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "ledger", "bundle", round_id]
    clean = {name: value for name, value in os.environ.items() if name != "PORT"}
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        done = subprocess.run(
            [*command, str(tmp_path / "x.zip")], env=clean | environ, cwd=ROOT, stderr=theirs, check=False,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(theirs)
        shown = terminal.read(4096).decode()
    assert done.returncode == 0
    assert "写核对包" in shown
    assert "100%" in shown
    assert verdict(checked(tmp_path / "x.zip")) == ACCEPTED
