"""The file of a batch: order it again, take it."""

from typing import Any

from flask import send_file
from flask_login import current_user

from voting.cards.service import note_download, sheets_file
from voting.cards.views.blueprint import bp, load_batch, order, queue, to_batch
from voting.errors import NotFound
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_config, now, transaction
from voting.web.text import _


@bp.post("/desk/rounds/<round_id>/cards/batches/<batch_id>/sheets")
@on_round(Permission.CARD_ISSUE)
def sheets_submit(round: Round, batch_id: str) -> Any:
    """Order the file of a batch, for the first time or again."""
    found = load_batch(round, batch_id)
    with transaction() as session:
        job_id = order(session, found.id)
    queue().put(job_id)
    return to_batch(round, found.id)


@bp.get("/desk/rounds/<round_id>/cards/batches/<batch_id>/sheets.pdf")
@on_round(Permission.CARD_ISSUE)
def sheets(round: Round, batch_id: str) -> Any:
    """Hand out the file, and note who took it."""
    found = load_batch(round, batch_id)
    path = sheets_file(current_config().var, found.id)
    with transaction() as session:
        note_download(session, now=now(), actor=current_user.actor, batch_id=found.id)
    if not path.exists():
        raise NotFound
    name = _("投票卡-第%(number)d批.pdf", number=found.number)
    return send_file(path, "application/pdf", as_attachment=True, download_name=name)
