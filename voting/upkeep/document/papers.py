"""The first sheets of the emergency pack: what to do when the power is out, and a form of hand-outs."""

from dataclasses import dataclass
from datetime import date

from voting.adapters.pdf import Paper
from voting.notices.document import Render, heading_lines
from voting.notices.rules import named_round

_WIDTH = 22
_ROWS = 22


@dataclass(frozen=True)
class PackFacts:
    """What the sheets share."""

    round_title: str
    opens: str
    closes: str
    most: int
    help_phone: str
    printed_on: date
    demo: bool = False
    rehearsal: bool = False
    spending: str = ""

    @property
    def heading(self) -> list[str]:
        """The round's name in lines."""
        return heading_lines(named_round(self.round_title), _WIDTH)


def front_paper(facts: PackFacts, *, render: Render) -> Paper:
    """Return the two sheets that lie on the pack."""
    html = render("upkeep/print/pack.html", facts=facts, rows=_ROWS)
    return Paper(html, sheets=2)
