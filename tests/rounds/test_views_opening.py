from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.factories.areas import make_area, make_chain
from tests.factories.rounds import make_round
from tests.visiting import read, submit, visit
from voting.accounts.models import Officer
from voting.areas.models import Area
from voting.clock import at_local
from voting.permissions import Role
from voting.rounds.models import Round

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


def _make(database, area, **facts):
    with database.transaction() as session:
        return make_round(session, area=session.get_one(Area, area.id), **facts)


def _only_round(database):
    with database.reading() as session:
        return session.scalars(select(Round)).one_or_none()


def test_five_answers_open_a_round(desk, database):
    response = _open(desk)
    assert response.status_code == 303
    round = _only_round(database)
    assert response.location == f"/desk/rounds/{round.id}"
    assert round.title == "南烟小区2027年“幸福微实事”项目票决"
    assert round.budget == 300_000_00
    assert round.opens_at == at_local(date(2027, 1, 16), 9)
    assert round.closes_at == at_local(date(2027, 1, 22), 17)
    assert round.reference_day == date(2027, 1, 22)
    assert (round.min_choices, round.max_choices, round.allocation) == (1, 10, "greedy")
    assert (round.check_code, round.birthday_counts, round.posting_day_counts) == (
        True,
        True,
        False,
    )
    assert (round.publicity_days, round.answer_days, round.notice_form) == (5, 3, "通告")
    assert round.created_by == desk.officer_id


def test_everything_folded_can_be_set(desk, database):
    response = _open(
        desk,
        title="朝阳小区票决",
        budget="8000.50",
        budget_unit="100",
        closes_day="2027-01-21",
        closes_time="18:30",
        reference_day="2027-02-11",
        collecting_from="2026-12-01",
        collecting_until="2026-12-20",
        screening_until="2026-12-25",
        review_until="2027-01-05",
        announce_on="2027-01-10",
        limit_engineering="50",
        limit_equipment="20.5",
        limit_service="",
        most_candidates="40",
        birthday_counts=None,
        max_choices="３",
        min_choices="0",
        check_code=None,
        allocation="top-k",
        funded_count="5",
        least_votes="20",
        least_share="12.5",
        least_turnout="５０%",
        quota_engineering="2",
        quota_engineering_money="0.5",
        quota_service_money="0.3",
        publicity_days="7",
        posting_day_counts="y",
        answer_days="5",
        notice_form="公告",
        office_name="街道办",
        office_address="站前路1号",
        office_contact="服务台",
        polling_place="社区服务大厅",
        scope="朝阳小区居民",
        help_number="１３８７０００１２３４",
    )
    assert response.status_code == 303
    round = _only_round(database)
    assert (round.title, round.budget, round.scope) == ("朝阳小区票决", 8000_50, "朝阳小区居民")
    assert round.closes_at == at_local(date(2027, 1, 21), 18, 30)
    assert round.reference_day == date(2027, 2, 11)
    assert (round.max_choices, round.min_choices, round.least_votes) == (3, 0, 20)
    assert (round.least_share, round.least_turnout) == (125, 500)
    assert (round.quota_engineering, round.quota_equipment, round.quota_service) == (2, None, None)
    assert (round.quota_engineering_money, round.quota_service_money) == (5_000_00, 3_000_00)
    assert (round.allocation, round.funded_count) == ("top-k", 5)
    assert (round.check_code, round.birthday_counts, round.posting_day_counts) == (
        False,
        False,
        True,
    )
    assert (round.publicity_days, round.answer_days, round.notice_form) == (7, 5, "公告")
    assert round.help_number == "13870001234"
    assert (round.collecting_from, round.collecting_until) == (
        date(2026, 12, 1),
        date(2026, 12, 20),
    )
    assert (round.screening_until, round.review_until, round.announce_on) == (
        date(2026, 12, 25),
        date(2027, 1, 5),
        date(2027, 1, 10),
    )
    limits = (round.limit_engineering, round.limit_equipment, round.limit_service)
    assert limits == (500_000_00, 205_000_00, None)
    assert round.most_candidates == 40


