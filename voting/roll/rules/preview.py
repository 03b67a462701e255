"""The first rows of a sheet as they would be read, masked: to see whether the columns are the right ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from voting.errors import Refusal
from voting.roll.rules.cells import read_basis, read_cell
from voting.roll.rules.columns import BASIS, COLUMNS, NAME, NUMBER, PHONE, ROOM, Header, Row
from voting.roll.rules.entries import place_text, read_row
from voting.roll.rules.identity import read_identity
from voting.roll.rules.names import mask_name, mask_phone, read_name, read_phone
from voting.roll.rules.reading import Fault, Reading, Terms
from voting.roll.rules.rooms import read_room

ROWS = 10
_UNREAD = "？"
_HIDDEN = "***"

_Cells = Mapping[str, object]


@dataclass(frozen=True)
class PreviewLine:
    """A row as it would be read: masked texts by the template's columns, and what is wrong with it."""

    row: int
    cells: Mapping[str, str]
    faults: Sequence[Fault]


def preview(rows: Sequence[Row], header: Header, terms: Terms) -> list[PreviewLine]:
    """Return the first rows below the header; nothing of them can be read as a whole number or name."""
    below = [(row, cells) for row, cells in rows if row > header.row][:ROWS]
    return [_line(row, cells, header, terms) for row, cells in below]


def _line(row: int, cells: Sequence[object], header: Header, terms: Terms) -> PreviewLine:
    reading = Reading(header)
    read_row(row, cells, terms, reading)
    values = header.cells_of(cells)
    readers: dict[str, Callable[[_Cells], str]] = {
        NAME: _name,
        NUMBER: lambda values: _number(values, terms),
        BASIS: lambda values: read_basis(read_cell(values.get(BASIS))),
        ROOM: _room,
        PHONE: _phone,
    }
    shown = {column: _shown(readers[column], values) for column in COLUMNS}
    return PreviewLine(row, shown, reading.faults)


def _shown(reader: Callable[[_Cells], str], values: _Cells) -> str:
    try:
        return reader(values)
    except Refusal:
        return _UNREAD


def _name(values: _Cells) -> str:
    return mask_name(read_name(read_cell(values.get(NAME))))


def _number(values: _Cells, terms: Terms) -> str:
    return read_identity(read_cell(values.get(NUMBER)), today=terms.today).masked


def _room(values: _Cells) -> str:
    building, room = read_room(place_text(values))
    return f"{building} {_HIDDEN if room else ''}".strip()


def _phone(values: _Cells) -> str:
    digits = read_phone(read_cell(values.get(PHONE)))
    return mask_phone(digits) if digits else ""
