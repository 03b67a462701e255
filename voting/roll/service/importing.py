"""Reading a file into the roll."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, defer
from sqlalchemy.sql.dml import ReturningInsert

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import keyed_hash, lock_field
from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.roll.models import BASIS_NAMES, Elector, RollImport
from voting.roll.rules.columns import NAME, Row
from voting.roll.rules.entries import Entry, Fault, Reading, Terms, read_sheet
from voting.roll.rules.names import comparable, mask_name
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import RoundOver, RulesFrozen, hold_unfrozen

ROOM_PURPOSE = "roll room"
PHONE_PURPOSE = "roll phone"
_BASIS = {name: basis.value for basis, name in BASIS_NAMES.items()}
_LONGEST_FILE_NAME = 100
_CHUNK = 500
_SHOWN_IMPORTS = 20


class NameDiffers(Refusal):
    """The number is on the roll already, under another name."""

    msgid = "名册里已有这个证件号码，姓名却不一样。请对照证件核对姓名和号码。"
    status = 422


class RollFrozen(Refusal):
    """The vote has been announced, and the roll with it."""

    msgid = "投票公告已经发布，名册已经封存，不能再导入。"


@dataclass(frozen=True)
class ImportReport:
    """What became of a file: people added, rows that were there already, rows that could not be used."""

    import_id: str
    accepted: int
    duplicates: int
    rejected: int
    faults: Sequence[Fault]


@dataclass(frozen=True)
class KeptFault:
    """A fault as it was stored with its import."""

    row: int
    column: str
    msgid: str
    values: Mapping[str, object]


def import_roll(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    rows: Sequence[Row],
    file_name: str = "",
    old_ages_checked: bool = False,
    progress: Callable[[int], object] = lambda _rows: None,
) -> ImportReport:
    """Add a sheet to the roll of a round that is not frozen.

    Good rows are listed, bad ones reported; whoever is listed already stays as they are, so that a file can
    be sent again. Raise NotFound, RollFrozen, RoundOver, or a WrongSheet when the file is no roll.
    """
    round = _open_round(session, round_id, actor)
    reading = read_sheet(rows, _terms(round, now, old_ages_checked=old_ages_checked), progress)
    accepted = _list(session, keys.pepper(round_id), round_id, reading, now)
    counts: dict[str, Any] = {
        "accepted": accepted,
        "duplicates": reading.repeated,
        "rejected": reading.rejected,
    }
    kept = RollImport(
        round_id=round_id,
        at=now,
        by=actor.id,
        file_name=file_name[-_LONGEST_FILE_NAME:],
        report=json.dumps([asdict(fault) for fault in as_kept(reading.faults)], ensure_ascii=False),
        **counts,
    )
    session.add(kept)
    session.flush()
    place = {"kind": "roll_import", "id": kept.id, "area_path": round.area.path}
    record(session, actor, "roll.import", now=now, round_id=round_id, **place, **counts)
    return ImportReport(import_id=kept.id, faults=reading.faults, **counts)


def _open_round(session: Session, round_id: str, actor: Actor) -> Round:
    try:
        round = hold_unfrozen(session, round_id)
    except RulesFrozen as frozen:
        raise RollFrozen from frozen
    if not round.area.path.startswith(actor.area_path):
        raise NotFound
    if round.phase == Phase.TERMINATED:
        raise RoundOver
    return round


def _terms(round: Round, now: datetime, *, old_ages_checked: bool) -> Terms:
    return Terms(
        reference_day=round.reference_day,
        min_age=round.min_age,
        birthday_counts=round.birthday_counts,
        today=local_day(now),
        old_ages_checked=old_ages_checked,
    )


def _list(session: Session, pepper: bytes, round_id: str, reading: Reading, now: datetime) -> int:
    """List the people read and return how many are new; the others count as repeated or in conflict."""
    by_key = {
        keyed_hash(pepper, "identity number", round_id, entry.identity.number): entry
        for entry in reading.entries
    }
    if not by_key:
        return 0
    names = {key: name_key(pepper, round_id, entry.name) for key, entry in by_key.items()}
    values = [
        _columns(pepper, round_id, entry, now) | {"id_key": key, "name_key": names[key]}
        for key, entry in by_key.items()
    ]
    new = set(session.scalars(_insert_missing(session), values))
    known = _known_names(session, round_id, [key for key in by_key if key not in new])
    for key, kept_name in known.items():
        if kept_name == names[key]:
            reading.repeated += 1
        else:
            reading.reject(by_key[key].row, NAME, NameDiffers())
    reading.faults.sort(key=lambda fault: fault.row)
    return len(new)


def name_key(pepper: bytes, round_id: str, name: str) -> bytes:
    """Return the keyed hash under which a read name is compared."""
    return keyed_hash(pepper, "name", round_id, comparable(name))


def _columns(pepper: bytes, round_id: str, entry: Entry, now: datetime) -> dict[str, object]:
    return {
        "round_id": round_id,
        "name_masked": mask_name(entry.name),
        "id_kind": entry.identity.kind.value,
        "id_masked": entry.identity.masked,
        "basis": _BASIS[entry.basis],
        "building": entry.building,
        "room_sealed": lock_field(pepper, ROOM_PURPOSE, entry.room) if entry.room else None,
        "phone_sealed": lock_field(pepper, PHONE_PURPOSE, entry.phone) if entry.phone else None,
        "age_band": entry.band.value,
        "added_at": now,
    }


def _insert_missing(session: Session) -> ReturningInsert[bytes | None]:
    # The unique key decides who is new, not a look beforehand: two files may come at once.
    table = cast("Table", Elector.__table__)
    dialect = session.get_bind().dialect.name
    statement = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    unique = [table.c.round_id, table.c.id_key]
    return statement.on_conflict_do_nothing(index_elements=unique).returning(table.c.id_key)


def _known_names(session: Session, round_id: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
    known: dict[bytes, bytes] = {}
    for start in range(0, len(keys), _CHUNK):
        found = session.execute(
            select(Elector.id_key, Elector.name_key).where(
                Elector.round_id == round_id, Elector.id_key.in_(keys[start : start + _CHUNK])
            )
        )
        known |= {id_key: kept for id_key, kept in found if id_key is not None}
    return known


def get_import(session: Session, round_id: str, import_id: str) -> RollImport:
    """Return what became of a file; raise NotFound."""
    # PostgreSQL takes no NUL, not even to look for.
    found = None if "\0" in import_id else session.get(RollImport, import_id)
    if found is None or found.round_id != round_id:
        raise NotFound
    return found


def imports_of(session: Session, round_id: str) -> Sequence[RollImport]:
    """Return the files that were read into a roll, the latest first."""
    return session.scalars(
        select(RollImport)
        .options(defer(RollImport.report))
        .where(RollImport.round_id == round_id)
        .order_by(RollImport.at.desc(), RollImport.id)
        .limit(_SHOWN_IMPORTS)
    ).all()


def faults_of(kept: RollImport) -> list[KeptFault]:
    """Return the faults of an import in the order of its rows."""
    return [KeptFault(**fault) for fault in json.loads(kept.report)]


def as_kept(faults: Iterable[Fault]) -> list[KeptFault]:
    """Return faults in the form in which they are kept."""
    return [
        KeptFault(fault.row, fault.column, fault.refusal.msgid, dict(fault.refusal.values))
        for fault in faults
    ]
