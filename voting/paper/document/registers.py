"""Registers on paper: who got what, by building or unit, and blank forms.

The lines are numbered as ``voting.roll.service.register`` orders them: by their numbers they are entered
afterwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from voting.adapters.pdf import Paper
from voting.notices.document import Render, heading_lines
from voting.notices.rules import named_round
from voting.roll.models import BASIS_NAMES, Basis
from voting.roll.service import Line

PER_PAGE = 20
PER_FILE = 200
"""People in one register: ten sheets are laid out while somebody waits."""
_AT_ONCE = 20
_WIDTH = 24
_ROWS = {"mobile": 16, "spoiled": 18}
FORMS = ("mobile", "spoiled")
"""Blank forms: 流动票箱登记表, 作废选票登记表."""


@dataclass(frozen=True, repr=False)
class Signed:
    """A line of the register, masked as at the desk; ``used``: the right was used before printing.

    Who is ``struck`` keeps the line, so that the numbers of the others stay.
    """

    number: int
    room: str
    name: str
    id_number: str
    basis: str
    used: bool
    struck: bool = False


@dataclass(frozen=True, repr=False)
class Place:
    """A building with who lives there, or a unit with who works or studies there."""

    name: str
    basis: str
    people: Sequence[Signed]
    part: int = 0
    """Counts from 1 where a place has more people than one file holds."""


@dataclass(frozen=True)
class RegisterFacts:
    """What all sheets share."""

    round_title: str
    office: str
    printed_on: date
    demo: bool = False
    rehearsal: bool = False

    @property
    def heading(self) -> list[str]:
        """The round's name in lines."""
        return heading_lines(named_round(self.round_title), _WIDTH)


def places(lines: Sequence[Line]) -> list[Place]:
    """Return the register place by place: buildings first, then units of those who work or study here.

    Each line keeps its number in the whole register.
    """
    numbered = [(line, _signed(number, line)) for number, line in enumerate(lines, 1)]
    home = BASIS_NAMES[Basis.LIVE]
    found: list[Place] = []
    for basis in BASIS_NAMES.values():
        those = [pair for pair in numbered if pair[0].basis == basis]
        for name, people in groupby(those, key=lambda pair: _place(pair[0], home)):
            found += _parts(name, basis, [signed for _, signed in people])
    return found


def _signed(number: int, line: Line) -> Signed:
    return Signed(
        number,
        line.room,
        line.name,
        line.number,
        line.basis,
        line.channel is not None,
        line.is_struck,
    )


def _parts(name: str, basis: str, people: Sequence[Signed]) -> Iterator[Place]:
    if len(people) <= PER_FILE:
        yield Place(name, basis, people)
        return
    for part, at in enumerate(range(0, len(people), PER_FILE), 1):
        yield Place(name, basis, people[at : at + PER_FILE], part)


def _place(line: Line, home: str) -> str:
    # Whoever works or studies here gives a unit, which the roll keeps whole or split like an address.
    return line.building if line.basis == home else f"{line.building}{line.room}"


def register_papers(
    facts: RegisterFacts, places: Sequence[Place], *, render: Render
) -> Iterator[Paper]:
    """Yield the sheets of 选票发放登记表; every place begins on a sheet of its own."""
    sheets = [
        (place, place.people[at : at + PER_PAGE])
        for place in places
        for at in range(0, len(place.people), PER_PAGE)
    ]
    for at in range(0, len(sheets), _AT_ONCE):
        some = sheets[at : at + _AT_ONCE]
        html = render(
            "paper/print/register.html", facts=facts, sheets=some, first=at + 1, total=len(sheets)
        )
        yield Paper(html, sheets=len(some))


def form_paper(facts: RegisterFacts, form: str, *, render: Render) -> Paper:
    """Return a blank form."""
    return Paper(render("paper/print/forms.html", facts=facts, form=form, rows=_ROWS[form]))
