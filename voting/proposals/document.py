"""The papers of proposing: the blank form, the poster that calls for proposals, the slip with a code."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from voting.adapters import qr
from voting.adapters.pdf import Paper
from voting.notices.document import Render, heading_lines
from voting.notices.rules import named_round

_FORM_WIDTH = 22
_POSTER_WIDTH = 13
_SLIP_WIDTH = 24


@dataclass(frozen=True)
class CallFacts:
    """What the blank form and the poster say: until when, where to, whom to ask.

    ``url`` is the page on which one proposes; ``until`` is the last day, if the plan names one.
    """

    round_title: str
    office: str
    address: str
    until: date | None
    who: str
    min_age: int
    help_phone: str
    url: str
    demo: bool = False

    @property
    def form_heading(self) -> list[str]:
        """The round's name in lines, above the form."""
        return heading_lines(named_round(self.round_title), _FORM_WIDTH)

    @property
    def poster_heading(self) -> list[str]:
        """The round's name in lines, on the poster."""
        return heading_lines(named_round(self.round_title), _POSTER_WIDTH)


@dataclass(frozen=True)
class CodeSlip:
    """What a proposer from paper takes home: the code, and where it is typed; no name, no telephone."""

    round_title: str
    title: str
    code: str
    entry: str
    url: str
    help_phone: str
    demo: bool = False

    @property
    def heading(self) -> list[str]:
        """The round's name in lines."""
        return heading_lines(self.round_title, _SLIP_WIDTH)


def proposal_form(facts: CallFacts, *, render: Render) -> Paper:
    """Return the blank 项目征集意见表 on one page of A4."""
    html = render("proposals/print/form.html", facts=facts)
    return Paper(html, {"code.png": qr.png(facts.url, scale=12, border=2)})


def call_poster(facts: CallFacts, *, size: Literal["A4", "A3"], render: Render) -> Paper:
    """Return the poster that calls for proposals, on one page."""
    html = render("proposals/print/call.html", facts=facts, size=size.lower())
    return Paper(html, {"code.png": qr.png(facts.url, scale=24, border=2)})


def code_slip(facts: CodeSlip, *, render: Render) -> Paper:
    """Return the A6 slip with the code of a proposal."""
    html = render("proposals/print/code.html", facts=facts)
    return Paper(html, {"code.png": qr.png(facts.url, scale=12)})
