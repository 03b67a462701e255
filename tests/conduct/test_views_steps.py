from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from tests.factories.accounts import sit_down
from tests.factories.areas import NOW
from tests.factories.proposals import make_candidate
from tests.factories.roll import make_elector
from tests.factories.rounds import CLOSES, OPENS, make_plan, make_round
from tests.rounds.statements import statements
from tests.visiting import read, submit, visit
from voting.accounts.models import Officer
from voting.permissions import Role
from voting.roll.models import Elector
from voting.rounds.models import PhaseChange, Round
from voting.rounds.service import history_of


def _phase(database, desk):
    with database.reading() as session:
        return session.get_one(Round, desk.round_id).phase


def _put(database, desk, phase):
    with database.transaction() as session:
        session.get_one(Round, desk.round_id).phase = phase


def _wait(desk, database, clock, moment):
    """Let time go by; nobody stays signed in that long."""
    clock.now = moment
    with database.reading() as session:
        officer = session.get_one(Officer, desk.officer_id)
    sit_down(desk.client, database, officer, now=moment)


def _step(desk, kind, **changes):
    url = f"{desk.url}/steps/{kind}"
    return submit(desk.client, visit(desk.client, url), url, **changes)


def test_the_page_of_a_draft_shows_where_it_stands_and_what_comes_next(sit):
    desk = sit(phase="draft")
    page = visit(desk.client, desk.url)
    for said in (
        "南烟小区2026年第二轮“幸福微实事”项目票决", "草稿", "送街道审批", "30.00 万元",
        "12月2日（周三）（投票前 3 天）", "2026年12月5日 09:00 至 2026年12月11日 17:00",
        "5 个工作日。12月14日（周一）张贴，就公示到12月21日（周一）", "0791-86543210", "建立草稿",
    ):  # fmt: skip
        assert said in page.text
    assert f"{desk.url}/edit" in page.links
    assert f"{desk.url}/steps/pending-approval" in page.links


def test_days_nobody_knows_yet_are_marked(sit, database):
    desk = sit(phase="draft")
    with database.transaction() as session:
        round = session.get_one(Round, desk.round_id)
        round.opens_at, round.closes_at = OPENS + timedelta(days=20), CLOSES + timedelta(days=20)
    page = visit(desk.client, desk.url)
    assert "（未含 2027 年节假日安排，以街道核定为准）" in page.text


def test_what_is_missing_is_said_before_the_button_is_offered(sit, database):
    desk = sit(phase="shortlisted")
    page = visit(desk.client, desk.url)
    assert "进入投票公告期：还差" in page.text
    assert "候选项目至少要有 2 项，现在有 0 项。" in page.text
    assert "名册还是空的。" in page.text
    assert f"{desk.url}/steps/vote-announced" not in page.links
    step = visit(desk.client, f"{desk.url}/steps/vote-announced")
    assert "还差这些" in step.text
    assert not [form for form in step.forms if form.action.endswith("vote-announced")]


@pytest.mark.parametrize(
    ("phase", "kind", "after"),
    [
        ("draft", "pending-approval", "pending_approval"),
        ("pending_approval", "collecting", "collecting"),
        ("collecting", "screening", "screening"),
    ],
)
def test_a_step_is_confirmed_and_taken(sit, database, phase, kind, after):
    desk = sit(phase=phase)
    response = _step(desk, kind)
    assert (response.status_code, response.location) == (303, desk.url)
    assert _phase(database, desk) == after
    page = visit(desk.client, desk.url)
    assert "办好了" in page.text
    assert "李敏" in page.text


def test_an_announcement_shows_everything_it_fixes_and_fixes_it(sit, database):
    desk = sit()
    page = visit(desk.client, f"{desk.url}/steps/vote-announced")
    for said in (
        "请再核对一遍：发布以后都不能改", "项目1", "项目2", "项目3", "给两栋楼的楼道装上扶手", "4.80",
        "最多 1 项", "得票从高到低装进资金总额", "2 人", "先比受益人数", "还没有委任监票人",
        "从此不能改",
    ):  # fmt: skip
        assert said in page.text
    assert _step(desk, "vote-announced").status_code == 303
    with database.reading() as session:
        round = session.get_one(Round, desk.round_id)
        assert (round.phase, round.frozen_at) == ("vote_announced", NOW)
        assert history_of(session, round.id)[-1].by == desk.officer_id
    shown = visit(desk.client, desk.url)
    assert "自动开始投票" in shown.text
    assert f"{desk.url}/edit" not in shown.links


def test_what_became_missing_meanwhile_is_said_on_the_form(sit, database):
    desk = sit()
    page = visit(desk.client, f"{desk.url}/steps/vote-announced")
    with database.transaction() as session:
        session.execute(delete(Elector))
    refused = read(submit(desk.client, page, page.url), status=422)
    assert "名册还是空的" in refused.text
    assert _phase(database, desk) == "shortlisted"


