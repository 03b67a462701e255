"""Lists of projects at the desk: everything in the officer's area, and one round's."""

from flask import render_template, request
from flask_login import current_user

from voting.clock import local_day
from voting.delivery.rules.states import STATE_NAMES, ProjectState
from voting.delivery.service import Wanted, desk_projects, month_reports, project_counts
from voting.delivery.views.blueprint import bp
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.access import needs
from voting.web.db import get_session, now

# All of a round on one page: what is packed together must stand together.
_ROUND_PAGE = 200


@bp.get("/desk/projects")
@needs(Permission.ROUND_READ)
def index() -> str:
    """List the projects of the officer's area, those behind their plan first."""
    state = _asked_state()
    found = desk_projects(
        get_session(),
        today=local_day(now()),
        wanted=Wanted(area=current_user.area, state=state),
        page=request.args.get("page", 1, type=int),
    )
    return render_template("delivery/index.html", found=found, state=state, states=STATE_NAMES)


@bp.get("/desk/rounds/<round_id>/projects")
@on_round(Permission.ROUND_READ)
def of_round(round: Round) -> str:
    """List the projects of a round; some that wait for approval may be ticked and packed together."""
    session, state = get_session(), _asked_state()
    found = desk_projects(
        session,
        today=local_day(now()),
        wanted=Wanted(round_id=round.id, state=state),
        page=request.args.get("page", 1, type=int),
        per_page=_ROUND_PAGE,
    )
    return render_template(
        "delivery/round.html",
        round=round,
        found=found,
        state=state,
        states=STATE_NAMES,
        counts=project_counts(session, round.id),
        reports=month_reports(session, round.id),
    )


def _asked_state() -> ProjectState | None:
    asked = request.args.get("state", "")
    return ProjectState(asked) if asked in STATE_NAMES else None
