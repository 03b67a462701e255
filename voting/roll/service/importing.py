"""Reading a file into the roll."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.roll.models import BASIS_NAMES, Elector, RollImport
from voting.roll.rules.columns import Header, Row
from voting.roll.rules.entries import read_sheet
from voting.roll.rules.names import mask_name
from voting.roll.rules.reading import Entry, Reading, Terms
from voting.roll.service.comparing import chunks, tell_known, tell_namesakes
from voting.roll.service.inserting import ELECTOR, insert_new
from voting.roll.service.reports import ImportReport, dump_lines
from voting.roll.service.secrecy import (
    RollKey,
    name_key,
    number_key,
    roll_key,
    seal_phone,
    seal_room,
)
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import RoundOver, RulesFrozen, get_round, hold_unfrozen

BASIS_OF = {name: basis.value for basis, name in BASIS_NAMES.items()}
_LONGEST_FILE_NAME = 100


class RollFrozen(Refusal):
    """The vote has been announced, and the roll with it."""

    msgid = (
        "投票公告已经发布，名册已经封存，一个人不能直接改。"
        "漏登、登错的，请在名册里提出更改，由另一位工作人员确认；不要用别人的名字发卡。"
    )


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
    header: Header | None = None,
) -> ImportReport:
    """Add a sheet to the roll of a round that is not frozen.

    Good rows are listed, bad ones reported; whoever is listed already stays as they are, so that a file can
    be sent again. Raise NotFound, RollFrozen, RoundOver, or a WrongSheet when the file is no roll.
    """
    round = hold_roll(session, round_id, actor)
    terms = terms_of(round, now, old_ages_checked=old_ages_checked)
    reading = read_sheet(rows, terms, progress, header=header)
    return list_reading(
        session, now=now, actor=actor, keys=keys, round=round, reading=reading, file_name=file_name
    )


def hold_roll(session: Session, round_id: str, actor: Actor) -> Round:
    """Return a round whose roll may still be changed, held; raise NotFound, RollFrozen or RoundOver."""
    try:
        round = hold_unfrozen(session, round_id)
    except RulesFrozen as frozen:
        raise RollFrozen from frozen
    if not round.area.path.startswith(actor.area_path):
        raise NotFound
    if round.phase == Phase.TERMINATED:
        raise RoundOver
    return round


def terms_of(round: Round, now: datetime, *, old_ages_checked: bool = False) -> Terms:
    """Return what a round asks of a person."""
    return Terms(
        reference_day=round.reference_day,
        min_age=round.min_age,
        birthday_counts=round.birthday_counts,
        today=local_day(now),
        old_ages_checked=old_ages_checked,
    )


def list_reading(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round: Round,
    reading: Reading,
    file_name: str,
) -> ImportReport:
    """List the people of a sheet that was read, and keep what became of it."""
    pepper = roll_key(keys, round)
    by_key = _by_key(pepper, reading)
    new = _insert(session, pepper, round.id, by_key, now)
    report = _compared(session, pepper, round.id, by_key, new, reading)
    counts: dict[str, Any] = {
        "accepted": report.accepted,
        "duplicates": report.duplicates,
        "rejected": report.rejected,
    }
    kept = RollImport(
        round_id=round.id,
        at=now,
        by=actor.id,
        file_name=file_name[-_LONGEST_FILE_NAME:],
        report=dump_lines(report.kept),
        **counts,
    )
    session.add(kept)
    session.flush()
    place = {"kind": "roll_import", "id": kept.id, "area_path": round.area.path}
    record(session, actor, "roll.import", now=now, round_id=round.id, **place, **counts)
    return ImportReport(kept.id, **counts, faults=report.faults, remarks=report.remarks)


def check_reading(
    session: Session, *, keys: Keyring, round_id: str, reading: Reading
) -> ImportReport:
    """Return what listing a sheet would do; nothing is written."""
    pepper = roll_key(keys, get_round(session, round_id))
    by_key = _by_key(pepper, reading)
    known: set[bytes | None] = set()
    for part in chunks(list(by_key)):
        listed = (Elector.round_id == round_id, Elector.id_key.in_(part))
        known |= set(session.scalars(select(Elector.id_key).where(*listed)))
    return _compared(session, pepper, round_id, by_key, by_key.keys() - known, reading)


def _by_key(pepper: RollKey, reading: Reading) -> dict[bytes, Entry]:
    return {number_key(pepper, entry.identity.number): entry for entry in reading.entries}


def _compared(
    session: Session,
    pepper: RollKey,
    round_id: str,
    by_key: Mapping[bytes, Entry],
    new: set[bytes],
    reading: Reading,
) -> ImportReport:
    known = {key: entry for key, entry in by_key.items() if key not in new}
    tell_known(session, pepper, round_id, known, reading)
    fresh = {key: entry for key, entry in by_key.items() if key in new}
    tell_namesakes(session, pepper, round_id, fresh, reading)
    reading.sort()
    return ImportReport(
        "", len(new), reading.repeated, reading.rejected, reading.faults, reading.remarks
    )


def _insert(
    session: Session,
    pepper: RollKey,
    round_id: str,
    by_key: Mapping[bytes, Entry],
    now: datetime,
) -> set[bytes]:
    if not by_key:
        return set()
    values = [
        entry_columns(pepper, round_id, entry, now) | {"id_key": key}
        for key, entry in by_key.items()
    ]
    return set(session.scalars(insert_new(session, ELECTOR.c.id_key), values))


def entry_columns(pepper: RollKey, round_id: str, entry: Entry, now: datetime) -> dict[str, object]:
    """Return what is kept of a row, without the keyed hash of its number."""
    return {
        "round_id": round_id,
        "name_key": name_key(pepper, entry.name),
        "name_masked": mask_name(entry.name),
        "id_kind": entry.identity.kind.value,
        "id_masked": entry.identity.masked,
        "basis": BASIS_OF[entry.basis],
        "building": entry.building,
        "room_sealed": seal_room(pepper, entry.room),
        "phone_sealed": seal_phone(pepper, entry.phone),
        "age_band": entry.band.value,
        "added_at": now,
    }
