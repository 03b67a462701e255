"""Monitors, tellers and supervisors of a round: the list, and the slip each of them gets once."""

from typing import Any

from flask import flash, make_response, redirect, render_template, session, url_for
from flask_login import current_user

from voting.adapters import qr
from voting.areas.holder import identity
from voting.areas.service import find_installation, public_url
from voting.conduct.forms import ActForm, AppointForm, PersonForm
from voting.conduct.service import (
    DUTY_NAMES,
    DUTY_TASKS,
    Appointed,
    appoint,
    appointments_of,
    end,
    get_appointment,
    names_of,
    replace,
    slip_hash,
    valid_until,
)
from voting.conduct.views.blueprint import bp, to_people
from voting.errors import NotFound, Refusal
from voting.notices.document import Slip
from voting.notices.document import slip as slip_paper
from voting.notices.holder import render, set_paper
from voting.permissions import Permission
from voting.proposals.service import conflicts_of
from voting.rounds.holder import on_round
from voting.rounds.models import Appointment, Round
from voting.rounds.rules import Phase
from voting.web.db import current_config, current_keys, get_session, now, transaction
from voting.web.text import _

_SLIP = "slip"
_SLIP_SECONDS = 15 * 60
_SCALE = 8
_OVER = frozenset({Phase.TERMINATED, Phase.CLOSED, Phase.ARCHIVED})


@bp.get("/desk/rounds/<round_id>/people")
@on_round(Permission.ROUND_READ)
def appointments(round: Round) -> str:
    """List the people appointed to a round."""
    reading = get_session()
    people = appointments_of(reading, round.id)
    return render_template(
        "conduct/people.html",
        round=round,
        people=people,
        duties=DUTY_NAMES,
        conflicts=conflicts_of(reading, round.id),
        names=names_of(reading, {person.appointed_by for person in people}),
        may_manage=_may_manage(round),
    )


@bp.get("/desk/rounds/<round_id>/people/new")
@on_round(Permission.APPOINTMENT_MANAGE)
def new_person(round: Round) -> str:
    """Ask whom to appoint to what."""
    return render_template("conduct/person.html", round=round, form=AppointForm(), old=None)


@bp.post("/desk/rounds/<round_id>/people/new")
@on_round(Permission.APPOINTMENT_MANAGE)
def new_person_submit(round: Round) -> Any:
    """Appoint a person, and show the slip."""
    form = AppointForm()
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                made = appoint(
                    writing,
                    now=now(),
                    actor=current_user.actor,
                    keys=current_keys(),
                    round_id=round.id,
                    duty=form.duty.data,
                    **form.person(),
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _to_slip(round, made)
    return render_template("conduct/person.html", round=round, form=form, old=None), 422


@bp.get("/desk/rounds/<round_id>/people/<appointment_id>/replace")
@on_round(Permission.APPOINTMENT_MANAGE)
def replace_person(round: Round, appointment_id: str) -> str:
    """Ask who takes over; the same name gets a new slip."""
    old = get_appointment(get_session(), appointment_id, round_id=round.id)
    form = PersonForm(data={"name": old.name})
    return render_template("conduct/person.html", round=round, form=form, old=old)


@bp.post("/desk/rounds/<round_id>/people/<appointment_id>/replace")
@on_round(Permission.APPOINTMENT_MANAGE)
def replace_person_submit(round: Round, appointment_id: str) -> Any:
    """Let the old slip die and show the new one."""
    old = get_appointment(get_session(), appointment_id, round_id=round.id)
    form = PersonForm()
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                made = replace(
                    writing,
                    now=now(),
                    actor=current_user.actor,
                    keys=current_keys(),
                    round_id=round.id,
                    appointment_id=old.id,
                    **form.person(),
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _to_slip(round, made)
    return render_template("conduct/person.html", round=round, form=form, old=old), 422


@bp.get("/desk/rounds/<round_id>/people/<appointment_id>/end")
@on_round(Permission.APPOINTMENT_MANAGE)
def end_person(round: Round, appointment_id: str) -> str:
    """Ask whether a duty shall end."""
    old = get_appointment(get_session(), appointment_id, round_id=round.id)
    return render_template("conduct/end_person.html", round=round, old=old, duties=DUTY_NAMES)


@bp.post("/desk/rounds/<round_id>/people/<appointment_id>/end")
@on_round(Permission.APPOINTMENT_MANAGE)
def end_person_submit(round: Round, appointment_id: str) -> Any:
    """End a duty; its slip dies."""
    with transaction() as writing:
        ended = end(
            writing,
            now=now(),
            actor=current_user.actor,
            round_id=round.id,
            appointment_id=appointment_id,
        )
    flash(_("%(name)s的委任已结束，凭条不能再用。", name=ended.name), "success")
    return to_people(round)


@bp.get("/desk/rounds/<round_id>/people/<appointment_id>/slip")
@on_round(Permission.APPOINTMENT_MANAGE)
def slip(round: Round, appointment_id: str) -> str:
    """Show a new slip, to be printed or scanned now: nobody can show it again."""
    person = get_appointment(get_session(), appointment_id, round_id=round.id)
    return render_template(
        "conduct/slip.html",
        round=round,
        person=person,
        duties=DUTY_NAMES,
        address=_slip_address(person),
        form=ActForm(),
    )


@bp.get("/desk/rounds/<round_id>/people/<appointment_id>/slip.png")
@on_round(Permission.APPOINTMENT_MANAGE)
def slip_picture(round: Round, appointment_id: str) -> Any:
    """Return the QR code of a new slip."""
    person = get_appointment(get_session(), appointment_id, round_id=round.id)
    address = _slip_address(person)
    if not address:
        raise NotFound
    response = make_response(qr.png(address, scale=_SCALE))
    response.mimetype = "image/png"
    return response


@bp.get("/desk/rounds/<round_id>/people/<appointment_id>/slip.pdf")
@on_round(Permission.APPOINTMENT_MANAGE)
def slip_sheet(round: Round, appointment_id: str) -> Any:
    """Return a new slip, to be printed."""
    person = get_appointment(get_session(), appointment_id, round_id=round.id)
    address = _slip_address(person)
    if not address:
        raise NotFound
    facts = Slip(
        duty=_(DUTY_NAMES[person.duty]),
        holder=person.name,
        round_title=round.title,
        tasks=tuple(_(task) for task in DUTY_TASKS[person.duty]),
        url=address,
        valid_until=valid_until(round),
        help_phone=round.help_number,
        demo=identity().demo,
    )
    response = make_response(set_paper(slip_paper(facts, render=render)))
    response.mimetype = "application/pdf"
    return response


def _to_slip(round: Round, made: Appointed) -> Any:
    # Only the hash is kept in the database: until it is printed, the token lives in this officer's own,
    # signed cookie, and there for a quarter of an hour.
    session[_SLIP] = [made.token, int(now().timestamp())]
    target = url_for("conduct.slip", round_id=round.id, appointment_id=made.appointment.id)
    return redirect(target, 303)


def _slip_address(person: Appointment) -> str:
    """Return the address on a slip this officer has just made; empty once it is gone."""
    token, made_at = session.get(_SLIP, ["", 0])
    if slip_hash(token) != person.slip_hash or now().timestamp() - made_at > _SLIP_SECONDS:
        return ""
    installation = find_installation(get_session())
    return f"{public_url(installation, current_config())}/s/{token}"


def _may_manage(round: Round) -> bool:
    held = current_user.permissions
    return Permission.APPOINTMENT_MANAGE in held and round.phase not in _OVER
