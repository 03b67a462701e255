"""What has become of a round so far, and the files that show it."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Response, send_file

from voting.conduct.rules import STEPS, Step
from voting.conduct.rules.cutting import CUTS
from voting.conduct.rules.withdrawing import WITHDRAWALS
from voting.conduct.views.blueprint import bp
from voting.errors import NotFound
from voting.journal.document import act_name
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import PhaseChange, Round
from voting.web.db import current_files, get_session
from voting.web.filters import day
from voting.web.text import _

_KINDS = {"pdf": "application/pdf", "jpg": "image/jpeg"}


@dataclass(frozen=True)
class Trace:
    """One step as it is read: what was done, and what was given with it under the step's own labels."""

    change: PhaseChange
    name: str
    facts: Sequence[tuple[str, str]]


def traces_of(history: Iterable[PhaseChange]) -> list[Trace]:
    """Return the steps of a round as they are read."""
    return [_trace(change) for change in history]


def _trace(change: PhaseChange) -> Trace:
    step = _step_of(change)
    given = [
        (step.day_label if step else _("日期"), day(change.day) if change.day else ""),
        (step.person_label if step else _("经办人"), change.person),
        (step.reason_label if step and step.needs_reason else _("理由"), change.reason),
    ]
    name = act_name(change.act) if change.act else ""
    return Trace(change, name, [(label, said) for label, said in given if said])


def _step_of(change: PhaseChange) -> Step | None:
    where = (change.act, change.before, change.after)
    known = (*STEPS, *WITHDRAWALS, *CUTS)
    return next((one for one in known if (one.act, one.before, one.after) == where), None)


@bp.get("/desk/rounds/<round_id>/files/<change_id>")
@on_round(Permission.ROUND_READ)
def attached(round: Round, change_id: str) -> Response:
    """Hand out the file that was attached to a step of this round."""
    change = get_session().get(PhaseChange, change_id) if change_id.isalnum() else None
    if change is None or change.round_id != round.id or change.file_digest is None:
        raise NotFound
    return hand_out(change.file_digest, change.file_name)


def hand_out(digest: str, name: str) -> Response:
    """Return a stored file under its name: a picture to look at, anything else to keep; raise NotFound."""
    try:
        content = current_files().get(digest)
    except (FileNotFoundError, ValueError) as absent:
        raise NotFound from absent
    suffix = name.rsplit(".", 1)[-1]
    kind = _KINDS.get(suffix, "application/octet-stream")
    return send_file(io.BytesIO(content), kind, as_attachment=suffix != "jpg", download_name=name)
