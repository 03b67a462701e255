"""The screen of a polling place: made and taken away at the desk, shown to whoever has its address."""

from typing import Any

from flask import Response, make_response, redirect, render_template, url_for
from flask import session as browser
from flask_login import current_user

from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.polling.document import code_picture
from voting.polling.rules import seconds_left
from voting.polling.service import (
    close_screen,
    find_screen,
    get_place,
    minute_code,
    open_screen,
    used_on,
)
from voting.polling.views.blueprint import SHOWN_ONCE, act, bp, place_page, server_address
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.rules import Phase, RoundChannel, SecondFactor
from voting.rounds.service import get_round
from voting.web.access import public
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.refusing import RefusingForm
from voting.web.text import _, say

_IDLE_SECONDS = 30


@bp.post("/desk/rounds/<round_id>/polling/<place_id>/screen")
@on_round(Permission.POLLING_MANAGE)
def screen_submit(round: Round, place_id: str) -> Any:
    """Make a new address for the screen; it is shown once, on the next page."""
    if not RefusingForm().validate_on_submit():
        raise NotFound
    get_place(get_session(), round.id, place_id)
    try:
        with transaction() as session:
            token = open_screen(
                session, now=now(), actor=current_user.actor, round_id=round.id, place_id=place_id
            )
    except NotFound:
        raise
    except Refusal as refusal:
        return place_page(round, place_id, problem=say(refusal)), refusal.status
    # In the officer's own cookie until the next page, so that reloading that page makes no other.
    browser[SHOWN_ONCE] = (place_id, token)
    place = url_for("polling.show", round_id=round.id, place_id=place_id)
    return redirect(f"{place}#screen", 303)


@bp.post("/desk/rounds/<round_id>/polling/<place_id>/screen/remove")
@on_round(Permission.POLLING_MANAGE)
def remove_screen_submit(round: Round, place_id: str) -> Any:
    """Take the screen away."""

    def work() -> None:
        with transaction() as session:
            close_screen(
                session, now=now(), actor=current_user.actor, round_id=round.id, place_id=place_id
            )

    return act(round, place_id, work, _("屏幕已收回，原来的网址打不开了。"))


@bp.get("/screen/<typed:token>")
@public
def screen(token: str) -> Response:
    """Show the code of the minute to whoever stands before it, or say why there is none."""
    place = find_screen(get_session(), token)
    round = get_round(get_session(), place.round_id)
    phase = round.phase_at(now())
    code = ""
    if phase is Phase.VOTING and _takes_codes(round):
        code = minute_code(current_keys(), round.id, place.id, now())
    page = render_template(
        "polling/screen.html",
        round=round,
        place=place,
        phase=phase.value,
        takes_codes=_takes_codes(round),
        code=code,
        seconds=seconds_left(now()) if code else _IDLE_SECONDS,
        picture=code_picture(_poster_address(round, code)) if code else "",
        used=used_on(get_session(), round.id, local_day(now())),
    )
    return make_response(page)


def _takes_codes(round: Round) -> bool:
    return round.offers(RoundChannel.POSTER) and round.proves_by(SecondFactor.SCREEN)


def _poster_address(round: Round, code: str) -> str:
    return f"{server_address()}/p/{round.id}?code={code}"
