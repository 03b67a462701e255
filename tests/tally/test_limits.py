import pytest

from voting.tally.rules.allocation import Outcome, greedy, greedy_stop, top_k
from voting.tally.rules.counting import Candidate
from voting.tally.rules.limits import Limits, Quota
from voting.tally.rules.reasons import SENTENCES, Reason
from voting.tally.rules.ties import ByCost, ById

TIES = (ByCost(), ById())
LIST = [Candidate(id, cost) for id, cost in zip("abcde", (50, 40, 30, 20, 10), strict=True)]
VOTES = {"a": 9, "b": 8, "c": 7, "d": 6, "e": 5}
GREEN = frozenset("abd")


def reasons(outcome: Outcome) -> dict[str, Reason]:
    return {standing.id: standing.reason for standing in outcome.standings}


def sentence(outcome: Outcome, id: str) -> str:
    (found,) = (one for one in outcome.standings if one.id == id)
    return SENTENCES[found.reason] % found.values(str)


def test_a_category_gets_no_more_projects_than_its_quota() -> None:
    limits = Limits(quotas=(Quota("绿化", GREEN, most_projects=1),))
    outcome = greedy(LIST, VOTES, 150, ties=TIES, limits=limits)
    assert outcome.funded == ("a", "c", "e")
    assert sentence(outcome, "b") == "得票第 2 名，所属类别“绿化”的名额或资金已经用完，未入选。"


def test_a_category_gets_no_more_money_than_its_quota() -> None:
    limits = Limits(quotas=(Quota("绿化", GREEN, most_money=70),))
    outcome = greedy(LIST, VOTES, 150, ties=TIES, limits=limits)
    assert outcome.funded == ("a", "c", "d", "e")
    assert reasons(outcome)["b"] is Reason.QUOTA_FULL


def test_of_projects_that_exclude_one_another_the_first_is_funded() -> None:
    outcome = greedy(LIST, VOTES, 150, ties=TIES, limits=Limits(rivals=(frozenset("ac"),)))
    assert outcome.funded == ("a", "b", "d", "e")
    assert sentence(outcome, "c") == "得票第 3 名，与已经入选的 a 只能入选一个，未入选。"


def test_who_does_not_fit_excludes_nobody() -> None:
    outcome = greedy(LIST, VOTES, 45, ties=TIES, limits=Limits(rivals=(frozenset("ab"),)))
    assert outcome.funded == ("b",)


def test_a_full_quota_does_not_stop_the_way_down() -> None:
    limits = Limits(quotas=(Quota("绿化", GREEN, most_projects=1),))
    assert greedy_stop(LIST, VOTES, 90, ties=TIES, limits=limits).funded == ("a", "c", "e")


def test_nobody_moves_up_into_the_first_k_for_an_excluded_project() -> None:
    limits = Limits(rivals=(frozenset("ab"),))
    outcome = top_k(LIST, VOTES, 150, k=2, ties=TIES, limits=limits)
    assert outcome.funded == ("a",)
    assert reasons(outcome)["c"] is Reason.BEYOND_K


@pytest.mark.parametrize("rule", [greedy, greedy_stop])
def test_without_limits_nothing_changes(rule: type) -> None:
    assert rule(LIST, VOTES, 100, ties=TIES) == rule(LIST, VOTES, 100, ties=TIES, limits=Limits())
