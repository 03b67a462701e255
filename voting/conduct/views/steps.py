"""A step of a round: what it will do, then the step itself."""

from typing import Any

from flask import flash, render_template
from flask_login import current_user
from werkzeug.exceptions import Forbidden

from voting.conduct.forms import StepForm
from voting.conduct.rules import NoSuchStep, Step, find_step
from voting.conduct.service import advance, appointments_of, facts_of, standing
from voting.conduct.views.blueprint import bp, to_round
from voting.conduct.views.overview import dates_of
from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.proposals.service import candidates_of
from voting.roll.service import roll_counts
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.rules import PHASE_NAMES, Phase
from voting.web.db import current_config, current_keys, get_session, now, transaction
from voting.web.text import _, say


@bp.get("/desk/rounds/<round_id>/steps/<kind>")
@on_round(Permission.ROUND_READ)
def step(round: Round, kind: str) -> str:
    """Say what a step will do, and what is missing for it."""
    return _page(round, _step(round, kind), StepForm())


@bp.post("/desk/rounds/<round_id>/steps/<kind>")
@on_round(Permission.ROUND_READ)
def step_submit(round: Round, kind: str) -> Any:
    """Take a step."""
    found = _step(round, kind)
    form = StepForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                advance(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    keys=current_keys(),
                    round_id=round.id,
                    to=found.after,
                    reason=form.reason.data or "",
                    config=current_config(),
                    permissions=current_user.permissions,
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("办好了：%(step)s。", step=_(found.label)), "success")
            return to_round(round.id)
    return _page(round, found, form), 422


def _step(round: Round, kind: str) -> Step:
    """Return the step this officer may take from where the round stands now."""
    try:
        after = Phase(kind.replace("-", "_"))
    except ValueError:
        raise NotFound from None
    before = round.phase_at(now())
    found = find_step(before, after)
    if found is None:
        raise NoSuchStep(phase=PHASE_NAMES[before])
    if found.permission not in current_user.permissions:
        raise Forbidden
    return found


def _page(round: Round, found: Step, form: StepForm) -> str:
    session = get_session()
    facts = facts_of(session, round, now=now(), config=current_config())
    lacking, unusual = standing(found, facts)
    form.asks(needed=found.needs_reason)
    is_announcement = found.after is Phase.VOTE_ANNOUNCED
    return render_template(
        "conduct/step.html",
        round=round,
        step=found,
        form=form,
        missing=[say(refusal) for refusal in lacking],
        remarks=[_(remark.msgid, **remark.values) for remark in unusual],
        is_announcement=is_announcement,
        candidates=candidates_of(session, round.id) if is_announcement else [],
        people=appointments_of(session, round.id) if is_announcement else [],
        counts=roll_counts(session, round.id),
        dates=dates_of(session, round),
    )
