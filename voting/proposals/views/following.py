"""A proposer comes back with the code: what became of the proposal, supplementing it, the one appeal.

These pages belong to whoever holds the code: no search engine may list them, and a code that is none
gets one answer, whatever was typed.
"""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from voting.adapters.qr import png
from voting.areas.service import find_installation, public_url
from voting.errors import NotFound, Refusal
from voting.proposals.forms.sending import AppealForm, SupplementForm, of_proposal
from voting.proposals.holder import find_sequel
from voting.proposals.models import CATEGORY_NAMES
from voting.proposals.rules.sending import MOST_PHOTOS, read_code, shown_code
from voting.proposals.rules.states import PROPOSAL_STATE_NAMES
from voting.proposals.service.following import Followed, lodge_appeal, supplement
from voting.proposals.service.following import follow as load
from voting.proposals.views.blueprint import bp
from voting.proposals.views.photographs import gather, is_sound, signed
from voting.web.access import public
from voting.web.db import current_config, current_keys, get_session, now, transaction
from voting.web.text import _

_SCALE = 8
_LONGEST_TYPED = 60


@bp.after_request
def keep_unlisted(response: Response) -> Response:
    """Tell search engines to leave the pages of a code alone."""
    if request.path.startswith("/follow"):
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.get("/follow")
@public
def follow_find() -> Any:
    """Ask for a code, and lead to its page."""
    typed = request.args.get("code", "").replace("\0", "")[:_LONGEST_TYPED]
    code = read_code(typed)
    if code is not None:
        return redirect(url_for("proposals.follow", code=shown_code(code)), 303)
    page = render_template("proposals/follow_find.html", typed=typed)
    return make_response(page, 422 if typed else 200)


@bp.get("/follow/<typed:code>")
@public
def follow(code: str) -> Any:
    """Say where a proposal stands, what was decided and what comes next."""
    try:
        followed = _load(code)
    except NotFound as absent:
        return make_response(render_template("proposals/follow_unknown.html"), absent.status)
    candidate = followed.candidate
    return render_template(
        "proposals/follow.html",
        code=shown_code(read_code(code) or ""),
        followed=followed,
        proposal=followed.proposal,
        round=followed.round,
        phase=followed.round.phase_at(now()),
        sequel=find_sequel(get_session(), candidate) if candidate else None,
        state_names=PROPOSAL_STATE_NAMES,
        category_names=CATEGORY_NAMES,
    )


@bp.get("/follow/<typed:code>/code.png")
@public
def follow_picture(code: str) -> Response:
    """Return the code as a picture to be kept: a real one, so that WeChat can read it."""
    _load(code)
    installation = find_installation(get_session())
    address = url_for("proposals.follow", code=shown_code(read_code(code) or ""))
    content = png(f"{public_url(installation, current_config())}{address}", scale=_SCALE)
    response = make_response(content)
    response.mimetype = "image/png"
    return response


@bp.get("/follow/<typed:code>/supplement")
@public
def supplement_form(code: str) -> Any:
    """Show a proposal that was sent back, to be written anew."""
    followed = _load(code)
    form = SupplementForm(data=of_proposal(followed.proposal))
    form.kept = list(followed.photos)[:MOST_PHOTOS]
    return _supplement_page(code, followed, form)


@bp.post("/follow/<typed:code>/supplement")
@public
def supplement_submit(code: str) -> Any:
    """Take what was written anew."""
    followed = _load(code)
    form = SupplementForm()
    photos = gather(form)
    if not is_sound(form, photos):
        return _supplement_page(code, followed, form), 422
    try:
        with transaction() as session:
            supplement(
                session,
                now=now(),
                keys=current_keys(),
                code=code,
                facts=form.facts(),
                photos=photos.digests,
            )
    except Refusal as refusal:
        form.refuse(refusal)
        return _supplement_page(code, followed, form), refusal.status
    flash(_("补充的内容收到了，社区会接着看。"), "success")
    return _back(code)


@bp.get("/follow/<typed:code>/appeal")
@public
def appeal(code: str) -> str:
    """Ask why the street should look again."""
    return _appeal_page(code, _load(code), AppealForm())


@bp.post("/follow/<typed:code>/appeal")
@public
def appeal_submit(code: str) -> Any:
    """Lodge the one appeal."""
    followed = _load(code)
    form = AppealForm()
    if not form.validate_on_submit():
        return _appeal_page(code, followed, form), 422
    try:
        with transaction() as session:
            lodge_appeal(
                session, now=now(), keys=current_keys(), code=code, words=form.words.data or ""
            )
    except Refusal as refusal:
        form.refuse(refusal)
        return _appeal_page(code, followed, form), refusal.status
    flash(_("复核申请收到了，街道会另派人来看。"), "success")
    return _back(code)


def _load(code: str) -> Followed:
    return load(get_session(), now=now(), keys=current_keys(), code=code)


def _back(code: str) -> Any:
    return redirect(url_for("proposals.follow", code=shown_code(read_code(code) or "")), 303)


def _supplement_page(code: str, followed: Followed, form: SupplementForm) -> str:
    return render_template(
        "proposals/follow_supplement.html", code=code, followed=followed, form=form, signed=signed
    )


def _appeal_page(code: str, followed: Followed, form: AppealForm) -> str:
    return render_template("proposals/follow_appeal.html", code=code, followed=followed, form=form)
