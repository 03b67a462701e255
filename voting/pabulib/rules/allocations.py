"""Which rule a command means, and the outcome of a file under it."""

from collections.abc import Mapping
from enum import StrEnum

from voting.errors import Refusal
from voting.pabulib.rules.election import Election
from voting.pabulib.rules.refusals import shown
from voting.tally.rules.allocation import Outcome, greedy, greedy_stop, top_k
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
_NOT_YET = frozenset(
    {Rule.EQUAL_SHARES, Rule.EQUAL_SHARES_CARDINALITY, Rule.EQUAL_SHARES_NO_COMPLETION}
)


class UnknownRule(Refusal):
    """No rule has this name."""

    msgid = "没有名为 %(rule)s 的规则。可用的规则：%(names)s。"


class RuleNotDeclared(Refusal):
    """The file's header names no rule, or one that cannot be counted from the file alone."""

    msgid = "文件写明的规则是 %(rule)s，无法照此计算，请用 --rule 指定规则。"


class RuleNotAvailable(Refusal):
    """Equal Shares is not counted by this version."""

    msgid = "这个版本还不能按规则 %(rule)s 计算。"


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


def resolve(name: str, election: Election) -> Rule:
    """Return the rule meant by ``name``, which may be ``declared``; refuse what cannot be counted."""
    if name == DECLARED:
        rule = _HEADERS.get(election.rule)
        if rule is None:
            raise RuleNotDeclared(rule=shown(election.rule))
    else:
        if name not in RULE_NAMES:
            raise UnknownRule(rule=shown(name), names="、".join(RULE_NAMES))
        rule = Rule(name)
    if rule in _NOT_YET:
        raise RuleNotAvailable(rule=rule.value)
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


def allocate(election: Election, rule: Rule, k: str | None = None) -> Outcome:
    """Return the outcome of the file under ``rule``; ``k`` as it was written, for top-k alone."""
    count = _funded_count(rule, k)
    candidates, votes, budget = election.candidates(), election.scores(), election.budget
    if count is not None:
        return top_k(candidates, votes, budget, k=count, ties=TIES)
    least = election.least_score or 0
    if rule is Rule.GREEDY_STOP:
        return greedy_stop(candidates, votes, budget, ties=TIES, least_votes=least)
    if rule is Rule.GREEDY_THRESHOLD:
        return greedy(candidates, votes, budget, ties=TIES, least_votes=least)
    return greedy(candidates, votes, budget, ties=TIES)
