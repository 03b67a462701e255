"""The rounds of the officer's own area."""

from flask import render_template, request
from flask_login import current_user

from voting.permissions import Permission
from voting.reading import shown
from voting.rounds.rules import PHASE_NAMES
from voting.rounds.service import Wanted, rounds_in
from voting.rounds.views.blueprint import bp, own_areas
from voting.web.access import needs
from voting.web.db import get_session, now


@bp.get("/desk/rounds")
@needs(Permission.ROUND_READ)
def index() -> str:
    """List the rounds of the officer's own area, narrowed to what is looked for."""
    asked = request.args
    areas = own_areas()
    phase, area_id = asked.get("phase", ""), asked.get("area", "")
    wanted = Wanted(
        phase=phase if phase in set(PHASE_NAMES) else "",
        area_id=area_id if area_id in {area.id for area in areas} else "",
        search=shown(asked.get("search", "").strip()),
    )
    page = asked.get("page", 1, type=int)
    found = rounds_in(get_session(), current_user.area, now=now(), page=page, wanted=wanted)
    return render_template(
        "rounds/index.html",
        found=found,
        wanted=wanted,
        areas=areas,
        phase_names=PHASE_NAMES,
        now=now(),
    )
