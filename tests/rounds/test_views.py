from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.factories.areas import NOW, make_chain
from tests.factories.rounds import make_plan, make_round
from tests.rounds.statements import statements
from tests.visiting import read, submit, visit
from voting.areas.models import Area
from voting.clock import at_local
from voting.permissions import Role
from voting.rounds.models import Round
from voting.rounds.rules import Phase

NEW = "/desk/rounds/new"


def _make(database, area, **facts):
    with database.transaction() as session:
        return make_round(session, area=session.get_one(Area, area.id), **facts)


def _answers(desk, **changes):
    """Return the five answers and the few fields without a default, changed."""
    return {
        "area_id": desk.chain.estate.id,
        "budget": "30",
        "opens_day": "2026-12-05",
        "help_number": "0791-86543210",
    } | changes


def _open(desk, **changes):
    return submit(desk.client, visit(desk.client, NEW), NEW, **_answers(desk, **changes))


def _only_round(database):
    with database.reading() as session:
        return session.scalars(select(Round)).one_or_none()


def test_five_answers_open_a_round(desk, database):
    response = _open(desk)
    assert response.status_code == 303
    round = _only_round(database)
    assert response.location == f"/desk/rounds/{round.id}"
    assert round.title == "南烟小区2026年“幸福微实事”项目票决"
    assert round.budget == 300_000_00
    assert round.opens_at == at_local(date(2026, 12, 5), 9)
    assert round.closes_at == at_local(date(2026, 12, 11), 17)
    assert round.reference_day == date(2026, 12, 11)
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
        closes_day="2026-12-10",
        closes_time="18:30",
        reference_day="2026-12-31",
        collecting_until="2026-12-01",
        birthday_counts=None,
        max_choices="３",
        min_choices="0",
        check_code=None,
        allocation="top-k",
        funded_count="5",
        least_votes="20",
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
    assert round.closes_at == at_local(date(2026, 12, 10), 18, 30)
    assert round.reference_day == date(2026, 12, 31)
    assert (round.max_choices, round.min_choices, round.least_votes) == (3, 0, 20)
    assert (round.allocation, round.funded_count) == ("top-k", 5)
    assert (round.check_code, round.birthday_counts, round.posting_day_counts) == (
        False,
        False,
        True,
    )
    assert (round.publicity_days, round.answer_days, round.notice_form) == (7, 5, "公告")
    assert round.help_number == "13870001234"


def test_a_number_of_funded_projects_counts_only_where_it_is_asked_for(desk, database):
    assert _open(desk, funded_count="5").status_code == 303
    assert _only_round(database).funded_count is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"area_id": ""}, "请选择小区或社区。"),
        ({"area_id": "nowhere"}, "不是有效的选择"),
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
        ({"closes_day": "2026-12-05", "closes_time": "09:00"}, "投票截止时间要晚于开始时间。"),
        ({"closes_day": "2026-12-01"}, "投票截止时间要晚于开始时间。"),
        ({"closes_day": "2027-12-01"}, "投票最长 30 天"),
        ({"collecting_until": "2026-12-05"}, "征集截止日期要早于投票开始日期。"),
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
    for area in (foreign, desk.chain.street):
        assert _open(desk, area_id=area.id).status_code == 422
    assert _only_round(database) is None


def test_an_officer_without_estates_is_told_whom_to_ask(sit):
    desk = sit(level="estate")
    assert "新建轮次" in visit(desk.client, NEW).text


def test_the_list_shows_own_rounds_with_their_phase(desk, database):
    mine = _make(database, desk.chain.estate, phase="vote_announced")
    with database.transaction() as session:
        foreign = make_round(session, plan=make_plan(title="别人家的轮次"))
    page = visit(desk.client, "/desk/rounds")
    assert mine.title in page.text
    assert "投票公告期" in page.text
    assert foreign.title not in page.text
    assert f"http://localhost/desk/rounds/{mine.id}" in page.links or any(
        mine.id in link for link in page.links
    )


def test_an_empty_list_says_what_to_do(desk):
    assert "这里还没有轮次" in visit(desk.client, "/desk/rounds").text


@pytest.mark.parametrize("page", ["0", "-5", "99", "x", "9" * 40])
def test_any_page_number_shows_a_page(desk, database, page):
    _make(database, desk.chain.estate)
    assert "南烟小区" in visit(desk.client, f"/desk/rounds?page={page}").text


def test_a_longer_list_asks_no_more_of_the_database(desk, database, app):
    engine = app.extensions["voting.database"].engine
    asked = []
    for more in (1, 30):
        for _ in range(more):
            _make(database, desk.chain.estate)
        visit(desk.client, "/desk/rounds")
        with statements(engine) as seen:
            visit(desk.client, "/desk/rounds")
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_the_plan_is_shown_as_it_was_entered_and_can_be_changed(desk, database):
    round = _make(database, desk.chain.estate, plan=make_plan(budget=125_000_50, max_choices=4))
    page = visit(desk.client, f"/desk/rounds/{round.id}/edit")
    values = page.form(page.url).values
    assert (values["budget"], values["budget_unit"]) == (["12.50005"], ["1000000"])
    assert (values["opens_day"], values["opens_time"]) == (["2026-12-05"], ["09:00"])
    response = submit(desk.client, page, page.url, budget="20", max_choices="")
    assert (response.status_code, response.location) == (303, f"/desk/rounds/{round.id}")
    changed = _only_round(database)
    assert (changed.budget, changed.max_choices) == (200_000_00, 4)


def test_a_change_that_does_not_fit_is_refused_with_the_form(desk, database):
    round = _make(database, desk.chain.estate)
    page = visit(desk.client, f"/desk/rounds/{round.id}/edit")
    answer = read(submit(desk.client, page, page.url, closes_day="2026-12-01"), status=422)
    assert "投票截止时间要晚于开始时间。" in answer.text


def test_a_frozen_plan_is_not_changed(desk, database):
    round = _make(database, desk.chain.estate)
    page = visit(desk.client, f"/desk/rounds/{round.id}/edit")
    with database.transaction() as session:
        kept = session.get_one(Round, round.id)
        kept.phase = Phase.VOTE_ANNOUNCED
        kept.frozen_at, kept.config, kept.config_hash = NOW, "{}", b"hash"
    refused = read(submit(desk.client, page, page.url, budget="99"), status=409)
    assert "不能再改" in refused.text
    visit(desk.client, f"/desk/rounds/{round.id}/edit", status=409)


def test_a_worker_changes_a_draft_only(sit, database):
    desk = sit(Role.COMMUNITY_WORKER, level="community")
    draft = _make(database, desk.chain.estate)
    sent = _make(database, desk.chain.estate, phase="pending_approval")
    visit(desk.client, f"/desk/rounds/{draft.id}/edit")
    assert "送街道审批" in visit(desk.client, f"/desk/rounds/{sent.id}/edit", status=409).text


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


def test_dates_are_those_of_shanghai(desk, database):
    assert _open(desk, opens_time="00:30").status_code == 303
    opens = _only_round(database).opens_at
    assert opens == at_local(date(2026, 12, 5), 0, 30)
    assert opens.date() == date(2026, 12, 4)
    assert opens.utcoffset() == timedelta(0)
