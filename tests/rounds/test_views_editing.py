from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.factories.accounts import make_officer
from tests.factories.areas import NOW, make_area
from tests.factories.rounds import CLOSES, make_plan, make_round
from tests.visiting import read, said, submit, visit
from voting.accounts.models import Officer
from voting.areas.models import Area
from voting.journal.models import JournalEntry
from voting.permissions import Role
from voting.rounds.models import Round, RoundOfficer
from voting.rounds.rules import Phase


def _make(database, area, **facts):
    with database.transaction() as session:
        return make_round(session, area=session.get_one(Area, area.id), **facts)


def _only_round(database):
    with database.reading() as session:
        return session.scalars(select(Round)).one_or_none()


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


def _fold(page):
    """Return the inner fold: the outer one holds its words as well."""
    return [one for one in page.all("details") if "更多规则" in said(one)][-1]


def test_thresholds_and_quotas_are_folded_until_there_are_some(desk, database):
    url = f"/desk/rounds/{_make(database, desk.chain.estate).id}"
    page = visit(desk.client, f"{url}/edit")
    assert _fold(page).get("open") is None
    assert "最低投票率" not in visit(desk.client, url).text
    limits = {
        "least_share": "12.5", "least_turnout": "50", "quota_service": "2",
        "quota_equipment_money": "3.5",
    }  # fmt: skip
    assert submit(desk.client, page, page.url, **limits).status_code == 303
    again = visit(desk.client, f"{url}/edit")
    values = again.form(again.url).values
    assert {name: values[name] for name in limits} == {
        name: [value] for name, value in limits.items()
    }
    assert _fold(again).get("open") is not None
    shown = visit(desk.client, url).text.replace(" ", "")
    assert "最低得票率有效票的12.5%" in shown
    assert "最低投票率50.0%，达不到就投票无效" in shown
    assert "服务采购类限额最多入选2项" in shown
    assert "设备采购类限额最多安排3.50万元" in shown
    cleared = submit(desk.client, again, again.url, **dict.fromkeys(limits, ""))
    assert cleared.status_code == 303
    changed = _only_round(database)
    assert (changed.least_share, changed.least_turnout) == (0, 0)
    assert (changed.quota_service, changed.quota_equipment_money) == (None, None)


def test_who_keeps_the_key_and_what_is_published_is_chosen(desk, database):
    round = _make(database, desk.chain.estate)
    page = visit(desk.client, f"/desk/rounds/{round.id}/edit")
    assert "比如证明给买票的人看" in page.text
    values = page.form(page.url).values
    assert (values["seal_way"], values["publication"]) == (["server"], ["totals"])
    strange = submit(desk.client, page, page.url, seal_way="nobody", publication="")
    assert strange.status_code == 422
    many = submit(desk.client, page, page.url, publication="full", max_choices="4")
    assert many.status_code == 422
    assert "每人最多选 3 项" in many.text
    few = {"publication": "full", "max_choices": "3"}
    chosen = submit(desk.client, page, page.url, seal_way="monitors", **few)
    assert chosen.status_code == 303
    changed = _only_round(database)
    assert (changed.seal_way, changed.publication) == ("monitors", "full")
    again = visit(desk.client, f"/desk/rounds/{round.id}/edit")
    assert again.form(again.url).values["seal_way"] == ["monitors"]


def test_how_people_can_vote_is_chosen(desk, database):
    round = _make(database, desk.chain.estate)
    page = visit(desk.client, f"/desk/rounds/{round.id}/edit")
    values = page.form(page.url).values
    assert values["channels"] == ["card", "paper", "assisted"]
    assert values["second_factors"] == ["screen"]
    alone = read(submit(desk.client, page, page.url, channels=["poster", "assisted"]), status=422)
    assert "没有手机的居民也要能投" in alone.text
    assert [element for element in alone.all("details") if element.get("open") is not None]
    bare = submit(desk.client, page, page.url, channels=["card", "poster"], second_factors=None)
    assert "别人也能冒投" in read(bare, status=422).text
    strange = submit(desk.client, page, page.url, channels=["card", "fax"])
    assert strange.status_code == 422
    chosen = {"channels": ["poster", "card", "paper"], "second_factors": ["worker", "sms"]}
    assert submit(desk.client, page, page.url, **chosen).status_code == 303
    changed = _only_round(database)
    assert (changed.channels, changed.second_factors) == ("card,poster,paper", "sms,worker")
    again = visit(desk.client, f"/desk/rounds/{round.id}/edit").form(page.url).values
    assert set(again["channels"]) == {"card", "poster", "paper"}
    shown = visit(desk.client, f"/desk/rounds/{round.id}")
    assert "投票卡、海报码、纸质票" in shown.text
    assert "短信、工作人员当面核对" in shown.text


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


def test_the_days_are_all_worked_out_anew_in_their_fields(desk, database):
    round = _make(database, desk.chain.estate, plan=make_plan(collecting_until=date(2026, 11, 28)))
    page = visit(desk.client, f"/desk/rounds/{round.id}/edit")
    assert page.form(page.url).values["announce_on"] == [""]
    changed = read(
        submit(
            desk.client,
            page,
            page.url,
            opens_day="2027-01-16",
            closes_day="",
            reference_day="",
            act="redo",
        )
    )
    values = changed.form(page.url).values
    assert (values["collecting_until"], values["announce_on"]) == (["2026-12-23"], ["2027-01-13"])
    assert submit(desk.client, changed, page.url).status_code == 303
    assert _only_round(database).announce_on == date(2027, 1, 13)


