"""The same votes under every rule, held against the rules applied one by one."""

from dataclasses import replace

import pytest

from voting.comparing.rules import alternatives
from voting.comparing.rules.alternatives import Votes, compare
from voting.comparing.rules.facts import Comparison, Rule, Side, served_percent, served_side
from voting.comparing.rules.words import change, change_sentence, margin_phrase, smallest_sentence
from voting.notices.rules import read_facts, write_facts
from voting.rounds.rules import Allocation, BallotKind
from voting.tally.rules.counting import Ballot, Candidate
from voting.tally.rules.deciding import Declared, decide
from voting.tally.rules.judging import Judged, Terms
from voting.tally.rules.sharing import equal_shares, equal_shares_once

# Two thirds want streets, one third the school: equal shares pay for both, greedy for streets only.
BALLOTS = {Ballot(("1", "2")): 60, Ballot(("3",)): 30}
CANDIDATES = (Candidate("1", 60_000), Candidate("2", 40_000), Candidate("3", 33_000))


def votes(ballots=BALLOTS, *, blank=0, allocation="greedy", k=None, budget=100_000):
    return Votes(
        candidates=CANDIDATES,
        titles={"1": "路", "2": "灯", "3": "学堂"},
        judged=Judged(ballots, blank, {}),
        terms=Terms(
            kind=BallotKind.APPROVAL, least=1, most=2, most_points=None, ids={1: "1", 2: "2", 3: "3"}
        ),
        declared=Declared(
            allocation=Allocation(allocation), funded_count=k, least_votes=0, budget=budget,
            tie_steps="cost,draw",
        ),
        seed=b"seed",
    )  # fmt: skip


def by_rule(found):
    return {one.rule: one for one in found.alternatives}


def test_every_rule_gives_what_it_gives_alone():
    given = votes()
    found = by_rule(compare(given))
    for allocation in Allocation:
        k = 2 if allocation is Allocation.TOP_K else None
        declared = replace(given.declared, allocation=allocation, funded_count=k)
        alone = decide(
            given.judged, terms=given.terms, declared=declared, candidates=list(CANDIDATES),
            seed=b"seed",
        )  # fmt: skip
        assert found[Rule(allocation.value)].funded == alone.funded
        assert found[Rule(allocation.value)].spent == alone.spent
    shares = equal_shares(CANDIDATES, BALLOTS, given.scores, 100_000, unit=100, step=100)
    once = equal_shares_once(CANDIDATES, BALLOTS, given.scores, 100_000)
    assert found[Rule.EQUAL_SHARES].funded == shares.funded == ("2", "3")
    assert found[Rule.EQUAL_SHARES_ONCE].funded == once.funded
    assert found[Rule.TOP_K].k == 2
    assert [rule for rule, one in found.items() if one.declared] == [Rule.GREEDY]


def test_what_changes_is_said_in_words():
    found = compare(votes())
    shares = by_rule(found)[Rule.EQUAL_SHARES]
    came, went = change(shares, found.declared)
    assert (came, went) == (["3"], ["1"])
    sentence = change_sentence(came, went) % {"came": "3 号", "went": "1 号"}
    assert sentence == "3 号会入选，1 号不会入选。"
    assert change_sentence([], []) == "入选的项目一样。"
    assert change_sentence(["3"], []) % {"came": "3 号"} == "3 号也会入选，别的不变。"


def test_a_blank_ballot_has_its_share_too():
    with_blank = compare(votes(blank=30))
    assert by_rule(with_blank)[Rule.EQUAL_SHARES_ONCE].funded == ("2",)
    assert by_rule(compare(votes()))[Rule.EQUAL_SHARES_ONCE].funded == ("2", "3")


def test_a_share_that_rises_too_slowly_is_raised_by_ten_times_as_much(monkeypatch):
    monkeypatch.setattr(alternatives, "MOST_RAISES", 3)
    # One ballot alone pays for the school once its share has grown from 100 yuan to 330.
    dear = {Ballot(("1",)): 9, Ballot(("3",)): 1}
    heard = []
    found = compare(votes(dear), lambda done, most: heard.append((done, most)))
    shares = by_rule(found)[Rule.EQUAL_SHARES]
    assert (shares.step, shares.funded) == (10_000, ("1", "3"))
    alone = equal_shares(CANDIDATES, dear, {"1": 9, "2": 0, "3": 1}, 100_000, unit=100, step=10_000)
    assert shares.funded == alone.funded
    assert set(heard) <= {(1, 3), (2, 3), (3, 3)}


def test_no_ballot_funds_nothing_and_has_no_margin_to_lose():
    found = compare(votes({}))
    assert all(one.funded == () for one in found.alternatives)
    assert by_rule(found)[Rule.TOP_K].k == 1
    assert {one.more for one in found.projects} == {1}


def test_the_round_s_own_k_counts():
    found = by_rule(compare(votes(allocation="top-k", k=1)))
    assert found[Rule.TOP_K].k == 1
    assert found[Rule.TOP_K].declared


@pytest.mark.parametrize(
    ("served", "valid", "side"),
    [
        (10, 200, Side.TOLD), (9, 200, Side.FEW), (0, 200, Side.FEW), (191, 200, Side.NEARLY_ALL),
        (190, 200, Side.TOLD), (200, 200, Side.NEARLY_ALL), (100, 199, Side.EITHER),
    ],
)  # fmt: skip
def test_fewer_than_ten_are_not_told_of_on_either_side(served, valid, side):
    assert served_side(served, valid) is side


def test_shares_are_told_in_steps_that_ten_ballots_do_not_fill():
    assert [served_percent(served, 200) for served in (154, 150, 155, 156)] == [75, 75, 80, 80]
    assert served_percent(9, 200) is None
    assert served_percent(100, 199) is None


def test_a_number_that_may_not_be_told_is_not_stored():
    found = compare(votes({Ballot(("1", "2")): 260, Ballot(("3",)): 5}))
    text = write_facts(found)
    assert read_facts(Comparison, text) == found
    assert by_rule(found)[Rule.GREEDY].served_percent is None
    assert by_rule(found)[Rule.GREEDY].side is Side.NEARLY_ALL


def test_the_smallest_margin_is_said():
    found = compare(votes())
    said = {one.id: str(margin_phrase(one, found.budget)) for one in found.projects}
    # Of equal votes 3, the cheapest, comes first: level with either of the others it takes that one's money.
    assert said == {"1": "少 30 票就不会入选", "2": "少 30 票就不会入选", "3": "再多 30 票就会入选"}
    assert found.smallest == 30
    assert "不管加给谁、从谁那里减" in smallest_sentence(found)
    dear = compare(votes(budget=10_000))
    assert dear.smallest is None
    assert (
        str(margin_phrase(dear.projects[0], dear.budget)) == "预算超过资金总额，得票再多也不能入选"
    )
    assert smallest_sentence(dear) == "得票怎样变，入选的项目都一样。"


def test_with_limits_and_a_stop_only_one_project_is_spoken_of():
    stop = votes(allocation="greedy-stop")
    limited = replace(stop, candidates=(*CANDIDATES[:2], replace(CANDIDATES[2], rival_group=1)))
    assert compare(limited).has_limits
    assert smallest_sentence(compare(limited)).startswith("只改一个项目的得票")
    assert "不管加给谁" in smallest_sentence(compare(stop))
