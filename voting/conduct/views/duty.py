"""The page of an appointed person: entered by a slip, without an account."""

from typing import Any

from flask import make_response, redirect, render_template, url_for

from voting.conduct.holder import on_duty, remember_duty
from voting.conduct.service import DUTY_NAMES, duty_facts, find_by_slip, note_entry
from voting.conduct.views.blueprint import bp
from voting.rounds.models import Appointment
from voting.web.access import appointed
from voting.web.db import get_session, now, transaction


@bp.get("/s/<typed:token>")
@appointed
def use_slip(token: str) -> Any:
    """Take a scanned slip and go on to the duty; a dead slip and a strange one get the same answer."""
    person = find_by_slip(get_session(), token, now=now())
    if person is None:
        return make_response(render_template("conduct/no_duty.html"), 404)
    if person.entered_at is None:
        with transaction() as session:
            note_entry(session, person.id, now=now())
    response = make_response(redirect(url_for("conduct.duty"), 303))
    remember_duty(response, person)
    return response


@bp.get("/duty")
@on_duty
def duty(person: Appointment) -> str:
    """Show what an appointed person may see of their round."""
    facts = duty_facts(get_session(), person, now=now())
    return render_template("conduct/duty.html", person=person, facts=facts, duties=DUTY_NAMES)
