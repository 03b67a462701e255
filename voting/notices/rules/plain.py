"""A paper of headings, paragraphs and tables, in words as they were when it was issued. Plain values."""

import re
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from voting.notices.rules.titles import heading_lines, width

_FIGURE = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?%?|—")
_LEAD = re.compile(r"（[一二三四五六七八九十]+）[^。]{1,24}。")
_HEAD = re.compile(r"(?=（)")  # where the head of a column may be broken
_COUNTERS = ("序号", "编号")
# Half characters: a column of at most so many is never broken, and none counts for more than the most.
_TIGHT, _MOST, _SHORT_WORD = 14, 40, 8
# Millimetres: the type area, a half character of 12 pt, what lies around a word, the least for a sentence.
_FULL, _WIDE, _PADDING, _LEAST = 156, 2.15, 2.6, 18
_SHORT = 8


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
class PaperTable:
    """A table: heads of columns, rows, and the row of sums if there is one."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()

    @property
    def widths(self) -> list[int]:
        """How wide each column is, in millimetres: short words whole, the rest by what stands in it."""
        wanted = [self._wanted(index) for index in range(len(self.columns))]
        tight = [one <= _TIGHT for one in wanted]
        needed = [_WIDE * one + _PADDING for one in wanted]
        left = _FULL - sum(need for need, held in zip(needed, tight, strict=True) if held)
        loose = sum(need for need, held in zip(needed, tight, strict=True) if not held)
        if not loose or left < _LEAST * tight.count(False):
            return [int(need * _FULL / sum(needed)) for need in needed]
        return [
            int(need if held else need * left / loose)
            for need, held in zip(needed, tight, strict=True)
        ]

    def _wanted(self, index: int) -> int:
        head = max(width(part) for part in _HEAD.split(self.columns[index]))
        cells = [width(row[index]) for row in (*self.rows, self.total) if row]
        return max(head, max((min(cell, _MOST) for cell in cells), default=0))

    @property
    def is_short(self) -> bool:
        """Whether the table is small enough to stay on one page."""
        cells = [cell for row in self.rows for cell in row]
        return len(self.rows) <= _SHORT and all(width(cell) <= _MOST for cell in cells)

    @property
    def kinds(self) -> list[str]:
        """How each column is set: ``n`` figures to the right, ``c`` short words centred, else to the left."""
        return [self._kind(index) for index in range(len(self.columns))]

    @property
    def named(self) -> int:
        """Which column names a row: the first that holds words."""
        kinds = self.kinds
        return kinds.index("") if "" in kinds else 0

    def _kind(self, index: int) -> str:
        cells = [row[index] for row in self.rows]
        if self.columns[index] in _COUNTERS:
            return "c"
        if cells and all(_FIGURE.fullmatch(cell) for cell in cells):
            return "n"
        return "c" if all(width(cell) <= _SHORT_WORD for cell in cells) else ""


@dataclass(frozen=True)
class PaperSection:
    """A numbered part of a paper: its heading, its paragraphs, and a table below them."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: PaperTable | None = None

    @property
    def led(self) -> list[tuple[str, str]]:
        """The paragraphs, each parted into the sentence that is set as a heading of its own, and the rest."""
        return [_parted(paragraph) for paragraph in self.paragraphs]


def _parted(paragraph: str) -> tuple[str, str]:
    lead = _LEAD.match(paragraph)
    return (lead[0], paragraph[lead.end() :]) if lead else ("", paragraph)


@dataclass(frozen=True)
class PlainPaper:
    """Everything such a paper says; ``note`` stands below the signature.

    ``warning`` stands first, in red: what must be done before anything else.

    ``url`` becomes a code beside the signature, and a button on the page: ``url_words`` say what it is for.

    ``demo`` and ``rehearsal`` put a grey word across every page.
    """

    title: str
    opening: tuple[str, ...]
    sections: tuple[PaperSection, ...]
    signature: Signature
    closing: str = ""
    addressee: str = ""
    number: str = ""
    url: str = ""
    url_words: str = ""
    note: str = ""
    warning: tuple[str, ...] = ()
    demo: bool = False
    rehearsal: bool = False

    @property
    def heading(self) -> list[str]:
        """The title in lines."""
        return heading_lines(self.title)

    @property
    def body(self) -> tuple[PaperSection, ...]:
        """The sections but for the words that stay with the signature."""
        if not self.parting:
            return self.sections
        *before, last = self.sections
        kept = replace(last, paragraphs=last.paragraphs[:-1])
        return (*before, kept) if kept.paragraphs else tuple(before)

    @property
    def parting(self) -> PaperSection | None:
        """The last words, without a heading if others stand before them: no signature is alone on a page."""
        last = self.sections[-1] if self.sections else None
        if last is None or last.table or not last.paragraphs:
            return None
        heading = last.heading if len(last.paragraphs) == 1 else ""
        return PaperSection(heading, last.paragraphs[-1:])

    @property
    def path(self) -> str:
        """Where the code leads, on this site: the address that was printed may have been another."""
        return urlsplit(self.url).path
