"""A project at the desk: where it stands, what comes next, who answers for it."""

from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_login import current_user

from voting.clock import local_day
from voting.delivery.forms import ResponsibilityForm
from voting.delivery.holder import carried_out, on_project
from voting.delivery.models import Project
from voting.delivery.rules.conditions import lacking
from voting.delivery.rules.progress import written_state
from voting.delivery.rules.states import ProjectState
from voting.delivery.rules.steps import Step, steps_from
from voting.delivery.service import (
    candidates_in,
    is_open,
    lines_of,
    readiness,
    set_responsibility,
    voted_of,
)
from voting.delivery.views.blueprint import bp, to
from voting.permissions import Permission
from voting.rounds.service import get_round
from voting.web.db import get_session, now
from voting.web.text import _, say

_SAME = (
    "target", "unit", "person", "leader", "contractor", "measure", "measure_before",
    "measure_after",
)  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """A step that leads on: whether this officer takes it, and what is still missing for it."""

    step: Step
    is_mine: bool
    missing: list[str]


@bp.get("/desk/projects/<project_id>")
@on_project(Permission.ROUND_READ)
def show(project: Project) -> str:
    """Show a project: where it stands and what comes next."""
    session, today = get_session(), local_day(now())
    candidates = candidates_in(session, project.id)
    facts = readiness(session, project, today=today)
    offers = [
        Offer(
            step,
            step.permission in current_user.permissions,
            [say(one) for one in lacking(step, facts)],
        )
        for step in (steps_from(ProjectState(project.state)) if candidates else [])
    ]
    return render_template(
        "delivery/show.html",
        project=project,
        round=get_round(session, project.round_id),
        candidates=candidates,
        offers=offers,
        line=lines_of(session, [project], today=today)[0],
        voted=voted_of(session, project.id),
        state=written_state(project.state, is_terminated=project.terminated_at is not None),
        may_change=may_change(project) and bool(candidates),
    )


@bp.get("/desk/projects/<project_id>/edit")
@on_project(Permission.DELIVERY_EDIT)
def edit(project: Project) -> str:
    """Show who answers for a project and what it is to reach, to be changed."""
    return _page(project, ResponsibilityForm(data={name: _text(project, name) for name in _SAME}))


@bp.post("/desk/projects/<project_id>/edit")
@on_project(Permission.DELIVERY_EDIT)
def edit_submit(project: Project) -> Any:
    """Write down who answers for a project and what it is to reach."""
    form = ResponsibilityForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda session: set_responsibility(
            session,
            now=now(),
            actor=current_user.actor,
            project_id=project.id,
            facts=form.facts(),
        ),
    ):
        return to("show", _("责任和目标已保存。"), project_id=project.id)
    return _page(project, form), 422


def may_change(project: Project) -> bool:
    """Tell whether this officer may change what a project holds."""
    return is_open(project) and Permission.DELIVERY_EDIT in current_user.permissions


def _text(project: Project, name: str) -> str:
    value = getattr(project, name)
    return "" if value is None else str(value)


def _page(project: Project, form: ResponsibilityForm) -> str:
    return render_template("delivery/edit.html", project=project, form=form)
