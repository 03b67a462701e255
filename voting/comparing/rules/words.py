"""A comparison in words: message ids with their values."""

from collections.abc import Callable, Sequence

from voting.comparing.rules.facts import Alternative, Compared, Comparison, Rule, Side
from voting.rounds.rules import Allocation
from voting.tally.rules.phrases import Phrase, rule_phrases

Money = Callable[[int], str]

FIRST = "本轮按公告的规则定，下面只供参考。"
_NAMES = {
    Rule.GREEDY: "跳过装不下的",
    Rule.GREEDY_STOP: "装不下就停",
    Rule.TOP_K: "取前 %(k)s 名",
    Rule.EQUAL_SHARES: "均等份额，分到用足",
    Rule.EQUAL_SHARES_ONCE: "均等份额，只分一次",
}
_SHARES = "资金平均分给每一张选票，一个项目由选它的选票平摊，分摊得最轻的先入选"
_RAISED = "资金没有用足，就给每张选票多分 %(step)s，从头再算，到再多分就超出资金总额为止"
_ONCE = "只分这一次，没有用足的留下"
_ENDS = {Rule.EQUAL_SHARES: _RAISED, Rule.EQUAL_SHARES_ONCE: _ONCE}
_LIMITS = "公告的类别限额和只能入选一个的分组照样算"
_NO_LIMITS = "不看类别限额和只能入选一个的分组"


def rule_name(one: Alternative) -> Phrase:
    """Return what a rule is called in the head of a column."""
    return Phrase(_NAMES[one.rule], {"k": one.k} if one.rule is Rule.TOP_K else {})


def rule_sentences(one: Alternative, money: Money, found: Comparison) -> list[Phrase]:
    """Return a rule in plain words, as phrases to be joined; Equal Shares asks for nothing but money."""
    if one.rule in _ENDS:
        ends = Phrase(_ENDS[one.rule], {"step": money(one.step or 0)})
        return [Phrase(_SHARES), ends, *([Phrase(_NO_LIMITS)] if found.has_limits else [])]
    phrases = rule_phrases(
        Allocation(one.rule.value), funded_count=one.k, least_votes=found.least_votes
    )
    return [*phrases, *([Phrase(_LIMITS)] if found.has_limits else [])]


def change(one: Alternative, declared: Alternative) -> tuple[list[str], list[str]]:
    """Return who would be funded besides, and who would not be, in the order of the two outcomes."""
    came = [id for id in one.funded if id not in declared.funded]
    went = [id for id in declared.funded if id not in one.funded]
    return came, went


def change_sentence(came: Sequence[str], went: Sequence[str]) -> str:
    """Return the message id that says what would change; it takes ``came`` and ``went``."""
    if came and went:
        return "%(came)s会入选，%(went)s不会入选。"
    if came:
        return "%(came)s也会入选，别的不变。"
    return "%(went)s不会入选，别的不变。" if went else "入选的项目一样。"


def served_phrase(one: Alternative) -> Phrase:
    """Return how many ballots name a funded project, as far as that may be told."""
    if one.served_percent is not None:
        return Phrase("约 %(percent)s%%", {"percent": one.served_percent})
    return Phrase(
        {
            Side.FEW: "不到 10 张",
            Side.NEARLY_ALL: "除了不到 10 张，都有",
        }.get(one.side, "选票太少，不公布")
    )


def margin_phrase(one: Compared, budget: int) -> Phrase:
    """Return how many votes would have changed what becomes of a project."""
    if one.funded:
        return Phrase("少 %(votes)s 票就不会入选", {"votes": one.fewer})
    if one.more is not None:
        return Phrase("再多 %(votes)s 票就会入选", {"votes": one.more})
    if one.place is None:
        return Phrase("已撤下")
    return Phrase(
        "预算超过资金总额，得票再多也不能入选" if one.cost > budget else "得票再多也不能入选"
    )


def smallest_sentence(found: Comparison) -> str:
    """Return the message id about the smallest change; it takes ``votes`` and ``numbers``."""
    if found.declared.rule is Rule.GREEDY_STOP and found.has_limits:
        # Changes of several projects at once may do it with fewer (docs/2_rules/comparing.md).
        if found.smallest is None:
            return "只改一个项目的得票，改多少，入选的项目都一样。"
        return "只改一个项目的得票，差得最少的是%(numbers)s：差 %(votes)s 票，入选的项目就不一样。"
    if found.smallest is None:
        return "得票怎样变，入选的项目都一样。"
    if found.smallest == 1:
        return "最接近的只差 1 票：%(numbers)s。只要有 1 票不一样，入选的项目就可能不一样。"
    return (
        "至少要有 %(votes)s 票不一样，入选的项目才会不一样；差得最少的是%(numbers)s。"
        "少于 %(votes)s 票，不管加给谁、从谁那里减，结果都一样。"
    )
