import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.visits import (
    Desk,
    form_token,
    put_officer,
    read_officer,
    send,
    sign_in,
)
from tests.factories.accounts import make_officer, sit_down
from tests.visiting import read, submit, visit
from voting.areas.models import Area
from voting.persistence.session import Database


def test_a_new_officer_gets_a_password_that_is_shown_once(
    app: Flask, client: FlaskClient, database: Database, desk: Desk
) -> None:
    answer = send(
        client,
        visit(client, "/desk/officers/new"),
        name="李伟",
        sign_in_name="liwei",
        role="community_worker",
        area_id=desk.chain.community.id,
    )
    assert answer.status_code == 303
    page = visit(client, answer.location)
    initial = page.text.partition("初始密码：")[2][:14]
    assert initial not in visit(client, answer.location).text
    other = app.test_client()
    inside = sign_in(other, sign_in_name="liwei", password=initial)
    assert inside.status_code == 303
    assert other.get("/desk").location == "/password"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "请填写姓名。"),
        ({"name": "名" * 41}, "最多 40 个字符。"),
        ({"name": "a\x00b"}, "名称请写 1 到 40 个字"),
        ({"sign_in_name": ""}, "请填写登录名。"),
        ({"sign_in_name": "wangfang"}, "登录名“wangfang”已经有人用了"),
        ({"sign_in_name": "a/b"}, "登录名用 2 到 32 个"),
        ({"role": ""}, "请选择角色。"),
        ({"role": "mayor"}, "有几处需要改一下"),
        ({"area_id": None}, "请选择区域。"),
        ({"area_id": "a" * 26}, "有几处需要改一下"),
    ],
)
def test_a_bad_one_is_sent_back(
    client: FlaskClient, desk: Desk, changes: dict[str, object], sentence: str
) -> None:
    facts: dict[str, object] = {
        "name": "李伟",
        "sign_in_name": "liwei",
        "role": "auditor",
        "area_id": desk.chain.street.id,
        **changes,
    }
    answer = send(client, visit(client, "/desk/officers/new"), **facts)
    assert sentence in read(answer, status=422).text


def test_an_officer_of_another_area_is_not_offered_nor_taken(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    sit_down(client, database, put_officer(database, desk.chain.community))
    page = visit(client, "/desk/officers/new")
    assert "南站街道" not in page.html
    answer = send(
        client,
        page,
        name="李伟",
        sign_in_name="liwei",
        role="administrator",
        area_id=desk.chain.street.id,
    )
    assert answer.status_code == 422


def test_other_officers_and_none_look_alike(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    sit_down(client, database, put_officer(database, desk.chain.community))
    for path in ("", "/retire"):
        other = visit(client, f"/desk/officers/{desk.officer.id}{path}", status=404)
        none = visit(client, f"/desk/officers/{'a' * 26}{path}", status=404)
        assert other.text == none.text
    token = form_token(client)
    for act in ("reset-password", "unlock", "retire"):
        url = f"/desk/officers/{desk.officer.id}/{act}"
        assert client.post(url, data={"csrf_token": token}).status_code == 404
    assert read_officer(database, desk.officer).password_hash == desk.officer.password_hash


@pytest.mark.parametrize("role", ["community_worker", "street_officer", "auditor"])
def test_only_administrators_manage_officers(
    client: FlaskClient, database: Database, desk: Desk, role: str
) -> None:
    sit_down(client, database, put_officer(database, desk.chain.district, role=role))
    token = form_token(client)
    url = f"/desk/officers/{desk.officer.id}"
    for path in ("/desk/officers", "/desk/officers/new", url, f"{url}/retire"):
        visit(client, path, status=403)
    for act in ("reset-password", "unlock", "retire"):
        answer = client.post(f"{url}/{act}", data={"csrf_token": token})
        assert answer.status_code == 403


def test_a_reset_password_is_shown_once_and_ends_the_sessions(
    app: Flask, client: FlaskClient, database: Database, desk: Desk
) -> None:
    officer = put_officer(database, desk.chain.street, role="auditor", sign_in_name="liwei")
    elsewhere = app.test_client()
    sit_down(elsewhere, database, officer)
    url = f"/desk/officers/{officer.id}"
    answer = submit(client, visit(client, url), f"{url}/reset-password")
    initial = visit(client, answer.location).text.partition("初始密码：")[2][:14]
    assert initial not in visit(client, url).text
    assert elsewhere.get("/desk").status_code == 303
    assert sign_in(elsewhere, sign_in_name="liwei", password=initial).status_code == 303


def test_a_password_meant_for_one_page_shows_on_no_other(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    officer = put_officer(database, desk.chain.street)
    url = f"/desk/officers/{officer.id}"
    submit(client, visit(client, url), f"{url}/reset-password")
    assert "初始密码：" not in visit(client, f"/desk/officers/{desk.officer.id}").text


def test_a_lock_is_shown_and_taken_away(
    app: Flask, client: FlaskClient, database: Database, desk: Desk
) -> None:
    officer = put_officer(database, desk.chain.street, sign_in_name="liwei")
    door = app.test_client()
    for _ in range(5):
        sign_in(door, sign_in_name="liwei", password="wrong password")
    url = f"/desk/officers/{officer.id}"
    assert "已锁定" in visit(client, "/desk/officers").text
    page = visit(client, url)
    assert "账号锁定到 10:15" in page.text
    submit(client, page, f"{url}/unlock")
    assert sign_in(door, sign_in_name="liwei").status_code == 303


def test_the_list_can_be_searched_and_turned(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    with database.transaction() as session:
        street = session.get_one(Area, desk.chain.street.id)
        for number in range(51):
            make_officer(session, area=street, name=f"李{number:02}")
    assert "第 1 页，共 2 页" in visit(client, "/desk/officers").text
    assert "李50" in visit(client, "/desk/officers?page=2").text
    assert "共 1 人" in visit(client, "/desk/officers?q=李07").text
    assert "没有找到" in visit(client, "/desk/officers?q=%25").text
    for odd in ("page=0", "page=-9", "page=x", "page=99999999999999999999", "q=%00"):
        visit(client, f"/desk/officers?{odd}")
    assert "还没有离任" in visit(client, "/desk/officers?retired=1").text
