"""The monthly report of a round: issued by the street, once for a month."""

from typing import Any

from flask import render_template
from flask_login import current_user

from voting.clock import local_day
from voting.delivery.forms import MonthForm
from voting.delivery.holder import carried_out, site
from voting.delivery.rules.progress import month_of
from voting.delivery.service import month_reports, open_months, projects_of, report_month
from voting.delivery.views.blueprint import bp, to
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import get_session, now
from voting.web.text import _


@bp.get("/desk/rounds/<round_id>/projects/monthly")
@on_round(Permission.DELIVERY_APPROVE)
def monthly(round: Round) -> str:
    """Show what the report would say, and the months that may be reported."""
    return _page(round, _form(round))


@bp.post("/desk/rounds/<round_id>/projects/monthly")
@on_round(Permission.DELIVERY_APPROVE)
def monthly_submit(round: Round) -> Any:
    """Issue the report of a month."""
    form, address = _form(round), site()
    if form.validate_on_submit() and carried_out(
        form,
        lambda session: report_month(
            session,
            now=now(),
            actor=current_user.actor,
            round_id=round.id,
            month=form.chosen or month_of(local_day(now())),
            site=address,
        ),
    ):
        return to("of_round", _("月进度通报已经发布。"), round_id=round.id)
    return _page(round, form), 422


def _form(round: Round) -> MonthForm:
    form = MonthForm()
    form.offer(open_months(get_session(), round.id, today=local_day(now())))
    return form


def _page(round: Round, form: MonthForm) -> str:
    session, today = get_session(), local_day(now())
    return render_template(
        "delivery/monthly.html",
        round=round,
        form=form,
        lines=projects_of(session, round.id, today=today),
        reports=month_reports(session, round.id),
    )
