"""What anybody may see of a round: its page, and the pictures of its candidates."""

from flask import Response, make_response, render_template

from voting.errors import NotFound
from voting.proposals.service import candidates_of
from voting.proposals.views.blueprint import bp
from voting.rounds.rules import FROZEN, Phase
from voting.rounds.service import get_round, notices_of, was_public
from voting.web.access import public
from voting.web.db import current_files, get_session, now

_AFTER_RESULT = frozenset(
    {Phase.PUBLICITY, Phase.OBJECTION, Phase.CONFIRMED, Phase.IMPLEMENTING, Phase.CLOSED}
    | {Phase.ARCHIVED}
)


@bp.get("/rounds/<round_id>")
@public
def public_round(round_id: str) -> str:
    """Show a round to anyone: what is decided, when, how to vote, whom to ask."""
    session = get_session()
    round = get_round(session, round_id)
    if not was_public(session, round):
        raise NotFound
    phase = round.phase_at(now())
    # Before the announcement the list may still change: it is not shown as if it stood.
    shown = candidates_of(session, round.id) if phase in FROZEN or round.frozen_at else []
    return render_template(
        "proposals/public_round.html",
        round=round,
        phase=phase,
        candidates=shown,
        notices=notices_of(session, round.id),
        has_result=phase in _AFTER_RESULT,
    )


@bp.get("/pictures/<digest>.jpg")
@public
def picture(digest: str) -> Response:
    """Return a stored picture; its address is its content, so a browser may keep it for ever."""
    try:
        content = current_files().get(digest)
    except (FileNotFoundError, ValueError) as absent:
        raise NotFound from absent
    if not content.startswith(b"\xff\xd8\xff"):  # the store holds papers too
        raise NotFound
    response = make_response(content)
    response.mimetype = "image/jpeg"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
