"""The lot among equal votes: its announcement, two officers who type a number, the page for everybody."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_login import current_user
from sqlalchemy.orm import Session

from voting.accounts.service import officer_names
from voting.areas.service import find_installation, public_url
from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.ledger.holder import sign_for_paper
from voting.ledger.service import first_over
from voting.notices.document import Signature
from voting.notices.holder import PaperKind, offer, render
from voting.notices.models import Notice
from voting.notices.rules import named_round, read_facts
from voting.notices.service import PUBLIC, find_notice, issuer_of
from voting.permissions import Permission
from voting.rounds.holder import issue_paper_once, on_round
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import get_round
from voting.tally.document import DrawNotice, TiedRow, draw_notice
from voting.tally.forms import AgainForm, CountForm, NumberForm
from voting.tally.rules.ties import drawn_order
from voting.tally.service.counting import get_tally
from voting.tally.service.drawing import (
    DRAW,
    NothingToDraw,
    NotInCount,
    confirm_number,
    draw_state,
    type_number,
)
from voting.tally.service.drawn import find_drawn
from voting.tally.views.blueprint import bp
from voting.web.access import public
from voting.web.db import (
    current_config,
    current_keys,
    get_session,
    now,
    transaction,
)
from voting.web.text import _


def issue_draw(round_id: str, actor: Actor) -> Notice:
    """Publish a tie that waits for the lot, or return the paper that did.

    Raises NotFound, NothingToDraw or NotInCount.
    """
    return issue_paper_once(
        round_id, actor, kind=DRAW, before=sign_for_paper,
        gather=lambda session, number: _facts(session, round_id, number),
        paper=lambda facts: draw_notice(facts, render=render),
    )  # fmt: skip


def _facts(session: Session, round_id: str, number: str) -> DrawNotice:
    round = get_round(session, round_id)
    state, covering = draw_state(session, round), first_over(session, round_id, "tally")
    if not state.waits or covering is None:
        raise NothingToDraw
    if round.phase != Phase.COUNTING:
        raise NotInCount
    installation = find_installation(session)
    address = public_url(installation, current_config())
    where = f"（{round.office_address}）" if round.office_address else ""
    return DrawNotice(
        round_title=named_round(round.title),
        groups=tuple(
            tuple(TiedRow(one.ballot_number or 0, one.title) for one in group.candidates)
            for group in state.tied
        ),
        source=round.draw_source,
        counted_at=get_tally(session, round_id).counted_at,
        entries=covering.size,
        root=covering.root.hex(),
        place=round.office_name + where,
        help_phone=round.help_number,
        signature=Signature((issuer_of(session, round.area),), local_day(now())),
        url=f"{address}/rounds/{round_id}/draw",
        number=number,
        demo=installation is not None and installation.demo,
        rehearsal=round.kind == "rehearsal",
    )


@bp.record_once
def _offer(state: BlueprintSetupState) -> None:
    offer(
        state.app,
        PaperKind(
            name=DRAW,
            label="抽签公告",
            facts=DrawNotice,
            page="tally/draw_notice.html",
            issue=issue_draw,
            paper=draw_notice,
        ),
    )


@bp.get("/rounds/<round_id>/draw")
@public
def public_draw(round_id: str) -> str:
    """Show anybody which projects are tied, and what the lot among them follows from; no votes."""
    session = get_session()
    notice = find_notice(session, round_id, DRAW)
    if notice is None or notice.audience != PUBLIC:
        raise NotFound
    facts, drawn = read_facts(DrawNotice, notice.facts), find_drawn(session, round_id)
    groups = facts.groups
    if drawn is not None:
        groups = tuple(
            tuple(sorted(group, key=lambda row: drawn_order(drawn.seed, str(row.number))))
            for group in groups
        )
    return render_template(
        "tally/public_draw.html",
        round=get_round(session, round_id),
        notice=notice,
        facts=facts,
        drawn=drawn,
        groups=groups,
    )


@bp.get("/desk/rounds/<round_id>/draw")
@on_round(Permission.URN_OPEN)
def draw(round: Round) -> str:
    """Show where the lot stands, and ask for what comes next."""
    return _draw_page(round)


@bp.post("/desk/rounds/<round_id>/draw/announcement")
@on_round(Permission.NOTICE_ISSUE)
def draw_announce_submit(round: Round) -> Any:
    """Publish the tie."""
    form = CountForm()
    if form.validate_on_submit():
        try:
            issue_draw(round.id, current_user.actor)
        except Refusal as refusal:
            form.refuse(refusal)
            return _draw_page(round, plain=form), refusal.status
        flash(_("抽签公告已经发布，请打印张贴，再等号码开出。"), "success")
        return redirect(url_for("tally.draw", round_id=round.id), 303)
    return _draw_page(round, plain=form), 422


@bp.post("/desk/rounds/<round_id>/draw")
@on_round(Permission.URN_OPEN)
def draw_submit(round: Round) -> Any:
    """Take the public number as the first officer types it, or types it anew."""
    form = NumberForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                type_number(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    typed=form.typed,
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _draw_page(round, number=form), refusal.status
        return redirect(url_for("tally.draw", round_id=round.id), 303)
    return _draw_page(round, number=form), 422


@bp.post("/desk/rounds/<round_id>/draw/confirm")
@on_round(Permission.URN_OPEN)
def draw_confirm_submit(round: Round) -> Any:
    """Draw the lot, if the second officer types the same number."""
    form = AgainForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                confirm_number(
                    session, now=now(), actor=current_user.actor, keys=current_keys(),
                    round_id=round.id, public_number=form.public_number.data or "",
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _draw_page(round, again=form), refusal.status
        return redirect(url_for("tally.draw", round_id=round.id), 303)
    return _draw_page(round, again=form), 422


def _draw_page(
    round: Round,
    *,
    plain: CountForm | None = None,
    number: NumberForm | None = None,
    again: AgainForm | None = None,
) -> str:
    session = get_session()
    round = get_round(session, round.id)
    state = draw_state(session, round)
    typed = state.typed
    return render_template(
        "tally/draw.html",
        round=round,
        state=state,
        retypes=number is not None or "retype" in request.args,
        names=officer_names(session, [typed.first_by]) if typed else {},
        covering=first_over(session, round.id, "tally"),
        plain=plain or CountForm(formdata=None),
        number=number or NumberForm(formdata=None),
        again=again or AgainForm(formdata=None),
        may_announce=Permission.NOTICE_ISSUE in current_user.permissions,
    )
