"""The PDF of a paper: printed at issue or at the first asking, then never another."""

import logging

from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session

from voting.adapters.storage import FileStore
from voting.errors import Refusal
from voting.notices.models import Notice

_LOG = logging.getLogger(__name__)


class DamagedPaper(Refusal):
    """The stored PDF is gone or is not what was issued; it is never handed out."""

    msgid = "编号 %(number)s 的存档文件丢失或损坏，不能提供。请告诉管理员从备份里恢复。"
    status = 500


def keep_digest(session: Session, notice_id: str, digest: str) -> str:
    """Let a stored PDF be the one of a paper that has none yet; return the digest that stands."""
    session.execute(printing(notice_id, digest))
    standing = session.scalars(select(Notice.pdf_digest).where(Notice.id == notice_id)).one()
    return standing or digest


def printing(notice_id: str, digest: str) -> Update:
    """Return the update that gives a paper its PDF, only if it has none."""
    return (
        update(Notice)
        .where(Notice.id == notice_id, Notice.pdf_digest.is_(None))
        .values(pdf_digest=digest)
        .execution_options(synchronize_session=False)
    )


def stored_pdf(files: FileStore, *, number: str, digest: str) -> bytes:
    """Return the PDF of a paper, byte for byte as printed; raise DamagedPaper and write it to the log."""
    try:
        return files.get(digest)
    except (FileNotFoundError, ValueError) as damage:
        _LOG.error("the PDF of notice %s is lost or damaged: %s", number, digest)
        raise DamagedPaper(number=number) from damage
