"""From the rows of a sheet to people who may be listed, and to faults by row and column."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from voting.errors import Refusal
from voting.roll.rules.age import age_band, require_age
from voting.roll.rules.cells import CellRounded, read_basis, read_cell
from voting.roll.rules.columns import (
    BASIS,
    BUILDING,
    DOOR,
    NAME,
    NUMBER,
    PHONE,
    ROOM,
    UNIT,
    Header,
    RollEmpty,
    Row,
    find_header,
)
from voting.roll.rules.doubles import settle_doubles
from voting.roll.rules.identity import Identity, NumberDamaged, read_identity
from voting.roll.rules.names import read_name, read_phone
from voting.roll.rules.reading import Entry, Reading, Terms
from voting.roll.rules.rooms import RoomMissing, join, read_room

LIVING = "居住"
_Read = TypeVar("_Read")


def read_sheet(
    rows: Sequence[Row],
    terms: Terms,
    progress: Callable[[int], object] = lambda _rows: None,
    *,
    header: Header | None = None,
) -> Reading:
    """Read a whole sheet; raise a WrongSheet when it is no roll at all.

    Without a ``header`` the sheet's own is looked for. ``progress`` is told after each row how many rows
    it was: one.
    """
    header = header or find_header(rows)
    reading = Reading(header)
    listed = []
    for number, cells in rows:
        if number > header.row:
            entry = read_row(number, cells, terms, reading)
            listed += [entry] if entry else []
        progress(1)
    if not reading.rows:
        raise RollEmpty
    settle_doubles(_without_damage(listed, reading), reading)
    reading.sort()
    return reading


def read_row(row: int, cells: Sequence[object], terms: Terms, reading: Reading) -> Entry | None:
    """Return the person of a row, or None and the faults noted; a row without content is no row."""
    values = reading.header.cells_of(cells)
    said_once = {BASIS} if reading.header.basis else set()
    if all(_is_blank(values[column]) for column in values.keys() - said_once):
        return None
    reading.rows += 1
    before = len(reading.faults)

    def read(column: str, reader: Callable[[], _Read]) -> _Read | None:
        try:
            return reader()
        except Refusal as refusal:
            reading.reject(row, column, refusal)
            return None

    def read_elector() -> tuple[Identity, int]:
        identity = read_identity(read_cell(values.get(NUMBER)), today=terms.today)
        return identity, age_of(identity, terms)

    name = read(NAME, lambda: read_name(read_cell(values.get(NAME))))
    elector = read(NUMBER, read_elector)
    basis = read(BASIS, lambda: read_basis(read_cell(values.get(BASIS))))
    place = read(ROOM, lambda: read_place(place_text(values), basis))
    phone = read(PHONE, lambda: read_phone(read_cell(values.get(PHONE))))
    if len(reading.faults) > before or not (name and elector and basis and place):
        return None
    identity, age = elector
    return Entry(row, name, identity, age_band(age), basis, *place, phone=phone)


def age_of(identity: Identity, terms: Terms) -> int:
    """Return the age on the day of reference; raise TooYoung or UnlikelyAge."""
    return require_age(
        identity.born,
        day=terms.reference_day,
        min_age=terms.min_age,
        birthday_counts=terms.birthday_counts,
        old_ages_checked=terms.old_ages_checked,
    )


def read_place(text: str, basis: str | None) -> tuple[str, str]:
    """Return building and room; raise RoomMissing where somebody lives nowhere."""
    if not text and basis == LIVING:
        raise RoomMissing
    return read_room(text)


def place_text(values: Mapping[str, object]) -> str:
    """Return a row's place, put together where it stands in parts."""
    if not values.keys() & {BUILDING, UNIT, DOOR}:
        return read_cell(values.get(ROOM))
    return join(*(read_cell(values.get(part)) for part in (BUILDING, UNIT, DOOR)))


def _is_blank(value: object) -> bool:
    return value is None or not str(value).strip()


def _without_damage(listed: Iterable[Entry], reading: Reading) -> list[Entry]:
    # One spoilt number in eleven still fits its check digit. Where a sheet has been spoilt, such numbers
    # would put people on the roll who do not exist; in a sound sheet a true 000 stays.
    listed = list(listed)
    if not any(isinstance(fault.refusal, NumberDamaged | CellRounded) for fault in reading.faults):
        return listed
    for entry in listed:
        if entry.identity.ends_like_damage:
            reading.reject(entry.row, NUMBER, NumberDamaged())
    return [entry for entry in listed if not entry.identity.ends_like_damage]
