"""How much support is enough: least votes as a number or a share of the ballots, and a least turnout."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil


def least_votes_of(ballots: int, *, number: int = 0, share: Fraction = Fraction(0)) -> int:
    """Return the votes a project needs: the larger of ``number`` and ``share`` of the ballots, rounded up.

    Raises ValueError for a number below zero or a share outside 0 to 1.
    """
    if number < 0 or not 0 <= share <= 1:
        raise ValueError("a threshold is a number from 0, or a share from 0 to 1")
    return max(number, ceil(ballots * share))


def turnout_suffices(marked: int, roll: int, *, least: Fraction) -> bool:
    """Tell whether at least the share ``least`` of the roll took part, compared exactly and not as printed.

    An empty roll never suffices, unless nothing is asked. Raises ValueError when more are marked than are on
    the roll, or for a share outside 0 to 1.
    """
    if not 0 <= marked <= roll or not 0 <= least <= 1:
        raise ValueError(
            "no more people can be marked than are on the roll; a share is from 0 to 1"
        )
    if roll == 0:
        return least == 0
    return marked >= least * roll


def percent_text(thousandths: int) -> str:
    """Write thousandths as a per cent without needless places: 125 gives ``12.5%``, 500 gives ``50%``."""
    whole, tenth = divmod(thousandths, 10)
    return f"{whole}.{tenth}%" if tenth else f"{whole}%"


@dataclass(frozen=True)
class Turnout:
    """How many of the roll took part, held against the thousandths ``least`` that the round declared."""

    marked: int
    roll: int
    least: int

    @property
    def suffices(self) -> bool:
        """Whether enough took part; raises ValueError when more are marked than are on the roll."""
        return turnout_suffices(self.marked, self.roll, least=Fraction(self.least, 1000))
