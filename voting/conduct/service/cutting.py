"""The budget of a declared result is cut: one officer asks, another confirms, and publicity begins anew."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.clock import local_day, moment_text
from voting.conduct.rules import Given
from voting.conduct.rules.cutting import (
    CutAlready,
    CutDecided,
    EqualsParted,
    NotACut,
    NothingLeaves,
    SameCutter,
    cut_step,
)
from voting.conduct.service.by_two import asked_with, decide, get_asked, given_of
from voting.conduct.service.effects import Taken
from voting.conduct.service.moving import check_given, held_round, note_and_tell
from voting.config import Config
from voting.figures import budget as in_words
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.ledger.service import note_for_ledger
from voting.proposals.models import Candidate
from voting.proposals.rules.states import CandidateState
from voting.results.models import BudgetCut
from voting.results.rules import ProjectLine, ResultFacts
from voting.results.rules.cutting import parted_equals
from voting.results.service import declared_facts, numbers_of, publicity_of
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.tally.rules.situations import staying


@dataclass(frozen=True)
class Left:
    """What a cut would leave: who keeps the money, who leaves, and who had left after an objection."""

    facts: ResultFacts
    kept: tuple[ProjectLine, ...]
    leaving: tuple[ProjectLine, ...]
    removed: tuple[int, ...]


def left_by_cut(session: Session, round_id: str, budget: int) -> Left:
    """Return what a budget of so many cents would leave of a declared result; raise NotDeclaredYet."""
    facts = declared_facts(session, round_id)
    removed = set(
        session.scalars(
            select(Candidate.ballot_number).where(
                Candidate.round_id == round_id, Candidate.state == CandidateState.REMOVED.value
            )
        )
    )
    gone = tuple(one.number for one in facts.funded if one.number in removed)
    funded = [one for one in facts.funded if one.number not in removed]
    number = staying([one.cost for one in funded], budget)
    return Left(facts, tuple(funded[:number]), tuple(funded[number:]), gone)


def left_by(session: Session, asked: BudgetCut) -> Left:
    """Return what a cut leaves: as it was decided, or as it would be now."""
    if asked.state != "done":
        return left_by_cut(session, asked.round_id, asked.budget)
    facts = declared_facts(session, asked.round_id)
    kept, removed = numbers_of(asked.funded), numbers_of(asked.removed)
    leaving = tuple(one for one in facts.funded if one.number not in {*kept, *removed})
    return Left(facts, tuple(one for one in facts.funded if one.number in kept), leaving, removed)


def ask_cut(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    budget: int,
    reason: str,
    given: Given,
) -> BudgetCut:
    """Ask that the budget of a declared result be cut to so many cents; another officer confirms.

    Raises NotFound, NotWhilePublic, NotACut, NothingLeaves, EqualsParted, CutAlready, or what
    ``rules.lacking`` says.
    """
    round = held_round(session, now=now, actor=actor, round_id=round_id)
    step = cut_step(Phase(round.phase))
    reason = reason.strip()
    check_given(round, step, given, reason, now=now)
    _check(left_by_cut(session, round.id, budget), budget)
    said = asked_with(reason, given, actor=actor, now=now)
    asked = BudgetCut(round_id=round.id, budget=budget, **said)
    try:
        with session.begin_nested():
            session.add(asked)
    except IntegrityError as refused:
        raise CutAlready from refused
    _note(session, now, actor, "round.ask_cut", round, budget)
    return asked


def confirm_cut(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    cut_id: str,
    config: Config | None = None,
) -> BudgetCut:
    """Cut the budget as another officer asked: the last leave, publicity begins anew, a notice says so.

    Raises NotFound, NotWhilePublic, NothingLeaves, SameCutter or CutDecided.
    """
    round = held_round(session, now=now, actor=actor, round_id=round_id)
    asked = get_cut(session, round.id, cut_id)
    step = cut_step(Phase(round.phase))
    left = left_by_cut(session, round.id, asked.budget)
    _check(left, asked.budget)
    kept = [one.number for one in left.kept]
    outcome = {"funded": ",".join(map(str, kept)), "removed": ",".join(map(str, left.removed))}
    _decide(session, asked, actor, now, state="done", **outcome)
    days = publicity_of(session, left.facts, posted=local_day(now))
    round.publicity_from, round.publicity_to = days.first, days.last
    note_for_ledger(
        session, now=now, round_id=round.id, kind="cut", at=moment_text(now), budget=asked.budget,
        removed=list(left.removed), funded=kept,
    )  # fmt: skip
    taken = Taken(
        now=now,
        actor=actor,
        keys=keys,
        round=round,
        step=step,
        given=given_of(asked),
        config=config,
    )
    note_and_tell(session, taken, reason=asked.reason, budget=asked.budget)
    return asked


def refuse_cut(
    session: Session, *, now: datetime, actor: Actor, round_id: str, cut_id: str
) -> BudgetCut:
    """Leave the budget as it is; who asked may take it back. Raises NotFound or CutDecided."""
    round = held_round(session, now=now, actor=actor, round_id=round_id)
    asked = get_cut(session, round.id, cut_id)
    _decide(session, asked, actor, now, state="refused")
    _note(session, now, actor, "round.refuse_cut", round, asked.budget)
    return asked


def get_cut(session: Session, round_id: str, cut_id: str) -> BudgetCut:
    """Return what somebody asked in this round; raise NotFound."""
    return get_asked(session, BudgetCut, round_id, cut_id)


def find_standing_cut(session: Session, round_id: str) -> BudgetCut | None:
    """Return the cut of a round that waits or is done."""
    mine = (BudgetCut.round_id == round_id, BudgetCut.state != "refused")
    return session.scalar(select(BudgetCut).where(*mine))


def _check(left: Left, budget: int) -> None:
    if budget >= left.facts.budget:
        raise NotACut(budget=in_words(left.facts.budget))
    if not left.leaving:
        raise NothingLeaves(spent=in_words(sum(one.cost for one in left.kept)))
    kept = {str(one.number) for one in left.kept}
    parted = parted_equals(left.facts.ties, kept, {str(one.number) for one in left.leaving})
    if parted:
        raise EqualsParted(stays=parted[0], leaves=parted[1])


def _decide(
    session: Session, asked: BudgetCut, actor: Actor, now: datetime, **outcome: str
) -> None:
    decide(session, asked, actor=actor, now=now, same=SameCutter, late=CutDecided, **outcome)


def _note(
    session: Session, now: datetime, actor: Actor, act: str, round: Round, budget: int
) -> None:
    record(
        session, actor, act, now=now, kind="round", id=round.id, area_path=round.area.path,
        budget=budget,
    )  # fmt: skip
