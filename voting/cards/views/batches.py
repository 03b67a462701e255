"""The list of batches, one batch, and who keeps it."""

from dataclasses import dataclass
from typing import Any

from flask import flash, make_response, render_template, request
from flask_login import current_user

from voting.adapters.jobs import DIED
from voting.cards.forms import ActForm, HolderForm
from voting.cards.models import CardBatch
from voting.cards.service import (
    batches_of,
    charge_batch,
    counts_of,
    deliveries,
    find_batch,
    find_replacement,
    holder_name,
    latest_sheets,
    possible_holders,
    sheets_file,
    supply,
)
from voting.cards.views.blueprint import bp, load_batch, queue, to_batch
from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.persistence.jobs import Job
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_config, current_keys, get_session, now, transaction
from voting.web.text import _

_REFRESH_SECONDS = 2


@dataclass(frozen=True)
class Progress:
    """How far a batch's file is: none · waiting · running · failed · done · lost."""

    state: str
    done: int = 0
    total: int = 1
    message: str = ""

    @property
    def moves(self) -> bool:
        """Whether the page should look again by itself."""
        return self.state in {"waiting", "running"}


@bp.get("/desk/rounds/<round_id>/cards")
@on_round(Permission.CARD_READ)
def index(round: Round) -> Any:
    """List a round's batches with where their cards are."""
    page = request.args.get("page", 1, type=int)
    single = "single" in request.args
    session = get_session()
    lines, pages = batches_of(session, round.id, page=max(page, 1), single=single)
    if page > pages:
        raise NotFound
    return render_template(
        "cards/index.html",
        round=round,
        lines=lines,
        page=max(page, 1),
        pages=pages,
        single=single,
        supply=supply(session, round.id),
    )


@bp.get("/desk/rounds/<round_id>/cards/batches/<batch_id>")
@on_round(Permission.CARD_READ)
def batch(round: Round, batch_id: str) -> Any:
    """Show a batch: its cards, its file, and what can be done with it now."""
    return _batch_page(round, load_batch(round, batch_id))


@bp.get("/desk/rounds/<round_id>/cards/batches/<batch_id>/deliveries")
@on_round(Permission.CARD_HAND_OUT)
def delivery_list(round: Round, batch_id: str) -> Any:
    """List where the unused cards of an assigned batch belong; the cards themselves name nobody."""
    found = load_batch(round, batch_id)
    if found.mode != "assigned":
        raise NotFound
    lines = deliveries(get_session(), found, keys=current_keys())
    return render_template("cards/deliveries.html", round=round, batch=found, lines=lines)


@bp.post("/desk/rounds/<round_id>/cards/batches/<batch_id>/holder")
@on_round(Permission.CARD_ISSUE)
def holder_submit(round: Round, batch_id: str) -> Any:
    """Charge another officer with a batch."""
    found = load_batch(round, batch_id)
    form = _holder_form(round, found)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                charge_batch(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    batch_id=found.id,
                    officer_id=form.holder.data,
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("已经改成新的保管人。"), "success")
            return to_batch(round, found.id)
    return _batch_page(round, found, form), 422


def _holder_form(round: Round, found: CardBatch) -> HolderForm:
    form = HolderForm(data={"holder": found.holder_id})
    form.offer(possible_holders(get_session(), round))
    return form


def _batch_page(round: Round, found: CardBatch, form: HolderForm | None = None) -> Any:
    session = get_session()
    served = queue().is_served()
    progress = _progress(found, latest_sheets(session, found.id), served=served)
    page = render_template(
        "cards/batch.html",
        round=round,
        batch=found,
        counts=counts_of(session, found.id),
        holder=holder_name(session, found),
        replaced=find_batch(session, found.replaces_id),
        replacement=find_replacement(session, found.id),
        progress=progress,
        served=served,
        holder_form=form or _holder_form(round, found),
        act_form=ActForm(),
    )
    response = make_response(page)
    if progress.moves:
        response.headers["Refresh"] = str(_REFRESH_SECONDS)
    return response


def _progress(found: CardBatch, job: Job | None, *, served: bool) -> Progress:
    if found.state != "ready" or job is None:
        return Progress("none")
    if job.state == "running" and not served:
        return Progress("failed", message=_(DIED))
    if job.state == "done" and not sheets_file(current_config().var, found.id).exists():
        return Progress("lost")
    return Progress(job.state, done=job.done, total=job.total, message=job.message or "")
