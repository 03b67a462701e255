"""What anybody may see of a round: its page, its proposals, and the pictures."""

from flask import Response, make_response, render_template, request

from voting.errors import NotFound
from voting.proposals.models import CATEGORY_NAMES, Category
from voting.proposals.service import public_candidates
from voting.proposals.service.public_list import counts_by_state, public_proposal, public_proposals
from voting.proposals.service.rivals import rivals_by_number
from voting.proposals.views.blueprint import bp
from voting.proposals.views.sending import public_round_of
from voting.rounds.rules import Phase
from voting.rounds.service import notices_of
from voting.web.access import public
from voting.web.db import current_files, get_session, now

_AFTER_RESULT = frozenset(
    {Phase.PUBLICITY, Phase.OBJECTION, Phase.CONFIRMED, Phase.IMPLEMENTING, Phase.CLOSED}
    | {Phase.ARCHIVED}
)
_WITH_PROJECTS = frozenset({Phase.CONFIRMED, Phase.IMPLEMENTING, Phase.CLOSED, Phase.ARCHIVED})
_LONGEST_SEARCH = 40


@bp.get("/rounds/<round_id>")
@public
def public_round(round_id: str) -> str:
    """Show a round to anyone: what is decided, when, how to propose and to vote, whom to ask."""
    session = get_session()
    round = public_round_of(round_id)
    phase = round.phase_at(now())
    listed = public_candidates(session, round, now=now())
    return render_template(
        "proposals/public_round.html",
        round=round,
        phase=phase,
        candidates=listed,
        rivals=rivals_by_number(listed),
        proposals=sum(counts_by_state(session, round.id).values()),
        notices=notices_of(session, round.id),
        has_result=phase in _AFTER_RESULT,
        has_projects=phase in _WITH_PROJECTS,
    )


@bp.get("/rounds/<round_id>/proposals")
@public
def public_list(round_id: str) -> str:
    """List what has been proposed and accepted, newest first; of the rest only how many."""
    round = public_round_of(round_id)
    search = request.args.get("q", "").replace("\0", "").strip()[:_LONGEST_SEARCH]
    category = request.args.get("category", "")
    if category not in set(Category):
        category = ""
    page = request.args.get("page", 1, type=int)
    return render_template(
        "proposals/public_list.html",
        round=round,
        phase=round.phase_at(now()),
        found=public_proposals(
            get_session(), round.id, page=page, search=search, category=category
        ),
        search=search,
        category=category,
        categories=list(Category),
        category_names=CATEGORY_NAMES,
    )


@bp.get("/rounds/<round_id>/proposals/<proposal_id>")
@public
def public_one(round_id: str, proposal_id: str) -> str:
    """Show one proposal to anybody; who made it is not said."""
    round = public_round_of(round_id)
    proposal = public_proposal(get_session(), proposal_id, round_id=round.id)
    return render_template(
        "proposals/public_proposal.html",
        round=round,
        proposal=proposal,
        phase=round.phase_at(now()),
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
