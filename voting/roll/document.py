"""The slip with which somebody goes home who asked whether they are on the roll. Plain values."""

from dataclasses import dataclass
from datetime import datetime

from voting.adapters.pdf import Paper
from voting.notices.document import Render, heading_lines
from voting.notices.rules import named_round

_WIDTH = 26


@dataclass(frozen=True, repr=False)
class StandingSlip:
    """A masked entry, whether it is marked, and nothing else; ``used`` is channel and day, or empty."""

    round_title: str
    office: str
    printed_at: datetime
    name: str
    number: str
    basis: str
    building: str
    is_struck: bool
    used: str
    help_phone: str
    demo: bool = False
    rehearsal: bool = False

    @property
    def heading(self) -> list[str]:
        """The round's name in lines."""
        return heading_lines(named_round(self.round_title), _WIDTH)


def standing_slip(facts: StandingSlip, *, render: Render) -> Paper:
    """Return the slip on half a page of A4."""
    return Paper(render("roll/print/standing.html", facts=facts), {})
