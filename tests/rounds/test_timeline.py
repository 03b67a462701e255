from datetime import date, timedelta

import pytest

from tests.factories.areas import NOW
from tests.factories.rounds import CLOSES, OPENS, make_plan, make_round
from tests.rounds.statements import statements
from tests.visiting import visit
from voting.areas.models import Area
from voting.clock import at_local
from voting.rounds.models import PhaseChange, Round
from voting.rounds.rules import Phase
from voting.rounds.service import timeline_of

DAY = timedelta(days=1)


def _walk(session, round, *steps):
    """Note steps (before, after, days after NOW, reason) and let the round stand where they end."""
    for before, after, days, reason in steps:
        session.add(
            PhaseChange(
                round_id=round.id,
                before=before,
                after=after,
                at=NOW + days * DAY,
                by="x",
                reason=reason,
            )
        )
        round.phase = after
    round.phase_before_pause = before if after == "paused" else None
    session.flush()


_TO_COLLECTING = (
    ("draft", "pending_approval", 0, ""),
    ("pending_approval", "draft", 1, "资金写错了"),
    ("draft", "pending_approval", 2, ""),
    ("pending_approval", "collecting", 3, ""),
)


def _line(session, round, **facts):
    return timeline_of(session, round, now=NOW + 60 * DAY, **facts)


def test_the_nodes_of_the_founding_example_have_their_intervals(session):
    # 7-12 启动 → 7-24 座谈会（第 12 天）→ 8-02 项目推选大会（第 21 天）
    round = make_round(session)
    _walk(
        session,
        round,
        ("pending_approval", "collecting", 0, ""),
        ("collecting", "screening", 12, ""),
        ("screening", "deliberating", 21, ""),
    )
    done = [node for node in _line(session, round) if node.at]
    assert [(node.since_last, node.since_start) for node in done] == [
        (None, None),
        (12, 12),
        (9, 21),
    ]
    assert [node.state for node in done] == ["done", "done", "now"]


def test_everybody_sees_it_from_the_collecting_on_and_no_inner_reasons(session):
    round = make_round(session)
    _walk(session, round, *_TO_COLLECTING, ("collecting", "screening", 4, "人手够"))
    everybody = _line(session, round)
    assert everybody[0].name == "开始征集"
    assert "".join(node.reason for node in everybody) == ""
    desk = _line(session, round, is_public=False)
    assert [node.reason for node in desk if node.reason] == ["资金写错了", "人手够"]
    assert desk[1].name == "退回修改"


def test_a_pause_an_extension_and_an_end_are_told_with_their_reasons(session):
    round = make_round(session)
    _walk(
        session,
        round,
        *_TO_COLLECTING,
        ("collecting", "paused", 5, "防汛"),
        ("paused", "collecting", 9, ""),
        ("voting", "voting", 14, "雨天"),
        ("voting", "terminated", 16, "方案有误"),
    )
    nodes = _line(session, round)
    assert [(node.name, node.reason, node.since_last) for node in nodes] == [
        ("开始征集", "", None),
        ("暂停", "防汛", 2),
        ("恢复", "", 4),
        ("延长投票时间", "雨天", 5),
        ("终止", "方案有误", 2),
    ]
    assert [node.state for node in nodes][-1] == "stopped"


def test_planned_and_actual_days_stand_side_by_side(session):
    plan = make_plan(
        collecting_from=date(2026, 11, 24),
        collecting_until=date(2026, 11, 27),
        review_until=date(2026, 11, 30),
        announce_on=date(2026, 12, 1),
    )
    round = make_round(session, plan=plan)
    _walk(session, round, *_TO_COLLECTING)
    nodes = timeline_of(session, round, now=NOW + 3 * DAY)
    planned = {node.name: node.planned for node in nodes}
    assert planned["开始征集"] == date(2026, 11, 24)
    assert planned["征集结束，开始审核"] == date(2026, 11, 28)
    assert planned["开始协商推选"] == date(2026, 12, 1)
    assert planned["发布投票公告"] == date(2026, 12, 1)
    assert planned["开始投票"] == date(2026, 12, 5)
    assert planned["结果公示"] == date(2026, 12, 14)
    assert planned["确认结果"] == date(2026, 12, 22)
    assert planned["归档"] is None


def test_what_the_clock_has_brought_is_shown_before_it_is_written_down(session):
    round = make_round(session, phase="vote_announced")
    _walk(
        session,
        round,
        ("shortlisted", "collecting", 0, ""),
        ("collecting", "vote_announced", 1, ""),
    )
    nodes = timeline_of(session, round, now=CLOSES)
    assert [(node.name, node.at) for node in nodes if node.at][2:] == [
        ("开始投票", OPENS),
        ("投票截止，开始计票", CLOSES),
    ]
    collecting = make_round(session, plan=make_plan(collecting_until=date(2026, 11, 25)))
    _walk(session, collecting, ("pending_approval", "collecting", 0, ""))
    nodes = timeline_of(session, collecting, now=at_local(date(2026, 11, 26)))
    assert nodes[1].at == at_local(date(2026, 11, 26))


def test_pages_at_the_desk_and_for_everybody(desk, database, client):
    with database.transaction() as session:
        area = session.get_one(Area, desk.chain.estate.id)
        round = make_round(session, area=area)
        _walk(session, round, *_TO_COLLECTING, ("collecting", "paused", 5, "防汛"))
    public = visit(client, f"/rounds/{round.id}/timeline")
    assert "防汛" in public.text
    assert "资金写错了" not in public.text
    inside = visit(desk.client, f"/desk/rounds/{round.id}/timeline")
    assert "资金写错了" in inside.text


@pytest.mark.parametrize("phase", ["draft", "pending_approval", "terminated"])
def test_nobody_sees_the_line_of_a_round_that_was_never_public(client, database, phase):
    with database.transaction() as session:
        round = make_round(session, phase=phase)
    for id in (round.id, "nothing", "x" * 300):
        visit(client, f"/rounds/{id}/timeline", status=404)


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase not in {"draft", "paused"}])
def test_every_phase_has_a_line(desk, database, phase):
    with database.transaction() as session:
        area = session.get_one(Area, desk.chain.estate.id)
        round = make_round(session, area=area, phase=phase.value)
    visit(desk.client, f"/desk/rounds/{round.id}/timeline")


def test_another_areas_line_is_not_found(desk, database):
    with database.transaction() as session:
        foreign = make_round(session, phase="voting")
    visit(desk.client, f"/desk/rounds/{foreign.id}/timeline", status=404)


def test_a_long_line_asks_no_more_of_the_database(desk, database, app):
    engine = app.extensions["voting.database"].engine
    asked = []
    for number in (10, 1000):
        with database.transaction() as session:
            area = session.get_one(Area, desk.chain.estate.id)
            round = make_round(session, area=area)
            steps = [("collecting", "paused", 1, ""), ("paused", "collecting", 1, "")]
            _walk(session, session.get_one(Round, round.id), *steps * (number // 2))
        visit(desk.client, f"/desk/rounds/{round.id}/timeline")
        with statements(engine) as seen:
            visit(desk.client, f"/rounds/{round.id}/timeline")
        asked.append(len(seen))
    assert asked[0] == asked[1]
