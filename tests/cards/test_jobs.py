"""The sheets, made by the process that operators start; it is killed here as power cuts kill it."""

import contextlib
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from sqlalchemy import select

from tests import papers
from tests.cards.conftest import Desk
from tests.factories.ballots import NOW
from tests.factories.cards import ADDRESS, make_batch, printed
from voting.adapters.jobs import DIED, Queue, perform
from voting.adapters.keyring import Keyring
from voting.adapters.pdf import picture
from voting.cards.jobs import HANDLERS
from voting.cards.models import CardBatch
from voting.cards.service import order_sheets, sheets_file, void_batch
from voting.config import ROOT, Config
from voting.journal.rules import COMMAND_LINE
from voting.persistence.jobs import Job
from voting.persistence.session import Database
from voting.rounds.service import get_round


@pytest.fixture
def fonts(config: Config) -> None:
    """The project's typefaces where the app looks for them."""
    found = papers.fonts()
    config.var.mkdir(parents=True, exist_ok=True)
    (config.var / "fonts").symlink_to(found.shelf.parent)


@pytest.fixture
def consumer(environ: dict[str, str], fonts: None) -> Callable[[], object]:
    """Starts the process that works jobs off; as a context manager it is killed at the end."""

    @contextlib.contextmanager
    def start() -> Iterator[subprocess.Popen[bytes]]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VOTING_")}
        with (Path(environ["VOTING_VAR"]) / "jobs.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run"],
                cwd=ROOT,
                env={**kept, **environ},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait(timeout=30)

    return start


def order(database: Database, batch: CardBatch) -> str:
    before = NOW - timedelta(minutes=1)
    with database.transaction() as session:
        return order_sheets(
            session, now=before, actor=COMMAND_LINE, batch_id=batch.id, served=True
        ).id


def state_of(database: Database, job_id: str) -> Job:
    with database.reading() as session:
        job = session.get_one(Job, job_id)
        session.expunge_all()
        return job


def wait_for(database: Database, job_id: str, *states: str) -> Job:
    deadline = time.monotonic() + 60
    while (job := state_of(database, job_id)).state not in states:
        assert time.monotonic() < deadline, f"{job.state}: {job.message}"
        time.sleep(0.05)
    return job


def codes_of(content: bytes, page: int) -> list[str]:
    image = Image.open(io.BytesIO(picture(content, dpi=200, page=page)))
    return [code.text for code in zxingcpp.read_barcodes(image)]


def make(app: Flask, database: Database, job_id: str) -> Job:
    with app.app_context():
        perform(database, HANDLERS, job_id, clock=lambda: NOW)
    return state_of(database, job_id)


def test_the_sheets_show_what_the_database_will_recognise(
    app: Flask,
    desk: Desk,
    database: Database,
    keys: Keyring,
    config: Config,
    fonts: None,
) -> None:
    with database.transaction() as session:
        batch = make_batch(session, keys, get_round(session, desk.round_id), 8)
    job = make(app, database, order(database, batch))
    assert (job.state, job.done, job.message) == ("done", 2, None)
    content = sheets_file(config.var, batch.id).read_bytes()
    cards = printed(batch, keys)
    expected = [f"{ADDRESS}/c/{card.token}".upper() for card in cards.values()]
    assert sorted(codes_of(content, 0)) == sorted(expected[:6])
    assert sorted(codes_of(content, 1)) == sorted(expected[6:])
    text = papers.words(content).replace(" ", "").replace("\n", "")
    for stub, card in cards.items():
        assert stub in text
        assert card.check_code in text
        assert card.short_code in text


def test_a_batch_that_was_voided_meanwhile_leaves_no_file(
    app: Flask,
    batch: CardBatch,
    database: Database,
    config: Config,
    fonts: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def render_and_void(*_args: object, **_kwargs: object) -> bytes:
        with database.transaction() as session:
            void_batch(session, now=NOW, actor=COMMAND_LINE, batch_id=batch.id, reason="印错")
        return b"%PDF"

    monkeypatch.setattr("voting.cards.jobs.render_many", render_and_void)
    job = make(app, database, order(database, batch))
    assert job.state == "failed"
    assert "不能再打印" in (job.message or "")
    assert list((config.var / "prints").iterdir()) == []


def test_a_lost_seed_is_a_sentence(
    app: Flask, batch: CardBatch, database: Database, keys: Keyring
) -> None:
    keys.forget_batch_seed(batch.id)
    job = make(app, database, order(database, batch))
    assert job.state == "failed"
    assert "不能再打印" in (job.message or "")


def test_the_consumer_works_off_what_was_ordered_from_a_page(
    desk: Desk,
    batch: CardBatch,
    database: Database,
    config: Config,
    consumer: Callable[[], contextlib.AbstractContextManager[object]],
) -> None:
    path = f"/batches/{batch.id}"
    with consumer():
        assert wait_until(Queue(config.var / "jobs").is_served)
        desk.press(path, f"{path}/sheets")
        with database.reading() as session:
            job_id = session.scalars(select(Job.id)).one()
        wait_for(database, job_id, "done")
    answer = desk.client.get(desk.url(f"{path}/sheets.pdf"))
    assert answer.data.startswith(b"%PDF")
    answer.close()


def test_a_killed_consumer_leaves_a_failed_job_that_can_be_started_again(
    desk: Desk,
    database: Database,
    keys: Keyring,
    config: Config,
    consumer: Callable[[], contextlib.AbstractContextManager[object]],
) -> None:
    with database.transaction() as session:
        batch = make_batch(session, keys, get_round(session, desk.round_id), 132)
    path = f"/batches/{batch.id}"
    killed = order(database, batch)
    with consumer():
        wait_for(database, killed, "running")
    assert DIED in desk.visit(path).text
    with consumer():
        assert wait_for(database, killed, "failed").message == DIED
        desk.press(path, f"{path}/sheets")
        with database.reading() as session:
            again = session.scalars(select(Job.id).where(Job.id != killed)).one()
        wait_for(database, again, "done")
    assert "一、下载，打印" in desk.visit(path).text


def test_the_consumer_deletes_what_a_killed_process_left_behind(
    batch: CardBatch,
    laid_out: CardBatch,
    database: Database,
    config: Config,
    consumer: Callable[[], contextlib.AbstractContextManager[object]],
) -> None:
    with database.transaction() as session:
        void_batch(session, now=NOW, actor=COMMAND_LINE, batch_id=batch.id, reason="印错")
    path = sheets_file(config.var, batch.id)
    assert path.exists()
    with consumer():
        assert wait_until(lambda: not path.exists())


def wait_until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 30
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
