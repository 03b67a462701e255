"""What is written is read again as it was, by us and by others."""

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voting.pabulib.rules.allocations import TIES
from voting.pabulib.rules.election import read_election
from voting.pabulib.rules.writing import (
    IdNotWritable,
    Line,
    RuleNotWritable,
    Sheet,
    check_id,
    rule_name,
    written,
)
from voting.rounds.rules import Allocation
from voting.tally.rules.allocation import greedy
from voting.tally.rules.counting import Ballot, BallotKind, Candidate, distinct, scores

ABOUT = {
    "description": "Small\nworks; of an \u2028estate", "country": "China", "unit": "Nanchang",
    "instance": "2026", "date_begin": "01.11.2026", "date_end": "07.11.2026", "currency": "CNY",
}  # fmt: skip


def sheet_of(
    candidates: list[Candidate],
    ballots: dict[Ballot, int],
    budget: int,
    kind: BallotKind = BallotKind.APPROVAL,
    **changes: Any,
) -> Sheet:
    ids = [one.id for one in candidates]
    votes, named = scores(ballots, ids, kind), scores(ballots, ids, BallotKind.APPROVAL)
    outcome = greedy(candidates, votes, budget, ties=TIES)
    lines = tuple(
        Line(
            id=one.id, cost=one.cost, votes=named[one.id], score=one.votes, name=f"Work {one.id}",
            category="", selected=one.funded, withdrawn=one.place is None,
        )
        for one in outcome.standings
    )  # fmt: skip
    sheet = Sheet(
        about=ABOUT, kind=kind, allocation=Allocation.GREEDY, least_votes=0, budget=budget,
        decimals=2, lines=lines, ballots=ballots, left_out={"blank": 0}, tie_steps="cost,id",
    )  # fmt: skip
    return replace(sheet, **changes)


FIELD = [Candidate("1", 600_50), Candidate("2", 500_00), Candidate("3", 5, withdrawn=True)]
PILE = {Ballot(("1", "2")): 2, Ballot(("2", "3", "2")): 1, Ballot(("3",)): 1}


def text_of(sheet: Sheet) -> str:
    return written(sheet, lambda ballots: ballots.reverse())


def test_a_file_is_written_to_the_letter() -> None:
    sheet = sheet_of(
        FIELD, PILE, 700_00, left_out={"blank": 2, "invalid": 1}, tie_steps="cost,draw"
    )
    assert text_of(sheet) == (
        "META\nkey;value\n"
        'description;"Small works; of an estate"\ncountry;China\nunit;Nanchang\ninstance;2026\n'
        "num_projects;3\nnum_votes;4\nbudget;700\nvote_type;approval\nrule;greedy\n"
        "date_begin;01.11.2026\ndate_end;07.11.2026\ncurrency;CNY\n"
        "comment;#1: 2 blank ballots are left out #2: 1 invalid ballots are left out "
        "#3: a cost of 999999999 stands for a project that was withdrawn "
        "#4: equal votes were put in order by cost, then draw\n"
        "PROJECTS\nproject_id;cost;votes;name;selected\n"
        "2;500;3;Work 2;1\n1;600.5;2;Work 1;0\n3;999999999;2;Work 3;0\n"
        "VOTES\nvoter_id;vote\n1;3\n2;2,3\n3;1,2\n4;1,2\n"
    )


def test_points_and_ranks_have_their_columns() -> None:
    points = {Ballot(("1", "2"), (3, 4)): 1}
    text = text_of(sheet_of(FIELD[:2], points, 9, BallotKind.CUMULATIVE))
    assert "project_id;cost;votes;score;name;selected\n2;500;1;4;Work 2;0\n" in text
    assert "voter_id;vote;points\n1;1,2;3,4\n" in text.replace('"', "")
    ranks = text_of(sheet_of(FIELD[:2], {Ballot(("1", "2")): 1}, 9, BallotKind.ORDINAL))
    assert "\n1;600.5;1;2;Work 1;0\n" in ranks


