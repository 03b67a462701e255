"""The page of a round's key, and what its parts share."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask_login import current_user

from voting.custody.forms import KeyForm, PlaceForm
from voting.custody.holder import SetForm, SheetsForm
from voting.custody.rules import MAKING, SECRETS
from voting.custody.service import find_destruction, find_key, sheets_in_use, standing_of
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import get_round
from voting.web.db import current_keys, get_session
from voting.web.refusing import RefusingForm

bp = Blueprint("custody", __name__)


@bp.get("/desk/rounds/<round_id>/key")
@on_round(Permission.ROUND_READ)
def key(round: Round) -> Any:
    """Show where the custody of a round's key stands and what comes next."""
    return key_page(round.id)


def key_page(round_id: str, **forms: RefusingForm) -> str:
    """Return the page with forms that something was wrong with."""
    session = get_session()
    round = get_round(session, round_id)
    standing = standing_of(session, round)
    wanted = SheetsForm if standing.by_monitors else SetForm
    given: dict[str, Any] = {
        "form": KeyForm(formdata=None),
        "scan": wanted(formdata=None),
        "place": PlaceForm(formdata=None),
        **forms,
    }
    return render_template(
        "custody/key.html",
        round=round,
        standing=standing,
        record=find_key(session, round.id),
        sheets=sheets_in_use(session, round.id),
        destruction=find_destruction(session, round.id),
        may_make=round.frozen_at is None and Phase(round.phase) in MAKING,
        may_act=Permission.URN_OPEN in current_user.permissions and round.kind != "loaded",
        on_server=current_keys().has_seal_key(round.id),
        secrets=list(SECRETS.values()),
        **given,
    )


def to_key(round_id: str) -> Any:
    """Go to the page of a round's key."""
    return redirect(url_for("custody.key", round_id=round_id), 303)


def as_pdf(content: bytes, name: str) -> Any:
    """Return a PDF to be printed at once; nothing keeps it on the way."""
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
