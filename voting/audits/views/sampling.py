"""Papers drawn for the monitors: the draw, the list, the third keying, and what the count found."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from voting.audits.document import PaperRow, PaperSheet, paper_sheet
from voting.audits.forms import SampleForm, ThirdForm
from voting.audits.rules import power
from voting.audits.service import (
    draw_papers,
    is_opened,
    key_sample,
    sample_of,
    sample_state,
)
from voting.audits.views.blueprint import bp, is_demo, printed, wanted_page
from voting.errors import NotFound, Refusal
from voting.notices.holder import render
from voting.notices.rules import named_round
from voting.paper.rules.serials import grouped
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import monitors_of
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.text import _


@bp.get("/desk/rounds/<round_id>/audits/papers")
@on_round(Permission.PAPER_KEY)
def papers(round: Round) -> str:
    """Show where the sample stands, and ask for what comes next."""
    return _page(round, _offered(round), ThirdForm(formdata=None))


@bp.post("/desk/rounds/<round_id>/audits/papers")
@on_round(Permission.URN_OPEN)
def papers_submit(round: Round) -> Any:
    """Draw the papers, once."""
    form = _offered(round)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                drawn = draw_papers(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    monitor_id=form.monitor.data, count=int(form.count.data or 0),
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, form, ThirdForm(formdata=None)), refusal.status
        flash(_("抽出了 %(count)d 张。请打印名单，从票袋里找出来。", count=drawn), "success")
        return redirect(url_for("audits.papers", round_id=round.id), 303)
    return _page(round, form, ThirdForm(formdata=None)), 422


@bp.post("/desk/rounds/<round_id>/audits/papers/key")
@on_round(Permission.PAPER_KEY)
def third_submit(round: Round) -> Any:
    """Key a drawn paper a third time."""
    form = ThirdForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                key_sample(
                    session, now=now(), actor=current_user.actor, keys=current_keys(),
                    round_id=round.id, serial=form.serial.data or "",
                    ticks=form.ticks.data or "", blank=form.blank.data,
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, _offered(round), form), refusal.status
        flash(_("录好了。开箱计票时和票箱里的比对。"), "success")
        return redirect(url_for("audits.papers", round_id=round.id, _anchor="third"), 303)
    return _page(round, _offered(round), form), 422


@bp.get("/desk/rounds/<round_id>/audits/papers/list.pdf")
@on_round(Permission.PAPER_KEY)
def paper_list(round: Round) -> Any:
    """Return the list by which the papers are pulled."""
    lines, _pages = sample_of(get_session(), round.id)
    if not lines:
        raise NotFound
    rows = [
        PaperRow(
            one.place, grouped(one.serial),
            _("第 %(batch)s 批第 %(bundle)s 本", batch=one.batch, bundle=one.bundle),
        )
        for one in lines
    ]  # fmt: skip
    facts = PaperSheet(
        named_round(round.title), tuple(rows), demo=is_demo(), rehearsal=round.kind == "rehearsal"
    )
    return printed(paper_sheet(facts, render=render))


def _offered(round: Round) -> SampleForm:
    form = SampleForm()
    form.offer(monitors_of(get_session(), round.id))
    return form


def _page(round: Round, form: SampleForm, third: ThirdForm) -> str:
    session = get_session()
    state = sample_state(session, round.id)
    lines, pages = sample_of(session, round.id, page=wanted_page())
    is_counting = round.phase_at(now()) is Phase.COUNTING and not is_opened(session, round.id)
    return render_template(
        "audits/papers.html",
        round=round,
        form=form,
        third=third,
        state=state,
        lines=lines,
        page=min(wanted_page(), pages),
        pages=pages,
        grouped=grouped,
        monitors=monitors_of(session, round.id),
        is_open=is_counting,
        may_draw=is_counting and Permission.URN_OPEN in current_user.permissions,
        power=power(state.drawn or 1),
    )
