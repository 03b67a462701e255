"""The list of batches, one batch, a new one, its file, and the sample for the notice."""

import io
from dataclasses import dataclass
from typing import Any

from flask import make_response, render_template, request, send_file
from flask_login import current_user

from voting.adapters.fonts import find_fonts
from voting.adapters.jobs import DIED
from voting.adapters.pdf import render
from voting.errors import NotFound, Refusal
from voting.paper.document.ballots import form_paper
from voting.paper.document.facts import ballot_facts
from voting.paper.forms.printing import ChargeForm, OrderForm
from voting.paper.models import PaperBatch
from voting.paper.rules.forms import suggested_versions
from voting.paper.service import (
    batches_of,
    bundles_of,
    latest_sheets,
    line_of,
    note_download,
    order_batch,
    papers_left,
    possible_holders,
    require_printing,
    sheets_file,
    supply,
)
from voting.paper.views.blueprint import bp, load_batch, order, queue, to_batch
from voting.permissions import Permission
from voting.persistence.jobs import Job
from voting.proposals.service import candidates_of
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_config, get_session, now, transaction
from voting.web.text import _, say

_REFRESH_SECONDS = 2
_BUNDLES = 50
_PAPER = "/desk/rounds/<round_id>/paper"
_BATCH = f"{_PAPER}/batches/<batch_id>"


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


@bp.get(_PAPER)
@on_round(Permission.CARD_READ)
def index(round: Round) -> Any:
    """List a round's batches, and lead to everything that is done with paper."""
    page = max(request.args.get("page", 1, type=int), 1)
    session = get_session()
    lines, pages = batches_of(session, round.id, page=page)
    if page > pages:
        raise NotFound
    return render_template(
        "paper/index.html",
        round=round,
        lines=lines,
        page=page,
        pages=pages,
        supply=supply(session, round.id),
        left=papers_left(session, round.id, current_user.id),
    )


@bp.get(f"{_PAPER}/new")
@on_round(Permission.PAPER_ISSUE)
def issue(round: Round) -> Any:
    """Ask how many papers shall be made, or say why none can be made now."""
    listed = candidates_of(get_session(), round.id)
    versions = suggested_versions(sum(1 for one in listed if one.withdrawn_at is None))
    return _issue_page(OrderForm(data={"versions": str(versions)}), round)


@bp.post(f"{_PAPER}/new")
@on_round(Permission.PAPER_ISSUE)
def issue_submit(round: Round) -> Any:
    """Make a batch and order its file."""
    form = OrderForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                batch = order_batch(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    config=current_config(), **form.facts,
                )  # fmt: skip
                job_id = order(session, batch.id)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            queue().put(job_id)
            return to_batch(round, batch.id)
    return _issue_page(form, round), 422


@bp.get(_BATCH)
@on_round(Permission.CARD_READ)
def batch(round: Round, batch_id: str) -> Any:
    """Show a batch: its file, its bundles, and what can be done with it now."""
    found = load_batch(round, batch_id)
    return batch_page(round, found, charge_form(round, found))


@bp.post(f"{_BATCH}/sheets")
@on_round(Permission.PAPER_ISSUE)
def sheets_submit(round: Round, batch_id: str) -> Any:
    """Order the file of a batch, for the first time or again."""
    found = load_batch(round, batch_id)
    if found.kind == "emergency":
        raise NotFound
    with transaction() as session:
        job_id = order(session, found.id)
    queue().put(job_id)
    return to_batch(round, found.id)


@bp.get(f"{_BATCH}/sheets.pdf")
@on_round(Permission.PAPER_ISSUE)
def sheets(round: Round, batch_id: str) -> Any:
    """Hand out the file, and note who took it."""
    found = load_batch(round, batch_id)
    path = sheets_file(current_config().var, found)
    with transaction() as session:
        note_download(session, now=now(), actor=current_user.actor, batch_id=found.id)
    if not path.exists():
        raise NotFound
    name = _("纸质票-第%(number)d批.pdf", number=found.number)
    return send_file(path, "application/pdf", as_attachment=True, download_name=name)


@bp.get(f"{_PAPER}/sample.pdf")
@on_round(Permission.CARD_READ)
def sample(round: Round) -> Any:
    """Return the ballot with 样票 across it, for the notice board."""
    facts = ballot_facts(get_session(), round)
    paper = form_paper(facts, version=1, render=render_template, sample=True)
    config = current_config()
    fonts = find_fonts(config.font_dir, config.var / "fonts")
    content = render(paper.html, fonts=fonts, assets=paper.assets)
    name = _("空白样票-%(title)s.pdf", title=round.title)
    return send_file(io.BytesIO(content), "application/pdf", as_attachment=True, download_name=name)


def charge_form(round: Round, found: PaperBatch) -> ChargeForm:
    """Return the form that charges a worker with bundles of a batch nobody holds."""
    session = get_session()
    form = ChargeForm()
    free = [line for line in bundles_of(session, found) if line.holder_id is None]
    form.offer(possible_holders(session, round), free[:_BUNDLES])
    return form


def batch_page(round: Round, found: PaperBatch, form: ChargeForm) -> Any:
    """Render the page of a batch."""
    session, served = get_session(), queue().is_served()
    progress = _progress(found, latest_sheets(session, found.id), served=served)
    bundles = bundles_of(session, found)
    number, pages = request.args.get("page", 1, type=int), max(-(-len(bundles) // _BUNDLES), 1)
    if not 1 <= number <= pages:
        raise NotFound
    page = render_template(
        "paper/batch.html",
        round=round,
        batch=found,
        line=line_of(session, found),
        bundles=bundles[(number - 1) * _BUNDLES : number * _BUNDLES],
        page=number,
        pages=pages,
        holders=sorted({(one.holder or "", one.holder_id) for one in bundles if one.holder_id}),
        progress=progress,
        served=served,
        form=form,
    )
    response = make_response(page)
    if progress.moves:
        response.headers["Refresh"] = str(_REFRESH_SECONDS)
    return response


def _progress(found: PaperBatch, job: Job | None, *, served: bool) -> Progress:
    if found.state != "ready":
        return Progress("none")
    made = sheets_file(current_config().var, found).exists()
    if found.kind == "emergency":
        return Progress("done" if made else "none")
    if job is None:
        return Progress("none")
    if job.state == "running" and not served:
        return Progress("failed", message=_(DIED))
    if job.state == "done" and not made:
        return Progress("lost")
    return Progress(job.state, done=job.done, total=job.total, message=job.message or "")


def _issue_page(form: OrderForm, round: Round) -> str:
    obstacle = None
    try:
        require_printing(get_session(), round.id, now=now(), config=current_config())
    except Refusal as refusal:
        obstacle = say(refusal)
    return render_template(
        "paper/issue.html",
        form=form,
        round=round,
        supply=supply(get_session(), round.id),
        obstacle=obstacle,
    )
