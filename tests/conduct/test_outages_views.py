"""What an officer of the street sees and does after an outage."""

from datetime import timedelta

import pytest

from tests.factories.accounts import make_officer, sit_down
from tests.factories.ballots import keyring
from tests.factories.rounds import CLOSES
from tests.factories.upkeep import AFTER, make_whole
from tests.visiting import submit, visit
from voting.accounts.models import Officer
from voting.permissions import Role
from voting.rounds.models import Round
from voting.rounds.service import beat


@pytest.fixture
def round_id(client, clock, database, config):
    clock.now = AFTER
    with database.transaction() as session:
        whole = make_whole(session, keyring(config.var), ballots=21, more=1, counted=False)
        beat(session, now=CLOSES - timedelta(minutes=47))
        beat(session, now=AFTER)
        area = session.get_one(Round, whole.round_id).area
        officer: Officer = make_officer(session, area=area, role=Role.STREET_OFFICER, name="周强")
    sit_down(client, database, officer, now=AFTER)
    return whole.round_id


def test_the_page_of_the_round_says_what_was_lost_and_what_to_decide(client, round_id):
    page = visit(client, f"/desk/rounds/{round_id}")
    assert "投票期间平台有 47 分钟打不开" in page.text
    assert "补足中断的时间，恢复投票" in page.text


def test_the_opening_is_refused_with_the_minutes(client, round_id):
    path = f"/desk/rounds/{round_id}/count"
    answer = submit(client, visit(client, path), path)
    assert answer.status_code in {409, 422}
    assert "47 分钟" in answer.get_data(as_text=True)


def test_a_vote_is_reopened_and_too_little_time_is_refused(client, round_id, database):
    path = f"/desk/rounds/{round_id}/steps/reopen"
    assert "47 分钟" in visit(client, path).text
    fields = {"closes_day": "2026-12-11", "closes_time": "18:30", "reason": "小区停电。"}
    page = visit(client, path)
    refused = submit(client, page, path, **fields)
    assert refused.status_code == 422
    assert "12月11日18:47" in refused.get_data(as_text=True)
    assert "小区停电。" in refused.get_data(as_text=True)
    assert submit(client, page, path, **fields | {"closes_time": "19:00"}).status_code == 303
    with database.reading() as session:
        assert session.get_one(Round, round_id).phase == "voting"
