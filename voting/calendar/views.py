"""The holiday table at the desk: what the street knows before the library does."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.calendar.forms import YEARS, HolidayForm
from voting.calendar.rules import FESTIVALS, library_knows
from voting.calendar.service import add_holidays, entered_years, holidays_of, remove_holiday
from voting.clock import local_day
from voting.errors import NotAllowed, NotFound, Refusal
from voting.permissions import Permission
from voting.web.access import needs
from voting.web.db import get_session, now, transaction
from voting.web.text import _

bp = Blueprint("calendar", __name__)


@bp.get("/desk/holidays")
@needs(Permission.SETTING_MANAGE)
def index() -> str:
    """Show what the table says about a year."""
    return _page(_year(), HolidayForm())


@bp.post("/desk/holidays")
@needs(Permission.SETTING_MANAGE)
def index_submit() -> Any:
    """Enter days off, or worked weekend days."""
    year, form = _year(), HolidayForm()
    if form.validate_on_submit():
        first: date = form.first.data  # type: ignore[assignment]  # it is required
        try:
            with transaction() as session:
                add_holidays(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    first=first,
                    last=form.last.data or first,
                    works=form.works.data == "works",
                    name=form.name.data,
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("已添加。"), "success")
            return redirect(url_for("calendar.index", year=first.year), 303)
    return _page(year, form), 422


@bp.post("/desk/holidays/remove")
@needs(Permission.SETTING_MANAGE)
def remove_submit() -> Any:
    """Take a day off the table."""
    if current_user.area.parent_id is not None:
        raise NotAllowed
    try:
        wanted = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        raise NotFound from None
    with transaction() as session:
        remove_holiday(session, now=now(), actor=current_user.actor, day=wanted)
    flash(_("已删除。"), "success")
    return redirect(url_for("calendar.index", year=wanted.year), 303)


def _year() -> int:
    # The table belongs to everybody: who runs a part of the installation may not change it.
    if current_user.area.parent_id is not None:
        raise NotAllowed
    year = request.args.get("year", local_day(now()).year, type=int)
    if year not in YEARS:
        raise NotFound
    return year


def _page(year: int, form: HolidayForm) -> str:
    session = get_session()
    return render_template(
        "calendar/index.html",
        year=year,
        years=[one for one in (year - 1, year, year + 1) if one in YEARS],
        holidays=holidays_of(session, year),
        is_known=library_knows(year),
        is_entered=year in entered_years(session, [year]),
        festivals=FESTIVALS,
        form=form,
    )
