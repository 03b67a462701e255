import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.areas.visits import Desk, send, sit
from tests.factories.areas import make_area
from tests.visiting import read, visit
from voting.areas.models import Area, Installation
from voting.areas.service import get_installation
from voting.journal.models import JournalEntry
from voting.persistence.session import Database


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
    sit(client, database, desk.chain.community)
    page = visit(client, "/desk/areas")
    assert "南烟小区" in page.text
    assert "南站街道" not in page.text


def test_a_new_area_is_added_and_shown(client: FlaskClient, desk: Desk) -> None:
    url = f"/desk/areas/{desk.chain.street.id}/add"
    answer = send(
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
    answer = read(send(client, page, **facts), status=422)
    assert sentence in answer.text


def test_an_area_is_renamed_and_every_page_says_so(client: FlaskClient, desk: Desk) -> None:
    url = f"/desk/areas/{desk.chain.district.id}/edit"
    answer = send(client, visit(client, url), name="新西湖区", help_number="12345")
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
    assert sentence in read(send(client, page, **changes), status=422).text
    assert _area(database, "南站街道").help_number is None


@pytest.mark.parametrize("path", ["", "/add", "/edit"])
def test_another_area_and_none_look_alike(
    client: FlaskClient, database: Database, desk: Desk, path: str
) -> None:
    sit(client, database, desk.chain.community)
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
    sit(client, database, desk.chain.community)
    data = {"name": "我的", "level": "community", "csrf_token": token}
    answer = client.post(f"/desk/areas/{desk.chain.street.id}/{path}", data=data)
    assert answer.status_code == 404
    assert _area(database, "南站街道").help_number is None


def test_nothing_is_added_below_an_estate(client: FlaskClient, desk: Desk) -> None:
    visit(client, f"/desk/areas/{desk.chain.estate.id}/add", status=404)
    assert "添加下级区域" not in visit(client, f"/desk/areas/{desk.chain.estate.id}").text


def test_changes_are_in_the_journal_under_the_officers_name(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    url = f"/desk/areas/{desk.chain.street.id}/edit"
    send(client, visit(client, url), name="八一桥街道")
    with database.reading() as session:
        entry = session.scalars(select(JournalEntry)).one()
    assert (entry.act, entry.actor_id) == ("areas.rename", desk.officer.id)
