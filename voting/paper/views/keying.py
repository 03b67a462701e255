"""Keying paper by keyboard: with a script no page is loaded anew, without one it is a plain form."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from voting.ballots.service import load_paper
from voting.errors import Refusal
from voting.paper.forms.keying import KeyingForm, void_names
from voting.paper.rules.serials import grouped
from voting.paper.service.admitting import may_key
from voting.paper.service.keying import After, BlankUnconfirmed, KeyedPaper, key_paper
from voting.paper.service.progress import KeyingProgress, keying_progress
from voting.paper.views.blueprint import bp
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.text import _, lazy_

_SAID = {
    After.FIRST: lazy_("第一遍录好，已存。"),
    After.ENTERED: lazy_("两遍一致，已投进票箱。"),
    After.DISPUTED: lazy_("要裁定：两遍不一样，或者有疑问。请放进“待裁定”袋。"),
}
_JSON = "application/json"


@bp.get("/desk/rounds/<round_id>/paper/keying")
@on_round(Permission.PAPER_KEY)
def keying(round: Round) -> str:
    """Show the form and how far keying is."""
    return _page(round, KeyingForm(formdata=None))


@bp.post("/desk/rounds/<round_id>/paper/keying")
@on_round(Permission.PAPER_KEY)
def keying_submit(round: Round) -> Any:
    """Key one paper; whoever asks for JSON is told in JSON."""
    form = KeyingForm()
    if not form.validate_on_submit():
        return _refused(round, form, 422)
    try:
        with transaction() as session:
            done = key_paper(
                session, now=now(), actor=current_user.actor, keys=current_keys(),
                round_id=round.id, serial=form.serial.data or "", ticks=form.ticks.data or "",
                blank=bool(form.blank.data),
            )  # fmt: skip
    except Refusal as refusal:
        # Without a script the second Enter is the next sending of the same form.
        form.blank.data = "yes" if isinstance(refusal, BlankUnconfirmed) else ""
        form.refuse(refusal)
        return _refused(round, form, refusal.status)
    if _wants_json():
        return jsonify(_facts(round, after=done.after, said=_said(round, done), serial=done.serial))
    flash(f"{grouped(done.serial)}：{_said(round, done)}", _tone(done))
    return redirect(url_for("paper.keying", round_id=round.id), 303)


def _said(round: Round, done: KeyedPaper) -> Any:
    if done.after is After.INVALID:
        why = void_names(round)[done.reason or ""]
        return _("两遍一致：%(why)s，整张无效。请放进“无效票”袋。", why=why)
    return _(_SAID[done.after])


def _tone(done: KeyedPaper) -> str:
    return "success" if done.after in {After.FIRST, After.ENTERED} else "warning"


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", _JSON]) == _JSON


def _refused(round: Round, form: KeyingForm, status: int) -> Any:
    if not _wants_json():
        return _page(round, form), status
    sentences = [str(one) for told in form.errors.values() for one in told]
    field = next((name for name in ("serial", "ticks") if form[name].errors), "")
    said = sentences[0] if sentences else _("没有存上，请再按一次回车。")
    return jsonify(_facts(round, after="refused", said=said, field=field)), status


def _facts(round: Round, **facts: Any) -> dict[str, Any]:
    done = _progress(round)
    shown = {
        "settled": done.settled, "once": done.once, "disputed": done.disputed, "mine": done.mine,
    }  # fmt: skip
    return {**facts, "progress": shown, "csrf": generate_csrf()}


def _progress(round: Round) -> KeyingProgress:
    return keying_progress(get_session(), round.id, officer_id=current_user.id)


def _page(round: Round, form: KeyingForm) -> str:
    session = get_session()
    paper = load_paper(session, round.id) if round.config_hash else None
    return render_template(
        "paper/keying.html",
        round=round,
        form=form,
        is_open=paper is not None and may_key(session, round, now=now()),
        candidates=paper.candidates if paper else (),
        width=len(str(max(paper.by_number, default=1))) if paper else 1,
        most=round.max_choices,
        progress=_progress(round),
    )
