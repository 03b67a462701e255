"""Papers are issued: numbered, stored with their facts, written into the journal."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.areas.models import Area
from voting.areas.service import find_installation, get_area
from voting.clock import local_day
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.notices.models import Notice
from voting.notices.rules import PlainPaper, write_facts
from voting.notices.service.numbering import Series, take_number

PUBLIC, DESK = "public", "desk"


class AlreadyIssued(Refusal):
    """The round has this paper already."""

    msgid = "这份文件已经发布过，不能再发布一次。"


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
    pdf_digest: str | None = None,
    publicity_from: date | None = None,
    publicity_to: date | None = None,
    number: str | None = None,
    audience: str = PUBLIC,
    repeatable: bool = False,
    rehearsal: bool = False,
) -> Notice:
    """Store a paper under its number and return it; nothing can change it afterwards.

    ``facts`` is what ``write_facts`` wrote. ``number`` is the one that stands on the PDF: it is taken only
    if it still is the next, else NumberTaken. Without ``pdf_digest`` the paper is printed from its facts
    when somebody first asks. Raises AlreadyIssued when the round has this kind of paper, unless it is
    ``repeatable``: then it is the next edition. A ``rehearsal``'s paper is numbered apart and stays at
    the desk, whatever its audience would be: a rehearsal may be deleted.
    """
    _check_new(session, round_id, kind, repeatable=repeatable)
    series, audience = _series(audience, is_rehearsal=rehearsal)
    taken = take_number(session, local_day(now).year, wanted=number, series=series)
    notice = Notice(
        number=taken, kind=kind, area_id=area_id, round_id=round_id, title=title, facts=facts,
        pdf_digest=pdf_digest, audience=audience, publicity_from=publicity_from, publicity_to=publicity_to,
    )  # fmt: skip
    return _store(session, notice, now=now, actor=actor, repeatable=repeatable)


def issue_plain(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    kind: str,
    area: Area,
    round_id: str | None,
    paper: PlainPaper,
    audience: str = PUBLIC,
    repeatable: bool = False,
    publicity_from: date | None = None,
    publicity_to: date | None = None,
) -> Notice:
    """Issue a paper in words and return it; it is printed when somebody first asks for it.

    Raises what ``issue`` raises, and keeps a rehearsal's paper apart as ``issue`` does.
    """
    _check_new(session, round_id, kind, repeatable=repeatable)
    series, audience = _series(audience, is_rehearsal=paper.rehearsal)
    number = take_number(session, local_day(now).year, series=series)
    installation = find_installation(session)
    is_demo = installation is not None and installation.demo
    printed = replace(paper, number=number, demo=paper.demo or is_demo)
    notice = Notice(
        number=number, kind=kind, area_id=area.id, round_id=round_id, title=paper.title,
        facts=write_facts(printed), audience=audience, publicity_from=publicity_from,
        publicity_to=publicity_to,
    )  # fmt: skip
    return _store(session, notice, now=now, actor=actor, repeatable=repeatable)


def _series(audience: str, *, is_rehearsal: bool) -> tuple[Series, str]:
    if is_rehearsal:
        return Series.REHEARSAL, DESK
    return (Series.PUBLIC if audience == PUBLIC else Series.DESK), audience


def _store(
    session: Session, notice: Notice, *, now: datetime, actor: Actor, repeatable: bool
) -> Notice:
    area = get_area(session, notice.area_id)
    # Others who issue wait for the number taken above, so no edition can come in between.
    editions = _check_new(session, notice.round_id, notice.kind, repeatable=repeatable)
    notice.edition, notice.issued_at, notice.issued_by = editions + 1, now, actor.id
    try:
        with session.begin_nested():
            session.add(notice)
    except IntegrityError:
        if _editions(session, notice.round_id, notice.kind) > editions:
            raise AlreadyIssued from None
        raise
    record(
        session, actor, "notice.issue", now=now, kind="notice", id=notice.id,
        area_path=area.path, number=notice.number, paper=notice.kind, round_id=notice.round_id,
    )  # fmt: skip
    return notice


def _check_new(session: Session, round_id: str | None, kind: str, *, repeatable: bool) -> int:
    """Return how many editions there are; raise AlreadyIssued where there may be one only.

    Asked before a number is taken, so that whoever is refused leaves no gap.
    """
    editions = _editions(session, round_id, kind)
    if editions and not repeatable:
        raise AlreadyIssued
    return editions


def _editions(session: Session, round_id: str | None, kind: str) -> int:
    if round_id is None:
        return 0
    same = select(func.max(Notice.edition)).where(Notice.round_id == round_id, Notice.kind == kind)
    return session.scalar(same) or 0
