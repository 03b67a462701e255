"""What a second file would change: new people, people who moved, people who are missing in it.

The lines lie on the shelf beside the file, page by page, sealed like it; nothing of the roll changes until
somebody takes lines of a page over.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from voting.roll.models import BASIS_NAMES, Basis, Elector, Participation, RollUpload
from voting.roll.rules.reading import Entry, Reading
from voting.roll.rules.rooms import tidy
from voting.roll.rules.search import natural
from voting.roll.service.asking import dump_values, load_values
from voting.roll.service.importing import entry_columns
from voting.roll.service.secrecy import RollKey, name_key, number_key, open_phone, open_room
from voting.roll.service.shelf import Shelf

PER_PAGE = 50
KINDS = ("new", "changed", "missing")
INDEX = "differences"
_KEPT = ("basis", "building", "room_sealed", "phone_sealed")


@dataclass(frozen=True, repr=False)
class Known:
    """A listed person as far as a file may differ."""

    elector_id: str
    id_key: bytes | None
    name_key: bytes
    name: str
    number: str
    basis: str
    building: str
    room_sealed: bytes | None
    phone_sealed: bytes | None
    struck_at: datetime | None
    is_used: bool


@dataclass(frozen=True, repr=False)
class Difference:
    """One line: a person, masked, and what would be set down. ``outcome`` says what became of it."""

    key: str
    name: str
    number: str
    building: str
    basis: str
    before: str = ""
    room_differs: bool = False
    phone_differs: bool = False
    is_used: bool = False
    values: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class Differences:
    """All lines of the three lists."""

    new: Sequence[Difference] = ()
    changed: Sequence[Difference] = ()
    missing: Sequence[Difference] = ()


@dataclass(frozen=True)
class DifferencePage:
    """One page of one list; ``totals`` has the lines of all three. Pages count from 1."""

    lines: Sequence[Difference]
    page: int
    pages: int
    totals: Mapping[str, int] = field(default_factory=dict)


def known_people(session: Session, round_id: str) -> list[Known]:
    """Return the people of a roll who have a number, struck or not."""
    used = exists().where(
        Participation.round_id == Elector.round_id, Participation.elector_id == Elector.elector_id
    )
    rows = session.execute(
        select(
            Elector.elector_id, Elector.id_key, Elector.name_key, Elector.name_masked, Elector.id_masked,
            Elector.basis, Elector.building, Elector.room_sealed, Elector.phone_sealed,
            Elector.struck_at, used,
        ).where(Elector.round_id == round_id, Elector.id_key.is_not(None))
    )  # fmt: skip
    return [Known(*row) for row in rows]


def compare(
    pepper: RollKey, round_id: str, known: Iterable[Known], reading: Reading, now: datetime
) -> Differences:
    """Return what a sheet would change; needs no database, so that nobody waits for it."""
    left = {one.id_key: one for one in known}
    new, changed = [], []
    for entry in reading.entries:
        key = number_key(pepper, entry.identity.number)
        person = left.pop(key, None)
        if person is None:
            new.append(_new(pepper, round_id, entry, key, now))
        elif person.struck_at is not None or person.name_key != name_key(pepper, entry.name):
            # The check says so as a fault of its row.
            continue
        elif line := _changed(pepper, round_id, entry, person, now):
            changed.append(line)
    listed = [one for one in left.values() if one.struck_at is None]
    missing = sorted(listed, key=lambda one: (natural(one.building), one.elector_id))
    return Differences(new, changed, [_missing(one) for one in missing])


def keep_differences(shelf: Shelf, upload: RollUpload, found: Differences) -> None:
    """Keep the lines page by page, and how many there are."""
    totals = {}
    for kind in KINDS:
        lines = getattr(found, kind)
        totals[kind] = len(lines)
        for at in range(0, len(lines), PER_PAGE):
            put_page(shelf, upload, kind, at // PER_PAGE + 1, lines[at : at + PER_PAGE])
    shelf.put(upload.round_id, upload.id, json.dumps(totals).encode(), part=INDEX)


def totals_of(shelf: Shelf, upload: RollUpload) -> dict[str, int] | None:
    """Return how many lines each list of a file has, or None where nothing was compared."""
    text = shelf.get(upload.round_id, upload.id, part=INDEX)
    if text is None:
        return None
    totals: dict[str, int] = json.loads(text)
    return totals


def difference_page(
    shelf: Shelf, upload: RollUpload, kind: str, page: int
) -> DifferencePage | None:
    """Return a page of one list, or None where nothing is kept."""
    totals = totals_of(shelf, upload)
    if totals is None:
        return None
    pages = pages_of(totals[kind])
    page = min(max(page, 1), pages)
    text = shelf.get(upload.round_id, upload.id, part=_part(kind, page))
    lines = [Difference(**line) for line in json.loads(text)] if text else []
    return DifferencePage(lines, page, pages, totals)


def pages_of(total: int) -> int:
    """Return on how many pages so many lines stand."""
    return max(-(-total // PER_PAGE), 1)


def put_page(
    shelf: Shelf, upload: RollUpload, kind: str, page: int, lines: Sequence[Difference]
) -> None:
    """Keep a page of one list."""
    text = json.dumps([asdict(line) for line in lines], ensure_ascii=False)
    shelf.put(upload.round_id, upload.id, text.encode(), part=_part(kind, page))


def with_outcomes(lines: Sequence[Difference], outcomes: Mapping[str, str]) -> Sequence[Difference]:
    """Return the lines with what became of them."""
    return [
        replace(line, outcome=outcomes[line.key]) if line.key in outcomes else line
        for line in lines
    ]


def values_in(line: Difference) -> dict[str, object]:
    """Return the columns that a line would set down."""
    return load_values(line.values) if line.values else {}


def _part(kind: str, page: int) -> str:
    return f"{kind}-{page}"


def _new(pepper: RollKey, round_id: str, entry: Entry, key: bytes, now: datetime) -> Difference:
    columns = entry_columns(pepper, round_id, entry, now) | {"id_key": key}
    values = {name: columns[name] for name in columns if name not in {"round_id", "added_at"}}
    return Difference(
        key=str(entry.row),
        name=str(values["name_masked"]),
        number=entry.identity.masked,
        building=entry.building,
        basis=entry.basis,
        values=dump_values(values),
    )


def _changed(
    pepper: RollKey, round_id: str, entry: Entry, person: Known, now: datetime
) -> Difference | None:
    room_differs = tidy(entry.room) != tidy(open_room(pepper, person.room_sealed))
    phone_differs = (entry.phone or "") != open_phone(pepper, person.phone_sealed)
    was = BASIS_NAMES[Basis(person.basis)]
    if not (
        room_differs or phone_differs or entry.basis != was or entry.building != person.building
    ):
        return None
    columns = entry_columns(pepper, round_id, entry, now)
    return Difference(
        key=person.elector_id,
        name=person.name,
        number=person.number,
        building=entry.building,
        basis=entry.basis,
        before=" ".join(_before(entry, person, was)),
        room_differs=room_differs,
        phone_differs=phone_differs,
        values=dump_values({name: columns[name] for name in _KEPT}),
    )


def _before(entry: Entry, person: Known, was: str) -> Iterator[str]:
    if entry.building != person.building:
        yield person.building
    if entry.basis != was:
        yield was


def _missing(person: Known) -> Difference:
    return Difference(
        key=person.elector_id,
        name=person.name,
        number=person.number,
        building=person.building,
        basis=BASIS_NAMES[Basis(person.basis)],
        is_used=person.is_used,
    )
