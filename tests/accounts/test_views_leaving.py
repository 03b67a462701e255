from datetime import timedelta

from flask.testing import FlaskClient

from tests.accounts.visits import (
    NEW,
    Desk,
    read_officer,
    send,
    sessions,
)
from tests.conftest import Clock
from tests.factories.accounts import PASSWORD
from tests.visiting import submit, visit
from voting.persistence.session import Database


def test_a_session_that_was_signed_out_cannot_be_used_again(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    page = visit(client, "/desk")
    answer = submit(client, page, "/sign-out")
    assert answer.location == "/sign-in"
    assert client.get_cookie("desk") is None
    client.set_cookie("desk", desk.token)
    assert client.get("/desk").status_code == 303
    assert sessions(database) == 0


def test_signing_out_needs_a_post_with_a_token(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 400
    assert sessions(database) == 1


def test_an_idle_browser_is_sent_to_the_door(client: FlaskClient, desk: Desk, clock: Clock) -> None:
    for _ in range(3):
        clock.now += timedelta(minutes=29)
        visit(client, "/desk")
    clock.now += timedelta(minutes=30)
    assert client.get("/desk").location == "/sign-in?next=/desk"


def test_a_form_of_an_expired_session_is_sent_to_the_door(
    client: FlaskClient, database: Database, desk: Desk, clock: Clock
) -> None:
    page = visit(client, "/password")
    clock.now += timedelta(minutes=30)
    answer = send(client, page, current=PASSWORD, password=NEW, again=NEW)
    assert answer.location == "/sign-in"
    assert read_officer(database, desk.officer).password_hash == desk.officer.password_hash


def test_a_day_at_the_desk_ends_after_twelve_hours(
    client: FlaskClient, desk: Desk, clock: Clock
) -> None:
    for _ in range(35):
        clock.now += timedelta(minutes=20)
        visit(client, "/desk")
    clock.now += timedelta(minutes=20)
    assert client.get("/desk").status_code == 303