def test_money_for_everything_is_said() -> None:
    text = text_of(sheet_of(FIELD, PILE, 1100_50))
    assert "\nfully_funded;1\n" in text
    assert "fully_funded" not in text_of(sheet_of(FIELD, PILE, 1100_49))


def test_a_threshold_and_a_category_are_written() -> None:
    sheet = sheet_of(FIELD, PILE, 700_00, least_votes=2)
    sheet = replace(sheet, lines=tuple(replace(one, category="service") for one in sheet.lines))
    text = text_of(sheet)
    assert "\nrule;greedy-threshold\n" in text
    assert "\nmin_project_score_threshold;2\n" in text
    assert ";name;category;selected\n" in text


@pytest.mark.parametrize("id", ["meta", "Projects", "VOTES", "a,b", " a", "a\nb", "a\u2028", ""])
def test_an_id_that_would_not_come_back_is_refused(id: str) -> None:
    if id:
        with pytest.raises(IdNotWritable):
            check_id(id)
    sheet = sheet_of([Candidate("votes", 1)], {Ballot(("votes",)): 1}, 1)
    with pytest.raises(IdNotWritable):
        text_of(sheet)


def test_a_rule_without_a_name_is_refused() -> None:
    assert rule_name(Allocation.GREEDY_STOP, 0) == "greedy-no-skip"
    with pytest.raises(RuleNotWritable):
        rule_name(Allocation.TOP_K, 0)


IDS = ("1", "02", "2", "A/1", "x;y", 'q"q')


@st.composite
def elections(draw: st.DrawFn) -> Sheet:
    kind = draw(st.sampled_from(list(BallotKind)))
    most = 1 if kind is BallotKind.CHOOSE_1 else 4
    candidates = [
        Candidate(id, draw(st.integers(0, 500)), withdrawn=draw(st.integers(0, 9)) == 0)
        for id in IDS
    ]
    ballots: dict[Ballot, int] = {}
    for _ in range(draw(st.integers(1, 8))):
        choices = tuple(draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=most)))
        points = tuple(draw(st.integers(0, 9)) for _ in choices)
        ballot = Ballot(choices, points if kind is BallotKind.CUMULATIVE else ())
        ballots[ballot] = draw(st.integers(1, 3))
    return sheet_of(candidates, ballots, draw(st.integers(0, 1500)), kind)


def check_round_trip(sheet: Sheet, shuffled: list[int]) -> None:
    def shuffle(ballots: list[Ballot]) -> None:
        ballots.sort(key=lambda one: (shuffled[len(one.choices) % 4], one.choices, one.points))

    text = written(sheet, shuffle)
    read = read_election(io.BytesIO(text.encode()))
    assert read.remarks == ()
    assert [one.id for one in read.projects] == [one.id for one in sheet.lines]
    again: dict[Ballot, int] = {}
    for ballot, number in sheet.ballots.items():
        again[distinct(ballot)] = again.get(distinct(ballot), 0) + number
    assert read.ballots == again
    outcome = greedy(read.candidates(), read.scores(), read.budget, ties=TIES)
    assert set(outcome.funded) == {one.id for one in sheet.lines if one.selected}
    assert read.official() == frozenset(outcome.funded)
    assert all(len(row) <= 7 for row in csv.reader(io.StringIO(text), delimiter=";"))


orders = st.permutations(range(4))


@settings(max_examples=30, deadline=None)
@given(sheet=elections(), shuffled=orders)
def test_a_recount_of_the_file_equals_the_original(sheet: Sheet, shuffled: list[int]) -> None:
    check_round_trip(sheet, shuffled)


@pytest.mark.soak
@settings(max_examples=3000, deadline=None)
@given(sheet=elections(), shuffled=orders)
def test_a_recount_of_the_file_equals_the_original_many_times(
    sheet: Sheet, shuffled: list[int]
) -> None:
    check_round_trip(sheet, shuffled)
