"""Turnout of parts of the roll, put together until nobody can be told apart (docs/2_rules/comparing.md).

Of a part two numbers are told: who took part, and who did not. A part with fewer than ten of either is put
together with others. As both numbers are told of the whole only, and the whole has several parts, no number
of a part follows from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from voting.figures import LEAST_SHOWN
from voting.roll.rules.age import AgeBand
from voting.roll.rules.search import natural

MOST_PLACES = 60
NO_BUILDING = "没有填楼栋"
NO_AGE = "没有记录年龄"
_NAMED = 3


@dataclass(frozen=True)
class Part:
    """Some of the roll: so many listed, so many of them marked; ``names`` of what was put together."""

    names: tuple[str, ...]
    listed: int
    marked: int

    @property
    def least(self) -> int:
        """The smaller of the two numbers of people that it tells."""
        return min(self.marked, self.listed - self.marked)

    def __add__(self, other: "Part") -> "Part":
        return Part(
            self.names + other.names, self.listed + other.listed, self.marked + other.marked
        )


def shown_bands(parts: Sequence[Part], least: int = LEAST_SHOWN) -> list[Part]:
    """Put small bands together with a neighbour, the smaller one; nothing is told where one is left."""
    bands = list(parts)
    while len(bands) > 1:
        at = min(range(len(bands)), key=lambda index: bands[index].least)
        if bands[at].least >= least:
            return bands
        left = at > 0 and (at + 1 == len(bands) or bands[at - 1].listed <= bands[at + 1].listed)
        first = at - 1 if left else at
        bands[first : first + 2] = [bands[first] + bands[first + 1]]
    return []


def shown_places(
    parts: Sequence[Part], least: int = LEAST_SHOWN, most: int = MOST_PLACES
) -> list[Part]:
    """Put small places together, with larger ones if need be; the rest stands last.

    At most ``most`` lines are returned, and none where one is left.
    """
    waiting = sorted(parts, key=lambda part: (part.least >= least, part.listed, part.names))
    rest: list[Part] = []
    while waiting and (waiting[0].least < least or _goes_on(rest, len(waiting), least, most)):
        rest.append(waiting.pop(0))
    alone = sorted(waiting, key=lambda part: natural(part.names[0]))
    lines = [*alone, _sum(rest)] if rest else alone
    return lines if len(lines) > 1 and min(line.least for line in lines) >= least else []


def _goes_on(rest: list[Part], waiting: int, least: int, most: int) -> bool:
    """Tell whether the next place goes to the rest too: it is too small, one place, or there are too many."""
    if not rest:
        return waiting > most
    return len(rest) == 1 or _sum(rest).least < least or waiting + 1 > most


def _sum(parts: Sequence[Part]) -> Part:
    names = tuple(sorted((name for part in parts for name in part.names), key=natural))
    return Part(names, sum(part.listed for part in parts), sum(part.marked for part in parts))


def place_name(part: Part) -> str:
    """Return what a place, or several together, are called."""
    said = [name or NO_BUILDING for name in part.names]
    if len(said) == 1:
        return said[0]
    return f"{'、'.join(said)}合计" if len(said) <= _NAMED else f"其余 {len(said)} 处合计"


def band_name(part: Part) -> str:
    """Return what neighbouring bands together are called: ``15—34 周岁``."""
    bands = [name for name in part.names if name]
    unknown = [NO_AGE] if "" in part.names else []
    return "、".join([*([_years(bands)] if bands else []), *unknown])


def _years(bands: Sequence[str]) -> str:
    first = bands[0].split("-")[0].rstrip("+")
    if bands[-1] == AgeBand.FROM_70.value:
        return f"{first} 周岁以上"
    return f"{first}—{bands[-1].split('-')[1]} 周岁"
