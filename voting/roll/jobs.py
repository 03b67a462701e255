"""Reading a file into the roll, apart from any request."""

from sqlalchemy.orm import Session

from voting.accounts.service import get_officer
from voting.adapters.jobs import Work, latest
from voting.adapters.spreadsheets import UnreadableSpreadsheet
from voting.roll.holder import current_shelf
from voting.roll.models import RollUpload
from voting.roll.rules.columns import WrongSheet
from voting.roll.rules.reading import Reading
from voting.roll.service import (
    AT_ONCE,
    CHECK,
    CONFIRM,
    IMPORT,
    TAKE_OVER,
    Shelf,
    asked_by_others,
    compare,
    confirm_changes,
    end_reading,
    keep_checked,
    known_people,
    list_kept,
    order_of,
    read_kept,
    refuse,
    roll_key,
    take_over,
)
from voting.rounds.models import Round
from voting.rounds.service import get_round
from voting.web.db import current_database, current_keys, now


def check(work: Work) -> None:
    """Look at a file: what listing its people would do."""
    shelf = current_shelf()
    upload, reading = _read(work, shelf)
    with current_database().reading() as session:
        round = get_round(session, upload.round_id)
        pepper, known = roll_key(current_keys(), round), known_people(session, round.id)
    differences = compare(pepper, upload.round_id, known, reading, now()) if known else None
    with current_database().transaction() as session:
        keep_checked(
            session,
            keys=current_keys(),
            shelf=shelf,
            upload=session.get_one(RollUpload, upload.id),
            reading=reading,
            differences=differences,
        )


def list_people(work: Work) -> None:
    """List the people of a file, and delete it."""
    shelf = current_shelf()
    upload, reading = _read(work, shelf)
    with current_database().transaction() as session:
        list_kept(
            session,
            now=now(),
            actor=get_officer(session, upload.by).actor,
            keys=current_keys(),
            upload=session.get_one(RollUpload, upload.id),
            reading=reading,
        )
    shelf.drop(upload.id)


def take_over_list(work: Work) -> None:
    """Take over a whole list of a second file, page by page."""
    shelf = current_shelf()
    with current_database().reading() as session:
        upload, _round = _loaded(session, work.subject_id)
    kind, reason, pages = order_of(shelf, upload)
    for page in range(1, pages + 1):
        with current_database().transaction() as session:
            take_over(
                session,
                now=now(),
                actor=get_officer(session, upload.by).actor,
                keys=current_keys(),
                shelf=shelf,
                upload=session.get_one(RollUpload, upload.id),
                kind=kind,
                page=page,
                chosen=None,
                reason=reason,
            )
        work.progress(page)
    with current_database().transaction() as session:
        end_reading(session, session.get_one(RollUpload, upload.id), "waiting")


def confirm_all(work: Work) -> None:
    """Confirm what others asked for, a few changes in each transaction."""
    with current_database().reading() as session:
        job = latest(session, kind=CONFIRM, subject_id=work.subject_id)
        assert job is not None  # noqa: S101 -- the job that runs this
        officer_id = job.officer_id
        waiting = asked_by_others(session, work.subject_id, officer_id)
    for at in range(0, len(waiting), AT_ONCE):
        with current_database().transaction() as session:
            confirm_changes(
                session,
                now=now(),
                actor=get_officer(session, officer_id).actor,
                keys=current_keys(),
                round_id=work.subject_id,
                change_ids=waiting[at : at + AT_ONCE],
            )
        work.progress(min(at + AT_ONCE, len(waiting)))


def _read(work: Work, shelf: Shelf) -> tuple[RollUpload, Reading]:
    # No database is held while a file is read: on SQLite an open reader would stop every vote.
    with current_database().reading() as session:
        upload, round = _loaded(session, work.subject_id)
    try:
        return upload, read_kept(shelf, upload, round, now(), work.progress)
    except (WrongSheet, UnreadableSpreadsheet) as refusal:
        with current_database().transaction() as session:
            refuse(session, session.get_one(RollUpload, upload.id), refusal.msgid)
        shelf.drop(upload.id)
        raise


def _loaded(session: Session, upload_id: str) -> tuple[RollUpload, Round]:
    upload = session.get_one(RollUpload, upload_id)
    round = get_round(session, upload.round_id)
    session.expunge_all()
    return upload, round


HANDLERS = {
    CHECK: check, IMPORT: list_people, TAKE_OVER: take_over_list, CONFIRM: confirm_all,
}  # fmt: skip
