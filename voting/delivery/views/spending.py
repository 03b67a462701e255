"""Money paid for a project: entered, voided with a reason."""

from typing import Any

from flask import render_template
from flask_login import current_user

from voting.clock import local_day
from voting.delivery.forms import ReasonForm, SpendingForm
from voting.delivery.holder import carried_out, on_project
from voting.delivery.models import Project
from voting.delivery.rules.states import ProjectState
from voting.delivery.service import (
    enter_spending,
    get_spending,
    spending_of,
    spent_of,
    void_spending,
)
from voting.delivery.service.spending import AlreadyVoided
from voting.delivery.views.blueprint import bp, to
from voting.delivery.views.overview import may_change
from voting.errors import Refusal
from voting.permissions import Permission
from voting.web.db import get_session, now
from voting.web.text import _


@bp.get("/desk/projects/<project_id>/spending")
@on_project(Permission.ROUND_READ)
def spending(project: Project) -> str:
    """List what was paid, with a form for one more payment."""
    form = SpendingForm()
    form.day.data = local_day(now())
    return _page(project, form)


@bp.post("/desk/projects/<project_id>/spending")
@on_project(Permission.DELIVERY_EDIT)
def spending_submit(project: Project) -> Any:
    """Enter a payment."""
    form = SpendingForm()
    if form.validate_on_submit():
        try:
            facts = form.facts()
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if carried_out(
                form,
                lambda session: enter_spending(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    project_id=project.id,
                    key=form.key.data or "",
                    facts=facts,
                ),
            ):
                return to("spending", _("支出已登记。"), project_id=project.id)
    return _page(project, form), 422


@bp.get("/desk/projects/<project_id>/spending/<spending_id>/void")
@on_project(Permission.DELIVERY_EDIT)
def voiding(project: Project, spending_id: str) -> str:
    """Ask why a payment is voided."""
    return _void_page(project, spending_id, ReasonForm())


@bp.post("/desk/projects/<project_id>/spending/<spending_id>/void")
@on_project(Permission.DELIVERY_EDIT)
def voiding_submit(project: Project, spending_id: str) -> Any:
    """Void a payment."""
    form = ReasonForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda session: void_spending(
            session,
            now=now(),
            actor=current_user.actor,
            project_id=project.id,
            spending_id=spending_id,
            reason=form.reason.data or "",
        ),
    ):
        return to("spending", _("这笔支出已作废，记录还留着。"), project_id=project.id)
    return _void_page(project, spending_id, form), 422


def _page(project: Project, form: SpendingForm) -> str:
    session = get_session()
    is_approved = project.state != ProjectState.TO_APPROVE
    return render_template(
        "delivery/spending.html",
        project=project,
        form=form,
        payments=spending_of(session, project.id),
        spent=spent_of(session, project.id),
        may_change=may_change(project) and is_approved,
        is_approved=is_approved,
    )


def _void_page(project: Project, spending_id: str, form: ReasonForm) -> str:
    payment = get_spending(get_session(), project.id, spending_id)
    if payment.voided_at is not None and not form.errors:
        raise AlreadyVoided
    return render_template("delivery/void.html", project=project, payment=payment, form=form)
