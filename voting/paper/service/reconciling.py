"""Signing the sheet: one signs the figures as they stand, another only the very same ones."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, Update, delete, update
from sqlalchemy.orm import Session

from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.paper.models import Reconciliation
from voting.paper.rules.sheet import Outcome, Sheet, Waiting
from voting.paper.rules.sheet_text import Change, changes, read_sheet, write_sheet
from voting.paper.service.figuring import figure, has_paper, waiting_of
from voting.paper.service.noting import note_round
from voting.persistence.changing import changes_one
from voting.roll.service.inserting import insert_first
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import get_round, hold_round, settle

_SHEET = cast("Table", Reconciliation.__table__)


class NoSheetNeeded(Refusal):
    """The round has no paper."""

    msgid = "本轮没有纸质票，不用清票，可以直接开箱计票。"


class NotReconciling(Refusal):
    """The sheet is signed between the end of voting and the opening of the urn."""

    msgid = "现在不能签清票记录：要等投票截止以后、开箱以前。"


class SheetNotReady(Refusal):
    """Papers, corrections or bundles wait for somebody."""

    msgid = "还有没办完的事，不能签字。请先把上面“还没有办完”里的每一项办完。"


class FiguresMoved(Refusal):
    """The figures are not those the officer saw."""

    msgid = "您看这一页的时候，数字变了。请核对下面的新数字，再签字。"
    status = 422


class ExplanationMissing(Refusal):
    """A line that does not hold has no explanation."""

    msgid = "有对不上的数没有写原因。请每一条都写明查到的原因，再签字。"
    status = 422


class SignedMeanwhile(Refusal):
    """Somebody else was first, with the same figures."""

    msgid = "另一位工作人员刚刚签了同样的数字。请看过写明的原因，作为第二位签字。"


class SameSigner(Refusal):
    """The second must be somebody else."""

    msgid = "清票记录要两个人签。您已经签过了，请另一位工作人员用自己的账号登录，核对后签字。"


class SheetChanged(Refusal):
    """What the first signed is not what the figures are now."""

    msgid = "第一位签字以后数字又变了，不能签。请看下面变了什么，查清以后按新的数字重新签。"


class SheetSigned(Refusal):
    """Two have signed."""

    msgid = "清票记录已经两人签字，不能再改。"


class PaperNotReconciled(Refusal):
    """The urn of a round with paper does not open before two have signed the sheet."""

    msgid = "纸质票还没有清票，不能开箱。请先到“清票”一页核对，由两位工作人员签字。"


class MorePaperReturned(Refusal):
    """More paper came back than went out: nothing but declaring the vote void is left."""

    msgid = (
        "清票结果是收回的纸质票多于发出的票，投票无效，不能开箱。请街道在轮次页面办理“投票无效”。"
    )


@dataclass(frozen=True)
class Standing:
    """Where the sheet of a round stands: the figures now, what waits, who has signed, what changed since."""

    sheet: Sheet
    waiting: Waiting
    signed: Reconciliation | None
    changed: tuple[Change, ...]

    @property
    def digest(self) -> str:
        """What a page carries, so that nobody signs figures they did not see."""
        return sheet_digest(self.sheet)

    @property
    def is_signed(self) -> bool:
        """Whether two have signed."""
        return self.signed is not None and self.signed.second_by is not None


def sheet_digest(sheet: Sheet) -> str:
    """Return SHA-256 of the canonical JSON of a sheet."""
    return hashlib.sha256(write_sheet(sheet).encode()).hexdigest()


def find_sheet(session: Session, round_id: str) -> Reconciliation | None:
    """Return the sheet of a round as it was signed by one or two, or None."""
    return session.get(Reconciliation, round_id, populate_existing=True)


def signed_sheet(session: Session, round_id: str) -> Sheet | None:
    """Return the figures that two have signed, or None."""
    signed = find_sheet(session, round_id)
    return read_sheet(signed.sheet) if signed and signed.second_by else None


def standing_sheet(session: Session, round_id: str) -> Standing:
    """Return where the sheet of a round stands; what two have signed stays as it was signed."""
    signed = find_sheet(session, round_id)
    waiting = waiting_of(session, round_id)
    if signed is not None and signed.second_by is not None:
        return Standing(read_sheet(signed.sheet), waiting, signed, ())
    now = figure(session, round_id)
    changed = changes(read_sheet(signed.sheet), now) if signed else []
    return Standing(now, waiting, signed, tuple(changed))


def sign_first(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    seen: str,
    explanation: str,
) -> Reconciliation:
    """Sign the figures as they stand, with what explains every difference; ``seen`` is the page's digest.

    One's own signature may be given anew, and so may one under figures that have changed. Raises NotFound,
    NotReconciling, NoSheetNeeded, SheetNotReady, FiguresMoved, ExplanationMissing, SignedMeanwhile or
    SheetSigned.
    """
    round = _held(session, now, actor, round_id)
    sheet = _ready_sheet(session, round_id, seen)
    outcome = sheet.outcome_if_explained
    if outcome is Outcome.EXPLAINED and not explanation.strip():
        raise ExplanationMissing
    values = {
        "sheet": write_sheet(sheet), "outcome": outcome.value,
        "explanation": explanation.strip() if outcome is Outcome.EXPLAINED else "",
        "first_by": actor.id, "first_at": now,
    }  # fmt: skip
    row = {"round_id": round_id, "second_by": None, "second_at": None, **values}
    new = session.scalars(insert_first(session, _SHEET.c.round_id), [row]).one_or_none()
    if new is None and not changes_one(session, _signed_anew(round_id, actor, values)):
        raise SignedMeanwhile
    return _signed(session, now, actor, round, "first")


def sign_second(
    session: Session, *, now: datetime, actor: Actor, round_id: str, seen: str
) -> Reconciliation:
    """Sign what somebody else has signed, if it is still what the figures say: one conditional update.

    Raises NotFound, NotReconciling, NoSheetNeeded, SheetNotReady, FiguresMoved, SameSigner, SheetChanged or
    SheetSigned.
    """
    round = _held(session, now, actor, round_id)
    sheet = _ready_sheet(session, round_id, seen)
    signed = second_signature(round_id, actor.id, write_sheet(sheet), now)
    if not changes_one(session, signed):
        raise _why_not(session, actor, round_id)
    return _signed(session, now, actor, round, "second")


def second_signature(round_id: str, officer_id: str, sheet: str, now: datetime) -> Update:
    """Return the update that makes somebody the second: nobody stands there, not the first, same figures."""
    same = _unsigned(round_id).where(_SHEET.c.first_by != officer_id, _SHEET.c.sheet == sheet)
    return same.values(second_by=officer_id, second_at=now)


def withdraw_signature(session: Session, *, now: datetime, actor: Actor, round_id: str) -> None:
    """Take the one signature back, whoever gave it; raise NotFound, NotReconciling or SheetSigned."""
    round = _held(session, now, actor, round_id)
    mine = delete(_SHEET).where(_SHEET.c.round_id == round_id, _SHEET.c.second_by.is_(None))
    if not changes_one(session, mine):
        raise SheetSigned
    note_round(session, actor, "paper.withdraw_sheet", now=now, round=round)


def require_reconciled(session: Session, round_id: str) -> None:
    """Raise PaperNotReconciled or MorePaperReturned where the paper of a round keeps its urn closed."""
    if not has_paper(session, round_id):
        return
    signed = find_sheet(session, round_id)
    if signed is None or signed.second_by is None:
        raise PaperNotReconciled
    if signed.outcome == Outcome.MORE_RETURNED:
        raise MorePaperReturned


def _held(session: Session, now: datetime, actor: Actor, round_id: str) -> Round:
    settle(session, now=now, round_id=round_id)
    if not get_round(session, round_id).area.path.startswith(actor.area_path):
        raise NotFound
    # Whoever keys, corrects or counts a bundle holds the round steady: nothing moves while one signs.
    round = hold_round(session, round_id)
    if round.phase != Phase.COUNTING or round.kind == "loaded":
        raise NotReconciling
    if not has_paper(session, round_id):
        raise NoSheetNeeded
    return round


def _ready_sheet(session: Session, round_id: str, seen: str) -> Sheet:
    signed = find_sheet(session, round_id)
    if signed is not None and signed.second_by is not None:
        raise SheetSigned
    if waiting_of(session, round_id):
        raise SheetNotReady
    sheet = figure(session, round_id)
    if sheet_digest(sheet) != seen:
        raise FiguresMoved
    return sheet


def _unsigned(round_id: str) -> Update:
    return update(_SHEET).where(_SHEET.c.round_id == round_id, _SHEET.c.second_by.is_(None))


def _signed_anew(round_id: str, actor: Actor, values: Mapping[str, object]) -> Update:
    """Return the update that takes the place of one's own signature, or of one under other figures."""
    own_or_old = (_SHEET.c.first_by == actor.id) | (_SHEET.c.sheet != values["sheet"])
    return _unsigned(round_id).where(own_or_old).values(values)


def _why_not(session: Session, actor: Actor, round_id: str) -> Refusal:
    signed = find_sheet(session, round_id)
    if signed is None:
        return FiguresMoved()
    if signed.second_by is not None:
        return SheetSigned()
    return SameSigner() if signed.first_by == actor.id else SheetChanged()


def _signed(
    session: Session, now: datetime, actor: Actor, round: Round, turn: str
) -> Reconciliation:
    signed = find_sheet(session, round.id)
    assert signed is not None  # noqa: S101 -- written by the statement before
    facts = {"turn": turn, "outcome": signed.outcome}
    note_round(session, actor, "paper.sign_sheet", now=now, round=round, **facts)
    return signed
