"""How a project is numbered in the street's files: street, community, year, count (practice.md §1.8)."""

import re
from collections.abc import Iterable, Sequence

_SUFFIXES = ("街道", "社区", "小区", "新村", "镇", "乡", "村")
_REHEARSAL = "演练"
_LEAST_DIGITS = 3


def short_name(name: str) -> str:
    """Return an area's name as it stands in a number: 朝阳社区 becomes 朝阳."""
    for suffix in _SUFFIXES:
        bare = name.removesuffix(suffix)
        if bare and bare != name:
            return bare
    return name


def prefix_of(names: Sequence[str], year: int, *, is_rehearsal: bool = False) -> str:
    """Return what the numbers of a year begin with; ``names`` are the areas from the street down."""
    parts = [_REHEARSAL] if is_rehearsal else []
    return "-".join([*parts, *(short_name(name) for name in names), str(year), ""])


def next_code(prefix: str, taken: Iterable[str]) -> str:
    """Return the number after the highest one that begins with ``prefix``: ``南站-朝阳-2026-004``."""
    counts = re.compile(re.escape(prefix) + r"([0-9]+)")
    found = (counts.fullmatch(code) for code in taken)
    last = max((int(match[1]) for match in found if match), default=0)
    return f"{prefix}{last + 1:0{_LEAST_DIGITS}d}"
