"""The facts of the papers that carry codes for voters, and the papers made of them.

The geometry of a card is explained in docs/adr/0014. Nothing printed here names a person: an assigned
card looks like a bearer card.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal

from voting.adapters import qr
from voting.adapters.pdf import Paper
from voting.notices.document import Render, heading_lines
from voting.notices.rules import named_round

PER_SHEET = 6
SHEETS_PER_PAPER = 20
"""Sheets laid out at once: few enough for flat memory, many enough that fonts are not cut too often."""

_TITLE_WIDTH = 20
_SMALL_TITLE_WIDTH = 27


@dataclass(frozen=True)
class CardFace:
    """What one card shows. ``code`` is the short code for typing; ``check_code`` lies under the fold."""

    serial: str
    url: str
    code: str
    check_code: str | None

    @property
    def groups(self) -> list[str]:
        """The short code in groups of four."""
        return [self.code[at : at + 4] for at in range(0, len(self.code), 4)]


@dataclass(frozen=True)
class CardBatchFacts:
    """What all cards of a batch share; ``entry`` is the address where a short code is typed.

    ``first_sheet`` is the number of the first sheet given: a batch printed anew may begin later.
    ``spending`` says in few characters to what a ballot inside a budget keeps.
    """

    round_title: str
    closes_at: datetime
    max_choices: int
    help_phone: str
    entry: str
    batch: int
    sheets: int
    first_sheet: int = 1
    demo: bool = False
    rehearsal: bool = False
    spending: str = ""

    @property
    def title(self) -> str:
        """The file's title."""
        return f"{self.round_title}投票卡"

    @property
    def is_long(self) -> bool:
        """Whether the title of a card needs small type: more than two lines of the usual one."""
        return len(heading_lines(self.title, _TITLE_WIDTH)) > 2  # noqa: PLR2004 -- as said

    @property
    def heading(self) -> list[str]:
        """The title of a card in lines."""
        return heading_lines(self.title, _SMALL_TITLE_WIDTH if self.is_long else _TITLE_WIDTH)


@dataclass(frozen=True)
class PosterFacts:
    """The round's poster: the code leads to the round's public page and says nothing about anyone.

    ``office`` is who hangs it up; ``who`` and ``ways`` are short lines.
    """

    round_title: str
    office: str
    opens_at: datetime
    closes_at: datetime
    who: str
    ways: tuple[str, ...]
    max_choices: int
    candidates: int
    budget: int
    help_phone: str
    url: str
    demo: bool = False
    rehearsal: bool = False
    spending: str = ""

    @property
    def title(self) -> str:
        """The file's title."""
        return f"{named_round(self.round_title)}项目票决"

    @property
    def heading(self) -> list[str]:
        """The title in lines."""
        return heading_lines(self.title, 15)


def card_papers(
    facts: CardBatchFacts, cards: Iterable[CardFace], *, render: Render
) -> Iterator[Paper]:
    """Yield the sheets of a batch, twenty at a time, for ``voting.adapters.pdf.render_many``."""
    waiting = iter(cards)
    first = facts.first_sheet
    while taken := list(islice(waiting, PER_SHEET * SHEETS_PER_PAPER)):
        sheets = [taken[at : at + PER_SHEET] for at in range(0, len(taken), PER_SHEET)]
        html = render("cards/print/sheets.html", facts=facts, sheets=sheets, first=first)
        codes = {f"{card.serial}.png": qr.png(card.url, scale=8, border=2) for card in taken}
        yield Paper(html, codes, sheets=len(sheets))
        first += len(sheets)


def poster(facts: PosterFacts, *, size: Literal["A4", "A3"], render: Render) -> Paper:
    """Return the round's poster on one page."""
    html = render("cards/print/poster.html", facts=facts, size=size.lower())
    return Paper(html, {"code.png": qr.png(facts.url, scale=24, border=2)})
