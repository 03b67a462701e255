"""A result as it was declared, was cut since, or stands now."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.errors import Refusal
from voting.notices.rules import read_facts
from voting.results.models import BudgetCut, Result
from voting.results.rules import (
    Publicity,
    ResultFacts,
    after_cut,
)
from voting.results.service.gathering import gather
from voting.rounds.models import Round
from voting.rounds.service import get_round
from voting.tally.service import checked_count


class LotWaits(Refusal):
    """Who is funded follows from a lot that has not been drawn."""

    msgid = "有项目得票相同，谁入选要抽签决定，现在还没有结果。请先在“计票”里公布并列、公开抽签。"


class NotDeclaredYet(Refusal):
    """There is no declared result."""

    msgid = "结果还没有审定，不能出公示。请街道先在工作台审定。"


def find_result(session: Session, round_id: str) -> Result | None:
    """Return the stored result of a round, declared or not, or None."""
    return session.get(Result, round_id, populate_existing=True)


def facts_of(session: Session, round_id: str) -> ResultFacts:
    """Return the figures as declared and cut since, or as they are now.

    Raises NotFound, NotCountedYet, TallyDiffers, or LotWaits while there is no outcome to tell.
    """
    stored = find_result(session, round_id)
    if stored is not None and stored.declared_at is not None:
        facts = read_facts(ResultFacts, stored.facts)
        cut = cut_of(session, round_id)
        return facts if cut is None else after_cut(facts, cut.budget, numbers_of(cut.funded))
    round = get_round(session, round_id)
    counted = checked_count(session, round_id)
    if round.lot_source and counted.outcome.decisive:
        raise LotWaits
    return gather(session, round, counted)


def declared_facts(session: Session, round_id: str) -> ResultFacts:
    """Return the figures as they were declared, whatever was cut since; raise NotDeclaredYet."""
    stored = find_result(session, round_id)
    if stored is None or stored.declared_at is None:
        raise NotDeclaredYet
    return read_facts(ResultFacts, stored.facts)


def cut_of(session: Session, round_id: str) -> BudgetCut | None:
    """Return the cut that two officers made of a declared result, or None."""
    done = (BudgetCut.round_id == round_id, BudgetCut.state == "done")
    return session.scalar(select(BudgetCut).where(*done))


def numbers_of(text: str | None) -> tuple[int, ...]:
    """Return ballot numbers that are stored joined by commas."""
    return tuple(int(one) for one in (text or "").split(",") if one)


def days_in_force(round: Round, result: Result | None) -> Publicity | None:
    """Return the days of publicity that count: from when the notice hung, anew after a correction.

    Until it hangs they are those the notice was printed with.
    """
    first, last = round.publicity_from, round.publicity_to
    if (first is None or last is None) and result is not None:
        first, last = result.publicity_from, result.publicity_to
    return Publicity(first, last) if first and last else None
