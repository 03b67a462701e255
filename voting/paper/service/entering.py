"""A paper is settled: its ballot goes into the urn, or it counts for nothing; what was keyed is forgotten."""

import secrets
from collections.abc import Iterable
from typing import cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import lock_field, unlock_field
from voting.ballots.rules import Ballot, BallotPaper, exceeds_limit, slot_of
from voting.ballots.service import drop_into_urn
from voting.errors import Refusal
from voting.paper.models import PaperBallot, PaperKeying, PaperState, Reconciliation
from voting.paper.rules.keying import Keyed, kept_ticks, read_written, reason_of, written
from voting.persistence.changing import changes_one
from voting.rounds.models import Round
from voting.rounds.rules import Phase

_NONCE = 16
# A row may still say that people vote when the clock has ended it.
_KEYING_PHASES = [phase.value for phase in (Phase.VOTING, Phase.COUNTING, Phase.PAUSED)]
_PAPER = cast("Table", PaperBallot.__table__)
_KEYING = cast("Table", PaperKeying.__table__)


class SettledMeanwhile(Refusal):
    """Somebody else settled the paper, or took it back, a moment ago."""

    msgid = "这张票刚刚被别人处理过，这次没有记录。请刷新这一页看它现在的状态。"


def sealed_keying(
    keys: Keyring, keyed: Keyed, *, paper: BallotPaper, serial: str, generation: int, turn: int
) -> bytes:
    """Return what was keyed as it is kept: under a key that is not in the database, all of one length."""
    purpose = _purpose(paper.round_id, serial, generation, turn)
    return lock_field(keys.card_key(), purpose, written(keyed, sorted(paper.by_number)))


def open_keying(keys: Keyring, keying: PaperKeying, paper: BallotPaper) -> Keyed:
    """Return what somebody keyed of a paper that is not settled; raise SettledMeanwhile once it is."""
    if keying.sealed is None:
        raise SettledMeanwhile
    purpose = _purpose(keying.round_id, keying.serial, keying.generation, keying.turn)
    text = unlock_field(keys.card_key(), purpose, keying.sealed)
    return read_written(text, sorted(paper.by_number))


def _purpose(round_id: str, serial: str, generation: int, turn: int) -> str:
    return f"paper keying {round_id} {serial} {generation} {turn}"


def enter_paper(
    session: Session,
    *,
    paper: BallotPaper,
    serial: str,
    generation: int,
    ticks: Iterable[int],
    void: str | None = None,
) -> str | None:
    """Settle a paper out of a box and return why it counts for nothing, or None if it is in the urn.

    ``void`` is such a reason that somebody decided. The state of the row decides that a paper is settled
    once. Raises SettledMeanwhile.
    """
    given, most, gone = set(ticks), paper.max_choices, paper.withdrawn
    reason = void or reason_of(given, most, gone, is_too_dear=exceeds_limit(paper, given))
    slot = None if reason else slot_of(secrets.token_bytes(_NONCE))
    state = PaperState.INVALID if reason else PaperState.ENTERED
    settled = (
        update(_PAPER)
        .where(
            _PAPER.c.round_id == paper.round_id,
            _PAPER.c.serial == serial,
            _PAPER.c.generation == generation,
            _PAPER.c.state == PaperState.RETURNED.value,
        )
        .values(state=state.value, reason=reason, slot=slot)
    )
    if not changes_one(session, settled):
        raise SettledMeanwhile
    if slot is not None:
        ballot = Ballot("paper", kept_ticks(given, most, gone))
        drop_into_urn(session, paper=paper, slot=slot, ballot=ballot)
    forget_keyings(session, paper.round_id, serial, generation)
    return reason


def forget_stale_keyings(session: Session) -> None:
    """Empty what was keyed of papers that nobody can settle any more."""
    signed = select(Reconciliation.round_id).where(Reconciliation.second_by.is_not(None))
    keying = select(Round.id).where(Round.phase.in_(_KEYING_PHASES))
    stale = _KEYING.c.round_id.in_(signed) | _KEYING.c.round_id.not_in(keying)
    session.execute(update(_KEYING).where(_KEYING.c.sealed.is_not(None), stale).values(sealed=None))


def forget_keyings(session: Session, round_id: str, serial: str, generation: int) -> None:
    """Empty what was keyed of a paper; who keyed it stays."""
    session.execute(
        update(_KEYING)
        .where(
            _KEYING.c.round_id == round_id,
            _KEYING.c.serial == serial,
            _KEYING.c.generation == generation,
        )
        .values(sealed=None)
    )