def _colleagues(database, desk):
    with database.transaction() as session:
        area = session.get_one(Area, desk.chain.community.id)
        secretary = make_officer(session, area=area, role=Role.COMMUNITY_SECRETARY, name="刘洋")
        worker = make_officer(session, area=area, role=Role.COMMUNITY_WORKER, name="陈静")
    return secretary.id, worker.id


def _team(database):
    with database.reading() as session:
        return set(session.scalars(select(RoundOfficer.officer_id)))


def test_the_street_changes_who_runs_a_round_after_approval(desk, database):
    secretary, worker = _colleagues(database, desk)
    round = _make(database, desk.chain.estate, phase="voting")
    page = visit(desk.client, f"/desk/rounds/{round.id}/officers")
    first = submit(desk.client, page, page.url, officer_ids=[desk.officer_id, secretary])
    assert (first.status_code, first.location) == (303, f"/desk/rounds/{round.id}")
    page = visit(desk.client, f"/desk/rounds/{round.id}/officers")
    assert set(page.form(page.url).values["officer_ids"]) == {desk.officer_id, secretary}
    everybody = [desk.officer_id, secretary, worker]
    assert submit(desk.client, page, page.url, officer_ids=everybody).status_code == 303
    assert _team(database) == set(everybody)
    with database.reading() as session:
        acts = session.scalars(
            select(JournalEntry.act).where(JournalEntry.act == "round.set_officers")
        ).all()
    assert len(acts) == 2


@pytest.mark.parametrize(
    ("ids", "sentence"), [([], "请至少选一位工作人员。"), (["nobody"], "选中的不在名单里")]
)
def test_a_team_that_does_not_do_is_refused(desk, database, ids, sentence):
    round = _make(database, desk.chain.estate)
    page = visit(desk.client, f"/desk/rounds/{round.id}/officers")
    answer = read(submit(desk.client, page, page.url, officer_ids=ids), status=422)
    assert sentence in answer.text
    assert _team(database) == set()


def test_one_who_left_is_named_and_goes_with_the_next_change(desk, database):
    secretary, _worker = _colleagues(database, desk)
    round = _make(database, desk.chain.estate)
    page = visit(desk.client, f"/desk/rounds/{round.id}/officers")
    submit(desk.client, page, page.url, officer_ids=[desk.officer_id, secretary])
    with database.transaction() as session:
        session.get_one(Officer, secretary).retired_at = NOW
    page = visit(desk.client, f"/desk/rounds/{round.id}/officers")
    assert "刘洋已经离任" in page.text


def test_a_worker_changes_who_runs_a_draft_only(sit, database):
    desk = sit(Role.COMMUNITY_WORKER, level="community")
    sent = _make(database, desk.chain.estate, phase="collecting")
    page = visit(desk.client, f"/desk/rounds/{sent.id}/officers")
    answer = read(submit(desk.client, page, page.url, officer_ids=[desk.officer_id]), status=422)
    assert "没有办理这件事的权限" in answer.text


@pytest.mark.parametrize("phase", ["terminated", "archived"])
def test_a_round_that_is_over_needs_nobody(desk, database, phase):
    round = _make(database, desk.chain.estate)
    page = visit(desk.client, f"/desk/rounds/{round.id}/officers")
    with database.transaction() as session:
        session.get_one(Round, round.id).phase = phase
    answer = read(submit(desk.client, page, page.url, officer_ids=[desk.officer_id]), status=422)
    assert "已经结束" in answer.text


def test_a_plan_is_taken_over_by_another_estate(desk, database):
    with database.transaction() as session:
        community = session.get_one(Area, desk.chain.community.id)
        other = make_area(session, parent=community, name="朝阳小区", help_number="0791-88880000")
    source = _make(
        database, desk.chain.estate, phase="voting",
        plan=make_plan(
            budget=125_000_00, max_choices=4, closes_at=CLOSES - timedelta(days=2),
            reference_day=date(2026, 12, 9),
        ),
    )  # fmt: skip
    where = visit(desk.client, f"/desk/rounds/new?from={source.id}")
    assert source.title in where.text
    page = visit(desk.client, f"/desk/rounds/new?from={source.id}&area={other.id}&opens=2027-01-16")
    values = page.form("/desk/rounds/new").values
    assert (values["budget"], values["max_choices"], values["title"]) == (["12.5"], ["4"], [""])
    assert (values["opens_day"], values["closes_day"]) == (["2027-01-16"], ["2027-01-20"])
    assert values["help_number"] == ["0791-88880000"]
    assert values["collecting_from"] == [""]
    response = submit(desk.client, page, "/desk/rounds/new", officer_ids=[desk.officer_id])
    assert response.status_code == 303
    with database.reading() as session:
        made = session.scalars(select(Round).where(Round.id != source.id)).one()
    assert (made.area_id, made.phase, made.title[:4]) == (other.id, "draft", "朝阳小区")
    assert made.reference_day == date(2027, 1, 20)


def test_another_areas_plan_is_not_taken_over(desk, database):
    with database.transaction() as session:
        foreign = make_round(session)
    for id in (foreign.id, "nothing", "\x00"):
        response = desk.client.get(
            "/desk/rounds/new", query_string={"from": id, "area": desk.chain.estate.id}
        )
        assert response.status_code == 404


@pytest.mark.parametrize("opens", ["x", "9999-12-31", "0000-00-00", "2027-02-30"])
def test_a_day_in_an_address_that_is_none_is_left_out(desk, opens):
    page = visit(desk.client, f"/desk/rounds/new?area={desk.chain.estate.id}&opens={opens}")
    assert page.form("/desk/rounds/new").values["opens_day"] == [""]
