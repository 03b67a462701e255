"""What the pages about the conduct of a round share."""

from typing import Any

from flask import Blueprint, redirect, url_for

from voting.rounds.models import Round

bp = Blueprint("conduct", __name__)


def to_round(round_id: str) -> Any:
    """Go to the page of a round."""
    return redirect(url_for("conduct.show", round_id=round_id), 303)


def to_people(round: Round) -> Any:
    """Go to the people appointed to a round."""
    return redirect(url_for("conduct.appointments", round_id=round.id), 303)
