import hashlib
import json
from collections import Counter
from dataclasses import replace

import pytest

from voting.ballots.rules import Ballot, encode
from voting.rounds.rules import Allocation, BallotKind
from voting.tally.rules import counting
from voting.tally.rules.deciding import Declared, decide, draw_seed, urn_digest
from voting.tally.rules.judging import Flaw, Terms, contents_of, judge
from voting.tally.rules.phrases import Phrase, rule_phrases, tie_names, tie_phrases
from voting.tally.rules.reasons import Reason
from voting.tally.rules.thresholds import Turnout
from voting.tally.rules.ties import TieStep

TERMS = Terms(
    kind=BallotKind.APPROVAL,
    least=1,
    most=3,
    most_points=None,
    ids={n: str(n) for n in range(1, 7)},
)
POINTS = Terms(
    kind=BallotKind.CUMULATIVE, least=0, most=3, most_points=5, ids={1: "a", 2: "b", 3: "c"}
)


def raw(*choices, points=(), channel="card", pad=60):
    return encode(Ballot(channel, choices, points)).ljust(pad)


def judged(*ballots, terms=TERMS):
    return judge(contents_of(Counter(ballots)).said, terms)


def test_equal_ballots_are_one_entry_whatever_channel_they_came_by():
    contents = contents_of({raw(1, 2): 3, raw(1, 2, channel="paper"): 2, raw(4): 1})
    assert contents.said == {'{"choices":[1,2]}': 5, '{"choices":[4]}': 1}
    assert contents.channels == {"card": 4, "paper": 2}
    assert contents.ballots == 6


def test_no_channel_is_left_in_what_the_ballots_say():
    assert "channel" not in json.dumps(contents_of({raw(1): 1}).said)


@pytest.mark.parametrize(
    ("ballot", "flaw"),
    [
        (raw(1, 2, 3, 4), Flaw.TOO_MANY),
        (raw(9), Flaw.UNKNOWN_CANDIDATE),
        (raw(-1), Flaw.UNKNOWN_CANDIDATE),
        (raw(1, points=(2,)), Flaw.POINTS),
        (b"not json".ljust(60), Flaw.UNREADABLE),
        (b"\xff\xfe".ljust(60), Flaw.UNREADABLE),
        (b"[" * 60, Flaw.UNREADABLE),
        (b"[" * 100_000, Flaw.UNREADABLE),
        (b'{"channel":"card","choices":["1"]}', Flaw.UNREADABLE),
        (b'{"channel":"mars","choices":[1]}', Flaw.UNREADABLE),
        (b'{"channel":"card","choices":[1],"name":"x"}', Flaw.UNREADABLE),
        (b'{"channel":"card","choices":[true]}', Flaw.UNREADABLE),
    ],
)
def test_a_ballot_against_the_rules_is_invalid_and_says_why(ballot, flaw):
    found = judged(ballot, raw(1))
    assert found.flaws == {flaw: 1}
    assert found.valid == {counting.Ballot(("1",)): 1}


def test_fewer_choices_than_the_round_asks_for_are_invalid_and_none_is_blank():
    two = Terms(kind=TERMS.kind, least=2, most=3, most_points=None, ids=TERMS.ids)
    found = judged(raw(1), raw(), raw(1, 2), terms=two)
    assert (found.flaws, found.blank, found.valid_count) == ({Flaw.TOO_FEW: 1}, 1, 1)


GONE = replace(TERMS, least=2, withdrawn=frozenset({2, 5}))


@pytest.mark.parametrize(
    ("choices", "counts_as"),
    [
        ((1, 2, 3, 4), "valid"),
        ((1, 2, 3, 4, 5), "valid"),
        ((1, 2, 3, 4, 6), "too_many"),
        ((1, 2), "valid"),
        ((2, 5), "blank"),
        ((2,), "too_few"),
        ((1,), "too_few"),
        ((), "blank"),
    ],
)
def test_a_withdrawn_candidate_uses_up_no_choice_and_takes_none_that_was_needed(choices, counts_as):
    found = judged(raw(*choices), terms=GONE)
    kinds = {"valid": found.valid_count, "blank": found.blank} | found.flaws
    assert {kind for kind, number in kinds.items() if number} == {counts_as}


def test_the_votes_of_a_withdrawn_candidate_are_shown_whoever_else_a_ballot_names():
    found = judged(*[raw(1, 2)] * 2, *[raw(2, 5)] * 3, raw(1, 3, 4, 6, 2), raw(), terms=GONE)
    assert (found.valid_count, found.blank, found.unmarked, found.invalid) == (2, 4, 1, 1)
    candidates = [
        counting.Candidate(id, 10, withdrawn=n in GONE.withdrawn) for n, id in GONE.ids.items()
    ]
    declared = Declared(
        allocation=Allocation.GREEDY, funded_count=None, least_votes=0, budget=100, tie_steps="cost,id"
    )  # fmt: skip
    made = decide(found, terms=GONE, declared=declared, candidates=candidates, seed=b"")
    shown = {one.id: (one.votes, one.place, one.reason.value) for one in made.standings}
    assert shown["2"] == (5, None, "withdrawn")
    assert shown["5"] == (3, None, "withdrawn")
    assert made.funded == ("1",)


