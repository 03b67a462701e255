"""The two sheets of a spot check: for the monitors' own choices, and for the calls. Plain values."""

from dataclasses import dataclass
from datetime import datetime

from voting.adapters.pdf import Paper
from voting.notices.document import Render, heading_lines

_TITLE_WIDTH = 36
_NUMBERS_TITLE = "暗访卡登记表"
_CALLS_TITLE = "回访登记表"
_PAPERS_TITLE = "纸质票抽查名单"


@dataclass(frozen=True)
class SheetCard:
    """One test card on the sheet."""

    number: int
    serial: str


@dataclass(frozen=True)
class CardSheet:
    """The sheet on which monitors write what they voted; ``power`` says what so many cards can show."""

    round_title: str
    closing: datetime
    most: int
    least: int
    cards: tuple[SheetCard, ...]
    help_phone: str
    power: tuple[tuple[str, str], ...]
    demo: bool = False
    rehearsal: bool = False
    spending: str = ""

    @property
    def title(self) -> str:
        """The file's title."""
        return f"{self.round_title}{_NUMBERS_TITLE}"

    @property
    def heading(self) -> list[str]:
        """The round's title in lines."""
        return heading_lines(self.round_title, _TITLE_WIDTH)


@dataclass(frozen=True, repr=False)
class CallRow:
    """One person on the register; nobody but this paper shows room and telephone."""

    place: int
    name: str
    building: str
    room: str
    phone: str
    channel: str


@dataclass(frozen=True, repr=False)
class CallSheet:
    """The register of calls, with the numbers from which the draw follows."""

    round_title: str
    drawn_at: datetime
    monitor: str
    public_number: str
    source: str
    size: int
    root: str
    seed: str
    marked: int
    rows: tuple[CallRow, ...]
    help_phone: str
    power: tuple[tuple[str, str], ...]
    demo: bool = False
    rehearsal: bool = False

    @property
    def title(self) -> str:
        """The file's title."""
        return f"{self.round_title}{_CALLS_TITLE}"

    @property
    def heading(self) -> list[str]:
        """The round's title in lines."""
        return heading_lines(self.round_title, _TITLE_WIDTH)


@dataclass(frozen=True)
class PaperRow:
    """One drawn paper on the list."""

    place: int
    serial: str
    bundle: str


@dataclass(frozen=True)
class PaperSheet:
    """The list by which the drawn papers are pulled from their bags."""

    round_title: str
    rows: tuple[PaperRow, ...]
    demo: bool = False
    rehearsal: bool = False

    @property
    def title(self) -> str:
        """The file's title."""
        return f"{self.round_title}{_PAPERS_TITLE}"

    @property
    def heading(self) -> list[str]:
        """The round's title in lines."""
        return heading_lines(self.round_title, _TITLE_WIDTH)


def paper_sheet(facts: PaperSheet, *, render: Render) -> Paper:
    """Return the list of drawn papers as a paper."""
    return Paper(render("audits/print/papers.html", facts=facts))


def card_sheet(facts: CardSheet, *, render: Render) -> Paper:
    """Return the sheet for test cards as a paper."""
    return Paper(render("audits/print/cards.html", facts=facts))


def call_sheet(facts: CallSheet, *, render: Render) -> Paper:
    """Return the register of calls as a paper."""
    return Paper(render("audits/print/calls.html", facts=facts))
