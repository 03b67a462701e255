"""What became of a file that was read."""

from typing import Any

from voting.permissions import Permission
from voting.roll.service import faults_of, get_import
from voting.roll.views.blueprint import bp, fault_page, lines_of, send_faults
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import get_session

_ADDRESS = "/desk/rounds/<round_id>/roll/imports/<import_id>"


@bp.get(_ADDRESS)
@on_round(Permission.ROLL_IMPORT)
def imported(round: Round, import_id: str) -> str:
    """Show what became of a file, fault by fault."""
    kept = get_import(get_session(), round.id, import_id)
    return fault_page("roll/imported.html", round, faults_of(kept), kept=kept)


@bp.get(f"{_ADDRESS}/faults.<any(csv, xlsx):kind>")
@on_round(Permission.ROLL_IMPORT)
def faults(round: Round, import_id: str, kind: str) -> Any:
    """Send the faults of a file: rows, columns and reasons, nothing of the people."""
    return send_faults(lines_of(faults_of(get_import(get_session(), round.id, import_id))), kind)
