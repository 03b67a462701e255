"""Opening the urn at the desk: one officer agrees, another confirms, the count runs, its outcome is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import make_response, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.accounts.service import get_officer
from voting.adapters.jobs import Queue
from voting.audits.service import cards_state, differences
from voting.custody.holder import SheetsForm
from voting.custody.service import standing_of
from voting.errors import Refusal
from voting.paper.service.reconciling import require_reconciled
from voting.permissions import Permission
from voting.persistence.jobs import Job
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.rules import Phase, SealWay
from voting.rounds.service import get_round
from voting.tally.forms import CountForm, TakeForm
from voting.tally.holder import count_apart, openings_store
from voting.tally.models import Tally, UrnOpening
from voting.tally.service import (
    AT_ONCE,
    approve_opening,
    counted_of,
    find_opening,
    find_tally,
    latest_count,
    order_count,
    stopped_by,
    urn_size,
)
from voting.tally.service.drawing import draw_state
from voting.tally.views.blueprint import bp
from voting.tally.views.lines import flaws_of, lines_of, ties_of
from voting.web.db import (
    current_config,
    current_database,
    current_keys,
    get_session,
    now,
    transaction,
)
from voting.web.text import say

_REFRESH_SECONDS = 3
_OPENABLE = {"before", "first", "second", "sheets"}


class NobodyCounts(Refusal):
    """A large urn is counted by a process that does not run, and a lent key must not wait for it."""

    msgid = "后台服务没有运行，票多，这里计不了。请管理员先启动它，再读入钥匙纸。"


@dataclass(frozen=True)
class State:
    """Where the count stands: before · first · second · sheets · ready · moves · failed · counted · none.

    ``sheets``: two officers have agreed, and two monitors are asked for theirs. ``lost``: nobody can.
    """

    name: str
    opening: UrnOpening | None = None
    first: Officer | None = None
    second: Officer | None = None
    job: Job | None = None
    tally: Tally | None = None


@bp.get("/desk/rounds/<round_id>/count")
@on_round(Permission.URN_OPEN)
def count(round: Round) -> Any:
    """Show where the opening and the count stand."""
    return count_page(round.id, CountForm())


@bp.post("/desk/rounds/<round_id>/count")
@on_round(Permission.URN_OPEN)
def count_submit(round: Round) -> Any:
    """Note that this officer agrees to open the urn; after the second one the count begins."""
    form = CountForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                opening = approve_opening(
                    session, now=now(), officer_id=current_user.id, round_id=round.id
                )
            if opening.second_officer is not None:
                run_count(round.id)
        except Refusal as refusal:
            form.refuse(refusal)
            return count_page(round.id, form), refusal.status
        return redirect(url_for("tally.count", round_id=round.id), 303)
    return count_page(round.id, form), 422


@bp.post("/desk/rounds/<round_id>/count/again")
@on_round(Permission.URN_OPEN)
def again_submit(round: Round) -> Any:
    """Begin a count that stopped once more."""
    form = CountForm()
    if form.validate_on_submit():
        try:
            run_count(round.id)
        except Refusal as refusal:
            form.refuse(refusal)
            return count_page(round.id, form), refusal.status
        return redirect(url_for("tally.count", round_id=round.id), 303)
    return count_page(round.id, form), 422


def _queue() -> Queue:
    return Queue(current_config().var / "jobs")


def run_count(round_id: str, lend: Callable[[], None] | None = None) -> None:
    """Count at once, or order the job where it would take longer than a page may.

    Where monitors hold the key nothing is counted until ``lend`` has lent it. A lent key waits for nobody:
    without a process that works jobs off it is not taken.
    """
    with current_database().reading() as session:
        size = urn_size(session, round_id)
        by_monitors = get_round(session, round_id).seal_way == SealWay.MONITORS
    if by_monitors and lend is None:
        return
    queue = _queue()
    if lend and size > AT_ONCE and not queue.is_served():
        raise NobodyCounts
    if lend:
        lend()
    if size <= AT_ONCE:
        count_apart(round_id)
        return
    try:
        with transaction() as session:
            job = order_count(
                session,
                now=now(),
                actor=current_user.actor,
                round_id=round_id,
                served=queue.is_served(),
            )
        queue.put(job.id)
    except BaseException:
        # A lent key waits for a count that comes, and for nothing else.
        current_keys().take_back_seal_key(round_id)
        raise


def count_page(
    round_id: str,
    form: CountForm,
    *,
    scan: SheetsForm | None = None,
    take: TakeForm | None = None,
) -> Any:
    """Return the page, with forms that something was wrong with."""
    session, served = get_session(), _queue().is_served()
    round = get_round(session, round_id)
    state = _state(session, round, served=served)
    counted = counted_of(session, round_id) if state.tally else None
    begun = state.tally is None and openings_store().is_begun(round_id)
    page = render_template(
        "tally/count.html",
        round=round,
        form=form,
        state=state,
        served=served,
        scan=scan or SheetsForm(formdata=None),
        take=take or TakeForm(formdata=None),
        standing=standing_of(session, round),
        counted=counted,
        draw=draw_state(session, round),
        tests=cards_state(session, round_id),
        differences=differences(session, round_id) if counted else [],
        lines=lines_of(counted) if counted else [],
        ties=ties_of(counted) if counted else [],
        flaws=flaws_of(counted) if counted else [],
        paper=_paper(session, round),
        begun=begun,
        stopped=stopped_by(state.job, begun=begun),
    )
    response = make_response(page)
    if state.name == "moves":
        response.headers["Refresh"] = str(_REFRESH_SECONDS)
    return response


def _paper(session: Session, round: Round) -> str:
    """Return why paper keeps the urn closed, or nothing."""
    if round.kind == "loaded":
        return ""
    try:
        require_reconciled(session, round.id)
    except Refusal as refusal:
        return say(refusal)
    return ""


def _state(session: Session, round: Round, *, served: bool) -> State:
    tally, opening = find_tally(session, round.id), find_opening(session, round.id)
    first = get_officer(session, opening.first_officer) if opening else None
    confirmed = opening.second_officer if opening else None
    second = get_officer(session, confirmed) if confirmed else None
    job = latest_count(session, round.id)
    phase = round.phase_at(now())
    if tally is not None:
        name = "counted"
    elif phase in {Phase.VOTE_ANNOUNCED, Phase.VOTING}:
        name = "before"
    elif phase is not Phase.COUNTING:
        name = "none"
    elif opening is None or second is None:
        name = "second" if opening else "first"
    else:
        name = _state_of_job(job, served=served)
        if round.seal_way == SealWay.MONITORS and name in {"ready", "failed"}:
            name = "sheets"
    if name in _OPENABLE and standing_of(session, round).is_lost:
        name = "lost"
    return State(name, opening, first, second, job, tally)


def _state_of_job(job: Job | None, *, served: bool) -> str:
    if job is None or job.state == "done":
        return "ready"
    if job.state == "failed" or (job.state == "running" and not served):
        return "failed"
    return "moves"
