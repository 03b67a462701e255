"""Somebody at the desk asks whether they are on the roll and marked: shown once, or printed."""

from typing import Any

from flask import make_response, render_template
from flask_login import current_user

from voting.adapters.fonts import find_fonts
from voting.adapters.pdf import render
from voting.areas.service import find_installation
from voting.permissions import Permission
from voting.roll.document import StandingSlip, standing_slip
from voting.roll.models import CHANNEL_NAMES
from voting.roll.service import Answer, answer
from voting.roll.views.blueprint import bp
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_config, get_session, now, transaction
from voting.web.filters import short_day
from voting.web.text import _

_ADDRESS = "/desk/rounds/<round_id>/roll/people/<elector_id>/standing"


@bp.post(_ADDRESS)
@on_round(Permission.ROLL_READ)
def standing_submit(round: Round, elector_id: str) -> str:
    """Show a person's entry and mark once; the journal keeps who asked for it."""
    found = _answer(round, elector_id)
    return render_template(
        "roll/standing.html", round=round, found=found, used=_used(found), elector_id=elector_id
    )


@bp.post(f"{_ADDRESS}.pdf")
@on_round(Permission.ROLL_READ)
def standing_paper_submit(round: Round, elector_id: str) -> Any:
    """Return the same on half a page, to take home."""
    found = _answer(round, elector_id)
    installation = find_installation(get_session())
    facts = StandingSlip(
        round_title=round.title,
        office=round.office_name,
        printed_at=now(),
        name=found.name,
        number=found.number,
        basis=found.basis,
        building=found.building,
        is_struck=found.is_struck,
        used=_used(found),
        help_phone=round.help_number,
        demo=bool(installation and installation.demo),
        rehearsal=round.kind == "rehearsal",
    )
    paper = standing_slip(facts, render=render_template)
    config = current_config()
    fonts = find_fonts(config.font_dir, config.var / "fonts")
    response = make_response(render(paper.html, fonts=fonts, assets=paper.assets))
    response.mimetype = "application/pdf"
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(round: Round, elector_id: str) -> Answer:
    with transaction() as session:
        return answer(
            session, now=now(), actor=current_user.actor, round=round, elector_id=elector_id
        )


def _used(found: Answer) -> str:
    if found.channel is None or found.day is None:
        return ""
    channel = _(CHANNEL_NAMES[found.channel])
    return str(_("已划销：%(day)s %(channel)s", day=short_day(found.day), channel=channel))
