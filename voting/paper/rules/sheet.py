"""The sheet (清票): every hand a paper or a right went through has a figure, and the figures must agree.

Plain values. docs/2_rules/channels.md has the equations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What the sheet comes to; after ``more_returned`` the vote can only be declared void."""

    ADDS_UP = "adds_up"
    EXPLAINED = "explained"
    MORE_RETURNED = "more_returned"


@dataclass(frozen=True, kw_only=True)
class BundleFigures:
    """One bundle: charged to ``holder`` (an officer's id and name, empty while nobody has it).

    ``spoiled`` were misprinted or damaged and never handed out, ``exchanged`` were brought back by their
    takers, ``returned`` came out of a box and are not settled. ``unused`` is None until it is settled.
    """

    batch: int
    bundle: int
    holder: str
    holder_name: str
    count: int
    handed: int
    spoiled: int
    exchanged: int
    returned: int
    entered: int
    invalid: int
    unused: int | None

    @property
    def missing(self) -> int:
        """Papers nobody can account for once it is settled; below 0 there are more than there can be."""
        if self.unused is None:
            return 0
        return self.count - self.handed - self.spoiled - self.unused

    @property
    def back(self) -> int:
        """Papers that came out of a box."""
        return self.returned + self.entered + self.invalid

    @property
    def outstanding(self) -> int:
        """Papers taken home; below 0 more came back than went out."""
        return self.handed - self.back - self.exchanged


@dataclass(frozen=True, kw_only=True)
class RoundFigures:
    """What the round as a whole is held against: marks on the roll, cards, the urn.

    ``exchanged_away`` counts the exchanges of somebody who had a paper; ``bearer_`` and ``assigned_`` are
    the two kinds of cards, ``tests`` the bearer cards monitors drew. ``assisted_left`` came by exchange to be
    helped and did not vote. ``void_papers`` lie in batches that were void before a paper of theirs was
    handed out.
    """

    paper_marks: int
    exchanged_away: int
    foreign: int
    void_papers: int
    late_papers: int = 0
    cards: int
    cards_printed: int
    cards_void: int
    bearer_spent: int
    assigned_spent: int
    card_handed_marks: int
    card_cast_marks: int
    tests: int
    poster_marks: int
    assisted_marks: int
    assisted_left: int
    voids: int
    urn: int

    @property
    def spent(self) -> int:
        """All spent cards."""
        return self.bearer_spent + self.assigned_spent


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What must be done before anybody signs: nothing of it can be explained away."""

    unsettled: int
    unkeyed: int
    once: int
    disputed: int
    voids: int
    foreign: int
    conflicts: int

    def __bool__(self) -> bool:
        return any(
            (
                self.unsettled, self.unkeyed, self.once, self.disputed, self.voids, self.foreign,
                self.conflicts,
            )
        )  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """A line that does not hold: its code and the values of its sentence."""

    code: str
    values: tuple[tuple[str, str | int], ...]


@dataclass(frozen=True)
class Equation:
    """A sum of the round that was found, beside what is due; ``is_most``: no more than that."""

    code: str
    found: int
    due: int
    is_most: bool = False

    @property
    def holds(self) -> bool:
        """Whether the two agree."""
        return self.found <= self.due if self.is_most else self.found == self.due


@dataclass(frozen=True, kw_only=True)
class Sums:
    """The figures of several bundles together."""

    count: int
    handed: int
    spoiled: int
    unused: int
    missing: int
    back: int
    exchanged: int
    outstanding: int


@dataclass(frozen=True)
class Sheet:
    """All figures of a round, as two sign them."""

    bundles: tuple[BundleFigures, ...]
    round: RoundFigures

    @property
    def issued(self) -> int:
        """Papers printed in batches of this round."""
        return self.total("count") + self.round.void_papers

    def total(self, name: str) -> int:
        """Return the sum of a figure over all bundles."""
        return sum(getattr(one, name) or 0 for one in self.bundles)

    @property
    def outcome_if_explained(self) -> Outcome:
        """What the sheet comes to once every difference is explained."""
        out = self.total("handed") - self.total("exchanged")
        if self.total("back") + self.round.foreign > out:
            return Outcome.MORE_RETURNED
        return Outcome.EXPLAINED if differences(self) else Outcome.ADDS_UP


def differences(sheet: Sheet) -> list[Difference]:
    """Return every line that does not hold: bundle by bundle, then the sums of the round."""
    return [*_of_bundles(sheet.bundles), *_of_round(sheet)]


def _of_bundles(bundles: Sequence[BundleFigures]) -> list[Difference]:
    found = []
    for one in bundles:
        where = (("batch", one.batch), ("bundle", one.bundle), ("holder", one.holder_name))
        if one.missing > 0:
            found.append(Difference("missing", (*where, ("number", one.missing))))
        if one.missing < 0:
            found.append(Difference("surplus", (*where, ("number", -one.missing))))
        if one.outstanding < 0:
            found.append(Difference("over_returned", (*where, ("number", -one.outstanding))))
    return found


def equations(sheet: Sheet) -> list[Equation]:
    """Return what must be equal over the round; spent bearer cards must only not be more."""
    here = sheet.round
    at_once = here.spent + here.poster_marks + here.assisted_marks - here.assisted_left
    issued = here.cards_printed + here.spent + here.cards_void
    return [
        Equation(
            "roll", sheet.total("handed"), here.paper_marks + here.exchanged_away + here.late_papers
        ),
        Equation("cards", here.cards, issued),
        Equation("assigned", here.assigned_spent, here.card_cast_marks),
        Equation("bearer", here.bearer_spent, here.card_handed_marks + here.tests, is_most=True),
        Equation("urn", here.urn, at_once + sheet.total("entered") + here.voids),
    ]


def _of_round(sheet: Sheet) -> list[Difference]:
    found = [
        Difference(
            one.code,
            (("found", one.found), ("due", one.due), ("number", abs(one.found - one.due))),
        )
        for one in equations(sheet)
        if not one.holds
    ]
    beside = (("left", sheet.round.assisted_left), ("foreign", sheet.round.foreign))
    found += [Difference(code, (("number", number),)) for code, number in beside if number]
    return found


def sums_by(sheet: Sheet, name: str) -> list[tuple[BundleFigures, Sums]]:
    """Return the sums of the bundles that share a figure (``batch``, ``holder``), each with its first one."""
    groups: dict[object, list[BundleFigures]] = {}
    for one in sheet.bundles:
        groups.setdefault(getattr(one, name), []).append(one)
    return [(group[0], sums_of(group)) for group in groups.values()]


def sums_of(bundles: Sequence[BundleFigures]) -> Sums:
    """Return the sums of some bundles."""
    names = Sums.__dataclass_fields__
    return Sums(**{name: sum(getattr(one, name) or 0 for one in bundles) for name in names})
