"""A comparison as it is stored and shown: plain values, money in whole smallest units (分)."""

from dataclasses import dataclass
from enum import StrEnum

from voting.figures import LEAST_SHOWN

STEP, PERCENT = 5, 100
VERSION = 1
"""The method that makes a comparison; another method is another version beside it."""


class Rule(StrEnum):
    """A rule that may be applied to the votes of a round."""

    GREEDY = "greedy"
    GREEDY_STOP = "greedy-stop"
    TOP_K = "top-k"
    EQUAL_SHARES = "equal-shares"
    EQUAL_SHARES_ONCE = "equal-shares-no-completion"


class Side(StrEnum):
    """Why the number of ballots with a funded project is not told: fewer than ten have one, or have none."""

    TOLD = "told"
    FEW = "few"
    NEARLY_ALL = "nearly_all"
    EITHER = "either"


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """The outcome of one rule: the projects funded, by ballot number; ``declared`` is the rule in force.

    ``k`` is how many places count, ``step`` by how much a share was raised, None where a rule has no such
    thing. About ``served_percent`` of a hundred ballots name at least one funded project, in steps of five:
    exact numbers of several rules could be subtracted. None where that may not be told; ``side`` says why.
    ``tied`` are projects of which a lot that was never drawn would have decided who is funded.
    """

    rule: Rule
    declared: bool
    funded: tuple[str, ...]
    spent: int
    served_percent: int | None
    side: Side
    k: int | None = None
    step: int | None = None
    tied: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A project in a comparison: its place and votes under the declared rule.

    ``more`` votes would have funded it, ``fewer`` votes would have cost it the money; the other of the two is
    None, and so is ``more`` where no number of votes suffices.
    """

    id: str
    title: str
    place: int | None
    votes: int
    cost: int
    funded: bool
    more: int | None = None
    fewer: int | None = None

    @property
    def margin(self) -> int | None:
        """How many votes would have changed what becomes of it."""
        return self.fewer if self.funded else self.more


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Everything that is stored of a comparison; ``projects`` by place, withdrawn ones last.

    ``valid`` ballots were counted, ``least_votes`` a project needs under all rules but Equal Shares, and
    ``has_limits`` says that those also keep to quotas or rivals.
    """

    valid: int
    budget: int
    least_votes: int
    projects: tuple[Compared, ...]
    alternatives: tuple[Alternative, ...]
    has_limits: bool = False

    @property
    def declared(self) -> Alternative:
        """The outcome of the rule in force."""
        return next(one for one in self.alternatives if one.declared)

    @property
    def others(self) -> list[Alternative]:
        """The outcomes of all other rules."""
        return [one for one in self.alternatives if not one.declared]

    @property
    def smallest(self) -> int | None:
        """The fewest votes that would have changed which projects are funded; None where none could."""
        return min((one.margin for one in self.projects if one.margin is not None), default=None)

    @property
    def nearest(self) -> list[Compared]:
        """The projects about which so few votes would have decided."""
        return [
            one for one in self.projects if one.margin is not None and one.margin == self.smallest
        ]


def served_side(served: int, valid: int) -> Side:
    """Tell whether it may be told how many ballots have a funded project: ten have one, ten have none.

    Of fewer than 200 ballots it is not: a step of five in a hundred is then less than ten.
    """
    if valid * STEP < LEAST_SHOWN * PERCENT:
        return Side.EITHER
    few, nearly_all = served < LEAST_SHOWN, valid - served < LEAST_SHOWN
    if few:
        return Side.FEW
    return Side.NEARLY_ALL if nearly_all else Side.TOLD


def served_percent(served: int, valid: int) -> int | None:
    """Return about how many of a hundred ballots have a funded project, in steps of five; None if hidden."""
    if served_side(served, valid) is not Side.TOLD:
        return None
    return (2 * PERCENT * served + STEP * valid) // (2 * STEP * valid) * STEP
