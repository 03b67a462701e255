"""From rows to the three sections: titles, headers, columns by name in any order."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from voting.pabulib.rules import refusals
from voting.pabulib.rules.records import Record


class Section(StrEnum):
    """The titles, as they stand in a file."""

    META = "META"
    PROJECTS = "PROJECTS"
    VOTES = "VOTES"


REQUIRED = {
    Section.META: ("key", "value"),
    Section.PROJECTS: ("project_id", "cost"),
    Section.VOTES: ("voter_id", "vote"),
}
_TITLES = {section.value.lower(): section for section in Section}


@dataclass(frozen=True)
class Row:
    """One row by column names; ``short`` when it ended before its last column."""

    section: Section
    line: int
    cells: Mapping[str, str]
    short: bool = False


@dataclass
class Layout:
    """Where the sections begin and which columns they have, filled while the rows are read."""

    titles: dict[Section, int] = field(default_factory=dict)
    headers: dict[Section, int] = field(default_factory=dict)
    columns: dict[Section, list[str]] = field(default_factory=dict)
    last_line: int = 0

    def begin(self, section: Section, line: int) -> None:
        """Note a title."""
        if section in self.titles:
            raise refusals.RepeatedSection(line, section=section)
        self.titles[section] = line

    def require_all(self) -> None:
        """Refuse a file that ended before it was complete."""
        if not self.last_line:
            raise refusals.EmptyFile(1)
        for section in Section:
            if section not in self.titles:
                raise refusals.MissingSection(self.last_line, section=section)
            if section not in self.columns:
                header = ";".join(REQUIRED[section])
                raise refusals.MissingHeader(self.titles[section], section=section, header=header)


def _trimmed(cells: tuple[str, ...]) -> list[str]:
    # A spreadsheet that saves the file fills every row up with empty cells.
    trimmed = list(cells)
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return trimmed


def _header(section: Section, record: Record) -> list[str]:
    columns = [name.lower() for name in _trimmed(record.cells)]
    if section is Section.META and columns != list(REQUIRED[section]):
        header = ";".join(REQUIRED[section])
        raise refusals.MissingHeader(record.line, section=section, header=header)
    for column in REQUIRED[section]:
        if column not in columns:
            raise refusals.MissingColumn(record.line, section=section, column=column)
    for column, times in Counter(columns).items():
        if column and times > 1:
            raise refusals.RepeatedColumn(record.line, section=section, column=column)
    return columns


def _row(section: Section, columns: list[str], record: Record) -> Row:
    cells = record.cells
    if section is Section.META:
        # Other readers take the first value of a description with an unquoted semicolon; so is nothing lost.
        cells = (cells[0], ";".join(_trimmed(cells[1:]))) if len(cells) > 1 else cells
    if len(cells) > len(columns):
        if any(cells[len(columns) :]):
            raise refusals.TooManyCells(
                record.line, cells=len(_trimmed(cells)), columns=len(columns)
            )
        cells = cells[: len(columns)]
    named = dict(zip(columns, cells, strict=False))
    for column in REQUIRED[section]:
        if column not in named:
            raise refusals.MissingCell(record.line, column=column)
    return Row(section, record.line, named, short=len(cells) < len(columns))


def _check_title(record: Record) -> None:
    # The header of another section among the rows of this one: its title was lost.
    for section, names in REQUIRED.items():
        if section is not Section.META and all(name in record.cells for name in names):
            raise refusals.MissingTitle(record.line, section=section)


def rows(records: Iterable[Record], layout: Layout) -> Iterator[Row]:
    """Yield the rows of all sections and fill ``layout``; refuse a file that lacks a section."""
    section: Section | None = None
    for record in records:
        layout.last_line = record.line
        title = _TITLES.get(record.cells[0].lower())
        if title and not any(record.cells[1:]):
            layout.begin(title, record.line)
            section = title
        elif section is None:
            raise refusals.NoSectionYet(record.line, text=record.cells[0])
        elif section not in layout.columns:
            layout.headers[section] = record.line
            layout.columns[section] = _header(section, record)
        else:
            _check_title(record)
            yield _row(section, layout.columns[section], record)
    layout.require_all()
