"""换票: somebody brings an unused card or paper and gets something else."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.errors import NotFound, Refusal
from voting.paper.forms.handing import ExchangeForm, FindForm
from voting.paper.service import exchange, offered_after, papers_left
from voting.paper.views.assisting import to_ballot
from voting.paper.views.blueprint import bp
from voting.permissions import Permission
from voting.roll.holder import keep_search, kept_search
from voting.roll.models import Channel
from voting.roll.service import HANDING_OUT, find_electors
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.text import _

_PAGE = "/desk/rounds/<round_id>/paper/exchange"
_DONE = {
    Channel.CARD_HANDED: "换好了：请居民再抽一张投票卡。交回来的装进作废票袋。",
    Channel.PAPER_HANDED: "换好了：请给居民一张纸质票。交回来的装进作废票袋。",
    Channel.ASSISTED: "换好了：请接着协助这位居民投票。交回来的装进作废票袋。",
}


@bp.get(_PAGE)
@on_round(Permission.CARD_HAND_OUT)
def exchanging(round: Round) -> Any:
    """Show the people looked for; who was chosen can exchange."""
    return _page(round, person=request.args.get("person", ""))


@bp.post(f"{_PAGE}/search")
@on_round(Permission.CARD_HAND_OUT)
def exchange_search_submit(round: Round) -> Any:
    """Look for the person at the desk."""
    form = FindForm()
    if form.validate_on_submit():
        keep_search("exchange", round, form.text.data or "")
        return redirect(url_for("paper.exchanging", round_id=round.id), 303)
    return _page(round, search=form), 422


@bp.post(_PAGE)
@on_round(Permission.CARD_HAND_OUT)
def exchange_submit(round: Round) -> Any:
    """Take back what was brought, and note what was given."""
    form = _form(round)
    if form.elector_id.data is None:
        raise NotFound
    if form.validate_on_submit():
        after = Channel(form.after.data)
        try:
            with transaction() as session:
                exchange(
                    session, now=now(), actor=current_user.actor, keys=current_keys(),
                    round_id=round.id, elector_id=form.elector_id.data, given=form.given.data or "",
                    after=after, holder_id=current_user.id,
                )  # fmt: skip
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, person=form.elector_id.data, form=form), refusal.status
        flash(_(_DONE[after]), "success")
        if after is Channel.ASSISTED:
            return to_ballot(round, form.elector_id.data)
        return redirect(url_for("paper.exchanging", round_id=round.id), 303)
    return _page(round, person=form.elector_id.data, form=form), 422


def _form(round: Round, **options: Any) -> ExchangeForm:
    form = ExchangeForm(**options)
    form.offer(offered_after(round))
    return form


def _page(
    round: Round,
    *,
    person: str = "",
    form: ExchangeForm | None = None,
    search: FindForm | None = None,
) -> str:
    session = get_session()
    text = kept_search("exchange", round)
    found = None
    if text:
        page = request.args.get("page", 1, type=int)
        found = find_electors(session, keys=current_keys(), round_id=round.id, text=text, page=page)
    chosen = next((one for one in found.lines if one.elector_id == person), None) if found else None
    return render_template(
        "paper/exchange.html",
        round=round,
        search_form=search or FindForm(formdata=None, text=text),
        form=form or _form(round, formdata=None, elector_id=person),
        found=found,
        chosen=chosen,
        is_open=round.phase_at(now()) in HANDING_OUT,
        left=papers_left(session, round.id, current_user.id),
    )
