"""Which ties decide who is funded: held against every order in which equals could come."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

import pytest

from voting.tally.rules.allocation import Outcome, greedy, greedy_stop, top_k
from voting.tally.rules.counting import Candidate
from voting.tally.rules.limits import NO_LIMITS, Limits, Quota
from voting.tally.rules.reasons import Reason
from voting.tally.rules.ties import TieBreaker, TieStep, tie_rule

Rule = Callable[..., Outcome]


@dataclass(frozen=True)
class ByPlace:
    """Any order of equals: the ids as they are written down."""

    ids: str
    step: TieStep = TieStep.DRAW

    def key(self, candidate: Candidate) -> tuple[int, bytes]:
        return self.ids.index(candidate.id), b""


def _top_two(*given: object, ties: tuple[TieBreaker, ...], limits: Limits = NO_LIMITS) -> Outcome:
    return top_k(*given, k=2, ties=ties, limits=limits)  # type: ignore[arg-type]  # as the others take them


RULES: dict[str, Rule] = {"greedy": greedy, "greedy-stop": greedy_stop, "top-k": _top_two}


def _limits(rng: random.Random) -> Limits:
    if rng.random() < 0.4:
        return NO_LIMITS
    ids = frozenset(rng.sample("abcde", 3))
    quota = Quota("绿化", ids, rng.choice([None, 1, 2]), rng.choice([None, 20, 40]))
    return Limits((quota,), rng.choice([(), (frozenset(rng.sample("abcde", 2)),)]))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_tie_is_decisive_exactly_if_another_order_funds_others(rule: Rule) -> None:
    rng = random.Random(20261130)  # noqa: S311 -- lists to try, no secrets
    seen = set()
    for _ in range(150):
        candidates = [Candidate(id, rng.choice([10, 20, 30])) for id in "abcde"]
        votes = {id: rng.choice([0, 5, 6]) for id in "abcde"}
        limits, money = _limits(rng), rng.choice([15, 25, 40, 60, 200])
        shown = rule(candidates, votes, money, ties=(), limits=limits)
        funded = {
            frozenset(rule(candidates, votes, money, ties=(ByPlace("".join(ids)),), limits=limits).funded)
            for ids in permutations("abcde")
        }  # fmt: skip
        assert bool(shown.decisive) == (len(funded) > 1), (candidates, votes, money, limits)
        seen.add(bool(shown.decisive))
    assert seen == {True, False}


def _equals(*costs: int) -> tuple[list[Candidate], dict[str, int]]:
    candidates = [Candidate(id, cost) for id, cost in zip("abc", costs, strict=False)]
    return candidates, {one.id: 7 for one in candidates}


def test_equals_for_only_one_of_whom_there_is_money_wait_for_the_lot() -> None:
    candidates, votes = _equals(10, 10)
    outcome = greedy(candidates, votes, 15, ties=tie_rule("cost,draw", None))
    assert outcome.decisive == (("a", "b"),)
    assert outcome.ties[0].decided_by == (TieStep.UNDECIDED,)


@pytest.mark.parametrize(
    ("costs", "money"), [((10, 10), 20), ((30, 30), 20), ((10, 30), 20)],
    ids=["both fit", "neither fits", "the dear one never fits"],
)  # fmt: skip
def test_equals_whose_fate_is_the_same_in_any_order_need_no_lot(
    costs: tuple[int, int], money: int
) -> None:
    candidates, votes = _equals(*costs)
    outcome = greedy(candidates, votes, money, ties=tie_rule("draw", None))
    assert outcome.ties[0].decided_by == (TieStep.UNDECIDED,)
    assert outcome.decisive == ()


def test_where_a_dear_equal_would_stop_the_way_down_the_lot_decides() -> None:
    candidates, votes = _equals(10, 30)
    outcome = greedy_stop(candidates, votes, 20, ties=())
    assert outcome.funded == ("a",)
    assert outcome.decisive == (("a", "b"),)


def test_equals_around_the_last_place_wait_for_the_lot() -> None:
    candidates, votes = _equals(10, 10, 10)
    outcome = top_k(candidates, votes, 100, k=2, ties=())
    assert [one.reason for one in outcome.standings][-1] is Reason.BEYOND_K
    assert outcome.decisive == (("a", "b", "c"),)


def test_a_lot_that_is_drawn_leaves_nothing_open() -> None:
    candidates, votes = _equals(10, 10)
    outcome = greedy(candidates, votes, 15, ties=tie_rule("cost,draw", b"seed"))
    assert outcome.decisive == ()
    assert outcome.ties[0].decided_by == (TieStep.DRAW,)


def test_equals_whom_an_earlier_lot_may_leave_something_else_are_named_as_well() -> None:
    # Money for one of the first two; what it leaves of the quota decides among the others.
    candidates = [
        Candidate("1", 6, category="engineering"), Candidate("2", 6, category="service"),
        Candidate("3", 3, category="engineering"), Candidate("4", 3, category="engineering"),
    ]  # fmt: skip
    votes = {"1": 9, "2": 9, "3": 5, "4": 5}
    one = Quota("engineering", frozenset({"1", "3", "4"}), most_projects=1)
    outcome = greedy(candidates, votes, 10, ties=(), limits=Limits((one,)))
    assert outcome.decisive == (("1", "2"), ("3", "4"))
