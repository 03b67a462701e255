"""Reading a file into the roll, apart from any request."""

from sqlalchemy.orm import Session

from voting.accounts.service import get_officer
from voting.adapters.jobs import Work
from voting.adapters.spreadsheets import UnreadableSpreadsheet
from voting.roll.holder import current_shelf
from voting.roll.models import RollUpload
from voting.roll.rules.columns import WrongSheet
from voting.roll.rules.reading import Reading
from voting.roll.service import CHECK, IMPORT, Shelf, keep_checked, list_kept, read_kept, refuse
from voting.rounds.models import Round
from voting.rounds.service import get_round
from voting.web.db import current_database, current_keys, now


def check(work: Work) -> None:
    """Look at a file: what listing its people would do."""
    shelf = current_shelf()
    upload, reading = _read(work, shelf)
    with current_database().transaction() as session:
        keep_checked(
            session,
            keys=current_keys(),
            shelf=shelf,
            upload=session.get_one(RollUpload, upload.id),
            reading=reading,
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


HANDLERS = {CHECK: check, IMPORT: list_people}
