"""Who was on duty at a polling place, when."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.persistence.paging import one_page
from voting.polling.models import PollingPlace, Shift
from voting.polling.rules import check_shift
from voting.polling.service.places import get_place, note
from voting.rounds.models import Round
from voting.rounds.service import get_round, offered_officers


class OfficerUnfit(Refusal):
    """The officer does not work in the area of the round."""

    msgid = "选中的工作人员不在这一轮的区域里。请重新选。"
    field = "officer_id"


class ShiftTwice(Refusal):
    """The same officer begins at the same time twice."""

    msgid = "这位工作人员这一天这个时间已经排了班。"
    field = "begins"


@dataclass(frozen=True)
class ShiftLine:
    """A shift as it is listed."""

    id: str
    officer: str
    day: date
    begins: str
    ends: str


def offered_for_shifts(session: Session, round: Round) -> list[Officer]:
    """Return who can be on duty at a place of a round."""
    return offered_officers(session, round.area)


def shifts_of(session: Session, place: PollingPlace, *, page: int) -> tuple[list[ShiftLine], int]:
    """Return one page of a place's shifts, newest day first, and how many pages there are."""
    shifts = (
        select(Shift.id, Officer.name, Shift.day, Shift.begins, Shift.ends)
        .join(Officer, Officer.id == Shift.officer_id)
        .where(Shift.place_id == place.id)
        .order_by(Shift.day.desc(), Shift.begins, Officer.name, Shift.id)
    )
    rows, pages, *_ = one_page(session, shifts, page)
    return [ShiftLine(*row) for row in rows], pages


def add_shift(
    session: Session, *, now: datetime, actor: Actor, round_id: str, place_id: str, officer_id: str,
    day: date, begins: str, ends: str,
) -> Shift:  # fmt: skip
    """Put an officer on duty, or note that they were.

    Raises NotFound, OfficerUnfit, ShiftTwice or ShiftEndsFirst.
    """
    round = get_round(session, round_id)
    place = get_place(session, round_id, place_id)
    if officer_id not in {one.id for one in offered_for_shifts(session, round)}:
        raise OfficerUnfit
    check_shift(begins, ends)
    shift = Shift(place_id=place.id, officer_id=officer_id, day=day, begins=begins, ends=ends)
    session.add(shift)
    try:
        session.flush()
    except IntegrityError as twice:
        raise ShiftTwice from twice
    note(
        session, now, actor, "polling.add_shift", place, round,
        officer_id=officer_id, day=day.isoformat(),
    )  # fmt: skip
    return shift


def remove_shift(
    session: Session, *, now: datetime, actor: Actor, round_id: str, place_id: str, shift_id: str
) -> None:
    """Take a shift off the list; raise NotFound."""
    round = get_round(session, round_id)
    place = get_place(session, round_id, place_id)
    shift = session.get(Shift, shift_id)
    if shift is None or shift.place_id != place.id:
        raise NotFound
    session.delete(shift)
    note(
        session, now, actor, "polling.remove_shift", place, round,
        officer_id=shift.officer_id, day=shift.day.isoformat(),
    )  # fmt: skip
