"""S3: what a person or a card is known by turns up in no log, no page of an error, no file and no queue."""

import base64
import logging
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import appcontext_pushed, g
from sqlalchemy import text

from tests.factories.ballots import NOW, keyring, open_round_with_cards
from tests.factories.posters import code_now, list_resident, poster_round
from tests.factories.roll import HEADER, identity_number, person, xlsx
from tests.roll.conftest import sit
from tests.roll.sending import check, send, upload
from tests.visiting import visit
from voting.adapters.jobs import Queue, perform
from voting.app import create_app
from voting.ballots.views import choosing
from voting.permissions import Role
from voting.persistence.jobs import Job
from voting.rounds.models import Round
from voting.web.db import get_session

NAME, PHONE, ROOM = "欧阳金丝雀", "13912345678", "77栋7单元7707"
NUMBER = identity_number(order=777)
BAD_NUMBER = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
CHOICES = ("choice=5", '"choices":[5]')


@pytest.fixture
def log(app, tmp_path, monkeypatch):
    """Everything that is logged at the lowest level, as an operator sets it to find a fault."""
    path = tmp_path / "server.log"
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield path
    root.setLevel(before)
    root.removeHandler(handler)
    handler.close()


@pytest.fixture
def chatty(config, database_url, log, clock):
    """The app as it starts with VOTING_LOG_LEVEL=DEBUG."""
    app = create_app(replace(config, log_level="DEBUG"))

    def set_clock(_app):
        g.now = clock.now

    with appcontext_pushed.connected_to(set_clock, app):
        yield app
    app.extensions["voting.database"].engine.dispose()


def quoting(*values):
    """Return a fault that a database reports together with everything it was given."""

    def fail(*_args, **_kwargs):
        get_session().execute(
            text("INSERT INTO nowhere VALUES (:a, :b)"), dict(zip("ab", values, strict=True))
        )

    return fail


def plain_fault(*_args, **_kwargs):
    raise ZeroDivisionError("planted")


def vote_with_accidents(client, card, monkeypatch):
    """A voter to whom everything happens; return the pages of errors and the cookie."""
    pages = [client.get(f"/c/{card.token[:-1]}7"), client.post(f"/c/{card.token}")]
    client.post("/c", data={"code": card.short_code})
    client.get(f"/c/{card.token}")
    cookie = client.get_cookie("card").value
    found = re.search(r'name="form" value="(\w+)"', client.get("/ballot").get_data(as_text=True))
    assert found
    form = {"form": found[1], "choice": "5", "check_code": card.check_code}
    wrong = f"{(int(card.check_code) + 1) % 10**6:06d}"
    pages.append(client.post("/ballot/cast", data=form | {"check_code": wrong}))
    pages.append(client.post("/ballot/cast", data=form | {"form": "0" * 32}))
    for fault in (plain_fault, quoting(card.token, card.check_code)):
        with monkeypatch.context() as planted:
            planted.setattr(choosing, "cast", fault)
            pages.append(client.post("/ballot/cast", data=form))
            assert pages[-1].status_code == 500
    pages.append(client.post("/ballot/cast", data=form | {"x": "y" * 3_000_000}))
    receipt = client.post("/ballot/cast", data=form)
    assert receipt.status_code == 303
    pages.append(client.get("/receipts/AAAAAAAAAAAAAAAA"))
    return [page.get_data(as_text=True) for page in pages if page.status_code >= 400], cookie


def send_a_roll_with_accidents(app, database, monkeypatch):
    """A worker whose files are wrong in every way, and whose job fails; return the pages of errors."""
    client = app.test_client()
    desk = sit(client, database, Role.COMMUNITY_WORKER)
    row = [NAME, NUMBER, "居住", ROOM, PHONE]
    good = xlsx([HEADER, row, [NAME, BAD_NUMBER, "居住", ROOM, PHONE], person(1)])
    pages = [upload(desk, good[: len(good) // 2]), check(desk, good), send(desk, good)]
    with monkeypatch.context() as planted:
        planted.setattr("voting.roll.views.uploads.name_columns", quoting(NAME, NUMBER))
        pages.append(check(desk, good))
    pages.append(client.post(f"/desk/rounds/{desk.draft}/roll", data={"text": NAME}))
    pages.append(client.get(f"/desk/rounds/{desk.draft}/roll/people/{NUMBER}"))
    return [page.get_data(as_text=True) for page in pages if page.status_code >= 500]


def claim_with_accidents(app, database, keys, monkeypatch):
    """Somebody comes by the poster to whom everything happens; return the pages of errors."""
    made = poster_round(database, keys, factors="screen,worker")
    with database.transaction() as session:
        round = session.get_one(Round, made.round_id)
        list_resident(session, keys, round, name=NAME, number=NUMBER, phone=PHONE)
    client, address = app.test_client(), f"/p/{made.round_id}"
    token = visit(client, address).form(address).values["csrf_token"]
    typed = {"csrf_token": token, "way": "screen", "consent": "y", "name": NAME, "number": NUMBER}
    pages = []
    for fault in (plain_fault, quoting(NAME, NUMBER)):
        with monkeypatch.context() as planted:
            planted.setattr("voting.posters.service.claiming.count_try", fault)
            pages.append(client.post(address, data=typed | {"code": "123456"}))
    assert [page.status_code for page in pages] == [500, 500]
    for code in ("000000", code_now(keys, made)):
        client.post(address, data=typed | {"code": code})
    client.post(address, data=typed | {"way": "worker"})
    return [page.get_data(as_text=True) for page in pages]


def fail_a_job(app, database):
    """A job whose database quotes what it was given."""
    with database.transaction() as session:
        job = Job(kind="planted", subject_id="x", officer_id="y", total=1, created_at=NOW)
        session.add(job)
        session.flush()
        job_id = job.id
    with app.app_context():
        fault = quoting(NAME, NUMBER)
        assert perform(database, {"planted": fault}, job_id, clock=lambda: NOW)
    Queue(app.extensions["voting.config"].var / "queue").put(job_id)


def canaries(card, cookie):
    """Return everything that must turn up nowhere, in the forms it could take."""
    raw = base64.urlsafe_b64decode(cookie)
    nonce = raw[26 + 32 : 26 + 32 + 16]
    found = [
        card.token, card.short_code, cookie, NAME, NUMBER, BAD_NUMBER, PHONE, ROOM,
        nonce.hex(), base64.b64encode(nonce).decode().rstrip("="), *CHOICES,
    ]  # fmt: skip
    return {one: one.encode() for one in found} | {
        "nonce": nonce, "hash of the card": card.cred_hash, "its hex": card.cred_hash.hex().encode(),
        "name as Python writes it": NAME.encode("unicode_escape"),
    }  # fmt: skip


def seen(found, content: bytes) -> list[str]:
    return sorted(name for name, raw in found.items() if raw in content)


def places(tmp_path: Path) -> list[Path]:
    """Return every file of this installation but its secrets and its database."""
    return [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and "secrets" not in path.parts and "voting.sqlite3" not in path.name
    ]


def test_what_a_person_is_known_by_turns_up_nowhere(
    chatty, database, tmp_path, log, monkeypatch, capfd, record_property
):
    _, (card,) = open_round_with_cards(database, keyring(tmp_path / "var"))
    pages, cookie = vote_with_accidents(chatty.test_client(), card, monkeypatch)
    pages += send_a_roll_with_accidents(chatty, database, monkeypatch)
    pages += claim_with_accidents(chatty, database, keyring(tmp_path / "var"), monkeypatch)
    fail_a_job(chatty, database)
    found = canaries(card, cookie)
    lines = log.read_text()
    assert lines.count("ERROR") >= 4
    assert {path.name: seen(found, path.read_bytes()) for path in places(tmp_path)} == {
        path.name: [] for path in places(tmp_path)
    }
    assert [seen(found, page.encode()) for page in pages] == [[]] * len(pages)
    assert card.check_code not in lines
    assert seen(found, "".join(capfd.readouterr()).encode()) == []
    record_property("canaries", len(found))
    record_property("files", len(places(tmp_path)))
    record_property("lines of log", lines.count("\n"))
    record_property("hits", 0)


def test_the_database_holds_none_of_it_in_clear(chatty, database, tmp_path, monkeypatch):
    _, (card,) = open_round_with_cards(database, keyring(tmp_path / "var"))
    _, cookie = vote_with_accidents(chatty.test_client(), card, monkeypatch)
    send_a_roll_with_accidents(chatty, database, monkeypatch)
    claim_with_accidents(chatty, database, keyring(tmp_path / "var"), monkeypatch)
    found = canaries(card, cookie)
    del found["hash of the card"]  # that is what a card is to the database
    assert seen(found, (tmp_path / "voting.sqlite3").read_bytes()) == []


def test_a_canary_that_was_logged_would_be_found(chatty, database, tmp_path, log, monkeypatch):
    """The twin: a line of log that quotes what was typed."""
    _, (card,) = open_round_with_cards(database, keyring(tmp_path / "var"))
    _, cookie = vote_with_accidents(chatty.test_client(), card, monkeypatch)
    logging.getLogger("voting").debug("cast %s", {"token": card.token, "name": NAME})
    assert seen(canaries(card, cookie), log.read_bytes()) == sorted([card.token, NAME])
