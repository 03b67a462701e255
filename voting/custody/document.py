"""The papers of custody: three key sheets, two recovery sets. Nothing keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass

from voting.adapters import qr
from voting.adapters.pdf import Paper
from voting.custody.rules import groups
from voting.notices.document import Render, heading_lines

_TITLE_WIDTH = 26


@dataclass(frozen=True, repr=False)
class SecretPaper:
    """One paper: who holds it, or where it is kept, and what is written on it line by line."""

    number: int
    holder: str
    lines: Sequence[str]

    @property
    def typed(self) -> list[Sequence[str]]:
        """The lines in groups; the last group of each checks it."""
        return [groups(line) for line in self.lines]

    @property
    def code(self) -> str:
        """What the QR code says."""
        return "".join(self.lines)


@dataclass(frozen=True, repr=False)
class SecretFacts:
    """What all papers of one printing share."""

    round_title: str
    set_no: int
    help_phone: str
    papers: Sequence[SecretPaper]
    names: Sequence[str] = ()
    demo: bool = False
    rehearsal: bool = False

    @property
    def heading(self) -> list[str]:
        """The title of the round in lines."""
        return heading_lines(self.round_title, _TITLE_WIDTH)


def sheet_paper(facts: SecretFacts, *, render: Render) -> Paper:
    """Return the key sheets, one page each."""
    return _paper("custody/print/sheets.html", facts, render)


def set_paper(facts: SecretFacts, *, render: Render) -> Paper:
    """Return the recovery sets, one page each."""
    return _paper("custody/print/sets.html", facts, render)


def _paper(template: str, facts: SecretFacts, render: Render) -> Paper:
    codes = {f"code{one.number}.png": qr.png(one.code, scale=8, border=4) for one in facts.papers}
    return Paper(render(template, facts=facts), codes, sheets=len(facts.papers))
