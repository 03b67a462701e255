from datetime import date

import pytest

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import make_chain
from tests.visiting import read, submit, visit
from voting.calendar.service import holidays_of
from voting.permissions import Role


@pytest.fixture
def desk(client, database):
    with database.transaction() as session:
        officer = make_officer(session, area=make_chain(session).district)
    sit_down(client, database, officer)
    return client


def _days(database, year=2027):
    with database.reading() as session:
        return [(one.day, one.works, one.name) for one in holidays_of(session, year)]


def _send(client, **changes):
    page = visit(client, "/desk/holidays?year=2027")
    return submit(client, page, page.url, **changes)


def test_a_year_nobody_knows_says_what_the_notices_will_print(desk):
    assert "公示上会注明“未含 2027 年节假日安排”" in visit(desk, "/desk/holidays?year=2027").text
    assert "系统里已有 2026 年的节假日安排" in visit(desk, "/desk/holidays").text


def test_days_off_are_added_and_shown(desk, database):
    response = _send(desk, first="2027-02-05", last="2027-02-06", name="春节")
    assert response.status_code == 303
    assert _days(database) == [
        (date(2027, 2, 5), False, "春节"),
        (date(2027, 2, 6), False, "春节"),
    ]
    assert "2月5日（周五） 放假 春节" in visit(desk, response.location).text


def test_a_worked_weekend_day_is_added(desk, database):
    assert _send(desk, first="2027-02-14", works="works", name="调休").status_code == 303
    assert _days(database) == [(date(2027, 2, 14), True, "调休")]


def test_a_day_is_removed(desk, database):
    _send(desk, first="2027-02-05", name="春节")
    page = visit(desk, "/desk/holidays?year=2027")
    response = submit(desk, page, "/desk/holidays/remove")
    assert response.status_code == 303
    assert _days(database) == []


@pytest.mark.parametrize("day", ["", "2027-02-30", "yesterday", "2027-03-01", "9" * 300])
def test_a_day_that_is_not_in_the_table_cannot_be_removed(desk, day):
    _send(desk, first="2027-02-05", name="春节")
    page = visit(desk, "/desk/holidays?year=2027")
    assert submit(desk, page, "/desk/holidays/remove", day=day).status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "请填从哪天开始。"),
        ({"first": "2027-13-01"}, "日期"),
        ({"first": "明天"}, "日期"),
        ({"first": "1027-01-01"}, "请检查年份。"),
        ({"first": "9999-12-31"}, "请检查年份。"),
        ({"first": "2027-02-05", "last": "2027-02-04"}, "结束日期不能早于开始日期。"),
        ({"first": "2027-02-05", "last": "2027-04-04"}, "一次最多添加 31 天。"),
        ({"first": "2027-02-05", "name": "圣诞节"}, "不是有效的选择"),
        ({"first": "2027-02-05", "works": "perhaps"}, "不是有效的选择"),
    ],
)
def test_what_cannot_be_a_holiday_is_refused_with_a_sentence(desk, database, changes, sentence):
    page = read(_send(desk, **changes), status=422)
    assert sentence in page.text
    assert _days(database) == []


def test_a_day_that_is_there_already_is_refused(desk):
    _send(desk, first="2027-02-05", name="春节")
    page = read(_send(desk, first="2027-02-05", name="春节"), status=422)
    assert "2027年2月5日已经在表里" in page.text


@pytest.mark.parametrize("year", ["1999", "3000", "-1", "99999999999999999999"])
def test_a_year_that_makes_no_sense_is_not_found(desk, year):
    visit(desk, f"/desk/holidays?year={year}", status=404)


def test_only_who_runs_the_whole_installation_changes_the_table(client, database):
    with database.transaction() as session:
        chain = make_chain(session)
        street = make_officer(session, area=chain.street)
        worker = make_officer(session, area=chain.district, role=Role.COMMUNITY_WORKER)
    for officer in (street, worker):
        sit_down(client, database, officer)
        visit(client, "/desk/holidays", status=403)


def test_nobody_changes_the_table_without_signing_in(client):
    assert client.get("/desk/holidays").status_code == 303
