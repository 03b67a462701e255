"""A monitor has lost a sheet, or found it again."""

from typing import Any

from flask import flash, render_template
from flask_login import current_user

from voting.clock import local_day
from voting.custody.forms import KeyForm, LossForm
from voting.custody.models import HeldSheet
from voting.custody.service import record_found, record_loss, sheets_in_use, standing_of
from voting.custody.views.blueprint import bp, key_page, to_key
from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import get_session, now, transaction
from voting.web.text import _


@bp.get("/desk/rounds/<round_id>/key/sheets/<number>/lost")
@on_round(Permission.URN_OPEN)
def lost(round: Round, number: str) -> str:
    """Ask since when a sheet is lost, and say what follows."""
    return _page(round, number, LossForm(formdata=None, data={"day": local_day(now())}))


@bp.post("/desk/rounds/<round_id>/key/sheets/<number>/lost")
@on_round(Permission.URN_OPEN)
def lost_submit(round: Round, number: str) -> Any:
    """Note that a sheet is lost."""
    sheet = _sheet(round, number)
    form = LossForm()
    if form.validate_on_submit() and form.day.data:
        try:
            with transaction() as session:
                record_loss(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    number=sheet.number, day=form.day.data, reason=form.reason.data or "",
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, number, form), refusal.status
        flash(_("记下了：第 %(number)s 张钥匙纸丢失。", number=sheet.number), "success")
        return to_key(round.id)
    return _page(round, number, form), 422


@bp.post("/desk/rounds/<round_id>/key/sheets/<number>/found")
@on_round(Permission.URN_OPEN)
def found_submit(round: Round, number: str) -> Any:
    """Note that a sheet was found again."""
    sheet = _sheet(round, number)
    form = KeyForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                record_found(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    number=sheet.number,
                )
        except Refusal as refusal:
            form.refuse(refusal)
            return key_page(round.id, form=form), refusal.status
        flash(_("记下了：第 %(number)s 张钥匙纸找到了。", number=sheet.number), "success")
        return to_key(round.id)
    return key_page(round.id, form=form), 422


def _page(round: Round, number: str, form: LossForm) -> str:
    session = get_session()
    return render_template(
        "custody/lost.html",
        round=round,
        form=form,
        sheet=_sheet(round, number),
        standing=standing_of(session, round),
    )


def _sheet(round: Round, number: str) -> HeldSheet:
    found = (one for one in sheets_in_use(get_session(), round.id) if str(one.number) == number)
    sheet = next(found, None)
    if sheet is None:
        raise NotFound
    return sheet