def test_a_choice_repeated_is_one_choice():
    found = judged(raw(1, 1, 2, 2, 3))
    assert found.invalid == 0


@pytest.mark.parametrize(
    ("choices", "points", "invalid"),
    [
        ((1, 2), (3, 2), 0),
        ((1, 2), (3, 3), 1),
        ((1, 2), (5,), 1),
        ((1, 2), (6, -1), 1),
        ((1, 2), (), 1),
    ],
)
def test_points_must_fit_their_choices_and_the_most(choices, points, invalid):
    assert judged(raw(*choices, points=points), terms=POINTS).invalid == invalid


def test_the_digest_of_an_urn_does_not_depend_on_the_order_of_its_leaves():
    leaves = [bytes([n]) * 32 for n in (3, 1, 2)]
    by_hand = hashlib.sha256(b"\x01" * 32 + b"\x02" * 32 + b"\x03" * 32).digest()
    assert urn_digest(leaves) == urn_digest(sorted(leaves)) == by_hand


def test_anybody_can_work_out_the_seed_of_the_draw():
    by_hand = hashlib.sha256(b"draw 1\x00" + b"c" * 32 + b"u" * 32).digest()
    assert draw_seed(b"c" * 32, b"u" * 32) == by_hand


def outcome(allocation, *, least=0, k=None, turnout=None, **more):
    found = judged(*[raw(1, 2)] * 3, *[raw(2)] * 2, raw(3))
    candidates = [counting.Candidate(str(n), cost) for n, cost in ((1, 60), (2, 50), (3, 40))]
    declared = Declared(
        allocation=allocation, funded_count=k, least_votes=least, budget=100, tie_steps="cost,id", **more
    )  # fmt: skip
    counted = decide(
        found, terms=TERMS, declared=declared, candidates=candidates, seed=b"", turnout=turnout
    )
    return counted, declared


@pytest.mark.parametrize(
    ("allocation", "least", "k", "funded", "name"),
    [
        (Allocation.GREEDY, 0, None, ("2", "3"), "greedy"),
        (Allocation.GREEDY, 2, None, ("2",), "greedy-threshold"),
        (Allocation.GREEDY_STOP, 0, None, ("2",), "greedy-stop"),
        (Allocation.TOP_K, 0, 1, ("2",), "top-k"),
    ],
)
def test_the_declared_rule_is_the_one_that_counts(allocation, least, k, funded, name):
    found, declared = outcome(allocation, least=least, k=k)
    assert found.funded == funded
    assert declared.name == name


@pytest.mark.parametrize(
    ("share", "funded", "needed"),
    [
        (0, ("2", "3"), 0),
        (166, ("2", "3"), 1),  # 0.996 votes
        (167, ("2",), 2),  # 1.002 votes
        (833, ("2",), 5),
        (834, (), 6),
    ],
)
def test_a_share_of_six_valid_ballots_is_rounded_up(share, funded, needed):
    found, declared = outcome(Allocation.GREEDY, least_share=share)
    assert (found.funded, declared.votes_needed(6)) == (funded, needed)
    assert declared.name == ("greedy-threshold" if share else "greedy")


def test_of_a_number_and_a_share_the_larger_holds():
    assert outcome(Allocation.GREEDY, least=4, least_share=167)[1].votes_needed(6) == 4
    assert outcome(Allocation.GREEDY, least=1, least_share=834)[1].votes_needed(6) == 6


def test_where_too_few_took_part_nothing_is_funded_and_everybody_keeps_place_and_votes():
    enough, _ = outcome(Allocation.GREEDY, turnout=Turnout(marked=5, roll=10, least=500))
    found, _ = outcome(Allocation.GREEDY, turnout=Turnout(marked=4, roll=9, least=500))
    assert enough.funded == ("2", "3")
    assert (found.funded, found.spent, found.left, found.ties) == ((), 0, 100, ())
    assert {one.reason for one in found.standings} == {Reason.TURNOUT_TOO_LOW}
    assert [(one.id, one.place, one.votes) for one in found.standings] == [
        (one.id, one.place, one.votes) for one in enough.standings
    ]


def test_a_rule_is_said_in_words():
    top = rule_phrases(Allocation.TOP_K, funded_count=6, least_votes=0)
    assert [str(phrase) for phrase in top] == ["按得票取前6名，剩余资金不够的项目不入选，也不递补"]
    with_least = rule_phrases(Allocation.GREEDY, funded_count=None, least_votes=50)
    assert str(with_least[1]) == "得票少于50票的不入选"


def test_tie_steps_are_said_in_their_order():
    said = [str(phrase) for phrase in tie_phrases("beneficiaries, cost,draw")]
    assert said == ["受益人数多的在前", "预算少的在前", "抽签决定"]
    assert tie_names([TieStep.COST, TieStep.DRAW, TieStep.COST]) == ("预算", "抽签")


def test_a_phrase_without_values_may_hold_a_per_cent_sign():
    assert str(Phrase("得票率 50%")) == "得票率 50%"
