import json

import pytest
from sqlalchemy import delete

from tests.factories.ballots import NOW, keyring, make_open_round
from tests.factories.tally import make_counted_round, make_reviewed_round
from voting.results.service import facts_of
from voting.roll.models import Participation
from voting.rounds.rules import CategoryQuota
from voting.tally.document import vote_facts
from voting.tally.service import announcement_of, checked_count, get_tally

USUAL = {
    "ballots", "blank", "budget", "channels", "draw_seed", "flaws", "funded", "invalid", "left", "projects",
    "rule", "spent", "tests", "ties", "urn_digest", "votes",
}  # fmt: skip
USUAL_ROW = {"cost", "funded", "id", "left_before", "place", "reason", "votes"}


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path)


def outcome_of(session, round):
    checked_count(session, round.id)
    return json.loads(get_tally(session, round.id).outcome)


def reasons(outcome):
    return {one["id"]: one["reason"] for one in outcome["projects"]}


def test_the_answer_of_a_round_without_these_rules_has_no_new_names(session, keys):
    outcome = outcome_of(session, make_counted_round(session, keys))
    assert set(outcome) == USUAL
    assert all(set(one) == USUAL_ROW for one in outcome["projects"])


def test_a_full_category_is_passed_over_and_said(session, keys):
    round = make_counted_round(session, keys, quota_engineering=2)
    outcome = outcome_of(session, round)
    assert outcome["funded"] == ["1", "2"]
    assert reasons(outcome)["5"] == "quota_full"
    assert next(one for one in outcome["projects"] if one["id"] == "5")["quota"] == "engineering"
    facts = facts_of(session, round.id)
    assert facts.quotas == (CategoryQuota("engineering", 2),)
    assert "工程类最多入选2项" in map(str, facts.rule)
    line = next(line for line in facts.unfunded if line.number == 5)
    assert "“工程类”的名额或资金已经用完" in str(line.sentence(str))
    assert line.short_reason(str) == "工程类的名额或资金已用完"


def test_of_rivals_the_one_with_more_votes_is_funded(session, keys):
    round = make_counted_round(session, keys, rivals=(2, 1, 6))
    outcome = outcome_of(session, round)
    assert outcome["funded"] == ["1", "5", "4", "3"]
    assert next(one for one in outcome["projects"] if one["id"] == "2")["rival"] == "1"
    facts = facts_of(session, round.id)
    assert "1、2、6号只能入选一个，得票多的入选" in map(str, facts.rule)
    line = next(line for line in facts.unfunded if line.number == 2)
    assert "与已经入选的 1 号 只能入选一个" in str(line.sentence(str))
    assert line.short_reason(str) == "与已入选的1号只取一个"


def test_a_share_of_the_valid_ballots_is_needed(session, keys):
    outcome = outcome_of(session, make_counted_round(session, keys, least_share=300))
    assert (outcome["rule"], outcome["least_votes"]) == ("greedy-threshold", 2)
    assert outcome["funded"] == ["1", "2"]
    assert reasons(outcome)["3"] == "below_threshold"


def test_a_turnout_that_was_missed_funds_nothing_and_is_counted_again_without_the_roll(
    session, keys
):
    round = make_reviewed_round(session, keys, least_turnout=630)
    outcome = outcome_of(session, round)
    assert outcome["turnout"] == {"marked": 5, "roll": 8, "least": 630}
    assert (outcome["funded"], outcome["spent"], outcome["ties"]) == ([], "0.00", [])
    assert reasons(outcome) == {
        **dict.fromkeys("12345", "turnout_too_low"), "6": "no_votes",
    }  # fmt: skip
    session.execute(delete(Participation))
    assert outcome_of(session, round) == outcome
    facts = facts_of(session, round.id)
    assert (facts.marked, facts.roll, facts.funded) == (5, 8, [])
    assert [str(one) for one in facts.situations] == [
        "名册 8 人，已登记投票 5 人，没有达到最低投票率 63%，没有项目入选，投票无效。"
    ]


def test_a_turnout_that_was_reached_exactly_suffices(session, keys):
    outcome = outcome_of(session, make_reviewed_round(session, keys, least_turnout=625))
    assert outcome["turnout"] == {"marked": 5, "roll": 8, "least": 625}
    assert outcome["funded"] == ["1", "2", "5", "4", "3"]


def test_the_call_to_the_vote_says_every_rule(session, keys):
    round = make_open_round(
        session, keys, least_votes=3, least_share=125, least_turnout=500, quota_service=2,
        quota_equipment_money=35_000_00, quota_engineering=3, quota_engineering_money=200_000_00,
        rivals=(2, 5),
    )  # fmt: skip
    given = announcement_of(session, now=NOW, round_id=round.id)
    assert vote_facts(given, number="", url="").rule == (
        "按得票从多到少安排资金，剩余资金不够的项目跳过，再看下一个；得票少于3票的不入选；"
        "得票不到有效票12.5%的不入选；工程类最多入选3项、安排20万元；设备采购类最多安排3.5万元；"
        "服务采购类最多入选2项；2、5号只能入选一个，得票多的入选；"
        "投票率不到50%的，没有项目入选，投票无效"
    )
