"""What the clock has done to rounds is written down, and every step with it."""

from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from voting.clock import at_local, local_day
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.rounds.models import PhaseChange, Round
from voting.rounds.rules import Phase

BY_CLOCK = "clock"
_CLOCK = Actor(id=BY_CLOCK, name="到时自动", area_path="")


def settle(session: Session, *, now: datetime, round_id: str | None = None) -> int:
    """Write down the phases the clock has brought, of one round or of all; return how many rounds moved.

    Everybody reads ``Round.phase_at``, so nothing depends on when this runs.
    """
    closing = func.coalesce(Round.extended_to, Round.closes_at)
    due = or_(
        and_(Round.phase == Phase.COLLECTING.value, Round.collecting_until < local_day(now)),
        and_(Round.phase == Phase.VOTE_ANNOUNCED.value, Round.opens_at <= now),
        and_(Round.phase == Phase.VOTING.value, closing <= now),
    )
    query = select(Round).where(due).with_for_update(of=Round)
    if round_id is not None:
        query = query.where(Round.id == round_id)
    rounds = session.scalars(query.execution_options(populate_existing=True)).all()
    for round in rounds:
        _settle(session, round, now)
    session.flush()
    return len(rounds)


def _settle(session: Session, round: Round, now: datetime) -> None:
    if round.phase == Phase.COLLECTING and round.collecting_until:
        over = at_local(round.collecting_until + timedelta(days=1))
        _by_clock(session, round, Phase.SCREENING, "round.screen", at=over, now=now)
        return
    if round.phase == Phase.VOTE_ANNOUNCED:
        opened = round.opens_at
        _by_clock(session, round, Phase.VOTING, "round.open_vote", at=opened, now=now)
    if round.closing <= now:
        closed = round.closing
        _by_clock(session, round, Phase.COUNTING, "round.close_vote", at=closed, now=now)


def _by_clock(
    session: Session, round: Round, after: Phase, act: str, *, at: datetime, now: datetime
) -> None:
    """Note what the clock did, never before the step that let it: a pause may have outlasted the moment."""
    last = select(func.max(PhaseChange.at)).where(PhaseChange.round_id == round.id)
    at = max(at, session.scalar(last) or at)
    before = round.phase
    note_step(session, round, after, at=at, by=BY_CLOCK, act=act)
    session.flush()
    record(
        session, _CLOCK, act, now=now, kind="round", id=round.id, area_path=round.area.path,
        before=before, after=after.value,
    )  # fmt: skip


def note_step(
    session: Session,
    round: Round,
    after: Phase,
    *,
    at: datetime,
    by: str,
    reason: str = "",
    act: str = "",
    day: date | None = None,
    person: str = "",
    file_digest: str | None = None,
    file_name: str = "",
) -> PhaseChange:
    """Store a phase and its place in the history; whether the step is allowed was asked before."""
    change = PhaseChange(
        round_id=round.id, before=round.phase, after=after.value, at=at, by=by, reason=reason, act=act,
        day=day, person=person, file_digest=file_digest, file_name=file_name,
    )  # fmt: skip
    session.add(change)
    if after is Phase.PAUSED and round.phase != Phase.PAUSED:
        round.phase_before_pause = round.phase
    elif after is not Phase.PAUSED:
        round.phase_before_pause = None
    round.phase = after.value
    return change
