"""Which rule a command means, and the outcome of a file under it."""

from collections.abc import Mapping
from enum import StrEnum

from voting.errors import Refusal
from voting.pabulib.rules.election import Election
from voting.pabulib.rules.figures import figure, power
from voting.pabulib.rules.refusals import DamagedFile, shown
from voting.tally.rules.allocation import Outcome, greedy, greedy_stop, top_k
from voting.tally.rules.completion import Progress
from voting.tally.rules.counting import Candidate
from voting.tally.rules.shares import Utility
from voting.tally.rules.sharing import equal_shares, equal_shares_once
from voting.tally.rules.ties import ByCost, ById

# The order T of the library's own outcomes: score, then cost, then id.
TIES = (ByCost(), ById())


class Rule(StrEnum):
    """The rules that can be asked for by name."""

    GREEDY = "greedy"
    GREEDY_THRESHOLD = "greedy-threshold"
    GREEDY_STOP = "greedy-stop"
    TOP_K = "top-k"
    EQUAL_SHARES = "equal-shares"
    EQUAL_SHARES_CARDINALITY = "equal-shares-cardinality"
    EQUAL_SHARES_NO_COMPLETION = "equal-shares-no-completion"


DECLARED = "declared"
RULE_NAMES = (*(rule.value for rule in Rule), DECLARED)
# What the header of a file may name, and which rule that is.
_HEADERS: Mapping[str, Rule] = {
    "greedy": Rule.GREEDY,
    "greedy-threshold": Rule.GREEDY_THRESHOLD,
    "greedy-no-skip": Rule.GREEDY_STOP,
    "equalshares/add1": Rule.EQUAL_SHARES,
}
_K_DIGITS = 9
# The rules that raise a share until it buys too much, with what a project is worth under them.
RAISED: Mapping[Rule, Utility] = {
    Rule.EQUAL_SHARES: Utility.COST,
    Rule.EQUAL_SHARES_CARDINALITY: Utility.ONE,
}


class UnknownRule(Refusal):
    """No rule has this name."""

    msgid = "没有名为 %(rule)s 的规则。可用的规则：%(names)s。"


class RuleNotDeclared(Refusal):
    """The file's header names no rule, or one that cannot be counted from the file alone."""

    msgid = "文件写明的规则是 %(rule)s，无法照此计算，请用 --rule 指定规则。"


class RuleOfTheCity(RuleNotDeclared):
    """The header names money added for projects that almost fit; the file does not say how much."""

    msgid = "文件写明的规则是 %(rule)s：差一点的项目由当地另外加钱，文件没有写怎么加，请用 --rule 指定规则。"


class RuleOfExclusion(RuleNotDeclared):
    """The header says that some projects exclude one another; the file does not say which."""

    msgid = "文件写明的规则是 %(rule)s：有的项目互相排斥，文件没有写是哪些，请用 --rule 指定规则。"


class ThresholdMissing(Refusal):
    """The rule needs a threshold and the file has none."""

    msgid = "规则 greedy-threshold 需要最低得票，但文件没有写明 min_project_score_threshold。"


class NumberMissing(Refusal):
    """Top-k needs its k."""

    msgid = "规则 top-k 需要用 --k 写明取前几名。"


class NumberInvalid(Refusal):
    """k is no whole number of at least one."""

    msgid = "--k 应当是不小于 1 的整数，不能是 %(text)s。"


class NumberUnfitting(Refusal):
    """Only top-k takes a k."""

    msgid = "规则 %(rule)s 不用 --k，只有 top-k 使用。"


class StepInvalid(Refusal):
    """The step is no amount of money in the file's own units."""

    msgid = "--step 应当是大于 0 的金额，小数不多于文件里的位数，不能是 %(text)s。"


class StepUnfitting(Refusal):
    """Only a rule that raises the share takes a step."""

    msgid = "规则 %(rule)s 不用 --step，只有 equal-shares 和 equal-shares-cardinality 使用。"


_NOT_COUNTABLE: Mapping[str, type[RuleNotDeclared]] = {
    "greedy-custom": RuleOfTheCity,
    "greedy-exclusive": RuleOfExclusion,
}


def resolve(name: str, election: Election) -> Rule:
    """Return the rule meant by ``name``, which may be ``declared``; refuse what cannot be counted."""
    if name == DECLARED:
        rule = _HEADERS.get(election.rule)
        if rule is None:
            raise _NOT_COUNTABLE.get(election.rule, RuleNotDeclared)(rule=shown(election.rule))
    else:
        if name not in RULE_NAMES:
            raise UnknownRule(rule=shown(name), names="、".join(RULE_NAMES))
        rule = Rule(name)
    if rule is Rule.GREEDY_THRESHOLD and election.least_score is None:
        raise ThresholdMissing
    return rule


def _funded_count(rule: Rule, text: str | None) -> int | None:
    if rule is not Rule.TOP_K:
        if text is not None:
            raise NumberUnfitting(rule=rule.value)
        return None
    if text is None:
        raise NumberMissing
    digits = text if text.isascii() and text.isdigit() and len(text) <= _K_DIGITS else "0"
    if int(digits) < 1:
        raise NumberInvalid(text=shown(text))
    return int(digits)


def _step(rule: Rule, text: str | None, decimals: int) -> int:
    """Return by how much the share is raised, in smallest units; one unit of the currency if unsaid."""
    if text is None:
        return power(decimals)
    if rule not in RAISED:
        raise StepUnfitting(rule=rule.value)
    try:
        amount = figure(text, line=0, column="")
    except DamagedFile:
        raise StepInvalid(text=shown(text)) from None
    if not amount.digits or amount.significant > decimals:
        raise StepInvalid(text=shown(text))
    return amount.at(decimals)


def allocate(
    election: Election,
    rule: Rule,
    k: str | None = None,
    *,
    step: str | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Return the outcome of the file under ``rule``.

    ``k`` and ``step`` as they were written: k for top-k alone, the step for rules that raise a share.
    """
    count = _funded_count(rule, k)
    raise_by = _step(rule, step, election.decimals)
    candidates, votes, budget = election.candidates(), election.scores(), election.budget
    if rule in RAISED:
        return equal_shares(
            candidates, election.ballots, votes, budget, utility=RAISED[rule],
            unit=power(election.decimals), step=raise_by, progress=progress,
        )  # fmt: skip
    if rule is Rule.EQUAL_SHARES_NO_COMPLETION:
        return equal_shares_once(candidates, election.ballots, votes, budget)
    if count is not None:
        return top_k(candidates, votes, budget, k=count, ties=TIES)
    return _greedy(election, rule, candidates, votes)


def _greedy(
    election: Election, rule: Rule, candidates: list[Candidate], votes: Mapping[str, int]
) -> Outcome:
    least = election.least_score or 0
    if rule is Rule.GREEDY_STOP:
        return greedy_stop(candidates, votes, election.budget, ties=TIES, least_votes=least)
    if rule is Rule.GREEDY:
        least = 0
    return greedy(candidates, votes, election.budget, ties=TIES, least_votes=least)
