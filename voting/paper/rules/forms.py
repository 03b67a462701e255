"""The versions of a form: the same list, begun elsewhere, so that no candidate stands first everywhere."""

from collections.abc import Sequence
from typing import TypeVar

FEW_CANDIDATES = 6
_Line = TypeVar("_Line")


def suggested_versions(candidates: int) -> int:
    """Return how many versions a list of this length deserves: one for a list seen at a glance, else two."""
    return 1 if candidates <= FEW_CANDIDATES else 2


def rotated(lines: Sequence[_Line], *, version: int, versions: int) -> tuple[_Line, ...]:
    """Return the list as version ``version`` (from 1) of ``versions`` shows it, its lines unchanged."""
    start = first_line(len(lines), version=version, versions=versions)
    return (*lines[start:], *lines[:start])


def first_line(count: int, *, version: int, versions: int) -> int:
    """Return at which line (from 0) of ``count`` a version begins; raise ValueError for no version."""
    if not 1 <= version <= versions:
        raise ValueError("no such version of the form")
    return (version - 1) * count // versions
