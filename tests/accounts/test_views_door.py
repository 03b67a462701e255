from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.accounts.visits import (
    NEW,
    send,
    sessions,
    sign_in,
)
from tests.conftest import Clock
from tests.factories.accounts import PASSWORD, sit_down
from tests.visiting import read, visit
from voting.accounts import holder
from voting.accounts.models import Officer
from voting.accounts.service import TooManySignIns, signing_in
from voting.persistence.session import Database


def test_the_right_password_opens_the_desk(client: FlaskClient, wangfang: Officer) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert "王芳" in visit(client, "/desk").text


def test_the_cookie_is_for_the_server_alone(client: FlaskClient, wangfang: Officer) -> None:
    (cookie,) = [
        value for value in sign_in(client).headers.getlist("Set-Cookie") if "desk=" in value
    ]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert parts == {"httponly", "samesite=strict", "path=/"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sign_in_name": ""}, "请填写登录名。"),
        ({"password": ""}, "请填写密码。"),
        ({"sign_in_name": "x" * 101}, "最多 100 个字符。"),
        ({"password": "x" * 129}, "密码最多 128 个字符。"),
        ({"password": "wrong"}, "登录名或密码不对"),
        ({"sign_in_name": "nobody"}, "登录名或密码不对"),
        ({"sign_in_name": "wang\x00fang"}, "登录名或密码不对"),
    ],
)
def test_a_bad_try_is_sent_back(
    client: FlaskClient,
    database: Database,
    wangfang: Officer,
    changes: dict[str, object],
    sentence: str,
) -> None:
    page = read(sign_in(client, **changes), "/sign-in", status=422)
    assert sentence in page.text
    assert sessions(database) == 0


def test_wrong_passwords_are_counted_although_they_are_refused(
    client: FlaskClient, database: Database, wangfang: Officer, clock: Clock
) -> None:
    for _ in range(5):
        sign_in(client, password="wrong password")
    assert sign_in(client).status_code == 422
    clock.now += timedelta(minutes=15)
    assert sign_in(client).status_code == 303


def test_a_locked_name_and_an_unknown_one_look_alike(
    client: FlaskClient, wangfang: Officer
) -> None:
    for _ in range(5):
        sign_in(client, password="wrong password")
    locked = read(sign_in(client), "/sign-in", status=422)
    unknown = read(sign_in(client, sign_in_name="nobody"), "/sign-in", status=422)
    assert locked.text == unknown.text


def test_too_many_at_once_are_asked_to_wait(
    client: FlaskClient, wangfang: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise TooManySignIns

    monkeypatch.setattr(holder, "hashing_slot", full)
    assert "请过一会儿再试" in read(sign_in(client), "/sign-in", status=503).text


def test_no_hash_is_worked_out_inside_a_transaction(
    app: Flask, client: FlaskClient, wangfang: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = app.extensions["voting.database"].engine.pool
    busy: list[int] = []

    def fits(_hash: str | None, _password: str) -> bool:
        busy.append(pool.checkedout())
        return False

    monkeypatch.setattr(signing_in, "fits", fits)
    sign_in(client)
    assert busy == [0]


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        ("/desk/areas?page=2", "/desk/areas?page=2"),
        ("/desk", "/desk"),
        ("", "/desk"),
        ("//evil.example", "/desk"),
        ("https://evil.example/desk", "/desk"),
        ("/\\evil.example", "/desk"),
        ("/desk/\\evil", "/desk"),
        ("/deskevil.example", "/desk"),
        ("/desk/\n//evil", "/desk"),
        ("//[", "/desk"),
        ("javascript:alert(1)", "/desk"),
        ("/sign-out", "/desk"),
    ],
)
def test_afterwards_only_the_desk_is_opened(
    client: FlaskClient, wangfang: Officer, asked: str, target: str
) -> None:
    assert sign_in(client, next=asked).location == target
    assert client.get("/sign-in", query_string={"next": asked}).location == target


def test_a_page_that_was_asked_for_comes_after_the_door(
    client: FlaskClient, wangfang: Officer
) -> None:
    door = client.get("/desk/areas?x=1")
    assert door.status_code == 303
    page = visit(client, door.location)
    answer = send(client, page, sign_in_name="wangfang", password=PASSWORD)
    assert answer.location == "/desk/areas?x=1"


def test_a_planted_cookie_never_becomes_valid(
    client: FlaskClient, database: Database, wangfang: Officer
) -> None:
    client.set_cookie("desk", "planted")
    sign_in(client)
    cookie = client.get_cookie("desk")
    assert cookie is not None
    assert cookie.value != "planted"
    client.set_cookie("desk", "planted")
    assert client.get("/desk").status_code == 303


def test_signing_in_again_ends_the_session_before(
    client: FlaskClient, database: Database, wangfang: Officer
) -> None:
    page = visit(client, "/sign-in")
    sit_down(client, database, wangfang)
    assert sessions(database) == 1
    answer = send(client, page, sign_in_name="wangfang", password=PASSWORD)
    assert answer.status_code == 303
    assert sessions(database) == 1


def test_the_forms_token_of_before_is_worthless_after(
    client: FlaskClient, wangfang: Officer
) -> None:
    before = visit(client, "/sign-in").form("/sign-in").values["csrf_token"]
    sign_in(client)
    data = {"current": PASSWORD, "password": NEW, "again": NEW, "csrf_token": before}
    assert client.post("/password", data=data).status_code == 400


def test_without_the_forms_token_nobody_signs_in(
    client: FlaskClient, database: Database, wangfang: Officer
) -> None:
    data = {"sign_in_name": "wangfang", "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 400
    assert sessions(database) == 0


def test_who_sits_at_no_desk_costs_no_query(
    app: Flask, client: FlaskClient, wangfang: Officer
) -> None:
    visit(client, "/sign-in")
    asked: list[str] = []
    engine = app.extensions["voting.database"].engine
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    client.get("/privacy")
    assert asked == []
