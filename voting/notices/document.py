"""What every printed paper has in common, and the facts of the papers that announce a vote.

Facts are plain values, so that a paper can be stored as JSON and printed again years later. The layout is
GB/T 9704-2012; the wording lies in ``templates/notices/print``.
"""

from dataclasses import dataclass
from datetime import date, datetime

from voting.adapters import qr
from voting.adapters.pdf import Paper
from voting.notices.rules import Signature, heading_lines, width
from voting.notices.service import Render, official, plain_paper

__all__ = [
    "CandidateRow",
    "ContactOffice",
    "PollingPlace",
    "Render",
    "Signature",
    "Slip",
    "VoteNotice",
    "heading_lines",
    "official",
    "plain_paper",
    "slip",
    "vote_notice",
    "width",
]

_SLIP_WIDTH = 24


@dataclass(frozen=True)
class ContactOffice:
    """Where one may ask or object: an office, never a private person."""

    office: str
    address: str
    contact: str
    phone: str
    hours: str
    email: str = ""


@dataclass(frozen=True)
class CandidateRow:
    """One line of the list of candidates; ``cost`` in cents."""

    number: int
    title: str
    category: str
    place: str
    beneficiaries: int
    cost: int


@dataclass(frozen=True)
class PollingPlace:
    """Where paper ballots and help are to be had, and when."""

    name: str
    address: str
    hours: str


@dataclass(frozen=True)
class VoteNotice:
    """The paper that calls to the vote (printing.md §2.7). Money in cents.

    ``form`` is 通告 or 公告; ``rule`` and ``tie_rule`` are sentences without their full stop; ``url`` is the
    round's public page; ``head`` is the ledger's head in groups of four, where there was one;
    ``spending`` says to what a ballot inside a budget keeps.
    """

    form: str
    round_title: str
    scope: str
    opens_at: datetime
    closes_at: datetime
    reference_day: date
    min_age: int
    birthday_counts: bool
    proofs: str
    max_choices: int
    min_choices: int
    budget: int
    rule: str
    tie_rule: str
    candidates: tuple[CandidateRow, ...]
    channels: tuple[str, ...]
    polling_places: tuple[PollingPlace, ...]
    count_at: datetime
    count_place: str
    supervision_phone: str
    monitors: tuple[str, ...]
    tellers: tuple[str, ...]
    help_phone: str
    signature: Signature
    url: str
    number: str = ""
    head: str = ""
    demo: bool = False
    rehearsal: bool = False
    spending: str = ""

    @property
    def title(self) -> str:
        """The paper's full title."""
        return f"关于开展{self.round_title}项目票决的{self.form}"

    @property
    def heading(self) -> list[str]:
        """The title in lines."""
        return heading_lines(self.title)


@dataclass(frozen=True)
class Slip:
    """What a monitor, teller or supervisor gets in hand: one code, one duty, until when."""

    duty: str
    holder: str
    round_title: str
    tasks: tuple[str, ...]
    url: str
    valid_until: datetime
    help_phone: str
    demo: bool = False

    @property
    def heading(self) -> list[str]:
        """The round's title in lines."""
        return heading_lines(self.round_title, _SLIP_WIDTH)


def vote_notice(facts: VoteNotice, *, render: Render) -> Paper:
    """Return the 通告 (or 公告) that announces the vote."""
    return official("notices/print/vote.html", facts, url=facts.url, render=render)


def slip(facts: Slip, *, render: Render) -> Paper:
    """Return the A6 slip of one appointed person."""
    html = render("notices/print/slip.html", facts=facts)
    return Paper(html, {"code.png": qr.png(facts.url, scale=12)})
