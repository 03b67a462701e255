"""Where a round stands: its phases, what comes next and what is missing for it, its dates, its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import render_template
from flask_login import current_user
from sqlalchemy.orm import Session

from voting.calendar.service import working_day_after
from voting.clock import local_day
from voting.conduct.rules import Facts, Step, steps_from
from voting.conduct.rules.cutting import CUT, CUTTABLE
from voting.conduct.rules.withdrawing import WITHDRAW, WITHDRAWABLE
from voting.conduct.service import facts_of, find_successor, names_of, standing
from voting.conduct.service.cutting import find_standing_cut
from voting.conduct.service.withdrawing import count_waiting
from voting.conduct.views.blueprint import bp
from voting.conduct.views.history import traces_of
from voting.permissions import Permission
from voting.proposals.service import conflicts_of
from voting.rounds.holder import on_round
from voting.rounds.models import PhaseChange, Round
from voting.rounds.rules import PHASE_NAMES, STRAIGHT_PATH, Phase
from voting.rounds.service import get_round, history_of, officers_of
from voting.web.db import current_config, get_session, now
from voting.web.filters import day_clock
from voting.web.text import _, say

_SHOWN = tuple(phase for phase in STRAIGHT_PATH if phase is not Phase.OBJECTION)
_USUAL_ANNOUNCEMENT = timedelta(days=3)


_ASIDE = {
    "round.pause", "round.terminate", "round.reject", "round.too_few", "round.void", "round.extend",
    "round.reopen", "round.keep_closing",
}  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """A step as the page offers it: whether this officer takes it, and what is missing."""

    step: Step
    mine: bool
    missing: Sequence[str]

    @property
    def is_aside(self) -> bool:
        """Whether the step leads off the straight path: offered quietly, and only when it can be taken."""
        return self.step.act in _ASIDE

    @property
    def decides_outage(self) -> bool:
        """Whether the step is what an outage waits for: offered where the outage is told."""
        return self.step.act in {"round.reopen", "round.keep_closing"}


@dataclass(frozen=True)
class Dates:
    """What follows from the plan; the days of publicity count from the first working day after the vote."""

    announce_by: date
    posted: date
    public_until: date
    doubtful_years: Sequence[int]


@bp.get("/desk/rounds/<round_id>")
@on_round(Permission.ROUND_READ)
def show(round: Round) -> str:
    """Show where a round stands and what comes next."""
    session = get_session()
    history = history_of(session, round.id)
    facts = facts_of(session, round, now=now(), config=current_config())
    phase = round.phase_at(now())
    return render_template(
        "conduct/show.html",
        round=round,
        phase=phase,
        facts=facts,
        offers=[_offer(step, facts) for step in steps_from(phase, paused_in=round.paused_in)],
        successor=find_successor(session, round.id),
        predecessor=get_round(session, round.repeats_id) if round.repeats_id else None,
        phases=_phases(round, phase, history),
        traces=traces_of(history),
        names=names_of(session, {change.by for change in history} | {round.created_by}),
        phase_names=PHASE_NAMES,
        dates=dates_of(session, round),
        conflicts=conflicts_of(session, round.id),
        officers=officers_of(session, round.id),
        may_edit=_may_edit(round),
        may_withdraw=_may_withdraw(round, phase),
        leaving=count_waiting(session, round.id),
        cut=find_standing_cut(session, round.id),
        may_cut=phase in CUTTABLE and Permission.RESULT_DECLARE in current_user.permissions,
    )


def _offer(step: Step, facts: Facts) -> Offer:
    lacking, _remarks = standing(step, facts)
    return Offer(
        step=step,
        mine=step.permission in current_user.permissions,
        missing=[say(refusal) for refusal in lacking],
    )


def _may_edit(round: Round) -> bool:
    held = current_user.permissions
    needed = Permission.ROUND_EDIT if round.phase == Phase.DRAFT else Permission.ROUND_APPROVE
    is_open = round.frozen_at is None and round.phase != Phase.TERMINATED
    return is_open and Permission.ROUND_EDIT in held and needed in held


def _may_withdraw(round: Round, phase: Phase) -> bool:
    stood = round.paused_in if phase is Phase.PAUSED else phase
    return stood in WITHDRAWABLE and Permission.ROUND_APPROVE in current_user.permissions


def _phases(round: Round, phase: Phase, history: Sequence[PhaseChange]) -> list[dict[str, Any]]:
    """Return the straight path for the timeline, each phase with the last time it was entered."""
    entered = {Phase(one.after): one.at for one in history if one.act not in {WITHDRAW, CUT}}
    entered.setdefault(Phase.DRAFT, round.created_at)
    if phase not in _SHOWN:
        reached = [one for one in _SHOWN if one in entered]
        shown = [_mark(one, "done", entered) for one in reached]
        return [*shown, _mark(phase, "stopped", entered)]
    here = _SHOWN.index(phase)
    states = ["done" if at < here else "now" if at == here else "next" for at in range(len(_SHOWN))]
    return [_mark(one, state, entered) for one, state in zip(_SHOWN, states, strict=True)]


def _mark(phase: Phase, state: str, entered: dict[Phase, Any]) -> dict[str, Any]:
    when = day_clock(entered[phase]) if phase in entered and state != "next" else ""
    return {"name": _(PHASE_NAMES[phase]), "state": state, "when": when}


def dates_of(session: Session, round: Round) -> Dates:
    """Return the dates that follow from the plan of a round."""
    posted = working_day_after(session, local_day(round.closing), 1)
    public = working_day_after(
        session, posted.last_day, round.publicity_days, counts_first=round.posting_day_counts
    )
    return Dates(
        announce_by=local_day(round.opens_at) - _USUAL_ANNOUNCEMENT,
        posted=posted.last_day,
        public_until=public.last_day,
        doubtful_years=sorted({*posted.doubtful_years, *public.doubtful_years}),
    )
