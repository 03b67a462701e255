from datetime import date

import pytest
from sqlalchemy import select

from tests.factories.accounts import make_officer
from tests.visiting import read, submit, visit
from voting.areas.models import Area
from voting.clock import at_local
from voting.permissions import Role
from voting.rounds.models import Round, RoundOfficer

NEW = "/desk/rounds/new"


def _answers(desk, **changes):
    """Return the five answers and the few fields without a default, changed."""
    return {
        "area_id": desk.chain.estate.id,
        "budget": "30",
        "opens_day": "2027-01-16",
        "help_number": "0791-86543210",
        "officer_ids": [desk.officer_id],
    } | changes


def _wizard(desk, query=""):
    return visit(desk.client, f"{NEW}?area={desk.chain.estate.id}{query}")


def _open(desk, **changes):
    return submit(desk.client, _wizard(desk), NEW, **_answers(desk, **changes))


def _only_round(database):
    with database.reading() as session:
        return session.scalars(select(Round)).one_or_none()


def _days_of(round):
    return (
        round.collecting_from,
        round.collecting_until,
        round.screening_until,
        round.review_until,
        round.announce_on,
    )


def test_the_days_before_the_vote_are_worked_out_and_kept(desk, database):
    assert _open(desk).status_code == 303
    # 16 January is a Saturday; nobody knows the holidays of 2027, so Monday to Friday are worked.
    assert _days_of(_only_round(database)) == (
        date(2026, 12, 9),
        date(2026, 12, 23),
        date(2026, 12, 30),
        date(2027, 1, 8),
        date(2027, 1, 13),
    )


def test_the_picture_of_the_days_is_drawn_before_anything_is_kept(desk, database):
    page = read(_open(desk, act="days"))
    assert "12月9日（周三）" in page.text
    assert "未含 2027 年节假日安排" in page.text
    assert _only_round(database) is None


def test_a_vote_that_is_too_near_offers_the_earliest_day_with_one_press(desk, database):
    refused = read(_open(desk, opens_day="2026-12-05"), status=422)
    assert "离投票太近" in refused.text
    offered = read(submit(desk.client, refused, NEW, act="earliest"))
    assert "离投票太近" not in offered.text
    assert submit(desk.client, offered, NEW).status_code == 303
    assert _only_round(database).opens_at == at_local(date(2027, 1, 1), 9)


def test_days_typed_by_hand_allow_a_vote_that_is_near(desk, database):
    days = {
        "collecting_from": "2026-11-10",
        "collecting_until": "2026-11-24",
        "screening_until": "2026-11-26",
        "review_until": "2026-11-30",
        "announce_on": "2026-12-01",
    }
    assert _open(desk, opens_day="2026-12-05", **days).status_code == 303
    assert [day.isoformat() for day in _days_of(_only_round(database))] == list(days.values())


def test_all_days_are_put_back_to_what_is_worked_out(desk):
    page = read(_open(desk, collecting_from="2026-12-01", act="redo"))
    assert page.form(NEW).values["collecting_from"] == [""]
    assert "12月9日（周三）" in page.text


@pytest.mark.parametrize(
    "query",
    [
        "",
        "opens_day=2027-01-16",
        "opens_day=x",
        "opens_day=9999-12-31",
        "opens_day=2027-01-16&announce_on=2099-01-01&closes_day=2026-01-01",
        "opens_day=2027-01-16&publicity_days=99&answer_days=-4",
        "opens_day=0001-01-01&collecting_from=0001-01-01",
    ],
)
def test_the_script_gets_the_picture_alone_whatever_it_sends(desk, query):
    response = desk.client.get(f"/desk/rounds/days?{query}")
    assert response.status_code == 200
    assert "<html" not in response.text


def test_who_runs_it_is_kept_and_what_the_area_lacks_is_said(desk, database):
    assert "能开箱的工作人员不够两位" in _wizard(desk).text
    with database.transaction() as session:
        area = session.get_one(Area, desk.chain.community.id)
        worker = make_officer(session, area=area, role=Role.COMMUNITY_WORKER, name="陈静")
        secretary = make_officer(session, area=area, role=Role.COMMUNITY_SECRETARY, name="刘洋")
        foreign = make_officer(session, role=Role.STREET_OFFICER, name="外区")
        make_officer(session, area=area, role=Role.AUDITOR, name="审计")
    page = _wizard(desk)
    assert "能开箱的工作人员不够两位" not in page.text
    assert "陈静（站南巷社区，社区工作者）" in page.text
    assert "外区" not in page.text
    assert "审计（" not in page.text
    refusals = {
        (desk.officer_id,): "一轮至少要有 2 位",
        (worker.id, secretary.id): "请再选一位街道的工作人员",
        (desk.officer_id, worker.id): "开箱要两个人",
        (desk.officer_id, foreign.id): "选中的不在名单里",
    }
    for ids, sentence in refusals.items():
        assert sentence in read(_open(desk, officer_ids=list(ids)), status=422).text
    assert _open(desk, officer_ids=[desk.officer_id, secretary.id]).status_code == 303
    with database.reading() as session:
        kept = set(session.scalars(select(RoundOfficer.officer_id)))
    assert kept == {desk.officer_id, secretary.id}


def test_a_rehearsal_may_open_at_once_and_says_what_it_is(desk, database):
    assert _open(desk, opens_day="2026-11-24", kind="rehearsal").status_code == 303
    round = _only_round(database)
    assert (round.kind, round.title[:4]) == ("rehearsal", "【演练】")
    assert _days_of(round) == (None,) * 5


def test_nobody_makes_a_round_of_another_kind(desk, database):
    assert _open(desk, kind="loaded").status_code == 303
    assert _only_round(database).kind == "real"
