"""The wizard: where, then five answers, and everything that follows from them on one page."""

from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from voting.areas.models import Area
from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.rounds.forms import USUAL_YEARS, NewRoundForm, RoundForm, taken_plan
from voting.rounds.models import Round
from voting.rounds.service import (
    clone_plan,
    create_round,
    fit_days,
    get_round,
    help_number_of,
    missing_in_area,
    offered_officers,
)
from voting.rounds.views.blueprint import bp, own_areas, to_round
from voting.rounds.views.picture import picture_of
from voting.web.access import needs
from voting.web.db import get_session, now, transaction


@bp.get("/desk/rounds/new")
@needs(Permission.ROUND_EDIT)
def new() -> Any:
    """Ask where the round shall be, then for its plan."""
    areas, source = own_areas(), _source(request.args.get("from", ""))
    wanted = request.args.get("area", "")
    if not wanted:
        if len(areas) == 1 and source is None:
            return redirect(url_for("rounds.new", area=areas[0].id), 303)
        return render_template("rounds/where.html", areas=areas, source=source)
    area = _own(areas, wanted)
    form = NewRoundForm(formdata=None, data=_first_values(area, source))
    return _page(form, area, source)


@bp.post("/desk/rounds/new")
@needs(Permission.ROUND_EDIT)
def new_submit() -> Any:
    """Open a round as a draft, or only work out its days anew."""
    form = NewRoundForm()
    area = _own(own_areas(), form.area_id.data or "")
    source = _source(form.from_id.data or "")
    form.offer_officers(offered_officers(get_session(), area))
    act = request.form.get("act", "")
    if act in ACTS:
        arrange(form, act)
        return _page(form, area, source)
    if form.validate_on_submit():
        try:
            return to_round(_open(form, area).id)
        except Refusal as refusal:
            form.refuse(refusal)
    return _page(form, area, source), 422


@bp.get("/desk/rounds/days")
@needs(Permission.ROUND_EDIT)
def days() -> str:
    """Return the picture of the days alone, for the script that follows the fields."""
    form = RoundForm(formdata=request.args, meta={"csrf": False})
    return render_template("rounds/_days.html", form=form, picture=picture_of(form))


ACTS = ("days", "redo", "earliest")


def arrange(form: RoundForm, act: str) -> None:
    """Put the days of the form in order: drawn anew, all worked out, or moved to the earliest."""
    if act == "earliest":
        form.show_day("opens_day", picture_of(form).earliest)
        form.show_day("closes_day", None)
    if act in {"redo", "earliest"}:
        for name in vars(form.given_days):
            form.show_day(name, None)


def _open(form: NewRoundForm, area: Area) -> Round:
    kind = "rehearsal" if request.form.get("kind") == "rehearsal" else "real"
    with transaction() as session:
        plan = fit_days(
            session, form.plan(), today=local_day(now()), is_rehearsal=kind == "rehearsal"
        )
        return create_round(
            session,
            now=now(),
            actor=current_user.actor,
            area_id=area.id,
            plan=plan,
            kind=kind,
            officer_ids=form.officer_ids.data or [],
        )


def _day(text: str) -> date:
    """Read a day from an address; ValueError leaves it out."""
    found = date.fromisoformat(text)
    if found.year not in USUAL_YEARS:
        raise ValueError(text)
    return found


def _own(areas: list[Area], area_id: str) -> Area:
    found = next((area for area in areas if area.id == area_id), None)
    if found is None:
        raise NotFound
    return found


def _source(round_id: str) -> Round | None:
    """Return the round whose plan is taken over; it lies in the officer's own area as well."""
    if not round_id:
        return None
    round = get_round(get_session(), round_id)
    if not round.area.lies_in(current_user.area):
        raise NotFound
    return round


def _first_values(area: Area, source: Round | None) -> dict[str, Any]:
    """Return with what the form begins: the help number of the area, the plan that is taken over."""
    values: dict[str, Any] = {}
    opens = request.args.get("opens", type=_day)
    if source is not None:
        plan = clone_plan(source, opens_day=opens or local_day(source.opens_at))
        values = taken_plan(plan, has_day=opens is not None)
    elif opens is not None:
        values = {"opens_day": opens}
    return values | {
        "area_id": area.id,
        "from_id": source.id if source else "",
        "help_number": help_number_of(get_session(), area),
    }


def _page(form: NewRoundForm, area: Area, source: Round | None) -> str:
    officers = offered_officers(get_session(), area)
    form.offer_officers(officers)
    return render_template(
        "rounds/new.html",
        form=form,
        area=area,
        source=source,
        lacking=missing_in_area(officers),
        picture=picture_of(form),
    )
