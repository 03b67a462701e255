"""Bundles in the hands of workers: charged, taken back, and one's own."""

import io
from typing import Any

from flask import flash, render_template, send_file
from flask_login import current_user

from voting.adapters.fonts import find_fonts
from voting.adapters.pdf import render
from voting.errors import NotFound, Refusal
from voting.paper.document.slips import SlipFacts, slip_paper
from voting.paper.forms.printing import PressForm
from voting.paper.service import (
    bundles_held,
    bundles_of,
    charge_bundles,
    take_back,
)
from voting.paper.views.batches import batch_page, charge_form
from voting.paper.views.blueprint import bp, load_batch, to_batch
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_config, get_session, now, transaction
from voting.web.text import _, say

_PAPER = "/desk/rounds/<round_id>/paper"
_BATCH = f"{_PAPER}/batches/<batch_id>"


@bp.post(f"{_BATCH}/charge")
@on_round(Permission.PAPER_ISSUE)
def charge_submit(round: Round, batch_id: str) -> Any:
    """Charge a worker with bundles."""
    found = load_batch(round, batch_id)
    form = charge_form(round, found)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                charge_bundles(
                    session, now=now(), actor=current_user.actor, batch_id=found.id,
                    numbers=form.numbers, officer_id=form.holder.data,
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("已登记。请打印交接单，两个人当面点清张数，再签名。"), "success")
            return to_batch(round, found.id)
    return batch_page(round, found, form), 422


@bp.post(f"{_BATCH}/bundles/<int:number>/back")
@on_round(Permission.PAPER_ISSUE)
def back_submit(round: Round, batch_id: str, number: int) -> Any:
    """Take a bundle back of which nothing was handed out."""
    found = load_batch(round, batch_id)
    if not PressForm().validate_on_submit():
        flash(_("没有办成，请再按一次。"), "error")
        return to_batch(round, found.id)
    try:
        with transaction() as session:
            take_back(
                session, now=now(), actor=current_user.actor, batch_id=found.id, number=number
            )
    except Refusal as refusal:
        flash(say(refusal), "error")
    else:
        flash(_("第 %(number)d 本已经退回。请当面点清张数。", number=number), "success")
    return to_batch(round, found.id)


@bp.get(f"{_BATCH}/slips/<officer_id>.pdf")
@on_round(Permission.PAPER_ISSUE)
def slip(round: Round, batch_id: str, officer_id: str) -> Any:
    """Return the slip that two sign when bundles change hands."""
    found = load_batch(round, batch_id)
    lines = [one for one in bundles_of(get_session(), found) if one.holder_id == officer_id]
    if not lines:
        raise NotFound
    facts = SlipFacts(round.title, found.number, lines[0].holder or "", lines, now())
    paper = slip_paper(facts, render=render_template)
    config = current_config()
    fonts = find_fonts(config.font_dir, config.var / "fonts")
    content = render(paper.html, fonts=fonts, assets=paper.assets)
    name = _("纸质票交接单-第%(number)d批.pdf", number=found.number)
    return send_file(io.BytesIO(content), "application/pdf", as_attachment=True, download_name=name)


@bp.get(f"{_PAPER}/mine")
@on_round(Permission.CARD_HAND_OUT)
def mine(round: Round) -> str:
    """Show what lies in one's own hands."""
    lines = bundles_held(get_session(), round.id, current_user.id)
    return render_template("paper/mine.html", round=round, lines=lines)
