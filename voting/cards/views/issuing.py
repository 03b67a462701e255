"""Making a batch."""

from typing import Any

from flask import render_template
from flask_login import current_user

from voting.cards.forms import ALL_BUILDINGS, AssignForm, IssueForm
from voting.cards.models import CardBatch
from voting.cards.service import (
    electors_without_card,
    issue_batch,
    require_issuing,
    supply,
)
from voting.cards.views.blueprint import bp, order, queue, to_batch
from voting.errors import Refusal
from voting.permissions import Permission
from voting.roll.service import buildings
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_config, current_keys, get_session, now, transaction
from voting.web.text import _, say


@bp.get("/desk/rounds/<round_id>/cards/new")
@on_round(Permission.CARD_ISSUE)
def issue(round: Round) -> Any:
    """Ask how many cards shall be made, or say why none can be made now."""
    stock = supply(get_session(), round.id)
    missing = stock.listed + stock.spare - stock.live
    return _issue_page(IssueForm(data={"count": missing if missing > 0 else None}), round)


@bp.post("/desk/rounds/<round_id>/cards/new")
@on_round(Permission.CARD_ISSUE)
def issue_submit(round: Round) -> Any:
    """Make a batch of bearer cards and order its file."""
    form = IssueForm()
    if form.validate_on_submit() and _is_meant(form, round):
        try:
            with transaction() as session:
                batch = issue_batch(session, **_facts(round), count=form.count.data or 0)
                job_id = order(session, batch.id)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            queue().put(job_id)
            return to_batch(round, batch.id)
    return _issue_page(form, round), 422


@bp.get("/desk/rounds/<round_id>/cards/new-assigned")
@on_round(Permission.CARD_ISSUE)
def assign(round: Round) -> Any:
    """Ask for whom cards with an owner shall be made."""
    return _assign_page(_assign_form(round), round)


@bp.post("/desk/rounds/<round_id>/cards/new-assigned")
@on_round(Permission.CARD_ISSUE)
def assign_submit(round: Round) -> Any:
    """Make a batch of assigned cards and order its file."""
    form = _assign_form(round)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                batch = _assign(session, round, form.building.data)
                job_id = order(session, batch.id)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            queue().put(job_id)
            return to_batch(round, batch.id)
    return _assign_page(form, round), 422


def _assign(session: Any, round: Round, building: str) -> CardBatch:
    place = None if building == ALL_BUILDINGS else building
    people = electors_without_card(session, round.id, keys=current_keys(), building=place)
    return issue_batch(
        session, **_facts(round), count=len(people), mode="assigned", elector_ids=people
    )


def _facts(round: Round) -> dict[str, Any]:
    return {
        "now": now(),
        "actor": current_user.actor,
        "keys": current_keys(),
        "round_id": round.id,
        "config": current_config(),
    }


def _is_meant(form: IssueForm, round: Round) -> bool:
    """Ask once more when there would be more live cards than people and spare ones."""
    excess = supply(get_session(), round.id).excess(form.count.data or 0)
    if excess and not form.beyond.data:
        form.beyond.errors = [
            _(
                "这样会比名册加 5%% 备用多出 %(excess)d 张。核对张数；确实要印，请勾选这一项再提交。",
                excess=excess,
            )
        ]
        return False
    return True


def _assign_form(round: Round) -> AssignForm:
    form = AssignForm()
    form.offer([place.name for place in buildings(get_session(), round.id)])
    return form


def _obstacle(round: Round) -> str | None:
    try:
        require_issuing(get_session(), round.id, now=now(), config=current_config())
    except Refusal as refusal:
        return say(refusal)
    return None


def _issue_page(form: IssueForm, round: Round) -> str:
    return render_template(
        "cards/issue.html",
        form=form,
        round=round,
        supply=supply(get_session(), round.id),
        obstacle=_obstacle(round),
    )


def _assign_page(form: AssignForm, round: Round) -> str:
    left = len(electors_without_card(get_session(), round.id, keys=current_keys()))
    return render_template(
        "cards/assign.html", form=form, round=round, left=left, obstacle=_obstacle(round)
    )