def test_a_second_tap_finds_the_step_taken(sit, database):
    desk = sit()
    page = visit(desk.client, f"{desk.url}/steps/vote-announced")
    assert submit(desk.client, page, page.url).status_code == 303
    again = read(submit(desk.client, page, page.url), status=409)
    assert "现在是“投票公告期”" in again.text
    with database.reading() as session:
        assert len(session.scalars(select(PhaseChange)).all()) == 1


def test_a_reason_is_asked_for_and_kept(sit, database):
    desk = sit(phase="pending_approval")
    assert "请写明理由。" in read(_step(desk, "draft"), status=422).text
    assert "请写明理由。" in read(_step(desk, "draft", reason="   "), status=422).text
    assert "最多 200 个字" in read(_step(desk, "draft", reason="长" * 201), status=422).text
    assert "看不见的字符" in read(_step(desk, "draft", reason="资\x00金"), status=422).text
    assert _phase(database, desk) == "pending_approval"
    assert _step(desk, "draft", reason="资金要重新核").status_code == 303
    assert "资金要重新核" in visit(desk.client, desk.url).text


def test_an_ended_round_shows_how_far_it_came(sit, database):
    desk = sit(phase="collecting")
    page = visit(desk.client, f"{desk.url}/steps/terminated")
    assert "不能恢复" in page.text
    assert _step(desk, "terminated", reason="今年不办了").status_code == 303
    shown = visit(desk.client, desk.url)
    assert "已终止" in shown.text
    assert "没有要办的下一步" in shown.text


@pytest.mark.parametrize("kind", ["voting", "draft", "confirmed", "collecting"])
def test_a_step_that_leads_nowhere_is_refused(sit, kind):
    desk = sit(phase="collecting")
    visit(desk.client, f"{desk.url}/steps/{kind}", status=409)


@pytest.mark.parametrize("kind", ["nothing", "VOTING", "x" * 64])
def test_a_phase_that_does_not_exist_is_not_found(sit, kind):
    desk = sit(phase="collecting")
    visit(desk.client, f"{desk.url}/steps/{kind}", status=404)


@pytest.mark.parametrize(
    ("role", "phase", "kind"),
    [
        (Role.COMMUNITY_WORKER, "pending_approval", "collecting"),
        (Role.COMMUNITY_WORKER, "deliberating", "shortlisted"),
        (Role.COMMUNITY_SECRETARY, "shortlisted", "vote-announced"),
        (Role.ADMINISTRATOR, "draft", "pending-approval"),
        (Role.AUDITOR, "collecting", "terminated"),
    ],
)
def test_each_step_belongs_to_its_role(sit, database, role, phase, kind):
    desk = sit(role, phase=phase)
    visit(desk.client, f"{desk.url}/steps/{kind}", status=403)
    page = visit(desk.client, desk.url)
    assert f"{desk.url}/steps/{kind}" not in page.links
    assert _phase(database, desk) == phase


def test_who_does_not_take_the_step_reads_who_waits(sit):
    desk = sit(Role.COMMUNITY_WORKER, phase="pending_approval")
    assert "等有权限的工作人员办理：批准，开始征集。" in visit(desk.client, desk.url).text


def test_the_clock_is_shown_before_anybody_settles_it(sit, database, clock):
    desk = sit()
    _step(desk, "vote-announced")
    _wait(desk, database, clock, OPENS)
    assert "2026年12月11日 17:00 自动截止" in visit(desk.client, desk.url).text
    _wait(desk, database, clock, CLOSES)
    page = visit(desk.client, desk.url)
    assert "计票中" in page.text
    assert "还没有计票。" in page.text
    assert _phase(database, desk) == "vote_announced"


def test_a_step_after_the_clock_writes_down_what_the_clock_did(sit, database, clock):
    desk = sit()
    _step(desk, "vote-announced")
    _wait(desk, database, clock, OPENS + timedelta(hours=1))
    assert _step(desk, "terminated", reason="卡印错了").status_code == 303
    assert "到时自动" in visit(desk.client, desk.url).text


def test_another_areas_round_is_not_found(sit, database):
    desk = sit(phase="draft")
    with database.transaction() as session:
        foreign = make_round(session)
    for url in (f"/desk/rounds/{foreign.id}", f"/desk/rounds/{foreign.id}/steps/pending-approval"):
        visit(desk.client, url, status=404)


def test_a_longer_list_of_candidates_asks_no_more_of_the_database(sit, database, keys, app):
    asked = []
    desk = sit()
    for more in (1, 20):
        with database.transaction() as session:
            round = session.get_one(Round, desk.round_id)
            for _ in range(more):
                make_candidate(session, keys, round)
                make_elector(session, round.id)
        for url in (desk.url, f"{desk.url}/steps/vote-announced"):
            visit(desk.client, url)
            with statements(app.extensions["voting.database"].engine) as seen:
                visit(desk.client, url)
            asked.append(len(seen))
    assert asked[:2] == asked[2:]


def test_nobody_sees_a_round_at_the_desk_without_signing_in(client, database):
    with database.transaction() as session:
        round = make_round(session, plan=make_plan(title="草稿里的轮次"))
    assert client.get(f"/desk/rounds/{round.id}").status_code == 303
