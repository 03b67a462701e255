"""The time line of a round: at the desk, and for everybody."""

from flask import render_template

from voting.errors import NotFound
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.service import get_round, successor_of, timeline_of, was_public
from voting.rounds.views.blueprint import bp
from voting.web.access import public
from voting.web.db import get_session, now


@bp.get("/rounds/<round_id>/timeline")
@public
def public_timeline(round_id: str) -> str:
    """Show anyone when what was planned, and when it happened."""
    session = get_session()
    round = get_round(session, round_id)
    if not was_public(session, round):
        raise NotFound
    return _page("rounds/public_timeline.html", round, is_public=True)


@bp.get("/desk/rounds/<round_id>/timeline")
@on_round(Permission.ROUND_READ)
def timeline(round: Round) -> str:
    """Show the time line at the desk, from the draft on, with every reason."""
    return _page("rounds/timeline.html", round, is_public=False)


def _page(template: str, round: Round, *, is_public: bool) -> str:
    session = get_session()
    return render_template(
        template,
        round=round,
        phase=round.phase_at(now()),
        nodes=timeline_of(session, round, now=now(), is_public=is_public),
        successor=successor_of(session, round.id),
    )
