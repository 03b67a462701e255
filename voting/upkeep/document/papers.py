"""The emergency pack: what a polling place needs to go on voting on paper when the power is out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from voting.adapters.pdf import Paper
from voting.notices.document import Render, heading_lines
from voting.notices.rules import named_round

PER_PAGE = 26
_AT_ONCE = 20
_WIDTH = 22
_ROWS = 22
# A page of A4 holds so many projects in large type; more are set smaller, up to 39.
_LARGE, _MIDDLE = 14, 24
MOST_CANDIDATES = 39


@dataclass(frozen=True)
class Choice:
    """A line of the paper ballot."""

    number: int
    title: str
    cost: int


@dataclass(frozen=True, repr=False)
class Person:
    """A line of the register, masked as at the desk; ``used``: the right was used before printing.

    Who is ``struck`` keeps the line, so that the numbers of the others stay.
    """

    number: int
    building: str
    room: str
    name: str
    id_number: str
    basis: str
    used: bool
    struck: bool = False


@dataclass(frozen=True)
class PackFacts:
    """What all sheets of a pack share."""

    round_title: str
    office: str
    opens: str
    closes: str
    most: int
    help_phone: str
    printed_on: date
    candidates: Sequence[Choice]
    demo: bool = False
    rehearsal: bool = False

    @property
    def heading(self) -> list[str]:
        """The round's name in lines."""
        return heading_lines(named_round(self.round_title), _WIDTH)

    @property
    def size(self) -> str:
        """How large the type of a ballot may be."""
        number = len(self.candidates)
        return "large" if number <= _LARGE else "middle" if number <= _MIDDLE else "small"


def pack_papers(
    facts: PackFacts, people: Sequence[Person], serials: range, *, render: Render
) -> Iterator[Paper]:
    """Yield the sheets: what to do, the form of hand-outs, the register, the numbered ballots."""
    yield Paper(
        render("upkeep/print/pack.html", facts=facts, part="front", rows=_ROWS), {}, sheets=2
    )
    pages = list(_pages(people))
    for at in range(0, len(pages), _AT_ONCE):
        some = pages[at : at + _AT_ONCE]
        html = render(
            "upkeep/print/pack.html", facts=facts, part="register", pages=some, first=at + 1,
            total=len(pages),
        )  # fmt: skip
        yield Paper(html, {}, sheets=len(some))
    for first in range(serials.start, serials.stop, _AT_ONCE):
        some_serials = [f"{one:06d}" for one in range(first, min(first + _AT_ONCE, serials.stop))]
        html = render("upkeep/print/pack.html", facts=facts, part="ballots", serials=some_serials)
        yield Paper(html, {}, sheets=len(some_serials))


def _pages(people: Sequence[Person]) -> Iterator[Sequence[Person]]:
    """Yield the register page by page; a building begins on a page of its own."""
    at = 0
    while at < len(people):
        page = [people[at]]
        while (
            len(page) < PER_PAGE
            and at + len(page) < len(people)
            and people[at + len(page)].building == page[0].building
        ):
            page.append(people[at + len(page)])
        yield page
        at += len(page)
