from datetime import timedelta

import pytest

from tests.factories.areas import NOW
from tests.factories.proposals import make_candidate
from tests.factories.rounds import CLOSES, OPENS, make_plan, make_round
from tests.factories.withdrawals import make_withdrawn
from tests.rounds.statements import statements
from tests.visiting import visit
from voting.notices.models import Notice
from voting.proposals.service import candidates_of
from voting.rounds.models import PhaseChange, Round


@pytest.fixture
def announced(database, keys):
    """The id of a round with two candidates whose vote has been announced."""
    with database.transaction() as session:
        round = make_round(session, phase="shortlisted", plan=make_plan(polling_place="社区大厅"))
        for title in ("加装扶手", "增设照明"):
            make_candidate(session, keys, round, title=title, description="工期二十天。")
    _freeze(database, round.id)
    return round.id


def _freeze(database, round_id):
    with database.transaction() as session:
        round = session.get_one(Round, round_id)
        round.phase, round.frozen_at = "vote_announced", NOW
        round.config, round.config_hash = "{}", b"hash"


def test_anybody_reads_what_is_decided_and_how_to_vote(client, announced):
    page = visit(client, f"/rounds/{announced}")
    for said in (
        "投票公告期", "2026年12月5日 09:00 开始投票", "30.00 万元", "0791-86543210", "社区大厅",
        "候选项目（2 项）", "1 号 加装扶手", "2 号 增设照明", "给两栋楼的楼道装上扶手",
        "3栋、4栋楼道", "4.80 万元", "工期二十天。", "验证码",
    ):  # fmt: skip
        assert said in page.text


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (OPENS, "正在投票"),
        (CLOSES - timedelta(seconds=1), "正在投票"),
        (CLOSES, "投票已经截止，正在计票"),
    ],
)
def test_the_page_follows_the_clock(client, clock, announced, moment, said):
    clock.now = moment
    assert said in visit(client, f"/rounds/{announced}").text


@pytest.mark.parametrize("phase", ["draft", "pending_approval"])
def test_a_draft_is_nobodys_business(client, database, phase):
    with database.transaction() as session:
        round = make_round(session, phase=phase)
    visit(client, f"/rounds/{round.id}", status=404)


def test_what_does_not_exist_looks_like_a_draft(client):
    for id in ("nothing", "x" * 64):
        visit(client, f"/rounds/{id}", status=404)


def test_before_the_announcement_the_list_is_not_shown(client, database, keys):
    with database.transaction() as session:
        round = make_round(session, phase="shortlisted")
        make_candidate(session, keys, round, title="还没定的项目")
    page = visit(client, f"/rounds/{round.id}")
    assert "还没定的项目" not in page.text


def test_an_ended_round_says_so_if_it_had_been_public(client, database):
    with database.transaction() as session:
        rounds = [make_round(session, phase="terminated") for _ in range(2)]
        for round, before in zip(rounds, ("collecting", "draft"), strict=True):
            session.add(
                PhaseChange(round_id=round.id, before=before, after="terminated", at=NOW, by="o")
            )
    assert "这个轮次已经终止。" in visit(client, f"/rounds/{rounds[0].id}").text
    visit(client, f"/rounds/{rounds[1].id}", status=404)


def test_the_papers_of_the_round_are_linked(client, database, announced):
    with database.transaction() as session:
        session.add(
            Notice(
                number="2026-001", kind="vote", area_id=_area(session, announced),
                round_id=announced, title="投票通告", facts="{}", pdf_digest="0", issued_at=NOW,
                issued_by="o",
            )
        )  # fmt: skip
    page = visit(client, f"/rounds/{announced}")
    assert "/notices/2026-001" in page.links
    assert "投票通告" in page.text


def test_the_result_is_linked_once_it_is_public(client, database, announced):
    assert f"/rounds/{announced}/result" not in visit(client, f"/rounds/{announced}").links
    with database.transaction() as session:
        session.get_one(Round, announced).phase = "publicity"
    assert f"/rounds/{announced}/result" in visit(client, f"/rounds/{announced}").links


def test_a_withdrawn_candidate_is_marked(client, database, announced):
    with database.transaction() as session:
        number = candidates_of(session, announced)[0].ballot_number
        make_withdrawn(session, announced, number or 0, at=NOW, reason="产权有争议")
    page = visit(client, f"/rounds/{announced}").text
    assert "已撤下，不再参加票决" in page
    assert "：产权有争议" in page


def test_a_longer_list_asks_no_more_of_the_database(client, database, keys, app):
    asked = []
    for number in (2, 20):
        with database.transaction() as session:
            round = make_round(session, phase="shortlisted")
            for _ in range(number):
                make_candidate(session, keys, round)
        _freeze(database, round.id)
        visit(client, f"/rounds/{round.id}")
        with statements(app.extensions["voting.database"].engine) as seen:
            visit(client, f"/rounds/{round.id}")
        asked.append(len(seen))
    assert asked[0] == asked[1]


def _area(session, round_id):
    return session.get_one(Round, round_id).area_id
