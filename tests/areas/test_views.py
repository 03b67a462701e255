import io
from dataclasses import dataclass

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.conftest import Clock
from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import Chain, make_area, make_chain, make_installation
from tests.visiting import Page, read, submit, visit
from voting.accounts.models import Officer
from voting.areas.models import Area, Installation
from voting.areas.service import get_installation, set_public_url
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE
from voting.persistence.session import Database


@dataclass(frozen=True)
class Desk:
    """An administrator of 西湖区 who sits at the desk."""

    chain: Chain
    officer: Officer


@pytest.fixture
def desk(app: Flask, client: FlaskClient, database: Database) -> Desk:
    with database.transaction() as session:
        make_installation(session, scanned=False)
        desk = Desk(chain := make_chain(session), make_officer(session, area=chain.district))
    sit_down(client, database, desk.officer)
    return desk


def _send(client: FlaskClient, page: Page, **changes: object) -> TestResponse:
    return submit(client, page, page.url, **changes)


def _sit(client: FlaskClient, database: Database, area: Area, role: str = "administrator") -> None:
    with database.transaction() as session:
        officer = make_officer(session, area=session.get_one(Area, area.id), role=role)
    sit_down(client, database, officer)


def _area(database: Database, name: str) -> Area:
    with database.reading() as session:
        return session.scalars(select(Area).where(Area.name == name)).one()


def _installation(database: Database) -> Installation:
    with database.reading() as session:
        return get_installation(session)


def test_the_tree_shows_what_lies_in_the_own_area(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    assert "南烟小区" in visit(client, "/desk/areas").text
    _sit(client, database, desk.chain.community)
    page = visit(client, "/desk/areas")
    assert "南烟小区" in page.text
    assert "南站街道" not in page.text


def test_a_new_area_is_added_and_shown(client: FlaskClient, desk: Desk) -> None:
    url = f"/desk/areas/{desk.chain.street.id}/add"
    answer = _send(
        client,
        visit(client, url),
        name="绳金塔社区",
        level="community",
        help_number="0791-86000000",
    )
    assert answer.status_code == 303
    assert "绳金塔社区" in visit(client, answer.location).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "请填写名称。"),
        ({"name": "   "}, "名称请写 1 到 40 个字"),
        ({"name": "区" * 41}, "名称最多 40 个字。"),
        ({"name": "a\x00b"}, "名称请写 1 到 40 个字"),
        ({"name": "站南巷社区"}, "同一个上级下面已经有“站南巷社区”了"),
        ({"help_number": "打我电话"}, "电话号码只写数字"),
        ({"help_number": "1" * 25}, "电话号码最多 24 个字符。"),
        ({"level": "district"}, "有几处需要改一下"),
        ({"level": None}, "请选择层级。"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, dict) else None,
)
def test_a_bad_area_is_sent_back(
    client: FlaskClient, desk: Desk, changes: dict[str, str], sentence: str
) -> None:
    page = visit(client, f"/desk/areas/{desk.chain.street.id}/add")
    facts: dict[str, object] = {"name": "绳金塔社区", "level": "community", **changes}
    answer = read(_send(client, page, **facts), status=422)
    assert sentence in answer.text


def test_an_area_is_renamed_and_every_page_says_so(client: FlaskClient, desk: Desk) -> None:
    url = f"/desk/areas/{desk.chain.district.id}/edit"
    answer = _send(client, visit(client, url), name="新西湖区", help_number="12345")
    page = visit(client, answer.location)
    assert page.h1 == "新西湖区"
    assert "西湖区 用到 2026年11月23日" in page.text
    assert "求助电话 12345" in visit(client, "/desk/areas").text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "请填写名称。"),
        ({"name": "八一桥街道"}, "已经有“八一桥街道”了"),
        ({"name": "\u202e"}, "名称请写 1 到 40 个字"),
        ({"help_number": "x"}, "电话号码只写数字"),
    ],
)
def test_a_bad_name_is_sent_back(
    client: FlaskClient,
    database: Database,
    desk: Desk,
    changes: dict[str, object],
    sentence: str,
) -> None:
    with database.transaction() as session:
        make_area(session, parent=session.get(Area, desk.chain.district.id), name="八一桥街道")
    page = visit(client, f"/desk/areas/{desk.chain.street.id}/edit")
    assert sentence in read(_send(client, page, **changes), status=422).text
    assert _area(database, "南站街道").help_number is None


@pytest.mark.parametrize("path", ["", "/add", "/edit"])
def test_another_area_and_none_look_alike(
    client: FlaskClient, database: Database, desk: Desk, path: str
) -> None:
    _sit(client, database, desk.chain.community)
    other = visit(client, f"/desk/areas/{desk.chain.street.id}{path}", status=404)
    none = visit(client, f"/desk/areas/{'a' * 26}{path}", status=404)
    assert other.text == none.text
    visit(client, f"/desk/areas/%00{path}", status=404)


@pytest.mark.parametrize("path", ["add", "edit"])
def test_nobody_changes_another_area(
    client: FlaskClient, database: Database, desk: Desk, path: str
) -> None:
    page = visit(client, f"/desk/areas/{desk.chain.street.id}/{path}")
    token = page.form(page.url).values["csrf_token"]
    _sit(client, database, desk.chain.community)
    data = {"name": "我的", "level": "community", "csrf_token": token}
    answer = client.post(f"/desk/areas/{desk.chain.street.id}/{path}", data=data)
    assert answer.status_code == 404
    assert _area(database, "南站街道").help_number is None


def test_nothing_is_added_below_an_estate(client: FlaskClient, desk: Desk) -> None:
    visit(client, f"/desk/areas/{desk.chain.estate.id}/add", status=404)
    assert "添加下级区域" not in visit(client, f"/desk/areas/{desk.chain.estate.id}").text


@pytest.mark.parametrize(
    "path", ["/desk/areas", "/desk/settings", "/desk/settings/scan", "/desk/settings/scan.png"]
)
def test_only_administrators_run_areas_and_settings(
    client: FlaskClient, database: Database, desk: Desk, path: str
) -> None:
    _sit(client, database, desk.chain.district, role="street_officer")
    assert client.get(path).status_code == 403


def test_only_the_top_changes_the_settings(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    _sit(client, database, desk.chain.street)
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
    answer = _send(phone, page)
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
    answer = _send(client, page, public_url="https://new.example.cn")
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
    answer = read(_send(client, page, public_url=address), status=422)
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
    answer = _send(client, page, public_url="https://new.example.cn", csrf_token="expired")
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


def test_changes_are_in_the_journal_under_the_officers_name(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    url = f"/desk/areas/{desk.chain.street.id}/edit"
    _send(client, visit(client, url), name="八一桥街道")
    with database.reading() as session:
        entry = session.scalars(select(JournalEntry)).one()
    assert (entry.act, entry.actor_id) == ("areas.rename", desk.officer.id)
