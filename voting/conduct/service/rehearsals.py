"""A rehearsal is deleted with everything that belongs to it (docs/adr/0039)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.storage import FileStore
from voting.cards.models import CardBatch
from voting.conduct.service.belongings import (
    files_named,
    ids_of,
    owned_tables,
    rows_of,
    still_named,
)
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.persistence.jobs import Job
from voting.persistence.roles import FORGOTTEN, forget_rehearsal_ledger
from voting.roll.models import RollUpload
from voting.roll.service.shelf import Shelf
from voting.rounds.models import Round
from voting.rounds.service import hold_round, successor_of


class NotARehearsal(Refusal):
    """A real round stays."""

    msgid = "这不是演练轮次。真的轮次不能删除，只能终止。"


class RepeatedByAnother(Refusal):
    """The vote was void and held again: that round goes first."""

    msgid = "这一轮重新组织过投票。请先删除“%(title)s”。"


@dataclass(frozen=True)
class Remains:
    """What lies outside the database after a rehearsal's rows are gone."""

    round_id: str
    digests: frozenset[str]
    batch_ids: Sequence[str]
    upload_ids: Sequence[str]


def delete_rehearsal(session: Session, *, now: datetime, actor: Actor, round_id: str) -> Remains:
    """Delete a rehearsal with everything that belongs to it; only the journal keeps that it was.

    Every statement asks the database itself whether the round is a rehearsal. Files and keys go after the
    commit, by ``clear_remains``. Raises NotFound, NotARehearsal or RepeatedByAnother.
    """
    round = hold_round(session, round_id)
    if not round.area.path.startswith(actor.area_path):
        raise NotFound
    is_rehearsal = (Round.id == round_id, Round.kind == "rehearsal")
    id = select(Round.id).where(*is_rehearsal).scalar_subquery()
    if session.scalar(select(Round.id).where(*is_rehearsal)) is None:
        raise NotARehearsal
    successor = successor_of(session, round_id)
    if successor is not None:
        raise RepeatedByAnother(title=successor.title)
    remains = Remains(
        round_id=round_id,
        digests=frozenset(files_named(session, id)),
        batch_ids=session.scalars(select(CardBatch.id).where(CardBatch.round_id == id)).all(),
        upload_ids=session.scalars(select(RollUpload.id).where(RollUpload.round_id == id)).all(),
    )
    title, path = round.title, round.area.path
    _delete_rows(session, id)
    session.execute(delete(Round).where(*is_rehearsal).execution_options(synchronize_session=False))
    session.expunge_all()
    record(
        session, actor, "round.delete_rehearsal", now=now, kind="round", id=round_id,
        area_path=path, title=title,
    )  # fmt: skip
    return remains


def clear_remains(
    session: Session, *, keys: Keyring, files: FileStore, shelf: Shelf, remains: Remains
) -> None:
    """Delete the keys of a rehearsal that is gone, and those of its files that no row names any more.

    Runs in a transaction of its own after the commit: if the program dies in between, only room is lost.
    """
    keys.forget_round(remains.round_id)
    for batch_id in remains.batch_ids:
        keys.forget_batch_seed(batch_id)
    for upload_id in remains.upload_ids:
        shelf.drop(upload_id)
    for digest in remains.digests - still_named(session, remains.digests):
        files.discard(digest)


def _delete_rows(session: Session, round_id: ColumnElement[str]) -> None:
    for ids in ids_of(session, round_id):
        session.execute(delete(Job).where(Job.subject_id.in_(ids)))
    session.execute(delete(Job).where(Job.subject_id == round_id))
    forgotten = forget_rehearsal_ledger(
        session.connection(), session.scalars(select(round_id)).one()
    )
    for table in reversed(owned_tables()):
        if forgotten and table.name in FORGOTTEN:
            continue
        session.execute(delete(table).where(rows_of(table, round_id)))
