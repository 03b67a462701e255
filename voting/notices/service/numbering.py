"""Numbers of papers: each series without gaps, each number once."""

from datetime import datetime
from enum import Enum

from sqlalchemy import Update, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.clock import local_day
from voting.errors import Refusal
from voting.notices.models import NoticeCounter
from voting.notices.rules import desk_number, notice_number, read_number, rehearsal_number


class Series(Enum):
    """What is numbered apart: papers for everybody, papers of the desk, papers of rehearsals.

    A reader of the public series never meets a gap that only the desk could explain. The counter is kept
    by year, so the other series count in years that no paper will ever see.
    """

    PUBLIC = (0, notice_number)
    DESK = (10_000, desk_number)
    REHEARSAL = (20_000, rehearsal_number)

    def key(self, year: int) -> int:
        """Return the year under which this series is counted."""
        shift: int = self.value[0]
        return year + shift

    def number(self, year: int, count: int) -> str:
        """Return a number of this series as it is printed."""
        written: str = self.value[1](year, count)
        return written


class Overtaken(Refusal):
    """Something printed does not hold any more; printed anew, it may be issued."""

    msgid = "这份文件要重新生成。请再办一次。"


class NumberTaken(Overtaken):
    """Another paper got the number while this one was being printed."""

    msgid = "编号 %(number)s 刚刚被别的文件用了，这份没有发布。请再办一次。"


def next_number(session: Session, *, now: datetime, series: Series = Series.PUBLIC) -> str:
    """Return the number that the next paper of a series gets, if nobody takes it before."""
    year = local_day(now).year
    held = select(NoticeCounter.last).where(NoticeCounter.year == series.key(year))
    return series.number(year, (session.scalar(held) or 0) + 1)


def take_number(
    session: Session, year: int, *, wanted: str | None = None, series: Series = Series.PUBLIC
) -> str:
    """Return the next number of a series and hold it until the end of this act; raise NumberTaken.

    Whoever issues a paper waits here for the one before: after this, nobody else issues in this series.
    """
    key = series.key(year)
    _open_year(session, key)
    before = None
    if wanted is not None:
        parsed = read_number(wanted)
        if parsed is None or series.number(*parsed) != wanted or parsed[0] != year:
            raise NumberTaken(number=wanted)
        before = parsed[1] - 1
    last = session.scalars(raising(key, before).returning(NoticeCounter.last)).one_or_none()
    if last is None:
        raise NumberTaken(number=wanted or "")
    return series.number(year, last)


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
