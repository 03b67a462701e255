"""R6: the disk is full: no receipt without its ballot, a sentence instead of a traceback, and all goes on."""

import os
import re
import sqlite3
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.databases import migrate
from tests.durability.whole import open_stage, standing
from tests.factories.ballots import keyring
from tests.postgres import ABSENT, binaries, private_cluster
from voting.app import create_app
from voting.config import Config
from voting.persistence.session import Database

FULL = "存储空间满了"


def vote(client, card) -> tuple[int, str]:
    """Scan, look, cast; return the last status and the receipt or the page."""
    client.delete_cookie("card")
    answer = client.get(f"/c/{card.token}")
    assert answer.status_code == 303
    page = client.get("/ballot").get_data(as_text=True)
    digest = re.search(r'name="form" value="(\w+)"', page)
    assert digest, page
    form = {"form": digest[1], "choice": "2", "check_code": card.check_code}
    answer = client.post("/ballot/cast", data=form)
    return answer.status_code, answer.headers.get("Location") or answer.get_data(as_text=True)


def vote_until_full(client, cards) -> tuple[list[str], str]:
    """Let card after card vote; return the receipts shown and the page of the first that did not get in."""
    receipts: list[str] = []
    for card in cards:
        status, shown = vote(client, card)
        if status != 303:
            assert status == 507, shown
            return receipts, shown
        receipts.append(shown.removeprefix("/receipts/"))
    pytest.fail(f"the disk never filled: {len(receipts)} ballots")


def check(app, database, cards, room) -> dict[str, int]:
    """Fill the disk by voting, then make room and let everybody vote who could not."""
    client = app.test_client()
    receipts, page = vote_until_full(client, cards)
    assert FULL in page
    assert "再扫一次卡" in page
    assert "Traceback" not in page
    before = standing(database)
    assert before.receipts == set(receipts)
    assert before.is_whole
    room()
    later = [vote(client, card) for card in cards[len(receipts) :]]
    assert {status for status, _ in later} <= {303}
    after = standing(database)
    assert after.ballots == len(cards)
    assert after.is_whole
    return {"before it was full": len(receipts), "after": len(later), "without a ballot": 0}


@contextmanager
def running(url: str, var: Path):
    app = create_app(Config.from_environ({"VOTING_DATABASE_URL": url, "VOTING_VAR": str(var)}))
    database = Database(url)
    try:
        yield app, database
    finally:
        for each in (app.extensions["voting.database"], database):
            each.engine.dispose()


def test_a_full_database_file_takes_no_ballot_and_says_so(app, database, tmp_path):
    cards = open_stage(database, keyring(tmp_path / "var"), 60).cards
    engine = app.extensions["voting.database"].engine
    with engine.connect() as connection:
        limit = [connection.exec_driver_sql("PRAGMA page_count").scalar_one() + 3]

    @event.listens_for(engine, "checkout")
    def limited(connection: sqlite3.Connection, *_more: object) -> None:
        connection.execute(f"PRAGMA max_page_count={limit[0]}")

    def room() -> None:
        limit[0] = 1_000_000

    check(app, database, cards, room)


@contextmanager
def small_disk(folder: Path, size: str):
    """A file system of its own in memory; only root may mount one."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", folder],
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("only root may mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill_up(ballast: Path, leave: int) -> None:
    """Leave only so many bytes on this file system."""
    free = os.statvfs(ballast.parent)
    ballast.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - leave)))


@pytest.mark.soak
def test_a_full_disk_takes_no_ballot_and_says_so(tmp_path, record_property):
    with small_disk(tmp_path / "disk", "4m") as disk:
        url = f"sqlite:///{disk / 'voting.sqlite3'}"
        migrate(url, tmp_path / "var")
        with running(url, tmp_path / "var") as (app, database):
            cards = open_stage(database, keyring(tmp_path / "var"), 600).cards
            fill_up(disk / "ballast", leave=200_000)
            found = check(app, database, cards, (disk / "ballast").unlink)
    for name, value in found.items():
        record_property(name, value)


@pytest.mark.soak
def test_a_full_disk_of_postgresql_takes_no_ballot_and_says_so(tmp_path, record_property):
    if binaries() is None:
        pytest.skip(ABSENT)
    with private_cluster() as cluster, small_disk(cluster.folder / "disk", "40m") as disk:
        owner = (cluster.folder / "data").stat()
        os.chown(disk, owner.st_uid, owner.st_gid)
        name = cluster.create_in(disk)
        url = cluster.url(name)
        migrate(url, tmp_path / "var")
        with running(url, tmp_path / "var") as (app, database):
            cards = open_stage(database, keyring(tmp_path / "var"), 600).cards
            fill_up(disk / "ballast", leave=300_000)
            found = check(app, database, cards, (disk / "ballast").unlink)
        cluster.drop_in(name)
    for name, value in found.items():
        record_property(name, value)
