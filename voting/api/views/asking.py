"""What is read from an address: which part of a list, of which area or round."""

from urllib.parse import urlencode

from flask import request

from voting.api.document import Parameter
from voting.api.rules import MOST_ITEMS, Json, read_limit
from voting.api.rules.schemas import text
from voting.api.service import Asked
from voting.areas.models import Area
from voting.areas.service import get_area
from voting.errors import NotFound
from voting.rounds.models import Round
from voting.rounds.service import get_seen_round
from voting.web.db import get_session

CURSOR = Parameter("cursor", "从哪里接着读；用上一页的 next，不要自己拼", text())
LIMIT = Parameter(
    "limit",
    "一页几项",
    {"type": "integer", "minimum": 1, "maximum": MOST_ITEMS, "default": 50},
)
AREA = Parameter("area", "只要这个区域和它下面的，区域的编号", text())
ROUND = Parameter("round", "只要这个轮次的，轮次的编号", text())


def asked() -> Asked:
    """Return which part of a list is asked for; raise BadLimit."""
    return Asked(request.args.get("cursor", ""), read_limit(request.args.get("limit")))


def asked_area() -> Area | None:
    """Return the area a list is narrowed to, or None; raise NotFound."""
    given = request.args.get("area", "")
    if not given:
        return None
    if not given.isascii():
        raise NotFound
    return get_area(get_session(), given)


def asked_round() -> Round | None:
    """Return the round a list is narrowed to, or None; raise NotFound."""
    given = request.args.get("round", "")
    return get_seen_round(get_session(), given) if given else None


def with_next(part: Json) -> Json:
    """Return a part of a list with the address of the next one, in place of its cursor."""
    if part["next"] is None:
        return part
    kept = {name: request.args[name] for name in ("area", "round", "limit") if name in request.args}
    return {**part, "next": f"{request.path}?{urlencode({**kept, 'cursor': part['next']})}"}
