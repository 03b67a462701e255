"""From the rows of a sheet to people who may be listed, and to faults by row and column."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from voting.errors import Refusal
from voting.roll.rules.age import AgeBand, age_band, require_age
from voting.roll.rules.columns import (
    BASIS,
    NAME,
    NUMBER,
    PHONE,
    ROOM,
    CellRounded,
    Header,
    RollEmpty,
    Row,
    find_header,
    read_basis,
    read_cell,
)
from voting.roll.rules.identity import Identity, NumberDamaged, read_identity
from voting.roll.rules.names import comparable, read_name, read_phone
from voting.roll.rules.rooms import RoomMissing, read_room

_LIVING = "居住"
_NAMED_ROWS = 5
_Read = TypeVar("_Read")


class TwoNames(Refusal):
    """One identity number stands in the sheet under different names."""

    msgid = "第 %(rows)s 行是同一个证件号码，姓名却不一样。请核对哪一行是对的，只留一行。"
    status = 422


@dataclass(frozen=True)
class Terms:
    """What the round asks of a person, the present day, and whether ages above 105 were checked."""

    reference_day: date
    min_age: int
    birthday_counts: bool
    today: date
    old_ages_checked: bool = False


@dataclass(frozen=True, repr=False)
class Entry:
    """A row that may be listed. Its representation shows only the row."""

    row: int
    name: str
    identity: Identity
    band: AgeBand
    basis: str
    building: str
    room: str
    phone: str | None

    def __repr__(self) -> str:
        return f"Entry(row={self.row})"


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell; the refusal's values hold nothing personal."""

    row: int
    column: str
    refusal: Refusal


@dataclass
class Reading:
    """What a sheet holds: people to list, repeated rows, and faults, in the order of the rows."""

    entries: list[Entry] = field(default_factory=list)
    repeated: int = 0
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0

    def reject(self, row: int, column: str, refusal: Refusal) -> None:
        """Note a fault."""
        self.faults.append(Fault(row, column, refusal))

    @property
    def rejected(self) -> int:
        """How many rows have a fault."""
        return len({fault.row for fault in self.faults})


def read_sheet(
    rows: Sequence[Row], terms: Terms, progress: Callable[[int], object] = lambda _rows: None
) -> Reading:
    """Read a whole sheet; raise a WrongSheet when it is no roll at all.

    ``progress`` is told after each row how many rows it was: one.
    """
    header = find_header(rows)
    reading = Reading()
    listed = []
    for number, cells in rows:
        if number > header.row:
            entry = _read_row(header, number, cells, terms, reading)
            listed += [entry] if entry else []
        progress(1)
    if not reading.rows:
        raise RollEmpty
    _settle_repeated(_without_damage(listed, reading), reading)
    reading.faults.sort(key=lambda fault: fault.row)
    return reading


def _read_row(
    header: Header, row: int, cells: Sequence[object], terms: Terms, reading: Reading
) -> Entry | None:
    values = header.cells_of(cells)
    if all(value is None or not str(value).strip() for value in values.values()):
        return None
    reading.rows += 1
    before = len(reading.faults)

    def read(column: str, reader: Callable[[str], _Read]) -> _Read | None:
        try:
            return reader(read_cell(values.get(column)))
        except Refusal as refusal:
            reading.reject(row, column, refusal)
            return None

    def read_elector(text: str) -> tuple[Identity, int]:
        identity = read_identity(text, today=terms.today)
        return identity, _age(identity, terms)

    name = read(NAME, read_name)
    elector = read(NUMBER, read_elector)
    basis = read(BASIS, read_basis)
    place = read(ROOM, lambda text: _place(text, basis))
    phone = read(PHONE, read_phone)
    if len(reading.faults) > before or not (name and elector and basis and place):
        return None
    identity, age = elector
    return Entry(row, name, identity, age_band(age), basis, *place, phone=phone)


def _age(identity: Identity, terms: Terms) -> int:
    return require_age(
        identity.born,
        day=terms.reference_day,
        min_age=terms.min_age,
        birthday_counts=terms.birthday_counts,
        old_ages_checked=terms.old_ages_checked,
    )


def _place(text: str, basis: str | None) -> tuple[str, str]:
    if not text and basis == _LIVING:
        raise RoomMissing
    return read_room(text)


def _without_damage(listed: list[Entry], reading: Reading) -> list[Entry]:
    # One spoilt number in eleven still fits its check digit. Where a sheet has been spoilt, such numbers
    # would put people on the roll who do not exist; in a sound sheet a true 000 stays.
    if not any(isinstance(fault.refusal, NumberDamaged | CellRounded) for fault in reading.faults):
        return listed
    for entry in listed:
        if entry.identity.ends_like_damage:
            reading.reject(entry.row, NUMBER, NumberDamaged())
    return [entry for entry in listed if not entry.identity.ends_like_damage]


def _settle_repeated(listed: Iterable[Entry], reading: Reading) -> None:
    by_number: dict[str, list[Entry]] = {}
    for entry in listed:
        by_number.setdefault(entry.identity.number, []).append(entry)
    for same in by_number.values():
        if len({comparable(entry.name) for entry in same}) == 1:
            reading.entries.append(same[0])
            reading.repeated += len(same) - 1
            continue
        rows = "、".join(str(entry.row) for entry in same[:_NAMED_ROWS])
        for entry in same:
            reading.reject(entry.row, NAME, TwoNames(rows=rows))
