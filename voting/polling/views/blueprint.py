"""What the pages about polling places share."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as browser

from voting.areas.service import find_installation, public_url
from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.polling.document import code_picture
from voting.polling.forms import ShiftForm
from voting.polling.models import PollingPlace
from voting.polling.service import get_place, offered_for_shifts, shifts_of
from voting.rounds.models import Round
from voting.web.db import current_config, get_session, now
from voting.web.refusing import RefusingForm
from voting.web.text import say

bp = Blueprint("polling", __name__)
SHOWN_ONCE = "screen"


def place_page(
    round: Round, place_id: str, form: ShiftForm | None = None, problem: str = ""
) -> str:
    """Return the page of one place, with the address of its screen if that was made a moment ago."""
    session = get_session()
    place = get_place(session, round.id, place_id)
    page = request.args.get("page", 1, type=int)
    lines, pages = shifts_of(session, place, page=page)
    form = form or ShiftForm(formdata=None, day=local_day(now()))
    form.offer(offered_for_shifts(session, round))
    address = _address_once(place)
    return render_template(
        "polling/place.html",
        round=round,
        place=place,
        form=form,
        problem=problem,
        lines=lines,
        page=min(max(page, 1), pages),
        pages=pages,
        address=address,
        picture=code_picture(address) if address else "",
    )


def act(round: Round, place_id: str, work: Callable[[], Any], done: str) -> Any:
    """Do something to a place and come back to its page; a refusal is told there."""
    if not RefusingForm().validate_on_submit():
        raise NotFound
    get_place(get_session(), round.id, place_id)
    try:
        work()
    except NotFound:
        raise
    except Refusal as refusal:
        return place_page(round, place_id, problem=say(refusal)), refusal.status
    flash(done, "success")
    return redirect(url_for("polling.show", round_id=round.id, place_id=place_id), 303)


def server_address() -> str:
    """Return the address under which residents reach the platform."""
    return public_url(find_installation(get_session()), current_config())


def _address_once(place: PollingPlace) -> str:
    kept = browser.pop(SHOWN_ONCE, None)
    if not kept or kept[0] != place.id:
        return ""
    return f"{server_address()}{url_for('polling.screen', token=kept[1])}"
