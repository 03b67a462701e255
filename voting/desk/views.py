"""The desk: what waits for the officer, and retiring an officer, which touches every stage."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_login import current_user

from voting.accounts.models import Officer
from voting.accounts.rules import ROLE_NAMES
from voting.accounts.service import AlreadyRetired, get_officer, officers_in
from voting.areas.service import find_installation, scanned
from voting.desk import holder
from voting.desk.forms import RetireForm
from voting.desk.service import MOST_TASKS, Holdings, fit_receivers, holdings, piles, retire, tasks
from voting.errors import Refusal
from voting.permissions import Permission, Role
from voting.persistence.watch import CheckRun, last_fault
from voting.web.access import needs, signed_in
from voting.web.db import current_config, get_session, now, transaction
from voting.web.text import _

bp = Blueprint("desk", __name__)
bp.app_context_processor(holder.context)


@bp.get("/desk")
@signed_in
def home() -> str:
    """Show what waits for this officer."""
    session = get_session()
    officer = get_officer(session, current_user.id)
    found = tasks(session, officer, now=now())
    is_scanned = scanned(find_installation(session), current_config())
    return render_template(
        "desk/home.html",
        piles=piles(session, officer, now=now()),
        is_cut=len(found) == MOST_TASKS,
        mine=[task for task in found if task.is_mine],
        others=[task for task in found if not task.is_mine],
        links=holder.quick_links(current_user),
        round_endpoint=holder.known("conduct.show"),
        wants_scan=not is_scanned and _may_set_up(),
        wants_officers=_is_alone(),
        fault=_fault(),
    )


@bp.get("/desk/")
@signed_in
def home_with_slash() -> Any:
    """Lead to the desk: people type it both ways."""
    return redirect(url_for("desk.home"), 303)


@bp.get("/desk/officers/<officer_id>/retire")
@needs(Permission.ACCOUNT_MANAGE)
def retire_officer(officer_id: str) -> Any:
    """List what an officer holds and ask who takes over."""
    officer = _own(officer_id)
    held = holdings(get_session(), officer.id)
    return _retire_page(_form(officer, held), officer, held)


@bp.post("/desk/officers/<officer_id>/retire")
@needs(Permission.ACCOUNT_MANAGE)
def retire_officer_submit(officer_id: str) -> Any:
    """Hand over and retire."""
    officer = _own(officer_id)
    held = holdings(get_session(), officer.id)
    form = _form(officer, held)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                retire(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    officer_id=officer.id,
                    receiver_id=form.data.get("receiver_id") or None,
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("%(name)s 已经离任，手上的东西已经移交。", name=officer.name), "success")
            return make_response(redirect(url_for("accounts.officer", officer_id=officer.id), 303))
    return _retire_page(form, officer, held), 422


def _is_alone() -> bool:
    if Permission.ACCOUNT_MANAGE not in current_user.permissions:
        return False
    return officers_in(get_session(), current_user.area).total <= 1


def _may_set_up() -> bool:
    whole = current_user.area.parent_id is None
    return whole and Permission.SETTING_MANAGE in current_user.permissions


def _fault() -> CheckRun | None:
    """Return the last check, for those who can do something about what it found."""
    return last_fault(get_session()) if _may_set_up() else None


def _own(officer_id: str) -> Officer:
    officer = get_officer(get_session(), officer_id, within=current_user.area)
    if officer.retired_at is not None:
        raise AlreadyRetired
    return officer


def _form(officer: Officer, held: Holdings) -> RetireForm:
    form = RetireForm()
    if held.permissions:
        form.offer(fit_receivers(get_session(), officer, held))
    else:
        del form.receiver_id
    return form


def _retire_page(form: RetireForm, officer: Officer, held: Holdings) -> str:
    return render_template(
        "desk/retire.html",
        form=form,
        officer=officer,
        held=held,
        role_name=ROLE_NAMES[Role(officer.role)],
    )
