"""Making the emergency pack of a round of this installation."""

from collections.abc import Callable

from voting.adapters.fonts import find_fonts
from voting.adapters.pdf import Binder, render_many
from voting.areas.service import find_installation
from voting.clock import local_day
from voting.paper.document.making import ballots_pdf
from voting.paper.document.registers import RegisterFacts, places, register_papers
from voting.paper.service import get_batch
from voting.roll.service import register
from voting.rounds.models import Round
from voting.rounds.service import get_round
from voting.upkeep.document.papers import PackFacts, front_paper
from voting.web.apart import render_apart
from voting.web.db import current_config, current_database, current_keys, now
from voting.web.filters import day_clock

MOST_BALLOTS = 2000


def make_pack(batch_id: str, *, progress: Callable[[int], None]) -> bytes:
    """Return what to do, the register and the papers of a batch as one PDF.

    ``progress`` hears of papers. Raises NotFound or what ``ballots_pdf`` raises.
    """
    config = current_config()
    with current_database().reading() as session:
        round = get_round(session, get_batch(session, batch_id).round_id)
        lines = register(session, keys=current_keys(), round_id=round.id)
        installation = find_installation(session)
        demo = bool(installation and installation.demo)
        facts = _facts(round, demo=demo)
        sheets = RegisterFacts(
            round.title, round.office_name, local_day(now()), demo, facts.rehearsal
        )
    papers = [
        front_paper(facts, render=render_apart),
        *register_papers(sheets, places(lines), render=render_apart),
    ]
    fonts = find_fonts(config.font_dir, config.var / "fonts")
    with Binder() as binder:
        binder.add(render_many(papers, fonts=fonts, title=facts.round_title))
        binder.add(ballots_pdf(batch_id, progress=progress))
        return binder.bound()


def _facts(round: Round, *, demo: bool) -> PackFacts:
    return PackFacts(
        round_title=round.title,
        opens=day_clock(round.opens_at),
        closes=day_clock(round.closing),
        most=round.max_choices,
        help_phone=round.help_number,
        printed_on=local_day(now()),
        demo=demo,
        rehearsal=round.kind == "rehearsal",
        spending=round.spending,
    )
