"""Nothing of a total is told before the street declares the result, and nothing of people that tells who."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.conftest import BASE, as_xlsx
from tests.conftest import Clock
from tests.factories.ballots import NOW, keyring
from tests.factories.open_data import VOTES, declare_result, make_open_data
from tests.factories.tally import fill, make_closed_round, make_reviewed_round, open_by_two
from tests.secrecy.crawling import addresses, numbers, readable
from tests.visiting import visit
from voting.config import Config
from voting.persistence.session import Database
from voting.tally.service import count

# Votes of the candidates and what was cast: 34, 28, 10 and 40; 6 and 4 stand elsewhere as well.
TELLING = {"34", "28", "40"}
OPEN = re.compile(r"/(api/|embed/|open-data)")


def answers(app: Flask, round_id: str, area_id: str) -> dict[str, tuple[int, set[str]]]:
    """Return status and numbers of every address of open data."""
    known = {"round_id": round_id, "area_id": area_id}
    found = {}
    for path in addresses(app, known, papers=False):
        if OPEN.match(path):
            response = app.test_client().get(path)
            # The parts of a workbook number its texts and columns as well.
            is_book = path.endswith(".xlsx") and response.status_code == 200
            text = str(as_xlsx(response)) if is_book else readable(response)
            found[path] = (response.status_code, numbers(text))
    return found


@pytest.mark.parametrize("phase", ["voting", "counting"])
def test_no_address_tells_a_total_before_the_result_is_declared(
    app: Flask, database: Database, config: Config, clock: Clock, phase: str
) -> None:
    with database.transaction() as session:
        round = make_reviewed_round(session, keyring(config.var), votes=VOTES, electors=50)
        round.phase = phase
        round_id, area_id = round.id, round.area_id
    if phase == "voting":
        clock.now = NOW - timedelta(days=1)
    found = answers(app, round_id, area_id)
    assert len(found) > 22
    assert found[f"{BASE}/rounds/{round_id}"][0] == 200
    for path in (
        f"{BASE}/rounds/{round_id}/result", f"{BASE}/rounds/{round_id}/result.csv",
        f"{BASE}/rounds/{round_id}/result.xlsx", f"{BASE}/rounds/{round_id}/turnout.csv",
        f"{BASE}/rounds/{round_id}/turnout.xlsx", f"/embed/rounds/{round_id}/result",
    ):  # fmt: skip
        assert found[path][0] == 404, path
    assert {path for path, (_, told) in found.items() if told & TELLING} == set()


def test_the_same_look_finds_them_afterwards(
    app: Flask, database: Database, config: Config
) -> None:
    with database.transaction() as session:
        opened = make_open_data(session, keyring(config.var))
    found = answers(app, opened.round, opened.area)
    telling = {path for path, (_, told) in found.items() if told & TELLING}
    assert telling >= {
        f"{BASE}/rounds/{opened.round}/result",
        f"/embed/rounds/{opened.round}/result",
    }


def test_few_ballots_of_a_channel_are_not_told(
    client: FlaskClient, database: Database, config: Config
) -> None:
    keys = keyring(config.var)
    with database.transaction() as session:
        round = make_reviewed_round(session, keys, votes=VOTES, electors=50)
        round_id = round.id
        declare_result(session, round)
    found = client.get(f"{BASE}/rounds/{round_id}/result").get_json()
    assert found["channels"] == [{"channel": "card", "name": "投票卡", "ballots": 40}]
    assert (found["turnout"]["marked"], found["turnout"]["days"]) == (5, [])


def test_channels_with_few_are_put_together_on_the_page_and_in_open_data(
    client: FlaskClient, database: Database, config: Config
) -> None:
    keys = keyring(config.var)
    with database.transaction() as session:
        round = make_closed_round(session, keys, votes=VOTES)
        for channel, count_of in (("poster", 21), ("paper", 6), ("assisted", 7)):
            fill(session, round.id, [(1,)] * count_of, channel=channel)
        open_by_two(session, round)
        count(session, now=NOW, keys=keys, round_id=round.id)
        round.phase = "result_review"
        session.flush()
        declare_result(session, round)
    found = client.get(f"{BASE}/rounds/{round.id}/result").get_json()["channels"]
    assert {one["channel"]: one["ballots"] for one in found} == {
        "assisted+paper": 13, "card": 40, "poster": 21,
    }  # fmt: skip
    page = visit(client, f"/rounds/{round.id}/result").text
    assert "投票卡 40 张，占 54.1%" in page
    assert "海报码 21 张，占 28.4%" in page
    assert "协助投票、纸质票合计 13 张" in page
    assert "少于 10 票的渠道和别的合在一起公布" in page
