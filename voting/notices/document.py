"""What every printed paper has in common, and the facts of the papers that announce a vote.

Facts are plain values, so that a paper can be stored as JSON and printed again years later. The layout is
GB/T 9704-2012; the wording lies in ``templates/notices/print``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import Any

from voting.adapters import qr
from voting.adapters.pdf import Paper

Render = Callable[..., str]
"""``flask.render_template`` or its like: a template's name and its context to HTML."""

TITLE_WIDTH = 20
"""Characters of size 2 (22 pt) that fit on a line of 156 mm."""

_SLIP_WIDTH = 24
_MOST_LINES = 4  # trying every way to break costs more with every line; no title is longer

# After these a title may be broken without tearing a word; quoted names stay whole.
_PIECE = re.compile(
    r"[“《][^”》]*[”》]|.+?(?:街道|社区|小区|新村|办事处|年度|年(?!度)|第.{1,3}轮|项目|票决|投票|结果|事项"
    r"|候选|的|和|及|与|(?=[“《])|$)"
)


@dataclass(frozen=True)
class Signature:
    """Who issues a paper and on which day; room for a round seal is left over both lines."""

    issuers: tuple[str, ...]
    issued_on: date

    @property
    def date_width(self) -> int:
        """Width of the printed day in half characters: 12 to 14, as GB/T 9704 indents by the day."""
        return 12 + (self.issued_on.month > 9) + (self.issued_on.day > 9)  # noqa: PLR2004 -- two digits


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
    round's public page.
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
    demo: bool = False

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


def official(template: str, facts: Any, *, url: str, render: Render) -> Paper:
    """Return a paper in the official layout; ``url`` becomes the code beside the signature, if given."""
    assets: Mapping[str, bytes] = {"code.png": qr.png(url, scale=8)} if url else {}
    return Paper(render(template, facts=facts), assets)


def width(text: str) -> int:
    """Return how many half characters a text takes: ASCII one, everything else two."""
    return sum(1 if char.isascii() else 2 for char in text)


def heading_lines(title: str, limit: int = TITLE_WIDTH) -> list[str]:
    """Break a title into as few lines as possible, between words, and as equal as possible.

    GB/T 9704 wants whole words and the outline of a trapezium or a rhombus: a middle line is never
    shorter than both its neighbours.
    """
    pieces = [part for piece in _PIECE.findall(title) for part in _cut(piece, limit)]
    for count in range(1, _MOST_LINES + 1):
        fitting = [lines for lines in _splits(pieces, count) if _fits(lines, limit)]
        if fitting:
            return min(fitting, key=_unevenness)
    return _cut(title, limit)


def _cut(piece: str, limit: int) -> list[str]:
    return [piece[at : at + limit] for at in range(0, len(piece), limit)]


def _splits(pieces: list[str], count: int) -> list[list[str]]:
    return [
        ["".join(pieces[a:b]) for a, b in zip((0, *cuts), (*cuts, len(pieces)), strict=True)]
        for cuts in combinations(range(1, len(pieces)), count - 1)
    ]


def _fits(lines: list[str], limit: int) -> bool:
    return all(width(line) <= 2 * limit for line in lines)


def _unevenness(lines: list[str]) -> tuple[bool, int]:
    widths = [width(line) for line in lines]
    waists = zip(widths, widths[1:], widths[2:], strict=False)
    has_waist = any(middle < left and middle < right for left, middle, right in waists)
    return has_waist, max(widths) - min(widths)