def test_a_number_of_funded_projects_counts_only_where_it_is_asked_for(desk, database):
    assert _open(desk, funded_count="5").status_code == 303
    assert _only_round(database).funded_count is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"budget": ""}, "请填资金总额。"),
        ({"budget": "很多"}, "请填数字"),
        ({"budget": "-30"}, "请填数字"),
        ({"budget": "0"}, "金额要大于 0"),
        ({"budget": str(10**12)}, "请填数字"),
        ({"budget": "100000000"}, "金额要大于 0，不超过 1000000 万元"),
        ({"budget": "0.001", "budget_unit": "100"}, "金额最小到分"),
        ({"budget_unit": "1"}, "不是有效的选择"),
        ({"opens_day": ""}, "请填投票从哪天开始。"),
        ({"opens_day": "2026-02-30"}, "日期"),
        ({"opens_day": "0001-01-01"}, "请检查年份。"),
        ({"opens_day": "9999-12-31"}, "请检查年份。"),
        ({"opens_time": ""}, "请填开始时间。"),
        ({"opens_time": "25:00"}, "时间"),
        ({"help_number": ""}, "请填求助电话。"),
        ({"help_number": "110"}, "请填 11 位手机号"),
        ({"help_number": "0" * 300}, "最多 24 个字"),
        ({"title": "长" * 61}, "最多 60 个字"),
        ({"title": "票\x00决"}, "看不见的字符"),
        ({"title": "票\u202e决"}, "看不见的字符"),
        ({"closes_day": "2027-01-16", "closes_time": "09:00"}, "投票截止时间要晚于开始时间。"),
        ({"closes_day": "2027-01-12"}, "投票截止时间要晚于开始时间。"),
        ({"closes_day": "2028-12-01"}, "投票最长 30 天"),
        ({"collecting_until": "2027-01-16"}, "征集截止日期要早于投票开始日期。"),
        ({"announce_on": "2027-01-16"}, "投票公告要在投票开始以前发布"),
        ({"screening_until": "2027-01-20"}, "“投票开始日期”不能早于“初审完成日期”"),
        ({"collecting_from": "2026-12-30"}, "“征集建议截止日期”不能早于“征集开始日期”"),
        ({"review_until": "2026-12-01", "screening_until": "2026-12-10"}, "不能早于“初审完成日期”"),
        ({"announce_on": "明天"}, "日期"),
        ({"collecting_from": "1026-12-30"}, "请检查年份。"),
        ({"limit_engineering": "很多"}, "请填数字"),
        ({"limit_engineering": "0"}, "金额要大于 0"),
        ({"limit_service": "0.0000001"}, "金额最小到分"),
        ({"most_candidates": "1"}, "请填 2 到 200 之间的整数。"),
        ({"most_candidates": ""}, "请填数字。"),
        ({"opens_day": "2026-12-05"}, "离投票太近"),
        ({"opens_day": "2026-11-20"}, "离投票太近"),
        ({"officer_ids": []}, "请至少选一位工作人员。"),
        ({"officer_ids": ["nobody"]}, "选中的不在名单里"),
        ({"reference_day": "2020-01-01"}, "年龄计算日离投票太远"),
        ({"max_choices": "0"}, "请填 1 到 12 之间的整数。"),
        ({"max_choices": "13"}, "请填 1 到 12 之间的整数。"),
        ({"max_choices": "两项"}, "请填数字"),
        ({"max_choices": str(10**12)}, "请填数字"),
        ({"min_choices": ""}, "请填数字。"),
        ({"min_choices": "-1"}, "请填数字"),
        ({"min_choices": "5", "max_choices": "3"}, "“最少选”不能大于“最多选”。"),
        ({"allocation": "lottery"}, "不是有效的选择"),
        ({"allocation": "top-k"}, "按名次入选，要填写取前几名。"),
        ({"allocation": "top-k", "funded_count": "0"}, "请填 1 到 200 之间的整数。"),
        ({"least_votes": "1.5"}, "请填数字"),
        ({"least_share": "12.55"}, "最多一位小数"),
        ({"least_share": "101"}, "0 到 100 之间"),
        ({"least_turnout": "一半"}, "0 到 100 之间"),
        ({"quota_service": "0"}, "1 到 200 之间"),
        ({"quota_equipment_money": "31"}, "不能超过资金总额"),
        ({"publicity_days": "4"}, "不是有效的选择"),
        ({"answer_days": "11"}, "请填 1 到 10 之间的整数。"),
        ({"notice_form": "命令"}, "不是有效的选择"),
        ({"office_address": "址" * 101}, "最多 100 个字"),
    ],
)
def test_bad_input_opens_no_round_and_gets_its_sentence(desk, database, changes, sentence):
    page = read(_open(desk, **changes), status=422)
    assert sentence in page.text
    assert _only_round(database) is None


