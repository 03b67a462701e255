"""What the pages about proposals share."""

from flask import Blueprint

from voting.proposals.service.entering import OPEN_PHASES
from voting.rounds.models import Round

bp = Blueprint("proposals", __name__)


def is_open(round: Round) -> bool:
    """Tell whether proposals and candidates of a round may still be changed."""
    return round.frozen_at is None and round.phase in OPEN_PHASES
