"""How a rule, a tie step and a tie are said in words: message ids with their values, no full stop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from voting.rounds.rules import Allocation
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
