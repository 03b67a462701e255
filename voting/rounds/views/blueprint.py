"""What the pages about the plan of a round share."""

from typing import Any

from flask import Blueprint, redirect, url_for
from flask_login import current_user

from voting.areas.models import Area, Level
from voting.areas.service import areas_below
from voting.permissions import Permission
from voting.web.db import get_session

bp = Blueprint("rounds", __name__)

_ROUND_LEVELS = {Level.COMMUNITY, Level.ESTATE}


def to_round(round_id: str) -> Any:
    """Go to the page of a round."""
    return redirect(url_for("conduct.show", round_id=round_id), 303)


def may_approve() -> bool:
    """Tell whether this officer could approve a plan."""
    return Permission.ROUND_APPROVE in current_user.permissions


def own_areas() -> list[Area]:
    """Return the communities and estates this officer works for, each parent before its children."""
    areas = areas_below(get_session(), current_user.area)
    return [area for area in areas if area.level in _ROUND_LEVELS]
