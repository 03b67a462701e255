"""A step of a project: what it will do and what it needs, then the step itself."""

from typing import Any

from flask import render_template
from flask_login import current_user
from werkzeug.exceptions import Forbidden

from voting.clock import local_day
from voting.delivery.forms import StepForm
from voting.delivery.holder import carried_out, on_project, site
from voting.delivery.models import Project
from voting.delivery.rules.conditions import PackedAway, lacking, no_such_step, remarks
from voting.delivery.rules.states import ProjectState
from voting.delivery.rules.steps import ACTS, Step, find_step
from voting.delivery.service import advance_project, is_packed_away, readiness
from voting.delivery.views.blueprint import bp, to
from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.web.db import get_session, now
from voting.web.text import _, say


@bp.get("/desk/projects/<project_id>/steps/<key>")
@on_project(Permission.ROUND_READ)
def step(project: Project, key: str) -> str:
    """Say what a step will do, and what is missing for it."""
    found = _step(project, key)
    return _page(project, found, _form(found))


@bp.post("/desk/projects/<project_id>/steps/<key>")
@on_project(Permission.ROUND_READ)
def step_submit(project: Project, key: str) -> Any:
    """Take a step."""
    found = _step(project, key)
    form, address = _form(found), site()
    if form.validate_on_submit():
        try:
            given = form.given()
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if carried_out(
                form,
                lambda session: advance_project(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    project_id=project.id,
                    key=key,
                    reason=form.reason.data or "",
                    given=given,
                    permissions=current_user.permissions,
                    site=address,
                ),
            ):
                return to(
                    "show", _("办好了：%(step)s。", step=_(found.label)), project_id=project.id
                )
    return _page(project, found, form), 422


def _step(project: Project, key: str) -> Step:
    """Return the step this officer may take from where the project stands."""
    if key not in ACTS:
        raise NotFound
    if is_packed_away(get_session(), project.id):
        raise PackedAway
    found = find_step(ProjectState(project.state), key)
    if found is None:
        raise no_such_step(ProjectState(project.state))
    if found.permission not in current_user.permissions:
        raise Forbidden
    return found


def _form(found: Step) -> StepForm:
    form = StepForm()
    form.asks(found, today=local_day(now()))
    return form


def _page(project: Project, found: Step, form: StepForm) -> str:
    facts = readiness(get_session(), project, today=local_day(now()))
    return render_template(
        "delivery/step.html",
        project=project,
        step=found,
        form=form,
        missing=[say(refusal) for refusal in lacking(found, facts)],
        remarks=[_(remark.msgid) for remark in remarks(found, facts)],
    )
