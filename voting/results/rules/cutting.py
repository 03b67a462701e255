"""A declared result after its budget was cut."""

from collections.abc import Collection
from dataclasses import replace

from voting.results.rules.facts import ResultFacts
from voting.tally.rules.reasons import Reason


def after_cut(facts: ResultFacts, budget: int, kept: Collection[int]) -> ResultFacts:
    """Return a result after its budget was cut to so many cents: of the funded only ``kept`` keep theirs."""
    projects = tuple(
        replace(line, reason=Reason.CUT) if line.funded and line.number not in kept else line
        for line in facts.projects
    )
    return replace(facts, budget=budget, projects=projects)
