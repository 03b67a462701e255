"""The officer of a request, and what it costs to know them."""

import threading
from datetime import timedelta

import pytest
from flask import Flask, appcontext_pushed, g
from flask.testing import FlaskClient
from flask_login import current_user
from sqlalchemy import event, select

from tests.accounts.visits import NEW, Desk, send
from tests.conftest import Clock
from tests.factories.accounts import PASSWORD
from tests.visiting import read, visit
from voting.accounts.models import Officer, OfficerSession
from voting.app import create_app
from voting.config import Config
from voting.persistence.session import Database
from voting.web.access import public
from voting.web.db import transaction


def _writes(app: Flask) -> list[str]:
    found: list[str] = []

    def note(*call: object) -> None:
        if str(call[2]).startswith(("UPDATE", "INSERT", "DELETE")):
            found.append(str(call[2]))

    event.listen(app.extensions["voting.database"].engine, "before_cursor_execute", note)
    return found


def test_reading_pages_writes_a_sign_of_life_once_a_minute(
    app: Flask, client: FlaskClient, desk: Desk, clock: Clock
) -> None:
    writes = _writes(app)
    client.get("/desk")
    clock.now += timedelta(seconds=59)
    client.get("/desk")
    assert writes == []
    clock.now += timedelta(seconds=1)
    client.get("/desk")
    client.get("/desk")
    assert len(writes) == 1


def test_a_request_that_shows_a_sign_of_life_may_write_besides(
    client: FlaskClient, database: Database, desk: Desk, clock: Clock
) -> None:
    page = visit(client, "/password")
    clock.now += timedelta(minutes=5)
    # A second writer within one request would wait for the first for ever.
    answer = send(client, page, current=PASSWORD, password=NEW, again=NEW)
    assert answer.status_code == 303
    with database.reading() as session:
        assert session.scalars(select(OfficerSession.seen_at)).one() == clock.now


def test_whoever_asks_for_the_officer_inside_a_transaction_does_not_wait_for_ever(
    app: Flask, client: FlaskClient, desk: Desk, clock: Clock
) -> None:
    def probe() -> str:
        with transaction():
            return str(current_user.name)

    app.add_url_rule("/probe", view_func=public(probe))
    clock.now += timedelta(minutes=5)
    answers: list[str] = []
    thread = threading.Thread(
        target=lambda: answers.append(client.get("/probe").get_data(as_text=True)), daemon=True
    )
    thread.start()
    thread.join(10)
    assert answers == [desk.officer.name]


def test_static_files_ask_for_nobody(app: Flask, client: FlaskClient, desk: Desk) -> None:
    asked: list[str] = []
    engine = app.extensions["voting.database"].engine
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    with client.get("/static/css/tokens.css") as answer:
        assert answer.status_code == 200
    assert asked == []


def test_an_unknown_cookie_is_nobody(client: FlaskClient, desk: Desk) -> None:
    for token in ("x", "a" * 3000, "%00", "é"):
        client.set_cookie("desk", token)
        assert client.get("/desk").status_code == 303


def test_the_page_that_says_sorry_does_not_need_the_database(
    client: FlaskClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr("voting.accounts.holder.find_session", broken)
    # The page, not the bare sentence that is left when the page fails as well.
    assert visit(client, "/desk", status=500).h1 == "系统出了问题"


def test_over_https_the_cookie_is_bound_to_the_host(
    environ: dict[str, str], clock: Clock, wangfang: Officer
) -> None:
    app = create_app(
        Config.from_environ({**environ, "VOTING_PUBLIC_URL": "https://vote.example.cn"})
    )

    def set_clock(_app: Flask) -> None:
        g.now = clock.now

    with appcontext_pushed.connected_to(set_clock, app):
        client = app.test_client()
        base = "https://vote.example.cn"
        page = read(client.get("/sign-in", base_url=base))
        facts = {**page.form("/sign-in").values, "sign_in_name": "wangfang", "password": PASSWORD}
        answer = client.post(
            "/sign-in", base_url=base, data=facts, headers={"Referer": f"{base}/sign-in"}
        )
        assert client.get("/desk", base_url=base).status_code == 200
    app.extensions["voting.database"].engine.dispose()
    (cookie,) = [
        value for value in answer.headers.getlist("Set-Cookie") if value.startswith("__Host-desk=")
    ]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert parts == {"secure", "httponly", "samesite=strict", "path=/"}
