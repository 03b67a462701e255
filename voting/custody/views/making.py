"""The key is made, printed, and forgotten by the server."""

from collections.abc import Sequence
from typing import Any

from flask import flash
from flask_login import current_user

from voting.areas.holder import identity
from voting.custody.document import SecretFacts, SecretPaper, set_paper, sheet_paper
from voting.custody.forms import KeyForm, PlaceForm
from voting.custody.rules import SECRETS
from voting.custody.service import (
    forget_key,
    make_key,
    make_sets,
    note_printing,
    sheets_in_use,
    waiting_sheets,
)
from voting.custody.views.blueprint import as_pdf, bp, key_page, to_key
from voting.errors import Refusal
from voting.notices.holder import render
from voting.notices.holder import set_paper as typeset
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_keys, now, transaction
from voting.web.text import _


@bp.post("/desk/rounds/<round_id>/key/make")
@on_round(Permission.URN_OPEN)
def make_submit(round: Round) -> Any:
    """Make the key, or make it anew."""
    form = KeyForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                make_key(
                    session, now=now(), actor=current_user.actor, keys=current_keys(),
                    round_id=round.id,
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return key_page(round.id, form=form), refusal.status
        flash(_("开箱钥匙生成好了。接着打印。"), "success")
        return to_key(round.id)
    return key_page(round.id, form=form), 422


@bp.post("/desk/rounds/<round_id>/key/sheets")
@on_round(Permission.URN_OPEN)
def sheets_submit(round: Round) -> Any:
    """Return the three key sheets, to be printed now."""
    form = KeyForm()
    if not form.validate_on_submit():
        return key_page(round.id, form=form), 422
    try:
        with transaction() as session:
            held = {one.number: one.holder for one in sheets_in_use(session, round.id)}
            sheets = waiting_sheets(session, keys=current_keys(), round=round)
            note_printing(session, now=now(), actor=current_user.actor, round_id=round.id)
    except Refusal as refusal:
        form.refuse(refusal)
        return key_page(round.id, form=form), refusal.status
    papers = [SecretPaper(one.number, held.get(one.number, ""), one.lines) for one in sheets]
    facts = _facts(round, papers, set_no=sheets[0].set_no)
    return as_pdf(typeset(sheet_paper(facts, render=render)), "key-sheets.pdf")


@bp.post("/desk/rounds/<round_id>/key/forget")
@on_round(Permission.URN_OPEN)
def forget_submit(round: Round) -> Any:
    """Let the server forget the key: from now on only the sheets open the urn."""
    form = KeyForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                forget_key(session, now=now(), actor=current_user.actor, round_id=round.id)
        except Refusal as refusal:
            form.refuse(refusal)
            return key_page(round.id, form=form), refusal.status
        current_keys().forget_shares(round.id)
        flash(_("服务器已经忘掉这把钥匙。现在只有钥匙纸能开箱。"), "success")
        return to_key(round.id)
    return key_page(round.id, form=form), 422


@bp.post("/desk/rounds/<round_id>/key/sets")
@on_round(Permission.URN_OPEN)
def sets_submit(round: Round) -> Any:
    """Return the two recovery sets, to be printed now."""
    place = PlaceForm()
    if not place.validate_on_submit():
        return key_page(round.id, place=place), 422
    try:
        with transaction() as session:
            sets = make_sets(
                session, now=now(), actor=current_user.actor, keys=current_keys(),
                round_id=round.id, kept_at=place.kept_at.data or "",
            )  # fmt: skip
    except Refusal as refusal:
        place.refuse(refusal)
        return key_page(round.id, place=place), refusal.status
    papers = [SecretPaper(one.number, place.kept_at.data or "", one.lines) for one in sets]
    facts = _facts(round, papers, names=list(SECRETS.values()))
    return as_pdf(typeset(set_paper(facts, render=render)), "recovery-sets.pdf")


def _facts(
    round: Round, papers: Sequence[SecretPaper], *, set_no: int = 1, names: Sequence[str] = ()
) -> SecretFacts:
    return SecretFacts(
        round_title=round.title,
        set_no=set_no,
        help_phone=round.help_number,
        papers=papers,
        names=[str(_(name)) for name in names],
        demo=identity().demo,
        rehearsal=round.kind == "rehearsal",
    )