def test_a_fault_in_the_folded_part_unfolds_it(desk):
    page = read(_open(desk, max_choices="0"), status=422)
    assert any("open" in details.attrib for details in page.all("details"))


def test_another_areas_estate_is_not_offered_and_not_taken(desk, database):
    with database.transaction() as session:
        foreign = make_chain(session).estate
    page = _wizard(desk)
    for area_id in (foreign.id, desk.chain.street.id, "nowhere", "", "\x00"):
        response = submit(desk.client, page, NEW, **_answers(desk, area_id=area_id))
        assert response.status_code == 404
        assert desk.client.get(NEW, query_string={"area": area_id or "-"}).status_code == 404
    assert foreign.name not in visit(desk.client, NEW).text.replace(desk.chain.estate.name, "")
    assert _only_round(database) is None


def test_the_wizard_first_asks_where_and_knows_the_help_number(desk):
    page = visit(desk.client, NEW)
    assert f'value="{desk.chain.estate.id}"' in page.html
    values = _wizard(desk).form(NEW).values
    assert values["help_number"] == ["0791-86543210"]


def test_an_officer_of_one_estate_need_not_choose_it(sit):
    desk = sit(Role.COMMUNITY_WORKER, level="estate")
    response = desk.client.get(NEW)
    assert (response.status_code, response.location) == (303, f"{NEW}?area={desk.chain.estate.id}")


def test_an_officer_without_estates_is_told_whom_to_ask(sit, database):
    desk = sit(level="street")
    with database.transaction() as session:
        empty = make_area(session, parent=session.get_one(Area, desk.chain.district.id))
        session.get_one(Officer, desk.officer_id).area_id = empty.id
    assert "请管理员先添加" in visit(desk.client, NEW).text


def test_dates_are_those_of_shanghai(desk, database):
    assert _open(desk, opens_time="00:30").status_code == 303
    opens = _only_round(database).opens_at
    assert opens == at_local(date(2027, 1, 16), 0, 30)
    assert opens.date() == date(2027, 1, 15)
    assert opens.utcoffset() == timedelta(0)


@pytest.mark.parametrize("role", [Role.DISTRICT_OBSERVER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_only_reads_plans_nothing(sit, database, role):
    desk = sit(role, level="district")
    round = _make(database, desk.chain.estate)
    visit(desk.client, "/desk/rounds")
    visit(desk.client, NEW, status=403)
    visit(desk.client, f"/desk/rounds/{round.id}/edit", status=403)


def test_another_areas_round_is_not_found(desk, database):
    with database.transaction() as session:
        foreign = make_round(session)
    for id in (foreign.id, "nothing", "x" * 300):
        visit(desk.client, f"/desk/rounds/{id}/edit", status=404)


def test_nobody_sees_the_desk_without_signing_in(client, database):
    with database.transaction() as session:
        round = make_round(session)
    for url in ("/desk/rounds", NEW, f"/desk/rounds/{round.id}/edit"):
        assert client.get(url).location.startswith("/sign-in")


def test_a_form_without_its_token_does_nothing(desk, database):
    assert desk.client.post(NEW, data=_answers(desk)).status_code in {400, 422}
    assert _only_round(database) is None
