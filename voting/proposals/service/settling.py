"""What becomes of candidates when a round moves on: into the reserve, funded, unfunded, removed."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voting.clock import local_day
from voting.errors import Refusal
from voting.journal.models import JournalEntry
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.proposals.models import Candidate
from voting.proposals.rules.states import (
    CANDIDATE_STATE_NAMES,
    CandidateState,
    WrongCandidateState,
    candidate_sources,
)
from voting.proposals.service.candidates import get_candidate
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import hold_round

# After the street has declared, and before the works are handed over for good.
_REMOVABLE = (Phase.PUBLICITY, Phase.OBJECTION, Phase.CONFIRMED)


class RemovedTooEarly(Refusal):
    """There is no declared result from which it could be removed."""

    msgid = "结果公示以后，才能因异议移除项目。投票公告发布前要去掉项目，请在候选名单里移出。"


class RemovalReasonMissing(Refusal):
    """Everybody reads why a project of the result is gone."""

    msgid = "请写明移除的理由，居民会看到。"
    status = 422
    field = "reason"


class DayAhead(Refusal):
    """Nothing was decided on a day that has not come."""

    msgid = "决定的日期还没有到。请核对。"
    status = 422
    field = "day"


@dataclass(frozen=True, kw_only=True)
class Removal:
    """Why a candidate is removed, the day of that decision, and the stored paper that says so."""

    reason: str
    day: date
    file_digest: str | None = None


@dataclass(frozen=True)
class RemovalLine:
    """A removal, and which officer entered it when."""

    removal: Removal
    officer: str
    at: datetime


def reserve_nominated(session: Session, round_id: str) -> int:
    """Keep for later rounds whatever the meeting did not put on the list; return how many."""
    left = (Candidate.round_id == round_id, Candidate.state == CandidateState.NOMINATED)
    kept = session.execute(
        update(Candidate)
        .where(*left)
        .values(state=CandidateState.RESERVE.value)
        .returning(Candidate.id)
    )
    return len(kept.all())


def settle_candidates(session: Session, round_id: str, *, funded: Collection[str]) -> None:
    """Say of everything that was on the list whether the vote funded it; ``funded`` are candidates' ids."""
    session.flush()
    listed = (Candidate.round_id == round_id, Candidate.state == CandidateState.LISTED)
    chosen = (*listed, Candidate.id.in_(list(funded)), Candidate.withdrawn_at.is_(None))
    session.execute(update(Candidate).where(*chosen).values(state=CandidateState.FUNDED.value))
    session.execute(update(Candidate).where(*listed).values(state=CandidateState.UNFUNDED.value))


def is_removable(round: Round, candidate: Candidate, now: datetime) -> bool:
    """Tell whether an objection may remove a candidate of this round now."""
    sources = candidate_sources("candidate.remove", CandidateState.REMOVED)
    stands = candidate.withdrawn_at is None and candidate.state in sources
    return round.phase_at(now) in _REMOVABLE and stands


def remove_candidate(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    candidate_id: str,
    removal: Removal,
) -> Candidate:
    """Remove a project after an objection that was right.

    Raises NotFound, RemovedTooEarly, RemovalReasonMissing, DayAhead or WrongCandidateState.
    """
    round = hold_round(session, round_id)
    candidate = get_candidate(session, candidate_id, round_id=round_id)
    if round.phase_at(now) not in _REMOVABLE:
        raise RemovedTooEarly
    if not removal.reason:
        raise RemovalReasonMissing
    if removal.day > local_day(now):
        raise DayAhead
    sources = candidate_sources("candidate.remove", CandidateState.REMOVED)
    gone = session.execute(
        update(Candidate)
        .where(
            Candidate.id == candidate.id,
            Candidate.state.in_(list(sources)),
            Candidate.withdrawn_at.is_(None),
        )
        .values(state=CandidateState.REMOVED.value, withdrawn_reason=removal.reason)
        .returning(Candidate.id)
    )
    if gone.one_or_none() is None:
        raise _wrong_state(candidate)
    record(
        session, actor, "candidate.remove", now=now, kind="candidate", id=candidate.id,
        area_path=round.area.path, round=round_id, day=removal.day.isoformat(), file=removal.file_digest,
    )  # fmt: skip
    return candidate


def _wrong_state(candidate: Candidate) -> WrongCandidateState:
    is_gone = candidate.withdrawn_at is not None
    name = "已撤下" if is_gone else CANDIDATE_STATE_NAMES[CandidateState(candidate.state)]
    return WrongCandidateState(title=candidate.title, state=name)


def removal_of(session: Session, candidate: Candidate) -> RemovalLine | None:
    """Return why a candidate was removed; the journal keeps the day and the paper."""
    entry = session.scalar(
        select(JournalEntry).where(
            JournalEntry.object_id == candidate.id, JournalEntry.act == "candidate.remove"
        )
    )
    if entry is None:
        return None
    said = json.loads(entry.details)
    removal = Removal(
        reason=candidate.withdrawn_reason or "", day=date.fromisoformat(said["day"]),
        file_digest=said["file"],
    )  # fmt: skip
    return RemovalLine(removal, entry.actor_name, entry.at)
