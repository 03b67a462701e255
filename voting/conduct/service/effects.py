"""What a step does beyond moving the round: it freezes, counts days, opens projects."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.clock import local_day
from voting.conduct.rules import Given, NotDeclared, Step
from voting.conduct.service.freezing import freeze
from voting.config import Config
from voting.delivery.service import open_projects
from voting.journal.rules import Actor
from voting.ledger.service import make_checkpoint
from voting.proposals.models import Candidate
from voting.proposals.rules.states import CandidateState
from voting.proposals.service import reserve_nominated, settle_candidates
from voting.results.service import facts_of as result_of
from voting.results.service import find_result, publicity_of
from voting.rounds.models import Round
from voting.rounds.service import KEPT, decide_outages


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A step that is being taken: by whom, when, on which held round, with what."""

    now: datetime
    actor: Actor
    keys: Keyring
    round: Round
    step: Step
    given: Given
    config: Config | None = None


def take_effect(session: Session, taken: Taken) -> None:
    """Do what a step does beyond moving the round; most do nothing more."""
    effect = _EFFECTS.get(taken.step.act)
    if effect:
        effect(session, taken)


def _freeze(session: Session, taken: Taken) -> None:
    freeze(session, now=taken.now, keys=taken.keys, round=taken.round)
    # Rules and roll stand under a signed head before any card is handed out.
    make_checkpoint(session, now=taken.now, keys=taken.keys, round_id=taken.round.id)


def _keep_the_rest(session: Session, taken: Taken) -> None:
    reserve_nominated(session, taken.round.id)


def _count_days(session: Session, taken: Taken) -> None:
    """Let the days of publicity begin with the day on which the paper was posted."""
    posted = taken.given.day or local_day(taken.now)
    days = publicity_of(session, result_of(session, taken.round.id), posted=posted)
    taken.round.publicity_from, taken.round.publicity_to = days.first, days.last


def _open_works(session: Session, taken: Taken) -> None:
    """Say of every candidate what the vote made of it, and open the projects of those that were funded."""
    round = taken.round
    result = find_result(session, round.id)
    if result is None or result.declared_at is None:
        raise NotDeclared
    numbers = [line.number for line in result_of(session, round.id).funded]
    mine = Candidate.round_id == round.id
    listed = session.scalars(select(Candidate).where(mine, Candidate.ballot_number.in_(numbers)))
    funded = sorted(listed, key=lambda one: numbers.index(one.ballot_number or 0))
    settle_candidates(session, round.id, funded=[one.id for one in funded])
    for one in funded:
        session.refresh(one)
    # What was removed after an objection stays removed, though the count had funded it.
    works = [one for one in funded if one.state == CandidateState.FUNDED]
    open_projects(session, now=taken.now, actor=taken.actor, round=round, candidates=works)


def _keep_closing(session: Session, taken: Taken) -> None:
    decide_outages(session, taken.round.id, decision=KEPT, by=taken.actor.id)


_EFFECTS: dict[str, Callable[[Session, Taken], None]] = {
    "round.shortlist": _keep_the_rest,
    "round.announce_vote": _freeze,
    "round.keep_closing": _keep_closing,
    "round.publish": _count_days,
    "round.correct": _count_days,
    "round.confirm": _open_works,
}
