"""Who may touch papers out of a box: after voting has ended, before the sheet is signed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.paper.models import Reconciliation
from voting.paper.service.printing import TICKED, OnlyTicks
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import get_round, settle, steady_round


class NotKeying(Refusal):
    """Voting is still on, or the round is past its count."""

    msgid = "现在不能录票：要等投票截止以后、清票记录签字以前。"


class PaperReconciled(Refusal):
    """Two have signed the sheet."""

    msgid = "清票记录已经两人签字，纸质票不能再录、再改。"


def admit(session: Session, *, now: datetime, actor: Actor, round_id: str) -> Round:
    """Return a round whose papers may be keyed, steady until the end of this act.

    Whoever signs the sheet holds the round and so waits for the acts under way. Raises NotFound, NotKeying,
    OnlyTicks or PaperReconciled.
    """
    settle(session, now=now, round_id=round_id)
    if not get_round(session, round_id).area.path.startswith(actor.area_path):
        raise NotFound
    round = steady_round(session, round_id)
    if round.phase != Phase.COUNTING or round.kind == "loaded":
        raise NotKeying
    if round.ballot_kind not in TICKED:
        raise OnlyTicks
    if is_reconciled(session, round_id):
        raise PaperReconciled
    return round


def is_reconciled(session: Session, round_id: str) -> bool:
    """Tell whether the sheet of a round has been signed by two."""
    signed = select(Reconciliation.second_by).where(Reconciliation.round_id == round_id)
    return session.scalar(signed) is not None


def may_key(session: Session, round: Round, *, now: datetime) -> bool:
    """Tell whether papers of a round may be keyed at this moment."""
    is_counting = round.phase_at(now) is Phase.COUNTING and round.kind != "loaded"
    return is_counting and not is_reconciled(session, round.id)
