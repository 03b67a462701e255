"""Making the emergency pack of a round of this installation."""

from collections.abc import Callable

from flask import current_app

from voting.adapters.fonts import find_fonts
from voting.adapters.pdf import render_many
from voting.areas.service import find_installation
from voting.clock import local_day
from voting.errors import Refusal
from voting.proposals.service import candidates_of
from voting.roll.service import register
from voting.rounds.models import Round
from voting.rounds.rules import BallotKind
from voting.rounds.service import get_round
from voting.upkeep.document.papers import MOST_CANDIDATES, Choice, PackFacts, Person, pack_papers
from voting.upkeep.service.emergency import OnlyTicks
from voting.upkeep.service.packing import NotFrozen
from voting.web.db import current_config, current_database, current_keys, now
from voting.web.filters import day_clock

MOST_BALLOTS = 2000


class ListTooLong(Refusal):
    """The ballot would need more than a page."""

    msgid = "候选项目有 %(number)d 项，应急选票一页最多 %(most)d 项。"


def make_pack(
    round_id: str,
    *,
    ballots: int,
    begin: Callable[[int], Callable[[int], None]],
    first: int = 1,
) -> bytes:
    """Return the pack as one PDF; ``begin`` hears of how many sheets and returns what hears of each.

    The ballots are numbered from ``first``: no two papers of a round may carry one number.
    Raises NotFound, NotFrozen, OnlyTicks or ListTooLong.
    """
    config = current_config()
    with current_database().reading() as session:
        round = get_round(session, round_id)
        if round.frozen_at is None:
            raise NotFrozen
        if round.ballot_kind not in {BallotKind.APPROVAL, BallotKind.CHOOSE_1}:
            raise OnlyTicks
        listed = [one for one in candidates_of(session, round_id) if one.withdrawn_at is None]
        if len(listed) > MOST_CANDIDATES:
            raise ListTooLong(number=len(listed), most=MOST_CANDIDATES)
        choices = [Choice(one.ballot_number or 0, one.title, one.cost) for one in listed]
        lines = register(session, keys=current_keys(), round_id=round_id)
        installation = find_installation(session)
        facts = _facts(round, choices, demo=bool(installation and installation.demo))
    people = [
        Person(
            number, one.building, one.room, one.name, one.number, one.basis,
            used=one.channel is not None, struck=one.is_struck,
        )
        for number, one in enumerate(lines, 1)
    ]  # fmt: skip
    papers = list(pack_papers(facts, people, range(first, first + ballots), render=_render))
    return render_many(
        papers,
        fonts=find_fonts(config.font_dir, config.var / "fonts"),
        title=facts.round_title,
        progress=begin(sum(paper.sheets for paper in papers)),
    )


def _facts(round: Round, choices: list[Choice], *, demo: bool) -> PackFacts:
    return PackFacts(
        round_title=round.title,
        office=round.office_name,
        opens=day_clock(round.opens_at),
        closes=day_clock(round.closing),
        most=round.max_choices,
        help_phone=round.help_number,
        printed_on=local_day(now()),
        candidates=choices,
        demo=demo,
        rehearsal=round.kind == "rehearsal",
    )


def _render(template: str, **context: object) -> str:
    # Not flask.render_template: what pages share wants a request, and there is none here.
    return current_app.jinja_env.get_template(template).render(**context)
