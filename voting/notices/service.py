"""Papers as issued: numbered without gaps, stored with their facts and the digest of their PDF."""

import logging
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Update, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.adapters.storage import FileStore
from voting.areas.models import Area, Level
from voting.areas.service import areas_above, get_area
from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.notices.models import Notice, NoticeCounter
from voting.notices.rules import notice_number, office_name, read_number

PER_PAGE = 50
_LOG = logging.getLogger(__name__)


class Overtaken(Refusal):
    """Something printed does not hold any more; printed anew, it may be issued."""

    msgid = "这份文件要重新生成。请再办一次。"


class NumberTaken(Overtaken):
    """Another paper got the number while this one was being printed."""

    msgid = "编号 %(number)s 刚刚被别的文件用了，这份没有发布。请再办一次。"


class AlreadyIssued(Refusal):
    """The round has this paper already."""

    msgid = "这份文件已经发布过，不能再发布一次。"


class DamagedPaper(Refusal):
    """The stored PDF is gone or is not what was issued; it is never handed out."""

    msgid = "编号 %(number)s 的存档文件丢失或损坏，不能提供。请告诉管理员从备份里恢复。"
    status = 500


@dataclass(frozen=True)
class NoticePage:
    """One page of papers, the latest first; pages count from 1."""

    notices: list[Notice]
    page: int
    pages: int


def next_number(session: Session, *, now: datetime) -> str:
    """Return the number that the next paper gets, if nobody takes it before."""
    year = local_day(now).year
    last = session.scalar(select(NoticeCounter.last).where(NoticeCounter.year == year))
    return notice_number(year, (last or 0) + 1)


def issue(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    kind: str,
    title: str,
    area_id: str,
    round_id: str | None,
    facts: str,
    pdf_digest: str,
    publicity_from: date | None = None,
    publicity_to: date | None = None,
    number: str | None = None,
) -> Notice:
    """Store a paper under its number and return it; nothing can change it afterwards.

    ``facts`` is what ``write_facts`` wrote. ``number`` is the one that stands on the PDF: it is taken only
    if it still is the next, else NumberTaken. Raises AlreadyIssued when the round has this kind of paper.
    """
    area = get_area(session, area_id)
    taken = _take_number(session, local_day(now).year, number)
    notice = Notice(
        number=taken, kind=kind, area_id=area.id, round_id=round_id, title=title, facts=facts,
        pdf_digest=pdf_digest, issued_at=now, issued_by=actor.id,
        publicity_from=publicity_from, publicity_to=publicity_to,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(notice)
    except IntegrityError as doubled:
        raise AlreadyIssued from doubled
    record(
        session, actor, "notice.issue", now=now, kind="notice", id=notice.id,
        area_path=area.path, number=taken, paper=kind, round_id=round_id,
    )  # fmt: skip
    return notice


def _take_number(session: Session, year: int, wanted: str | None) -> str:
    _open_year(session, year)
    before = None
    if wanted is not None:
        parsed = read_number(wanted)
        if parsed is None or parsed[0] != year:
            raise NumberTaken(number=wanted)
        before = parsed[1] - 1
    last = session.scalars(raising(year, before).returning(NoticeCounter.last)).one_or_none()
    if last is None:
        raise NumberTaken(number=wanted or "")
    return notice_number(year, last)


def _open_year(session: Session, year: int) -> None:
    if session.get(NoticeCounter, year) is not None:
        return
    try:
        with session.begin_nested():
            session.execute(insert(NoticeCounter).values(year=year, last=0))
    except IntegrityError:
        # Somebody else opened the year at the same moment; its row is what matters.
        return


def raising(year: int, before: int | None) -> Update:
    """Return the update that raises a year's counter by one, only from ``before`` if it is given."""
    raised = update(NoticeCounter).where(NoticeCounter.year == year)
    if before is not None:
        raised = raised.where(NoticeCounter.last == before)
    return raised.values(last=NoticeCounter.last + 1).execution_options(synchronize_session=False)


def get_notice(session: Session, name: str) -> Notice:
    """Return a paper by its number or its id; raise NotFound."""
    safe = name.replace("-", "").isalnum() and name.isascii()
    notice = (
        session.scalars(
            select(Notice).where((Notice.number == name) | (Notice.id == name))
        ).one_or_none()
        if safe
        else None
    )
    if notice is None:
        raise NotFound
    return notice


def find_notice(session: Session, round_id: str, kind: str) -> Notice | None:
    """Return the latest edition of a round's paper, or None."""
    query = select(Notice).where(Notice.round_id == round_id, Notice.kind == kind)
    return session.scalars(query.order_by(Notice.edition.desc()).limit(1)).one_or_none()


def notices_of(session: Session, round_id: str | None = None) -> list[Notice]:
    """Return the papers of a round, or all, in the order of their numbers."""
    query = select(Notice)
    if round_id is not None:
        query = query.where(Notice.round_id == round_id)
    return list(session.scalars(query.order_by(Notice.issued_at, Notice.number)))


def notices_in(session: Session, area: Area, *, page: int = 1) -> NoticePage:
    """Return a page of the papers of an area and everything below it, the latest first."""
    inside = Area.path.startswith(area.path, autoescape=True)
    joined = select(Notice).join(Area, Area.id == Notice.area_id).where(inside)
    total = session.scalar(select(func.count()).select_from(joined.subquery())) or 0
    pages = max(-(-total // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    ordered = joined.order_by(Notice.issued_at.desc(), Notice.number.desc())
    notices = session.scalars(ordered.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return NoticePage(list(notices), page, pages)


def issuer_of(session: Session, area: Area) -> str:
    """Return who issues the papers of an area: the office of its street, or the topmost area's name."""
    above = [*areas_above(session, area), area]
    street = next((held for held in above if held.level == Level.STREET), above[0])
    return office_name(street.name)


def pdf_of(files: FileStore, notice: Notice) -> bytes:
    """Return the PDF of a paper, byte for byte as issued; raise DamagedPaper and write it to the log."""
    try:
        return files.get(notice.pdf_digest)
    except (FileNotFoundError, ValueError) as damage:
        _LOG.error("the PDF of notice %s is lost or damaged: %s", notice.number, notice.pdf_digest)
        raise DamagedPaper(number=notice.number) from damage
