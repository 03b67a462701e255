"""A declared result after its budget was cut."""

from collections.abc import Collection, Iterable
from dataclasses import replace

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
        for run in _runs(tie):
            stays = [number for number in run if number in kept]
            leaves = [number for number in run if number in leaving]
            if stays and leaves:
                return stays[-1], leaves[0]
    return None


def _runs(tie: TieLine) -> list[list[str]]:
    """Return the numbers of a tie in groups that no step puts in order."""
    runs = [[tie.numbers[0]]]
    for number, step in zip(tie.numbers[1:], tie.decided_by, strict=True):
        if step is TieStep.UNDECIDED:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs
