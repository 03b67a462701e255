"""How a rule, a tie step and a tie are said in words: message ids with their values, no full stop."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from voting.reading import WAN, written_amount
from voting.rounds.rules import Allocation, CategoryQuota
from voting.tally.rules.thresholds import percent_text
from voting.tally.rules.ties import TieStep


@dataclass(frozen=True)
class Phrase:
    """A message id and what fills it in; ``str`` gives it as papers say it."""

    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid % self.values if self.values else self.msgid


_RULES = {
    Allocation.GREEDY: "按得票从多到少安排资金，剩余资金不够的项目跳过，再看下一个",
    Allocation.GREEDY_STOP: "按得票从多到少安排资金，遇到剩余资金不够的项目就停止",
    Allocation.TOP_K: "按得票取前%(k)s名，剩余资金不够的项目不入选，也不递补",
}
_LEAST = "得票少于%(least_votes)s票的不入选"
_SHARE = "得票不到有效票%(share)s的不入选"
_TURNOUT = "投票率不到%(share)s的，没有项目入选，投票无效"
_QUOTA_PROJECTS = "%(category)s最多入选%(projects)s项"
_QUOTA_MONEY = "%(category)s最多安排%(money)s"
_QUOTA_BOTH = "%(category)s最多入选%(projects)s项、安排%(money)s"
_RIVALS = "%(numbers)s号只能入选一个，得票多的入选"
STEP_PHRASES = {
    TieStep.BENEFICIARIES: "受益人数多的在前",
    TieStep.COST: "预算少的在前",
    TieStep.DRAW: "抽签决定",
    TieStep.ID: "按编号先后",
}
_PUBLIC_LOT = "公开抽签决定，用%(source)s"
STEP_NAMES = {
    TieStep.BENEFICIARIES: "受益人数",
    TieStep.COST: "预算",
    TieStep.DRAW: "抽签",
    TieStep.ID: "编号",
}


def rule_phrases(
    allocation: Allocation, *, funded_count: int | None, least_votes: str | int
) -> tuple[Phrase, ...]:
    """Return how the money is given out; a second phrase where there is a least number of votes."""
    values = {"k": funded_count} if allocation is Allocation.TOP_K else {}
    main = Phrase(_RULES[allocation], values)
    if str(least_votes).strip("0.") == "":
        return (main,)
    return main, Phrase(_LEAST, {"least_votes": least_votes})


def limit_phrases(
    *,
    least_share: int = 0,
    least_turnout: int = 0,
    quotas: Iterable[CategoryQuota] = (),
    rivals: Iterable[Sequence[int]] = (),
) -> tuple[Phrase, ...]:
    """Return what else may stand in a project's way; shares in thousandths, ``rivals`` by ballot number."""
    found = [Phrase(_SHARE, {"share": percent_text(least_share)})] if least_share else []
    found += map(_quota, quotas)
    found += (Phrase(_RIVALS, {"numbers": "、".join(map(str, group))}) for group in rivals)
    if least_turnout:
        found.append(Phrase(_TURNOUT, {"share": percent_text(least_turnout)}))
    return tuple(found)


def _quota(quota: CategoryQuota) -> Phrase:
    values: dict[str, object] = {"category": quota.name, "projects": quota.projects}
    if quota.money is None:
        return Phrase(_QUOTA_PROJECTS, values)
    amount, unit = written_amount(quota.money)
    values["money"] = f"{amount}{'万元' if unit == WAN else '元'}"
    return Phrase(_QUOTA_MONEY if quota.projects is None else _QUOTA_BOTH, values)


class HasRule(Protocol):
    """What a round declared, whether for its count or as a result says it; shares in thousandths."""

    @property
    def allocation(self) -> Allocation:
        """How votes become funded projects."""

    @property
    def funded_count(self) -> int | None:
        """The K of the first K."""

    @property
    def least_votes(self) -> int:
        """The least number of votes."""

    @property
    def least_share(self) -> int:
        """Of the valid ballots."""

    @property
    def least_turnout(self) -> int:
        """Of the roll."""

    @property
    def quotas(self) -> tuple[CategoryQuota, ...]:
        """What each category may take at most."""


def declared_phrases(
    declared: HasRule, *, rivals: Iterable[Sequence[int]] = ()
) -> tuple[Phrase, ...]:
    """Return everything a round declared about who is funded, but for its ties."""
    return rule_phrases(
        declared.allocation, funded_count=declared.funded_count, least_votes=declared.least_votes
    ) + limit_phrases(
        least_share=declared.least_share,
        least_turnout=declared.least_turnout,
        quotas=declared.quotas,
        rivals=rivals,
    )


def tie_phrases(tie_steps: str, lot_source: str = "") -> tuple[Phrase, ...]:
    """Return the steps of a tie rule like ``beneficiaries,cost,draw``, in their order.

    ``lot_source`` names the public number of a lot that is drawn in public.
    """
    named = [TieStep(step.strip()) for step in tie_steps.split(",") if step.strip()]
    return tuple(
        Phrase(_PUBLIC_LOT, {"source": lot_source})
        if step is TieStep.DRAW and lot_source
        else Phrase(STEP_PHRASES[step])
        for step in named
    )


def tie_names(decided_by: Sequence[TieStep]) -> tuple[str, ...]:
    """Return the message ids of the steps that decided a tie, each once."""
    steps = dict.fromkeys(decided_by)
    return tuple(STEP_NAMES[step] for step in steps if step is not TieStep.UNDECIDED)


class Parted(StrEnum):
    """How far the steps put equals in order: all of them, some, or none."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


def parted(decided_by: Sequence[TieStep]) -> Parted:
    """Tell how far the steps put the candidates of a tie in order."""
    if TieStep.UNDECIDED not in decided_by:
        return Parted.ALL
    return Parted.SOME if tie_names(decided_by) else Parted.NONE
