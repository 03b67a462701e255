"""What a file marks as selected, held against the rule its header names; and why they may differ."""

from dataclasses import dataclass
from enum import StrEnum

from voting.pabulib.rules.allocations import TIES, Rule
from voting.pabulib.rules.election import Election
from voting.tally.rules.allocation import Outcome, greedy, greedy_stop
from voting.tally.rules.counting import Candidate
from voting.tally.rules.ties import Key, TieStep


class Why(StrEnum):
    """The reason for a difference, as far as the file shows one."""

    TIE = "tie"
    MONEY_ADDED = "money_added"
    LEFT_OUT = "left_out"
    PUT_IN = "put_in"
    UNKNOWN = "unknown"


# Message ids.
WHY_SENTENCES = {
    Why.TIE: "有同票，当地用别的办法定了先后",
    Why.MONEY_ADDED: "标明入选的一共要用的钱多于预算，当地后来加了钱",
    Why.LEFT_OUT: "有项目按规则入选、钱也够，当地事后去掉了，文件没有写原因",
    Why.PUT_IN: "有项目按规则没有入选，当地另外加上了，文件没有写原因",
    Why.UNKNOWN: "文件看不出原因，可能有互相排斥的项目，或当地事后作了改动",
}


@dataclass(frozen=True)
class Difference:
    """Projects only the file has among the selected, projects only the rule has, each in the file's order."""

    only_official: tuple[str, ...]
    only_counted: tuple[str, ...]
    why: Why


@dataclass(frozen=True)
class _Officially:
    """Inside a tie, those marked as selected first."""

    official: frozenset[str]
    step: TieStep = TieStep.UNDECIDED

    def key(self, candidate: Candidate) -> Key:
        return int(candidate.id not in self.official), b""


def difference(election: Election, rule: Rule, outcome: Outcome) -> Difference | None:
    """Return how the file's own selection differs from ``outcome``.

    None where they agree, and where the file marks nothing or its header names another rule.
    """
    official, counted = election.official(), frozenset(outcome.funded)
    if official is None or official == counted:
        return None
    ids = [project.id for project in election.projects]
    return Difference(
        tuple(id for id in ids if id in official - counted),
        tuple(id for id in ids if id in counted - official),
        _why(election, rule, official, counted),
    )


def _why(election: Election, rule: Rule, official: frozenset[str], counted: frozenset[str]) -> Why:
    if _by_another_tie(election, rule) == official:
        return Why.TIE
    cost = {project.id: project.cost for project in election.projects}
    left = election.budget - sum(cost[id] for id in official)
    if left < 0:
        return Why.MONEY_ADDED
    if official < counted and sum(cost[id] for id in counted - official) <= left:
        return Why.LEFT_OUT
    return Why.PUT_IN if official > counted else Why.UNKNOWN


def _by_another_tie(election: Election, rule: Rule) -> frozenset[str] | None:
    """Return what the rule funds with only the order inside ties changed; None for Equal Shares."""
    if rule not in {Rule.GREEDY, Rule.GREEDY_THRESHOLD, Rule.GREEDY_STOP}:
        return None
    walk = greedy_stop if rule is Rule.GREEDY_STOP else greedy
    least = 0 if rule is Rule.GREEDY else election.least_score or 0
    ties = (_Officially(election.official() or frozenset()), *TIES)
    outcome = walk(
        election.candidates(), election.scores(), election.budget, ties=ties, least_votes=least
    )
    return frozenset(outcome.funded)
