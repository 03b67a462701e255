"""One person at the desk: entered, looked at, corrected, struck, restored."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.roll.forms import (
    STRIKE_REASONS,
    AskCorrectForm,
    AskPersonForm,
    AskRestoreForm,
    CorrectForm,
    PersonForm,
    StrikeForm,
)
from voting.roll.models import BASIS_NAMES, Basis
from voting.roll.rules.applying import is_living
from voting.roll.service import (
    Contact,
    RollClosed,
    RollFrozen,
    correct,
    enter_person,
    get_elector,
    look,
    phase_of,
    restore,
    strike,
    struck_people,
    waiting_change_of,
    without_number,
)
from voting.roll.views.blueprint import bp
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.service import RoundOver
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.text import _

_ROLL = "/desk/rounds/<round_id>/roll"
_PERSON = f"{_ROLL}/people/<elector_id>"
# What a whole page has to say, and no single field.
_STATES = (NotFound, RollFrozen, RoundOver)


@bp.get(f"{_ROLL}/enter")
@on_round(Permission.ROLL_IMPORT)
def enter(round: Round) -> str:
    """Ask for one person; show who was listed without a number."""
    if round.frozen_at is None:
        return enter_page(round, PersonForm())
    if not is_living(phase_of(round, now())):
        raise RollClosed
    return enter_page(round, AskPersonForm())


@bp.post(f"{_ROLL}/enter")
@on_round(Permission.ROLL_IMPORT)
def enter_submit(round: Round) -> Any:
    """List one person."""
    form = PersonForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                elector = enter_person(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    keys=current_keys(),
                    round_id=round.id,
                    facts=form.facts(),
                )
        except _STATES:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("已列入名册：%(name)s。", name=elector.name_masked), "success")
            return redirect(url_for("roll.enter", round_id=round.id), 303)
    return enter_page(round, form), 422


@bp.get(f"{_ROLL}/struck")
@on_round(Permission.ROLL_READ)
def struck(round: Round) -> str:
    """Show who was taken off the roll, and why."""
    page = request.args.get("page", 1, type=int)
    return render_template(
        "roll/struck.html",
        round=round,
        found=struck_people(get_session(), round.id, page=page),
        reasons=STRIKE_REASONS,
    )


@bp.get(_PERSON)
@on_round(Permission.ROLL_IMPORT)
def person(round: Round, elector_id: str) -> str:
    """Show one person, masked."""
    return person_page(round, elector_id)


@bp.post(f"{_PERSON}/look")
@on_round(Permission.ROLL_IMPORT)
def look_submit(round: Round, elector_id: str) -> str:
    """Show room and telephone once; the journal keeps who looked."""
    with transaction() as session:
        elector = get_elector(session, round.id, elector_id)
        contact = look(
            session,
            now=now(),
            actor=current_user.actor,
            keys=current_keys(),
            round=round,
            elector=elector,
        )
    kind = CorrectForm if round.frozen_at is None else AskCorrectForm
    form = kind(
        formdata=None,
        basis=BASIS_NAMES[Basis(elector.basis)],
        place=f"{elector.building}{contact.room}",
        phone=contact.phone,
    )
    return person_page(round, elector_id, form, contact=contact)


@bp.post(f"{_PERSON}/correct")
@on_round(Permission.ROLL_IMPORT)
def correct_submit(round: Round, elector_id: str) -> Any:
    """Set down basis, place and telephone anew."""
    form = CorrectForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                correct(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    keys=current_keys(),
                    round_id=round.id,
                    elector_id=elector_id,
                    basis=form.basis.data,
                    place=form.place.data or "",
                    phone=form.phone.data or "",
                )
        except _STATES:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("已更正。"), "success")
            return _to(round, elector_id)
    return person_page(round, elector_id, form), 422


@bp.post(f"{_PERSON}/strike")
@on_round(Permission.ROLL_IMPORT)
def strike_submit(round: Round, elector_id: str) -> Any:
    """Take somebody off the roll."""
    form = StrikeForm()
    if form.validate_on_submit():
        with transaction() as session:
            strike(
                session,
                now=now(),
                actor=current_user.actor,
                round_id=round.id,
                elector_id=elector_id,
                reason=form.reason.data,
            )
        flash(_("已从名册中除名。登错了可以恢复。"), "success")
        return _to(round, elector_id)
    return person_page(round, elector_id, strike_form=form), 422


@bp.post(f"{_PERSON}/restore")
@on_round(Permission.ROLL_IMPORT)
def restore_submit(round: Round, elector_id: str) -> Any:
    """Put somebody back on the roll."""
    with transaction() as session:
        restore(
            session,
            now=now(),
            actor=current_user.actor,
            round_id=round.id,
            elector_id=elector_id,
        )
    flash(_("已恢复，又在名册上了。"), "success")
    return _to(round, elector_id)


def enter_page(round: Round, form: PersonForm) -> str:
    """Render the page on which one person is entered, or asked for."""
    page = request.args.get("page", 1, type=int)
    return render_template(
        "roll/enter.html",
        round=round,
        form=form,
        found=without_number(get_session(), round.id, page=page),
        bases=BASIS_NAMES,
    )


def person_page(
    round: Round,
    elector_id: str,
    form: CorrectForm | None = None,
    *,
    strike_form: StrikeForm | None = None,
    restore_form: AskRestoreForm | None = None,
    contact: Contact | None = None,
) -> str:
    """Render the page of one person, with the forms of what may be done."""
    session = get_session()
    elector = get_elector(session, round.id, elector_id)
    return render_template(
        "roll/person.html",
        round=round,
        elector=elector,
        basis=BASIS_NAMES[Basis(elector.basis)],
        contact=contact,
        form=form,
        strike_form=strike_form or StrikeForm(formdata=None),
        restore_form=restore_form or AskRestoreForm(formdata=None),
        reasons=STRIKE_REASONS,
        is_living=is_living(phase_of(round, now())),
        waiting=waiting_change_of(session, round.id, elector.elector_id),
    )


def _to(round: Round, elector_id: str) -> Any:
    return redirect(url_for("roll.person", round_id=round.id, elector_id=elector_id), 303)
