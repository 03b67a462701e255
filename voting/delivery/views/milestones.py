"""The milestones of a project: added, put in order, changed with a reason, done on a day."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_login import current_user

from voting.clock import local_day
from voting.delivery.forms import DoneForm, MilestoneChangeForm, MilestoneForm
from voting.delivery.holder import carried_out, on_project
from voting.delivery.models import Milestone, Project
from voting.delivery.rules.facts import days_late
from voting.delivery.service import (
    add_milestone,
    change_milestone,
    finish_milestone,
    get_milestone,
    milestones_of,
    raise_milestone,
)
from voting.delivery.views.blueprint import bp, to
from voting.delivery.views.overview import may_change
from voting.permissions import Permission
from voting.web.db import get_session, now, transaction
from voting.web.text import _


@bp.get("/desk/projects/<project_id>/milestones")
@on_project(Permission.ROUND_READ)
def milestones(project: Project) -> str:
    """List the milestones of a project, with a form for one more."""
    return _page(project, MilestoneForm())


@bp.post("/desk/projects/<project_id>/milestones")
@on_project(Permission.DELIVERY_EDIT)
def milestones_submit(project: Project) -> Any:
    """Add a milestone."""
    form = MilestoneForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda session: add_milestone(
            session,
            now=now(),
            actor=current_user.actor,
            project_id=project.id,
            key=form.key.data or "",
            facts=form.facts(),
        ),
    ):
        sentence = _("节点“%(title)s”已加上。", title=form.title.data)
        return to("milestones", sentence, project_id=project.id)
    return _page(project, form), 422


@bp.get("/desk/projects/<project_id>/milestones/<milestone_id>")
@on_project(Permission.DELIVERY_EDIT)
def milestone(project: Project, milestone_id: str) -> str:
    """Show a milestone: to be noted as done, or changed with a reason."""
    found = get_milestone(get_session(), project.id, milestone_id)
    form = MilestoneChangeForm(obj=found)
    return _milestone_page(project, found, _done_form(), form)


@bp.post("/desk/projects/<project_id>/milestones/<milestone_id>")
@on_project(Permission.DELIVERY_EDIT)
def milestone_submit(project: Project, milestone_id: str) -> Any:
    """Change a milestone with a reason."""
    found = get_milestone(get_session(), project.id, milestone_id)
    form = MilestoneChangeForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda session: change_milestone(
            session,
            now=now(),
            actor=current_user.actor,
            project_id=project.id,
            milestone_id=milestone_id,
            facts=form.facts(),
            done_on=form.done_on.data,
            reason=form.reason.data or "",
        ),
    ):
        sentence = _("节点“%(title)s”已改好。", title=form.title.data)
        return to("milestones", sentence, project_id=project.id)
    return _milestone_page(project, found, _done_form(), form), 422


@bp.post("/desk/projects/<project_id>/milestones/<milestone_id>/done")
@on_project(Permission.DELIVERY_EDIT)
def milestone_done_submit(project: Project, milestone_id: str) -> Any:
    """Note that a milestone was reached."""
    found = get_milestone(get_session(), project.id, milestone_id)
    form = DoneForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda session: finish_milestone(
            session,
            now=now(),
            actor=current_user.actor,
            project_id=project.id,
            milestone_id=milestone_id,
            done_on=form.done_on.data or local_day(now()),
        ),
    ):
        sentence = _("节点“%(title)s”已登记完成。", title=found.title)
        return to("milestones", sentence, project_id=project.id)
    return _milestone_page(project, found, form, MilestoneChangeForm(None, obj=found)), 422


@bp.post("/desk/projects/<project_id>/milestones/<milestone_id>/up")
@on_project(Permission.DELIVERY_EDIT)
def milestone_up_submit(project: Project, milestone_id: str) -> Any:
    """Move a milestone before the one above it."""
    with transaction() as session:
        raise_milestone(
            session,
            now=now(),
            actor=current_user.actor,
            project_id=project.id,
            milestone_id=milestone_id,
        )
    return redirect(url_for("delivery.milestones", project_id=project.id), 303)


def _done_form() -> DoneForm:
    form = DoneForm(None)
    form.done_on.data = local_day(now())
    return form


def _page(project: Project, form: MilestoneForm) -> str:
    session, today = get_session(), local_day(now())
    found = milestones_of(session, project.id)
    return render_template(
        "delivery/milestones.html",
        project=project,
        form=form,
        milestones=[(one, days_late(one.planned_on, one.done_on, today)) for one in found],
        may_change=may_change(project),
    )


def _milestone_page(
    project: Project, found: Milestone, done: DoneForm, form: MilestoneChangeForm
) -> str:
    return render_template(
        "delivery/milestone.html",
        project=project,
        milestone=found,
        done=done,
        form=form,
        wrong=done if done.errors else form,
    )
