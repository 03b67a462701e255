"""The papers of proposing: a blank form for anybody, the poster and the code's slip for the desk."""

import io
from functools import lru_cache

from flask import Response, make_response, render_template, send_file, url_for

from voting.adapters.fonts import find_fonts
from voting.adapters.pdf import Paper, picture, render
from voting.areas.service import find_installation, public_url
from voting.errors import NotFound
from voting.permissions import Permission
from voting.proposals.document import CallFacts, CodeSlip, call_poster, code_slip, proposal_form
from voting.proposals.rules.sending import shown_code
from voting.proposals.service import get_proposal
from voting.proposals.service.codes import code_of, give_code
from voting.proposals.service.sending import require_collecting
from voting.proposals.views.blueprint import bp
from voting.proposals.views.sending import public_round_of
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.access import public
from voting.web.db import current_config, current_keys, get_session, now, transaction
from voting.web.text import _

_SCREEN_DPI = 110


@bp.get("/rounds/<round_id>/proposal-form.pdf")
@public
def form_sheet(round_id: str) -> Response:
    """Return the blank form to be printed."""
    round = _collecting(round_id)
    name = _("项目征集意见表-%(title)s.pdf", title=round.title)
    return _file(_form(round), "application/pdf", name)


@bp.get("/rounds/<round_id>/proposal-form.png")
@public
def form_image(round_id: str) -> Response:
    """Return the blank form as a picture: WeChat's browser can keep and forward it, and no PDF."""
    response = make_response(_picture(_form(_collecting(round_id))))
    response.mimetype = "image/png"
    return response


@bp.get("/desk/rounds/<round_id>/proposals/poster-<kind>.pdf")
@on_round(Permission.PROPOSAL_EDIT)
def call_sheet(round: Round, kind: str) -> Response:
    """Return the poster that calls for proposals, on A3 or A4."""
    if kind not in {"a3", "a4"}:
        raise NotFound
    require_collecting(round, now())
    paper = call_poster(_facts(round), size="A3" if kind == "a3" else "A4", render=render_template)
    name = _("征集海报-%(title)s.pdf", title=round.title)
    return _file(_set(paper), "application/pdf", name)


@bp.get("/desk/rounds/<round_id>/proposals/<proposal_id>/slip.pdf")
@on_round(Permission.PROPOSAL_EDIT)
def slip_sheet(round: Round, proposal_id: str) -> Response:
    """Return the slip with the code of a proposal from paper; asked again, the same one."""
    proposal = get_proposal(get_session(), proposal_id, round_id=round.id)
    if proposal.source != "paper":
        # Who sent it from a phone has the code; nobody else is to read it.
        raise NotFound
    if proposal.follow_key is None:
        with transaction() as session:
            proposal = get_proposal(session, proposal_id, round_id=round.id)
            code = give_code(session, current_keys(), proposal)
    else:
        code = code_of(current_keys(), proposal)
    facts = _slip_facts(round, proposal.title, code)
    name = _("查询码-%(title)s.pdf", title=proposal.title)
    return _file(_set(code_slip(facts, render=render_template)), "application/pdf", name)


def _slip_facts(round: Round, title: str, code: str) -> CodeSlip:
    base, demo = _base()
    return CodeSlip(
        round_title=round.title,
        title=title,
        code=shown_code(code),
        entry=base.partition("://")[2] + url_for("proposals.follow_find"),
        url=base + url_for("proposals.follow", code=shown_code(code)),
        help_phone=round.help_number,
        demo=demo,
    )


def _collecting(round_id: str) -> Round:
    round = public_round_of(round_id)
    require_collecting(round, now())
    return round


def _form(round: Round) -> bytes:
    return _set(proposal_form(_facts(round), render=render_template))


def _facts(round: Round) -> CallFacts:
    base, demo = _base()
    return CallFacts(
        round_title=round.title,
        office=round.office_name,
        address=round.office_address,
        until=round.collecting_until,
        who=round.scope or _("在%(area)s居住、工作或学习", area=round.area.name),
        min_age=round.min_age,
        help_phone=round.help_number,
        url=base + url_for("proposals.propose", round_id=round.id),
        demo=demo,
    )


def _base() -> tuple[str, bool]:
    installation = find_installation(get_session())
    return public_url(installation, current_config()), bool(installation and installation.demo)


def _set(paper: Paper) -> bytes:
    return _print(paper.html, tuple(sorted(paper.assets.items())))


@lru_cache(maxsize=16)
def _print(html: str, assets: tuple[tuple[str, bytes], ...]) -> bytes:
    # A paper anybody may ask for is set once: setting one takes a second of a processor.
    config = current_config()
    fonts = find_fonts(config.font_dir, config.var / "fonts")
    return render(html, fonts=fonts, assets=dict(assets))


@lru_cache(maxsize=16)
def _picture(content: bytes) -> bytes:
    return picture(content, dpi=_SCREEN_DPI)


def _file(content: bytes, kind: str, name: str) -> Response:
    return send_file(io.BytesIO(content), kind, as_attachment=True, download_name=name)
