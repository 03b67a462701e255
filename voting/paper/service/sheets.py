"""The job that lays out a batch, as a row, and the file it makes, which bears every serial of the batch."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.adapters.jobs import latest, under_way
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.paper.models import PaperBallot, PaperBatch
from voting.paper.service.noting import note
from voting.persistence.jobs import Job

SHEETS = "paper.sheets"


class BatchNotReady(Refusal):
    """What was printed, or will not be, is not printed again: two papers would bear one serial."""

    msgid = "这一批已经确认印好或作废，打印文件已经删掉，不能再打印。少了票，请另印一批。"


@dataclass(frozen=True)
class PaperFace:
    """What a paper has of its own when it is printed."""

    serial: str
    version: int
    bundle: int


def order_sheets(
    session: Session, *, now: datetime, actor: Actor, batch_id: str, served: bool
) -> Job:
    """Return the job that makes a batch's file: one under way, or a new one in state ``waiting``.

    ``served`` says whether anybody works jobs off; if not, one that claims to be running has died.
    """
    batch = lock_ready(session, batch_id)
    moving = under_way(session, kind=SHEETS, subject_id=batch_id, now=now, served=served)
    if moving:
        return moving
    job = Job(
        kind=SHEETS, subject_id=batch_id, officer_id=actor.id, total=batch.count, created_at=now,
    )  # fmt: skip
    session.add(job)
    session.flush()
    note(session, actor, "paper.sheets", now=now, batch=batch)
    return job


def note_download(session: Session, *, now: datetime, actor: Actor, batch_id: str) -> None:
    """Note who took the file: from then on it lies on somebody's disk."""
    note(session, actor, "paper.download", now=now, batch=lock_ready(session, batch_id))


def latest_sheets(session: Session, batch_id: str) -> Job | None:
    """Return the newest job for a batch's file."""
    return latest(session, kind=SHEETS, subject_id=batch_id)


def sheets_made(session: Session, batch: PaperBatch) -> bool:
    """Tell whether a file of the batch was ever finished; that of a pack may have been written elsewhere."""
    done = select(Job.id).where(Job.subject_id == batch.id, Job.state == "done")
    return batch.kind == "emergency" or session.scalars(done.limit(1)).first() is not None


def lock_ready(session: Session, batch_id: str) -> PaperBatch:
    """Return a batch that still can be printed, locked until the commit; raise NotFound or BatchNotReady.

    The file is put in place only under this lock: whoever settles the batch meanwhile waits, and then
    deletes what was put in place.
    """
    query = select(PaperBatch).where(PaperBatch.id == batch_id).with_for_update()
    batch = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if batch is None:
        raise NotFound
    if batch.state != "ready":
        raise BatchNotReady
    return batch


def faces_of(session: Session, batch: PaperBatch) -> Sequence[PaperFace]:
    """Return the papers of a batch bundle by bundle, inside a bundle in an order that nothing keeps."""
    rows = session.execute(
        select(PaperBallot.serial, PaperBallot.version, PaperBallot.bundle).where(
            PaperBallot.round_id == batch.round_id, PaperBallot.batch_id == batch.id
        )
    )
    faces = [PaperFace(serial, version, bundle) for serial, version, bundle in rows]
    secrets.SystemRandom().shuffle(faces)
    return sorted(faces, key=lambda face: face.bundle)


def sheets_file(var: Path, batch: PaperBatch) -> Path:
    """Return where the finished file of a batch lies; a pack holds the register as well."""
    name = "emergency" if batch.kind == "emergency" else "paper"
    return var / "prints" / f"{name}-{batch.id}.pdf"


def settled_files(session: Session, var: Path) -> list[Path]:
    """Return where files of batches may lie that must not exist any more."""
    settled = select(PaperBatch).where(PaperBatch.state.in_(("printed", "void")))
    return [sheets_file(var, batch) for batch in session.scalars(settled)]


def draft_file(path: Path, content: bytes) -> Path:
    """Write a file beside its place, readable by its owner only; rename it under ``lock_ready``."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return draft


def forget_sheets(var: Path, batch: PaperBatch) -> None:
    """Delete every file of a settled batch: from now on these papers exist on paper only."""
    forget_file(sheets_file(var, batch))


def forget_file(path: Path) -> None:
    """Delete a file of papers, and drafts of it that a killed process left behind."""
    path.unlink(missing_ok=True)
    for draft in path.parent.glob(f".{path.name}.*"):
        draft.unlink(missing_ok=True)
