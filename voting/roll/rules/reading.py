"""What is read of a sheet: people who may be listed, faults by row and column, and remarks."""

from dataclasses import dataclass, field
from datetime import date

from voting.errors import Refusal
from voting.roll.rules.age import AgeBand
from voting.roll.rules.columns import Header
from voting.roll.rules.identity import Identity


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
    """What is wrong with one cell, or only worth a look; the refusal's values hold nothing personal."""

    row: int
    column: str
    refusal: Refusal
    # of the column in the sheet, where it has one
    letter: str = ""


@dataclass
class Reading:
    """What a sheet holds: people to list, repeated rows, faults and remarks, in the order of the rows."""

    header: Header
    entries: list[Entry] = field(default_factory=list)
    repeated: int = 0
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)
    rows: int = 0

    def reject(self, row: int, column: str, refusal: Refusal) -> None:
        """Note a fault: the row is not listed."""
        self.faults.append(Fault(row, column, refusal, self.header.letter_of(column)))

    def remark(self, row: int, column: str, refusal: Refusal) -> None:
        """Note what somebody should look at; the row counts all the same."""
        self.remarks.append(Fault(row, column, refusal, self.header.letter_of(column)))

    def sort(self) -> None:
        """Put faults and remarks into the order of the rows."""
        self.faults.sort(key=lambda fault: fault.row)
        self.remarks.sort(key=lambda fault: fault.row)

    @property
    def rejected(self) -> int:
        """How many rows have a fault."""
        return len({fault.row for fault in self.faults})
