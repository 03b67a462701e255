import io

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from tests.areas.visits import Desk, send, sit
from tests.conftest import Clock
from tests.visiting import read, visit
from voting.areas.models import Area, Installation
from voting.areas.service import get_installation, set_public_url
from voting.journal.rules import COMMAND_LINE
from voting.persistence.session import Database


def _area(database: Database, name: str) -> Area:
    with database.reading() as session:
        return session.scalars(select(Area).where(Area.name == name)).one()


def _installation(database: Database) -> Installation:
    with database.reading() as session:
        return get_installation(session)


@pytest.mark.parametrize(
    "path", ["/desk/areas", "/desk/settings", "/desk/settings/scan", "/desk/settings/scan.png"]
)
def test_only_administrators_run_areas_and_settings(
    client: FlaskClient, database: Database, desk: Desk, path: str
) -> None:
    sit(client, database, desk.chain.district, role="street_officer")
    assert client.get(path).status_code == 403


def test_only_the_top_changes_the_settings(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    sit(client, database, desk.chain.street)
    visit(client, "/desk/settings", status=403)
    visit(client, "/desk/settings/scan", status=403)
    assert "平台设置" not in visit(client, "/desk").text


def test_the_test_picture_leads_a_telephone_to_the_scan(
    client: FlaskClient, app: Flask, database: Database, desk: Desk
) -> None:
    picture = client.get("/desk/settings/scan.png")
    assert picture.mimetype == "image/png"
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.data)))
    site, path = code.text[:23], code.text[23:]
    assert site == "https://vote.example.cn"
    phone = app.test_client()
    page = visit(phone, path)
    assert _installation(database).scanned_at is None
    answer = send(phone, page)
    assert answer.status_code == 303
    assert "收到了" in visit(phone, answer.location).text
    assert "已扫码：2026年11月23日 10:00" in visit(client, "/desk/settings/scan").text


def test_looking_at_the_test_page_changes_nothing(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    path = f"/scan-test/{_installation(database).scan_code}"
    visit(client, path)
    assert client.head(path).status_code == 200
    assert _installation(database).scanned_url is None


@pytest.mark.parametrize("code", ["x", "0123456789abcdeg", "%00", "0" * 500])
def test_another_code_is_not_found(client: FlaskClient, desk: Desk, code: str) -> None:
    visit(client, f"/scan-test/{code}", status=404)


def test_another_code_cannot_be_sent(client: FlaskClient, database: Database, desk: Desk) -> None:
    page = visit(client, f"/scan-test/{_installation(database).scan_code}")
    answer = client.post("/scan-test/0000", data=dict(page.form(page.url).values))
    assert answer.status_code == 404
    assert _installation(database).scanned_url is None


def test_a_scan_without_the_forms_token_is_refused(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    answer = client.post(f"/scan-test/{_installation(database).scan_code}")
    assert answer.status_code == 400
    assert _installation(database).scanned_url is None


def test_a_new_address_wants_a_new_scan(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    with database.transaction() as session:
        made = get_installation(session)
        made.scanned_url, made.scanned_at = made.public_url, made.set_up_at
    assert "已扫码" in visit(client, "/desk/settings").text
    page = visit(client, "/desk/settings")
    answer = send(client, page, public_url="https://new.example.cn")
    assert answer.status_code == 303
    assert "https://new.example.cn/scan-test/" in visit(client, answer.location).text
    assert "还没有扫码" in visit(client, "/desk/settings").text


@pytest.mark.parametrize(
    "address",
    ["", "x" * 201, "vote.example.cn", "ftp://x.cn", "https://x.cn/path", "https://a\x00"],
)
def test_a_bad_address_is_sent_back(
    client: FlaskClient, database: Database, desk: Desk, address: str
) -> None:
    page = visit(client, "/desk/settings")
    answer = read(send(client, page, public_url=address), status=422)
    assert "地址" in answer.text
    assert _installation(database).public_url == "https://vote.example.cn"


def test_the_own_machines_address_carries_a_warning(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    assert "这是本机地址" not in visit(client, "/desk/settings").text
    with database.transaction() as session:
        set_public_url(
            session, now=desk.officer.created_at, actor=COMMAND_LINE, url="http://127.0.0.1:8000"
        )
    assert "这是本机地址" in visit(client, "/desk/settings").text


def test_a_form_kept_too_long_is_sent_back(
    client: FlaskClient, clock: Clock, desk: Desk, database: Database
) -> None:
    page = visit(client, "/desk/settings")
    answer = send(client, page, public_url="https://new.example.cn", csrf_token="expired")
    assert answer.status_code == 400
    assert _installation(database).public_url == "https://vote.example.cn"


class TestFixedAddress:
    @pytest.fixture
    def environ(self, environ: dict[str, str]) -> dict[str, str]:
        return {**environ, "VOTING_PUBLIC_URL": "http://fixed.example.cn"}

    def test_the_operators_address_is_shown_and_stands(
        self, client: FlaskClient, database: Database, desk: Desk
    ) -> None:
        page = visit(client, "/desk/settings")
        assert "http://fixed.example.cn" in page.text
        other = visit(client, f"/desk/areas/{desk.chain.street.id}/edit")
        token = other.form(other.url).values["csrf_token"]
        data = {"public_url": "https://x.cn", "csrf_token": token}
        assert client.post("/desk/settings", data=data).status_code == 409
        assert _installation(database).public_url == "https://vote.example.cn"
