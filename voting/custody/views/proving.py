"""Two sheets, or a recovery set, are read back."""

from typing import Any

from flask import flash
from flask_login import current_user

from voting.custody.holder import SetForm, SheetsForm
from voting.custody.service import prove_sheets, read_back
from voting.custody.views.blueprint import bp, key_page, to_key
from voting.errors import Refusal
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_keys, now, transaction
from voting.web.text import _


@bp.post("/desk/rounds/<round_id>/key/prove")
@on_round(Permission.URN_OPEN)
def prove_submit(round: Round) -> Any:
    """Open the test ballot with two sheets."""
    scan = SheetsForm()
    is_valid = scan.validate_on_submit()
    if not (scan.read() and is_valid):
        return key_page(round.id, scan=scan), 422
    first, second = scan.typed
    try:
        with transaction() as session:
            prove_sheets(
                session, now=now(), actor=current_user.actor, round_id=round.id,
                typed=(first, second),
            )  # fmt: skip
    except Refusal as refusal:
        scan.refuse(refusal)
        return key_page(round.id, scan=scan), refusal.status
    flash(_("试开成功：这两张钥匙纸能打开票箱。"), "success")
    return to_key(round.id)


@bp.post("/desk/rounds/<round_id>/key/read-back")
@on_round(Permission.URN_OPEN)
def read_back_submit(round: Round) -> Any:
    """Compare a recovery set with what the server uses."""
    scan = SetForm()
    is_valid = scan.validate_on_submit()
    if not (scan.read() and is_valid):
        return key_page(round.id, scan=scan), 422
    try:
        with transaction() as session:
            key = read_back(
                session, now=now(), actor=current_user.actor, keys=current_keys(),
                round_id=round.id, typed=scan.typed[0],
            )  # fmt: skip
    except Refusal as refusal:
        scan.refuse(refusal)
        return key_page(round.id, scan=scan), refusal.status
    flash(
        _("第 %(number)s 份恢复袋读回来了，和服务器用的一样。", number=key.proven_with), "success"
    )
    return to_key(round.id)
