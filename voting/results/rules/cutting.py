"""A declared result after its budget was cut."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import pairwise

from voting.results.rules.facts import ResultFacts
from voting.results.rules.lines import TieLine
from voting.tally.rules.reasons import Reason
from voting.tally.rules.ties import TieStep


def after_cut(facts: ResultFacts, budget: int, kept: Collection[int]) -> ResultFacts:
    """Return a result after its budget was cut to so many cents: of the funded only ``kept`` keep theirs."""
    projects = tuple(
        replace(line, reason=Reason.CUT) if line.funded and line.number not in kept else line
        for line in facts.projects
    )
    return replace(facts, budget=budget, projects=projects)


def parted_equals(
    ties: Iterable[TieLine], kept: Collection[str], leaving: Collection[str]
) -> tuple[str, str] | None:
    """Return who stays and who leaves of two that no step puts in order, by ballot number; None if nobody.

    Their order in the result is that of their numbers and decides nothing.
    """
    for tie in ties:
        for (first, second), step in zip(pairwise(tie.numbers), tie.decided_by, strict=True):
            if step is TieStep.UNDECIDED and first in kept and second in leaving:
                return first, second
    return None
