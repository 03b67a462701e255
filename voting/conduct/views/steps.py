"""A step of a round: what it will do, then the step itself."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden

from voting.adapters.attachments import AttachmentRefused
from voting.conduct.forms import StepForm
from voting.conduct.rules import STEPS, NoSuchStep, Step, find_step
from voting.conduct.service import (
    advance,
    appointments_of,
    extend,
    facts_of,
    reopen,
    repeat,
    standing,
)
from voting.conduct.views.blueprint import bp, to_round
from voting.conduct.views.overview import dates_of
from voting.custody.service import standing_of
from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.proposals.service import candidates_of
from voting.proposals.service.rivals import rival_numbers
from voting.roll.service import roll_counts
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.rules import PHASE_NAMES, Phase
from voting.web.db import current_config, current_keys, get_session, now, transaction
from voting.web.text import _, say

WHY_LOST = (
    "三张钥匙纸丢失两张，票箱永远打不开，投进去的票不能计。这次投票无效，用同一份名册重新组织。"
)
# An address that some step has, or would have: from elsewhere it is the wrong moment, not a wrong address.
_KEYS = {step.key for step in STEPS} | {phase.value.replace("_", "-") for phase in Phase}


@bp.get("/desk/rounds/<round_id>/steps/<kind>")
@on_round(Permission.ROUND_READ)
def step(round: Round, kind: str) -> str:
    """Say what a step will do, and what is missing for it."""
    found = _step(round, kind)
    form = _form(round, found)
    if found.act == "round.void" and standing_of(get_session(), round).is_lost:
        form.reason.data = _(WHY_LOST)
    return _page(round, found, form)


@bp.post("/desk/rounds/<round_id>/steps/<kind>")
@on_round(Permission.ROUND_READ)
def step_submit(round: Round, kind: str) -> Any:
    """Take a step."""
    found = _step(round, kind)
    form = _form(round, found)
    is_valid = form.validate_on_submit()
    try:
        form.keep_file()
        if is_valid:
            with transaction() as session:
                moved = _take(session, round, found, form)
    except AttachmentRefused as refusal:
        form.refuse(refusal)
    except Refusal as refusal:
        form.refuse(refusal)
    else:
        if is_valid:
            flash(_("办好了：%(step)s。", step=_(found.label)), "success")
            if found.act == "round.announce_vote":
                # The paper that calls to the vote is what is left to do: its page is next.
                return redirect(url_for("tally.announcement", round_id=moved.id), 303)
            return to_round(moved.id)
    return _page(round, found, form), 422


def _form(round: Round, found: Step) -> StepForm:
    form = StepForm()
    form.asks(found, is_rehearsal=round.kind == "rehearsal")
    return form


def _take(session: Session, round: Round, found: Step, form: StepForm) -> Round:
    """Take a step and return the round to look at next."""
    common: dict[str, Any] = {
        "now": now(),
        "actor": current_user.actor,
        "keys": current_keys(),
        "round_id": round.id,
        "reason": form.why,
        "permissions": current_user.permissions,
    }
    if found.act == "round.extend":
        return extend(session, **common, closes_at=form.moment("closes"))
    if found.act == "round.reopen":
        return reopen(session, **common, closes_at=form.moment("closes"))
    if found.act == "round.repeat":
        opens_at, closes_at = form.moment("opens"), form.moment("closes")
        return repeat(session, **common, opens_at=opens_at, closes_at=closes_at)
    return advance(
        session,
        **common,
        to=found.after,
        key=found.key,
        given=form.given,
        config=current_config(),
    )


def _step(round: Round, kind: str) -> Step:
    """Return the step this officer may take from where the round stands now."""
    if kind not in _KEYS:
        raise NotFound
    before = round.phase_at(now())
    found = find_step(before, kind, paused_in=round.paused_in)
    if found is None:
        raise NoSuchStep(phase=PHASE_NAMES[before])
    if found.permission not in current_user.permissions:
        raise Forbidden
    return found


def _page(round: Round, found: Step, form: StepForm) -> str:
    session = get_session()
    facts = facts_of(session, round, now=now(), config=current_config())
    lacking, unusual = standing(found, facts)
    is_announcement = found.after is Phase.VOTE_ANNOUNCED and found.act != "round.resume"
    listed = candidates_of(session, round.id) if is_announcement else []
    return render_template(
        "conduct/step.html",
        round=round,
        step=found,
        form=form,
        kept=form.kept_file[1],
        missing=[say(refusal) for refusal in lacking],
        remarks=[_(remark.msgid, **remark.values) for remark in unusual],
        is_announcement=is_announcement,
        candidates=listed,
        rival_groups=rival_numbers(listed),
        people=appointments_of(session, round.id) if is_announcement else [],
        counts=roll_counts(session, round.id),
        dates=dates_of(session, round),
        paused_in=PHASE_NAMES[round.paused_in] if round.paused_in else "",
        counts_first=round.posting_day_counts,
    )
