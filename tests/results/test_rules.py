from datetime import UTC, date, datetime
from typing import Any

import pytest

from voting.results.document import notice_facts
from voting.results.rules import (
    PaperFigures,
    ProjectLine,
    Publicity,
    ResultFacts,
    TieLine,
)
from voting.rounds.rules import Allocation
from voting.tally.rules.judging import shown_channels
from voting.tally.rules.reasons import OF_ROUNDS, SENTENCES, Reason
from voting.tally.rules.ties import TieStep
from voting.web.filters import budget


def line(number=1, *, reason=Reason.FUNDED, votes=10, cost=50_000_00, **changes):
    facts: dict[str, Any] = {"rank": number, "left_before": 300_000_00} | changes
    return ProjectLine(
        number=number, title=f"项目{number}", category="工程类", place="1栋", cost=cost,
        beneficiaries=5, votes=votes, reason=reason, **facts,
    )  # fmt: skip


def result(*lines, **changes):
    facts: dict[str, Any] = {
        "round_id": "r", "round_title": "一轮", "area_name": "南烟小区", "scope": "南烟小区范围内",
        "min_age": 15, "reference_day": date(2026, 11, 22),
        "opens_at": datetime(2026, 11, 16, 1, tzinfo=UTC),
        "closes_at": datetime(2026, 11, 22, 9, tzinfo=UTC),
        "counted_at": datetime(2026, 11, 22, 10, tzinfo=UTC),
        "min_choices": 1, "max_choices": 3, "proposals": 9, "merged": 4, "roll": 10, "marked": 7,
        "ballots": 7, "valid": 6, "blank": 0, "invalid": 1, "channels": {"card": 7},
        "budget": 300_000_00, "allocation": Allocation.GREEDY, "funded_count": None,
        "least_votes": 0, "tie_steps": "beneficiaries,cost,draw", "projects": lines, "ties": (),
        "urn_digest": "ab", "draw_seed": "cd", "publicity_days": 5, "posting_day_counts": False,
        "answer_days": 3, "office_name": "居委会", "office_address": "1号", "office_contact": "服务台",
        "help_number": "0791-86543210", "issuer": "南站街道办事处", "is_rehearsal": False,
    }  # fmt: skip
    return ResultFacts(**(facts | changes))


@pytest.mark.parametrize(
    ("changes", "sentence", "short"),
    [
        ({}, "得票第 1 名，需要 5.00 万元，当时还有 30.00 万元，够用，入选。", "入选"),
        ({"reason": Reason.NO_VOTES}, "没有得票，不能入选。", "没有得票"),
        (
            {"reason": Reason.BELOW_THRESHOLD, "least_votes": 20},
            "得票 10，没有达到最低得票 20，不能入选。",
            "得票少于20票",
        ),
        (
            {"reason": Reason.DOES_NOT_FIT, "left_before": 9_000_00},
            "得票第 1 名，需要 5.00 万元，当时只剩 9000 元，不够，未入选。",
            "当时只剩9000 元，不够",
        ),
        (
            {"reason": Reason.AFTER_STOP, "stopped_by": "7"},
            "得票第 1 名。排在前面的 7 号 资金不够，按规则到那里为止，未入选。",
            "7号资金不够，到此为止",
        ),
        (
            {"reason": Reason.BEYOND_K, "k": 3},
            "得票第 1 名，按规则只取前 3 名，未入选。",
            "只取前3名",
        ),
        ({"reason": Reason.WITHDRAWN, "rank": None}, "已撤下，不参加排名。", "已撤下"),
    ],
)
def test_every_reason_is_one_sentence_and_a_few_words(changes, sentence, short):
    found = line(**changes)
    assert str(found.sentence(budget)) == sentence
    assert found.short_reason(budget) == short


def test_every_reason_a_round_may_give_has_its_words():
    assert set(Reason) == set(SENTENCES) > set(OF_ROUNDS)
    for reason in OF_ROUNDS:
        found = line(reason=reason, least_votes=1, k=1, stopped_by="1")
        assert str(found.sentence(budget))
        assert found.short_reason(budget)


def test_sums_and_lists_follow_from_the_lines():
    facts = result(line(1, votes=6), line(2, reason=Reason.DOES_NOT_FIT), line(3, votes=2))
    assert [one.number for one in facts.funded] == [1, 3]
    assert [one.number for one in facts.unfunded] == [2]
    assert facts.spent == 100_000_00
    assert facts.most_votes == 10


def test_a_result_without_votes_still_has_a_longest_bar():
    assert result().most_votes == 1
    assert result(line(votes=0, reason=Reason.NO_VOTES)).most_votes == 1


def test_a_tie_is_told_with_what_decided():
    tie = TieLine(12, ("3", "5", "9"), (TieStep.BENEFICIARIES, TieStep.DRAW))
    assert str(tie.phrase) == "3、5、9号得票都是12票，先后由受益人数、抽签决定"


def test_unknown_holidays_are_owned_up_to():
    days = (date(2026, 12, 30), date(2027, 1, 6))
    assert Publicity(*days).note == ""
    assert Publicity(*days, (2027,)).note == "未含2027年节假日安排，以街道核定为准"


@pytest.mark.parametrize(
    ("channels", "shown"),
    [
        ({}, {}),
        ({"card": 5}, {"card": 5}),
        ({"card": 90, "paper": 10}, {"card": 90, "paper": 10}),
        ({"card": 90, "assisted": 6, "poster": 7}, {"assisted+poster": 13, "card": 90}),
        # Three alone would be found by taking the others from the whole.
        ({"card": 90, "paper": 40, "assisted": 3}, {"assisted+paper": 43, "card": 90}),
        ({"card": 90, "assisted": 3}, {"assisted+card": 93}),
        ({"assisted": 3, "poster": 4}, {"assisted+poster": 7}),
    ],
)
def test_no_channel_with_fewer_than_ten_ballots_can_be_read_off(channels, shown):
    assert shown_channels(channels) == shown
    assert sum(shown.values()) == sum(channels.values())


def test_the_notice_says_what_the_sheet_says_of_paper():
    facts = result(
        line(), valid=60, ballots=62, blank=1, invalid=1,
        paper=PaperFigures(issued=40, returned=31, valid=28, invalid=3),
    )  # fmt: skip
    notice = notice_facts(
        facts, publicity=Publicity(date(2026, 11, 24), date(2026, 11, 30)),
        issued_on=date(2026, 11, 23), number="", url="", demo=False,
    )  # fmt: skip
    ballots = notice.ballots
    assert (ballots.online, ballots.valid) == (32, 60)
    assert (ballots.paper_issued, ballots.paper_returned) == (40, 31)
    assert (ballots.paper_valid, ballots.paper_invalid) == (28, 3)
    assert ballots.cast == 32 + 1 + 1 + 31
    assert ballots.reconciles
