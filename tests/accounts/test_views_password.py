import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.visits import (
    NEW,
    Desk,
    form_token,
    put_officer,
    read_officer,
    send,
)
from tests.factories.accounts import PASSWORD, sit_down
from tests.factories.areas import Chain
from tests.visiting import read, submit, visit
from voting.persistence.session import Database


def test_it_is_changed_and_the_other_browsers_are_out(
    app: Flask, client: FlaskClient, database: Database, desk: Desk
) -> None:
    elsewhere = app.test_client()
    sit_down(elsewhere, database, desk.officer)
    page = visit(client, "/password")
    answer = send(client, page, current=PASSWORD, password=NEW, again=NEW)
    assert answer.location == "/desk"
    assert "密码已经换好" in visit(client, "/desk").text
    assert elsewhere.get("/desk").status_code == 303


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"current": ""}, "请填写现在的密码。"),
        ({"current": "wrong"}, "现在的密码不对"),
        ({"password": "", "again": ""}, "请填写密码。"),
        ({"password": "short", "again": "short"}, "密码至少要 8 个字符"),
        ({"password": "x" * 129, "again": "x" * 129}, "密码最多 128 个字符。"),
        ({"again": "another"}, "两遍密码不一样"),
        ({"password": "wangfang1", "again": "wangfang1"}, "密码不能就是登录名"),
        ({"password": "password1", "again": "password1"}, "这个密码太常见"),
        ({"password": PASSWORD, "again": PASSWORD}, "新密码和现在的密码一样"),
    ],
)
def test_a_bad_one_is_sent_back(
    client: FlaskClient,
    database: Database,
    desk: Desk,
    changes: dict[str, object],
    sentence: str,
) -> None:
    facts: dict[str, object] = {"current": PASSWORD, "password": NEW, "again": NEW, **changes}
    answer = read(send(client, visit(client, "/password"), **facts), status=422)
    assert sentence in answer.text
    assert read_officer(database, desk.officer).password_hash == desk.officer.password_hash


def test_who_holds_an_initial_password_does_nothing_else_first(
    client: FlaskClient, database: Database, settled: Chain
) -> None:
    officer = put_officer(database, settled.district, must_change_password=True)
    sit_down(client, database, officer)
    for url in ("/desk", "/desk/officers", "/desk/areas"):
        assert client.get(url).location == "/password"
    page = visit(client, "/password")
    assert "您用的是初始密码" in page.text
    assert "平台设置" not in page.text
    send(client, page, current=PASSWORD, password=NEW, again=NEW)
    assert client.get("/desk").status_code == 200


def test_an_initial_password_does_not_post_either(
    client: FlaskClient, database: Database, settled: Chain
) -> None:
    sit_down(client, database, put_officer(database, settled.district, must_change_password=True))
    token = form_token(client)
    url = f"/desk/areas/{settled.street.id}/edit"
    answer = client.post(url, data={"name": "别处", "csrf_token": token})
    assert answer.location == "/password"
    assert submit(client, visit(client, "/password"), "/sign-out").location == "/sign-in"
