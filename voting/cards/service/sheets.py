"""The job that lays out a batch's sheets, as a row: ordered once, found again, given up when it died."""

import os
import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.adapters.jobs import latest, under_way
from voting.adapters.keyring import Keyring
from voting.cards.models import CardBatch
from voting.cards.service.issuing import SeedForgotten
from voting.cards.service.noting import note
from voting.errors import NotFound
from voting.journal.rules import Actor
from voting.persistence.jobs import Job

SHEETS = "cards.sheets"


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
        kind=SHEETS,
        subject_id=batch_id,
        officer_id=actor.id,
        total=batch.sheets,
        created_at=now,
    )
    session.add(job)
    session.flush()
    note(session, actor, "cards.sheets", now=now, batch=batch)
    return job


def note_download(session: Session, *, now: datetime, actor: Actor, batch_id: str) -> None:
    """Note who took the file: from then on it lies on somebody's disk."""
    note(session, actor, "cards.download", now=now, batch=lock_ready(session, batch_id))


def latest_sheets(session: Session, batch_id: str) -> Job | None:
    """Return the newest job for a batch's file."""
    return latest(session, kind=SHEETS, subject_id=batch_id)


def sheets_made(session: Session, batch_id: str) -> bool:
    """Tell whether a file of the batch was ever finished."""
    query = select(Job.id).where(
        Job.subject_id == batch_id, Job.kind == SHEETS, Job.state == "done"
    )
    return session.scalars(query.limit(1)).one_or_none() is not None


def lock_ready(session: Session, batch_id: str) -> CardBatch:
    """Return a batch that still can be printed, locked until the commit; raise SeedForgotten.

    The file is put in place, and the seed is used, only under this lock: whoever settles the batch
    meanwhile waits, and then deletes what was put in place.
    """
    query = select(CardBatch).where(CardBatch.id == batch_id).with_for_update()
    batch = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if batch is None:
        raise NotFound
    if batch.state != "ready":
        raise SeedForgotten
    return batch


def settled_batches(session: Session) -> list[str]:
    """Return the batches whose seed and file must not exist any more."""
    return list(
        session.scalars(select(CardBatch.id).where(CardBatch.state.in_(("printed", "void"))))
    )


def sheets_file(var: Path, batch_id: str) -> Path:
    """Return where the finished file of a batch lies: it holds every secret of the batch."""
    return var / "prints" / f"{batch_id}.pdf"


def draft_sheets(var: Path, batch_id: str, content: bytes) -> Path:
    """Write a file, readable by its owner only, and return where; rename it under ``lock_ready``.

    Writing may take a second, and nobody can vote while a lock is held on SQLite.
    """
    path = sheets_file(var, batch_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{batch_id}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return draft


def forget_batch(keys: Keyring, var: Path, batch_id: str) -> None:
    """Delete the seed and every file of a settled batch: from now on these cards exist on paper only."""
    keys.forget_batch_seed(batch_id)
    path = sheets_file(var, batch_id)
    path.unlink(missing_ok=True)
    for draft in path.parent.glob(f".{batch_id}.*"):
        draft.unlink(missing_ok=True)
