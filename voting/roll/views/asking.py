"""Asking for a change of a frozen roll: from the pages on which one officer changed it before."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.roll.forms import AskCorrectForm, AskPersonForm, AskRestoreForm, StrikeForm
from voting.roll.models import RollChange
from voting.roll.service import (
    RollClosed,
    RollNotFrozen,
    ask_add,
    ask_correct,
    ask_restore,
    ask_strike,
)
from voting.roll.views.blueprint import bp
from voting.roll.views.people import enter_page, person_page
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_keys, now, transaction
from voting.web.refusing import RefusingForm
from voting.web.text import _

_ROLL = "/desk/rounds/<round_id>/roll"
_PERSON = f"{_ROLL}/people/<elector_id>"
# What a whole page has to say, and no single field.
_STATES = (NotFound, RollClosed, RollNotFrozen)


@bp.post(f"{_ROLL}/enter/ask")
@on_round(Permission.ROLL_IMPORT)
def ask_enter_submit(round: Round) -> Any:
    """Ask that one person be listed."""
    form = AskPersonForm()

    def ask(session: Session) -> RollChange:
        return ask_add(
            session,
            now=now(),
            actor=current_user.actor,
            keys=current_keys(),
            round_id=round.id,
            facts=form.facts(),
            reason=form.why.data or "",
        )

    return _asked(round, form, ask) or (enter_page(round, form), 422)


@bp.post(f"{_PERSON}/correct/ask")
@on_round(Permission.ROLL_IMPORT)
def ask_correct_submit(round: Round, elector_id: str) -> Any:
    """Ask that basis, place and telephone be set down anew."""
    form = AskCorrectForm()

    def ask(session: Session) -> RollChange:
        return ask_correct(
            session,
            now=now(),
            actor=current_user.actor,
            keys=current_keys(),
            round_id=round.id,
            elector_id=elector_id,
            basis=form.basis.data,
            place=form.place.data or "",
            phone=form.phone.data or "",
            reason=form.why.data or "",
        )

    return _asked(round, form, ask) or (person_page(round, elector_id, form), 422)


@bp.post(f"{_PERSON}/strike/ask")
@on_round(Permission.ROLL_IMPORT)
def ask_strike_submit(round: Round, elector_id: str) -> Any:
    """Ask that somebody be struck."""
    form = StrikeForm()

    def ask(session: Session) -> RollChange:
        return ask_strike(
            session,
            now=now(),
            actor=current_user.actor,
            round_id=round.id,
            elector_id=elector_id,
            reason=form.reason.data,
        )

    return _asked(round, form, ask) or (person_page(round, elector_id, strike_form=form), 422)


@bp.post(f"{_PERSON}/restore/ask")
@on_round(Permission.ROLL_IMPORT)
def ask_restore_submit(round: Round, elector_id: str) -> Any:
    """Ask that somebody who was struck be listed again."""
    form = AskRestoreForm()

    def ask(session: Session) -> RollChange:
        return ask_restore(
            session,
            now=now(),
            actor=current_user.actor,
            round_id=round.id,
            elector_id=elector_id,
            reason=form.why.data or "",
        )

    return _asked(round, form, ask) or (person_page(round, elector_id, restore_form=form), 422)


def _asked(round: Round, form: RefusingForm, ask: Callable[[Session], RollChange]) -> Any:
    """Ask, and lead to what waits; None where the form has something to say."""
    if not form.validate_on_submit():
        return None
    try:
        with transaction() as session:
            made = ask(session)
    except _STATES:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    flash(_("已提出更改：%(name)s。请另一位工作人员确认。", name=made.name_masked), "success")
    return redirect(url_for("roll.change", round_id=round.id, change_id=made.id), 303)
