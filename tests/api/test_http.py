import gzip
from datetime import UTC

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.conftest import BASE, addresses
from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import NOW, make_area
from tests.factories.delivery import (
    make_entry,
    make_milestone,
    make_photo,
    make_project,
    make_spending,
)
from tests.factories.notices import make_notice
from tests.factories.open_data import Opened
from tests.factories.rounds import make_round
from tests.rounds.statements import statements
from voting.api.views.table import ENDPOINTS
from voting.areas.models import Area
from voting.delivery.models import Project
from voting.persistence.session import Database


def test_everything_may_be_kept_a_minute_by_anybody_and_sets_no_cookie(
    opened: Opened, client: FlaskClient
) -> None:
    for address in addresses(opened):
        headers = client.get(address).headers
        assert headers["Cache-Control"] == "public, max-age=60", address
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["ETag"].startswith('W/"')
        assert "Set-Cookie" not in headers
        assert "Cookie" not in headers.get("Vary", "")


def test_an_officer_at_the_desk_is_nobody_here(
    opened: Opened, client: FlaskClient, app: Flask, database: Database
) -> None:
    officer_at = app.test_client()
    with database.transaction() as session:
        officer = make_officer(session, area=session.get_one(Area, opened.area))
    sit_down(officer_at, database, officer)
    for address in (f"{BASE}/projects", f"/embed/rounds/{opened.round}/result"):
        mine, theirs = officer_at.get(address), client.get(address)
        assert mine.data == theirs.data
        assert "Set-Cookie" not in mine.headers
        assert "Cookie" not in mine.headers.get("Vary", "")
    with statements(app.extensions["voting.database"].engine) as sent:
        officer_at.get(f"{BASE}/projects")
    assert not [one for one in sent if "officer" in one]


def test_what_somebody_has_already_is_not_sent_again(opened: Opened, client: FlaskClient) -> None:
    for address in addresses(opened):
        tag = client.get(address).headers["ETag"]
        again = client.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b""), address
        assert again.headers["ETag"] == tag
        assert again.headers["Access-Control-Allow-Origin"] == "*"
        assert client.get(address, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_a_change_changes_the_tag(opened: Opened, client: FlaskClient, database: Database) -> None:
    before = client.get(f"{BASE}/notices").headers["ETag"]
    with database.transaction() as session:
        make_notice(session)
    assert client.get(f"{BASE}/notices").headers["ETag"] != before


def test_a_paper_says_when_it_was_issued(opened: Opened, client: FlaskClient) -> None:
    response = client.get(f"{BASE}/notices/{opened.number}")
    assert response.last_modified == NOW.astimezone(UTC)
    later = client.get(
        f"{BASE}/notices/{opened.number}",
        headers={"If-Modified-Since": response.headers["Last-Modified"]},
    )
    assert later.status_code == 304


def test_text_is_compressed_by_the_app(opened: Opened, client: FlaskClient) -> None:
    plain = client.get(f"{BASE}/rounds/{opened.round}/result")
    packed = client.get(f"{BASE}/rounds/{opened.round}/result", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] == plain.headers["ETag"]


def test_a_browser_may_ask_beforehand(client: FlaskClient) -> None:
    response = client.options(f"{BASE}/areas", headers={"Origin": "https://example.org"})
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]


def test_only_open_data_is_open_to_other_sites(client: FlaskClient) -> None:
    for address in ("/", "/rounds", "/sign-in", "/open-data"):
        assert "Access-Control-Allow-Origin" not in client.get(address).headers


# What each address asks of the database, however much there is.
ASKED = {
    "areas": 1, "rounds": 2, "round": 2, "candidates": 2, "result": 5, "notices": 1, "notice": 1,
    "projects": 3, "project": 15, "dashboard": 3, "candidates_csv": 2, "candidates_xlsx": 2,
    "result_csv": 4, "result_xlsx": 4, "turnout_csv": 4, "turnout_xlsx": 4,
    "projects_csv": 3, "projects_xlsx": 3, "notices_csv": 1, "notices_xlsx": 1,
    "comparison": 9, "comparison_csv": 9, "comparison_xlsx": 9,
    "notices_atom": 4, "progress_atom": 5, "dates_ics": 3, "openapi": 0,
}  # fmt: skip


def _count(client: FlaskClient, database: Database, opened: Opened) -> dict[str, int]:
    engine = client.application.extensions["voting.database"].engine
    found = {}
    for endpoint, address in zip(ENDPOINTS, addresses(opened), strict=True):
        with statements(engine) as sent:
            client.get(address)
        found[endpoint.name] = len([one for one in sent if one.lstrip().startswith("SELECT")])
    return found


def test_no_address_asks_more_because_there_is_more(
    opened: Opened, client: FlaskClient, database: Database
) -> None:
    assert _count(client, database, opened) == ASKED
    with database.transaction() as session:
        district = session.get_one(Area, opened.area)
        area = make_area(session, parent=district, level="estate")
        for _ in range(20):
            make_notice(session, area=area)
            make_project(session, round=make_round(session, area=area, phase="collecting"))
        project = session.get_one(Project, opened.project)
        for position in range(3, 9):
            make_milestone(session, project, position=position, done_on=NOW.date())
            make_entry(session, project)
            make_spending(session, project)
            make_photo(session, project)
    assert _count(client, database, opened) == ASKED


@pytest.mark.parametrize("method", ["head", "get"])
def test_head_answers_as_get_does(opened: Opened, client: FlaskClient, method: str) -> None:
    response = getattr(client, method)(f"{BASE}/areas")
    assert response.status_code == 200
    assert "ETag" in response.headers
