"""What the pages of the ledger share."""

from flask import Blueprint, Response

from voting.errors import NotFound
from voting.ledger.models import Checkpoint
from voting.ledger.rules.notes import note_file
from voting.rounds.models import Round
from voting.rounds.service import get_round, was_public
from voting.web.db import get_session

bp = Blueprint("ledger", __name__)
# Signed once, and then never changed.
_KEEP = "public, max-age=86400, immutable"


def public_round(round_id: str) -> Round:
    """Return a round that anybody may see; raise NotFound for any other."""
    round = get_round(get_session(), round_id)
    if not was_public(get_session(), round):
        raise NotFound
    return round


def note_response(checkpoint: Checkpoint) -> Response:
    """Return a checkpoint as the file that was signed, byte for byte."""
    name = note_file(checkpoint.round_id, checkpoint.size)
    response = text_response(checkpoint.note, name)
    response.headers["Cache-Control"] = _KEEP
    return response


def text_response(text: str, name: str) -> Response:
    """Return a text to be kept as a file."""
    response = Response(text.encode(), mimetype="text/plain")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
