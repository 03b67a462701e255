from datetime import date, timedelta
from typing import Any

import feedparser
import icalendar
import pytest
from flask.testing import FlaskClient

from tests.api.conftest import BASE
from tests.factories.areas import NOW, make_area
from tests.factories.open_data import Opened
from tests.factories.rounds import make_plan, make_round
from tests.visiting import visit
from voting.persistence.session import Database


def feed_of(client: FlaskClient, address: str) -> feedparser.FeedParserDict:
    response = client.get(address)
    assert response.mimetype == "application/atom+xml"
    found = feedparser.parse(response.data)
    assert not found.bozo, found.bozo_exception
    assert found.version == "atom10"
    assert found.feed.id
    assert found.feed.title
    assert found.feed.updated_parsed
    return found


def calendar_of(content: bytes) -> list[Any]:
    """Return the dates of a calendar; fail where the reader found something wrong."""
    calendar: Any = icalendar.Calendar.from_ical(content)
    assert not [error for one in calendar.walk() for error in one.errors]
    return list(calendar.walk("VEVENT"))


def test_a_reader_follows_the_papers_of_an_area(opened: Opened, client: FlaskClient) -> None:
    found = feed_of(client, f"{BASE}/areas/{opened.area}/notices.atom")
    assert [one.title for one in found.entries] == ["=关于“甲”的通告", "关于票决结果的公示"]
    paper = found.entries[1]
    assert paper.link == f"http://127.0.0.1:8000/notices/{opened.number}"
    assert "公示时间：2026年11月24日至30日" in paper.content[0].value
    assert len({one.id for one in found.entries}) == 2
    page = client.get(f"/areas/{opened.area}").get_data(as_text=True)
    assert f'type="application/atom+xml" href="{BASE}/areas/{opened.area}/notices.atom"' in page


def test_a_reader_follows_a_project(opened: Opened, client: FlaskClient) -> None:
    found = feed_of(client, f"{BASE}/projects/{opened.project}/progress.atom")
    assert found.entries[0].title.startswith("材料到了，明天开工。")
    assert found.entries[1].title == "节点完成：材料进场"
    page = client.get(f"/projects/{opened.project}").get_data(as_text=True)
    assert "progress.atom" in page


def test_an_area_without_papers_has_a_feed(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        area = make_area(session).id
    assert feed_of(client, f"{BASE}/areas/{area}/notices.atom").entries == []


def test_a_calendar_holds_the_dates_of_a_round(opened: Opened, client: FlaskClient) -> None:
    response = client.get(f"{BASE}/rounds/{opened.round}/dates.ics")
    assert response.mimetype == "text/calendar"
    events = {str(one["UID"]).partition("/")[0]: one for one in calendar_of(response.data)}
    vote, publicity = events["vote"], events["publicity"]
    assert vote["DTEND"].dt == NOW - timedelta(hours=1)
    assert (publicity["DTSTART"].dt, publicity["DTEND"].dt) == (
        date(2026, 11, 24), date(2026, 12, 1),
    )  # fmt: skip


@pytest.mark.parametrize(("phase", "status"), [("collecting", "CONFIRMED"), ("terminated", "")])
def test_a_calendar_says_what_is_planned(
    client: FlaskClient, database: Database, phase: str, status: str
) -> None:
    with database.transaction() as session:
        plan = make_plan(title="一；二,三;四\\五" * 9)
        round = make_round(session, phase=phase, plan=plan)
        round.collecting_from, round.collecting_until = date(2026, 11, 1), date(2026, 11, 30)
    response = client.get(f"{BASE}/rounds/{round.id}/dates.ics")
    if not status:
        # It was never public: it ended before the street approved it.
        assert response.status_code == 404
        return
    assert max(map(len, response.data.split(b"\r\n"))) <= 75
    events = calendar_of(response.data)
    titles = [str(one["SUMMARY"]) for one in events]
    assert titles == [f"征集建议：{plan.title}", f"投票：{plan.title}"]
    assert {str(one["STATUS"]) for one in events} == {status}
    timeline = visit(client, f"/rounds/{round.id}/timeline")
    assert f"{BASE}/rounds/{round.id}/dates.ics" in timeline.links
