"""A file on its way into the roll: sent, its columns named, looked at, read, and gone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voting.adapters.spreadsheets import Sheet, read_sheets
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.persistence.base import new_id
from voting.persistence.changing import changes_one
from voting.roll.models import RollUpload
from voting.roll.rules.columns import Header, guess
from voting.roll.service.living import hold_changeable
from voting.roll.service.shelf import SECONDS, Shelf

KEPT_FOR = timedelta(seconds=SECONDS)
CHECKED = "checked"
_LONGEST_FILE_NAME = 100


class UploadGone(Refusal):
    """The file was read, given up, or is older than an hour."""

    msgid = "这份文件已经不在服务器上了（读完、放弃或超过一小时就删除）。请重新上传。"


class UploadBusy(Refusal):
    """The file is being read."""

    msgid = "这份文件正在读，请等它读完。"


class ColumnsNotNamed(Refusal):
    """Nobody has said yet which column holds what."""

    msgid = "请先选好每一列是什么，再检查、导入。"


@dataclass(frozen=True)
class Naming:
    """Which sheet is read, where its header stands, and which column holds what."""

    sheet: int
    header: Header
    old_ages_checked: bool = False


def keep_upload(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    shelf: Shelf,
    round_id: str,
    content: bytes,
    file_name: str,
) -> RollUpload:
    """Keep a file that can be read as a table; raise an UnreadableSpreadsheet, RollClosed or RoundOver."""
    sheets = read_sheets(content)
    round = hold_changeable(session, round_id, actor, now)
    upload = RollUpload(
        id=new_id(),
        round_id=round.id,
        at=now,
        by=actor.id,
        file_name=file_name[-_LONGEST_FILE_NAME:],
        rows=len(sheets[likely_sheet(sheets)].rows),
    )
    session.add(upload)
    session.flush()
    shelf.put(round.id, upload.id, content)
    return upload


def likely_sheet(sheets: Sequence[Sheet]) -> int:
    """Return the place of the sheet whose header knows most columns, the first one of equals."""
    known = [len(guess(sheet.rows).places) for sheet in sheets]
    return known.index(max(known))


def get_upload(session: Session, *, actor: Actor, round_id: str, upload_id: str) -> RollUpload:
    """Return an officer's own upload; raise NotFound for other people's as for none."""
    found = session.get(RollUpload, upload_id) if upload_id.isalnum() else None
    if found is None or found.round_id != round_id or found.by != actor.id:
        raise NotFound
    return found


def sheets_of(shelf: Shelf, upload: RollUpload) -> list[Sheet]:
    """Return the sheets of a kept file; raise UploadGone."""
    content = shelf.get(upload.round_id, upload.id)
    if content is None or upload.state not in {"waiting", "reading"}:
        raise UploadGone
    return read_sheets(content)


def name_columns(session: Session, shelf: Shelf, upload: RollUpload, naming: Naming) -> None:
    """Note which column holds what; what was found before is void. Raise a WrongSheet or UploadBusy."""
    naming.header.require_whole()
    sheets = sheets_of(shelf, upload)
    move(
        session,
        upload,
        "waiting",
        header_row=naming.header.row,
        rows=len(sheets[naming.sheet].rows),
        columns=json.dumps(
            {
                "sheet": naming.sheet,
                "places": dict(naming.header.places),
                "basis": naming.header.basis,
                "old_ages_checked": naming.old_ages_checked,
            },
            ensure_ascii=False,
        ),
    )
    for part in (CHECKED, "differences"):
        shelf.drop(upload.id, part=part)


def naming_of(upload: RollUpload) -> Naming:
    """Return how the columns of an upload were named; raise ColumnsNotNamed."""
    if upload.columns is None:
        raise ColumnsNotNamed
    facts = json.loads(upload.columns)
    header = Header(upload.header_row or 0, facts["places"], facts["basis"])
    return Naming(facts["sheet"], header, old_ages_checked=facts["old_ages_checked"])


def move(session: Session, upload: RollUpload, to: str, **facts: object) -> None:
    """Take a waiting upload on; raise UploadBusy or UploadGone when somebody else was first."""
    _change(session, upload, "waiting", to, **facts)


def end_reading(session: Session, upload: RollUpload, to: str, **facts: object) -> None:
    """Say what came of a file that was being read."""
    _change(session, upload, "reading", to, **facts)


def _change(session: Session, upload: RollUpload, before: str, after: str, **facts: object) -> None:
    moved = changes_one(
        session,
        update(RollUpload)
        .where(RollUpload.id == upload.id, RollUpload.state == before)
        .values(state=after, **facts)
        .execution_options(synchronize_session=False),
    )
    session.refresh(upload)
    if not moved:
        raise UploadBusy if upload.state == "reading" else UploadGone


def give_up(session: Session, shelf: Shelf, upload: RollUpload) -> None:
    """Delete a file that shall not be read after all."""
    move(session, upload, "gone")
    shelf.drop(upload.id)


def forget_uploads(session: Session, shelf: Shelf, *, now: datetime) -> int:
    """Delete the files that are older than an hour and return how many."""
    old = session.scalars(
        update(RollUpload)
        .where(RollUpload.state.in_(("waiting", "reading")), RollUpload.at <= now - KEPT_FOR)
        .values(state="gone")
        .returning(RollUpload.id)
        .execution_options(synchronize_session=False)
    ).all()
    for upload_id in old:
        shelf.drop(upload_id)
    live = select(RollUpload.id).where(RollUpload.state.in_(("waiting", "reading")))
    shelf.sweep(session.scalars(live))
    return len(old)
