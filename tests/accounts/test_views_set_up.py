import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.visits import (
    send,
)
from tests.factories.accounts import PASSWORD
from tests.visiting import read, submit, visit
from voting.accounts import views
from voting.accounts.rules import set_up_code
from voting.areas.models import Installation
from voting.areas.service import AlreadySetUp
from voting.persistence.session import Database
from voting.web.db import current_keys


@pytest.fixture
def facts(app: Flask) -> dict[str, object]:
    with app.app_context():
        code = set_up_code(current_keys().app_key())
    return {
        "code": code.lower(),
        "district": "西湖区",
        "street": "南站街道",
        "help_number": "0791-86543210",
        "public_url": "https://vote.example.cn",
        "name": "王芳",
        "sign_in_name": "wangfang",
        "password": PASSWORD,
        "again": PASSWORD,
    }


def test_before_it_the_door_leads_to_it(client: FlaskClient) -> None:
    assert client.get("/sign-in").location == "/set-up"
    assert visit(client, "/set-up").h1 == "首次设置"


def test_it_ends_at_the_door_with_an_administrator(
    client: FlaskClient, facts: dict[str, object]
) -> None:
    answer = send(client, visit(client, "/set-up"), **facts)
    assert answer.status_code == 303
    page = visit(client, answer.location)
    assert "设置完成" in page.text
    assert "西湖区" in page.text
    inside = submit(client, page, "/sign-in", sign_in_name="wangfang", password=PASSWORD)
    assert inside.location == "/desk/settings/scan"
    assert "测试扫码" in visit(client, inside.location).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": ""}, "请填写设置码。"),
        ({"code": "AAAA-BBBB-CCCC"}, "设置码不对"),
        ({"code": "\x00"}, "设置码不对"),
        ({"district": ""}, "请填写区的名称。"),
        ({"district": "区" * 41}, "最多 40 个字符。"),
        ({"street": "", "community": "站南巷社区"}, "填了下一级，上一级也要填。"),
        ({"estate": "a\x00b"}, "填了下一级"),
        ({"public_url": ""}, "请填写地址。"),
        ({"public_url": "vote.example.cn"}, "请填写完整的网址"),
        ({"public_url": "javascript:alert(1)"}, "请填写完整的网址"),
        ({"help_number": "电话"}, "电话号码只写数字"),
        ({"name": ""}, "请填写姓名。"),
        ({"sign_in_name": "a b"}, "登录名用 2 到 32 个"),
        ({"password": "", "again": ""}, "请填写密码。"),
        ({"password": "12345678", "again": "12345678"}, "这个密码太常见"),
        ({"password": "short", "again": "short"}, "密码至少要 8 个字符"),
        ({"again": "another"}, "两遍密码不一样"),
        ({"password": "x" * 129, "again": "x" * 129}, "密码最多 128 个字符。"),
    ],
)
def test_bad_facts_are_sent_back_and_nothing_is_made(
    client: FlaskClient,
    database: Database,
    facts: dict[str, object],
    changes: dict[str, object],
    sentence: str,
) -> None:
    answer = send(client, visit(client, "/set-up"), **{**facts, **changes})
    page = read(answer, "/set-up", status=422)
    assert sentence in page.text
    assert PASSWORD not in page.html
    with database.reading() as session:
        assert session.get(Installation, 1) is None


def test_it_works_once(client: FlaskClient, facts: dict[str, object]) -> None:
    page = visit(client, "/set-up")
    send(client, page, **facts)
    assert client.get("/set-up").location == "/sign-in"
    again = send(client, page, **facts)
    assert "首次设置已经完成" in read(again, status=409).text


def test_who_comes_second_at_the_same_moment_is_told_so(
    client: FlaskClient, facts: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visit(client, "/set-up")

    def taken(*_: object, **__: object) -> None:
        raise AlreadySetUp

    monkeypatch.setattr(views, "set_up", taken)
    assert "首次设置已经完成" in read(send(client, page, **facts), status=409).text


def test_the_forms_token_is_wanted(client: FlaskClient, facts: dict[str, object]) -> None:
    assert client.post("/set-up", data=facts).status_code == 400
