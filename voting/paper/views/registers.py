"""Registers on paper: printed before, and entered afterwards."""

import io
from typing import Any

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user

from voting.adapters.fonts import find_fonts
from voting.adapters.pdf import render, render_many
from voting.areas.service import get_installation
from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.paper.document.registers import (
    FORMS,
    Place,
    RegisterFacts,
    form_paper,
    places,
    register_papers,
)
from voting.paper.forms.handing import AnswerForm, LateForm
from voting.paper.service import (
    Entered,
    answer_conflict,
    conflicts_of,
    enter_late,
    get_conflict,
    holders_of,
    is_entering,
    note_round,
)
from voting.paper.views.blueprint import bp
from voting.permissions import Permission
from voting.roll.models import CHANNEL_NAMES, Channel
from voting.roll.service import register
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_config, current_keys, get_session, now, transaction
from voting.web.text import _

_PAPER = "/desk/rounds/<round_id>/paper"
_PDF = "application/pdf"


@bp.get(f"{_PAPER}/registers")
@on_round(Permission.CARD_HAND_OUT)
def registers(round: Round) -> str:
    """Offer the register of each building and unit, and the blank forms."""
    return render_template("paper/registers.html", round=round, places=_places(round))


@bp.post(f"{_PAPER}/registers/<int:number>.pdf")
@on_round(Permission.CARD_HAND_OUT)
def register_submit(round: Round, number: int) -> Response:
    """Return the register of one building or unit; the journal keeps who took it."""
    found = _places(round)
    if not 1 <= number <= len(found):
        raise NotFound
    with transaction() as session:
        note_round(session, current_user.actor, "paper.register", now=now(), round=round)
    facts = _facts(round)
    config = current_config()
    content = render_many(
        register_papers(facts, found[number - 1 : number], render=render_template),
        fonts=find_fonts(config.font_dir, config.var / "fonts"),
        title=_("选票发放登记表"),
    )
    name = _("选票发放登记表-%(number)d.pdf", number=number)
    return send_file(io.BytesIO(content), _PDF, as_attachment=True, download_name=name)


@bp.get(f"{_PAPER}/registers/<form>.pdf")
@on_round(Permission.CARD_HAND_OUT)
def blank_form(round: Round, form: str) -> Response:
    """Return a blank form."""
    if form not in FORMS:
        raise NotFound
    paper = form_paper(_facts(round), form, render=render_template)
    config = current_config()
    fonts = find_fonts(config.font_dir, config.var / "fonts")
    content = render(paper.html, fonts=fonts, assets=paper.assets)
    name = _("流动票箱登记表.pdf") if form == "mobile" else _("作废选票登记表.pdf")
    return send_file(io.BytesIO(content), _PDF, as_attachment=True, download_name=name)


@bp.get(f"{_PAPER}/late")
@on_round(Permission.CARD_HAND_OUT)
def late(round: Round) -> Any:
    """Ask for the signed lines of a register; list those whose right was used already."""
    return _late_page(round, _late_form(round))


@bp.post(f"{_PAPER}/late")
@on_round(Permission.CARD_HAND_OUT)
def late_submit(round: Round) -> Any:
    """Mark the people of these lines."""
    form = _late_form(round)
    if form.validate_on_submit():
        try:
            facts = form.facts
            with transaction() as session:
                entered = enter_late(
                    session, now=now(), actor=current_user.actor, keys=current_keys(),
                    round_id=round.id, **facts,
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _late_page(round, form), refusal.status
        _tell(entered)
        return redirect(url_for("paper.late", round_id=round.id), 303)
    return _late_page(round, form), 422


@bp.get(f"{_PAPER}/late/<conflict_id>")
@on_round(Permission.CARD_HAND_OUT)
def conflict(round: Round, conflict_id: str) -> Any:
    """Ask what a conflict turned out to be."""
    return _conflict_page(round, conflict_id, AnswerForm())


@bp.post(f"{_PAPER}/late/<conflict_id>")
@on_round(Permission.CARD_HAND_OUT)
def conflict_submit(round: Round, conflict_id: str) -> Any:
    """Write down what a conflict turned out to be."""
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                answer_conflict(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    conflict_id=conflict_id, answer=form.answer.data or "",
                )  # fmt: skip
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return _conflict_page(round, conflict_id, form), refusal.status
        flash(_("已记下处理结果。"), "success")
        return redirect(url_for("paper.late", round_id=round.id), 303)
    return _conflict_page(round, conflict_id, form), 422


def _tell(entered: Entered) -> None:
    flash(_("登记了 %(number)d 人。", number=entered.marked), "success")
    if entered.used:
        lines = "、".join(map(str, entered.used))
        said = _(
            "这些序号以前已经领过或投过，没有再登记，列在下面等着查明：%(lines)s。", lines=lines
        )
        flash(said, "warning")
    if entered.unknown:
        lines = "、".join(map(str, entered.unknown))
        flash(_("名册上没有这些序号：%(lines)s。", lines=lines), "warning")


def _late_form(round: Round) -> LateForm:
    form = LateForm()
    holders = holders_of(get_session(), round.id) if round.offers("paper") else []
    form.offer(card=round.offers("card"), holders=holders)
    return form


def _late_page(round: Round, form: LateForm) -> str:
    session = get_session()
    page = max(request.args.get("page", 1, type=int), 1)
    lines, pages, waiting = conflicts_of(session, round.id, page=page)
    if page > pages:
        raise NotFound
    return render_template(
        "paper/late.html",
        round=round,
        form=form,
        lines=lines,
        page=page,
        pages=pages,
        waiting=waiting,
        is_open=is_entering(session, round, now=now()),
        channels={channel.value: CHANNEL_NAMES[channel] for channel in Channel},
    )


def _conflict_page(round: Round, conflict_id: str, form: AnswerForm) -> str:
    session = get_session()
    return render_template(
        "paper/conflict.html",
        round=round,
        form=form,
        line=get_conflict(session, round.id, conflict_id),
        channels={channel.value: CHANNEL_NAMES[channel] for channel in Channel},
    )


def _places(round: Round) -> list[Place]:
    return places(register(get_session(), keys=current_keys(), round_id=round.id))


def _facts(round: Round) -> RegisterFacts:
    return RegisterFacts(
        round_title=round.title,
        office=round.office_name,
        printed_on=local_day(now()),
        demo=get_installation(get_session()).demo,
        rehearsal=round.kind == "rehearsal",
    )
