"""The round's poster: its code leads to the round's page and says nothing about anyone."""

import io
from typing import Any

from flask import Response, render_template, send_file

from voting.adapters.fonts import find_fonts
from voting.adapters.pdf import picture, render
from voting.areas.service import get_installation, public_url
from voting.cards.document import PosterFacts, poster
from voting.cards.service import require_issuing
from voting.cards.views.blueprint import bp
from voting.permissions import Permission
from voting.polling.service import open_places
from voting.proposals.service import candidates_of
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.rules import RoundChannel
from voting.web.db import current_config, get_session, now
from voting.web.text import _

_SCREEN_DPI = 150
# More do not fit on the sheet; the rest stands in the vote notice.
_MOST_PLACES = 3


@bp.get("/desk/rounds/<round_id>/cards/poster.pdf")
@on_round(Permission.CARD_READ)
def poster_sheet(round: Round) -> Any:
    """Return the poster to be printed on A3, or smaller."""
    return _file(_poster(round), "application/pdf", _("海报码-%(title)s.pdf", title=round.title))


@bp.get("/desk/rounds/<round_id>/cards/poster.png")
@on_round(Permission.CARD_READ)
def poster_image(round: Round) -> Any:
    """Return the poster as a picture, for a screen or a WeChat group."""
    image = picture(_poster(round), dpi=_SCREEN_DPI)
    return _file(image, "image/png", _("海报码-%(title)s.png", title=round.title))


def _poster(round: Round) -> bytes:
    session = get_session()
    require_issuing(session, round.id, now=now(), config=current_config())
    installation = get_installation(session)
    config = current_config()
    facts = PosterFacts(
        round_title=round.title,
        office=round.office_name,
        opens_at=round.opens_at,
        closes_at=round.closing,
        who=_(
            "%(scope)s，年满 %(age)d 周岁",
            scope=round.scope or _("在%(area)s居住、工作或学习的居民", area=round.area.name),
            age=round.min_age,
        ),
        ways=_ways(round),
        max_choices=round.max_choices,
        candidates=sum(1 for one in candidates_of(session, round.id) if one.withdrawn_at is None),
        budget=round.budget,
        help_phone=round.help_number,
        url=f"{public_url(installation, config)}/p/{round.id}",
        demo=installation.demo,
        rehearsal=round.kind == "rehearsal",
        spending=round.spending,
    )
    paper = poster(facts, size="A3", render=render_template)
    fonts = find_fonts(config.font_dir, config.var / "fonts")
    return render(paper.html, fonts=fonts, assets=paper.assets)


def _ways(round: Round) -> tuple[str, ...]:
    """Return how people can vote in short lines, and where they can go."""
    said = {
        RoundChannel.CARD: _("有投票卡：扫卡上的码"),
        RoundChannel.POSTER: _("没有卡：扫这张海报，输入姓名和证件号码，再核实本人"),
        RoundChannel.PAPER: _("不用手机：带身份证到投票点领纸质票"),
        RoundChannel.ASSISTED: _("看不清、写不了：工作人员当面帮您投"),
    }
    ways = [words for channel, words in said.items() if round.offers(channel)]
    places = open_places(get_session(), round.id)[:_MOST_PLACES]
    if not places:
        return *ways, _("投票点：%(place)s", place=round.polling_place or _("社区服务台"))
    there = [_("投票点：%(name)s，%(hours)s", name=one.name, hours=one.hours) for one in places]
    return *ways, *there


def _file(content: bytes, kind: str, name: str) -> Response:
    return send_file(io.BytesIO(content), kind, as_attachment=True, download_name=name)
