"""The job that reads a kept file, as a row: to look at it, and to list its people."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voting.adapters.jobs import DIED
from voting.adapters.keyring import Keyring
from voting.journal.rules import Actor
from voting.persistence.jobs import Job
from voting.roll.models import RollUpload
from voting.roll.rules.entries import read_sheet
from voting.roll.rules.reading import Reading
from voting.roll.service.differing import Differences, keep_differences
from voting.roll.service.importing import check_reading, hold_roll, list_reading, terms_of
from voting.roll.service.living import hold_changeable
from voting.roll.service.reports import Checked, ImportReport, dump_checked, load_checked
from voting.roll.service.shelf import Shelf
from voting.roll.service.taking_over import TAKE_OVER
from voting.roll.service.uploads import CHECKED, end_reading, move, naming_of, sheets_of
from voting.rounds.models import Round

CHECK = "roll.check"
IMPORT = "roll.import"


def order_reading(
    session: Session, *, now: datetime, actor: Actor, upload: RollUpload, kind: str
) -> Job:
    """Order that a file be looked at (CHECK) or listed (IMPORT); raise RollFrozen, RollClosed, UploadBusy, …

    The row of the upload decides: of two that ask at once one gets the job.
    """
    naming_of(upload)
    if kind == CHECK:
        hold_changeable(session, upload.round_id, actor, now)
    else:
        hold_roll(session, upload.round_id, actor)
    move(session, upload, "reading")
    job = Job(
        kind=kind,
        subject_id=upload.id,
        officer_id=actor.id,
        total=upload.rows,
        created_at=now,
    )
    session.add(job)
    session.flush()
    return job


def latest_reading(session: Session, upload: RollUpload) -> Job | None:
    """Return the newest job about a file."""
    query = select(Job).where(Job.subject_id == upload.id, Job.kind.in_((CHECK, IMPORT, TAKE_OVER)))
    newest = (Job.created_at.desc(), Job.finished_at.is_not(None), Job.id)
    return session.scalars(query.order_by(*newest).limit(1)).one_or_none()


def settle_reading(
    session: Session, *, now: datetime, upload: RollUpload, served: bool
) -> Job | None:
    """Give a file free again whose job failed, or died because nobody works jobs off; return the job."""
    job = latest_reading(session, upload)
    if job and job.state == "running" and not served:
        session.execute(
            update(Job)
            .where(Job.id == job.id, Job.state == "running")
            .values(state="failed", message=DIED, finished_at=now)
            .execution_options(synchronize_session=False)
        )
        session.refresh(job)
    if job and job.state == "failed" and upload.state == "reading":
        end_reading(session, upload, "waiting")
    return job


def read_kept(
    shelf: Shelf, upload: RollUpload, round: Round, now: datetime, progress: Callable[[int], None]
) -> Reading:
    """Read a kept file without a database; ``progress`` hears how many rows are done."""
    naming = naming_of(upload)
    sheets = sheets_of(shelf, upload)
    done = 0

    def count(rows: int) -> None:
        nonlocal done
        done += rows
        progress(min(done, upload.rows))

    terms = terms_of(round, now, old_ages_checked=naming.old_ages_checked)
    return read_sheet(sheets[naming.sheet].rows, terms, count, header=naming.header)


def keep_checked(
    session: Session,
    *,
    keys: Keyring,
    shelf: Shelf,
    upload: RollUpload,
    reading: Reading,
    differences: Differences | None = None,
) -> None:
    """Keep what listing a file would do, beside the file, and how it differs from a roll that is there."""
    if differences is not None:
        keep_differences(shelf, upload, differences)
    report = check_reading(session, keys=keys, round_id=upload.round_id, reading=reading)
    shelf.put(upload.round_id, upload.id, dump_checked(report).encode(), part=CHECKED)
    end_reading(session, upload, "waiting")


def checked_of(shelf: Shelf, upload: RollUpload) -> Checked | None:
    """Return what listing a file would do, if it was looked at."""
    text = shelf.get(upload.round_id, upload.id, part=CHECKED)
    return None if text is None else load_checked(text.decode())


def list_kept(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    upload: RollUpload,
    reading: Reading,
) -> ImportReport:
    """List the people of a kept file; raise RollFrozen or RoundOver."""
    round = hold_roll(session, upload.round_id, actor)
    report = list_reading(
        session,
        now=now,
        actor=actor,
        keys=keys,
        round=round,
        reading=reading,
        file_name=upload.file_name,
    )
    end_reading(session, upload, "read", import_id=report.import_id)
    return report


def refuse(session: Session, upload: RollUpload, msgid: str) -> None:
    """Note why a file cannot be read at all."""
    end_reading(session, upload, "refused", refusal=msgid)
