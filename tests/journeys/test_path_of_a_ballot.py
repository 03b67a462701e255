"""A whole round with real pages: from an empty server to the first milestone of a work that was voted for.

Officers sit at 1280 x 800, residents hold a telephone of 390 x 844. Every page on the way is kept in
``var/pictures``, residents' pages in the usual size of type and in elder mode.
"""

from datetime import date

from tests.journeys.building import carry_out
from tests.journeys.declaring import (
    confirm,
    declare,
    open_the_urn,
    read_the_notice,
    read_the_result,
)
from tests.journeys.enrolling import import_the_roll
from tests.journeys.founding import PASSWORD, Team, found_the_platform
from tests.journeys.planning import CLOSES, OPENS, STARTS, plan_a_round
from tests.journeys.polling import (
    come_again,
    come_early,
    come_late,
    hand_out,
    vote_at_ease,
    vote_briskly,
    vote_in_elder_mode,
)
from tests.journeys.preparing import announce, appoint_a_monitor, print_cards
from tests.journeys.printed_cards import Card
from tests.journeys.proposing import collect_proposals
from tests.journeys.screening import SCREENING, make_the_list, screen_proposals
from tests.journeys.town import Town

COLLECTING, ANNOUNCED, PUBLICITY_OVER = (
    date(2026, 10, 20), date(2026, 11, 19), date(2026, 12, 8),
)  # fmt: skip


def test_a_round_from_the_first_idea_to_the_first_milestone(town: Town) -> None:
    town.becomes(STARTS, 9)
    team = found_the_platform(town)
    plan_a_round(team)
    choose_what_to_vote_on(town, team)
    import_the_roll(team)
    cards = open_the_vote(town, team)
    vote(town, team, cards)
    open_the_urn(team)
    declare(team)
    read_the_notice(team)
    read_the_result(town)
    town.becomes(PUBLICITY_OVER, 10)
    confirm(team)
    carry_out(town, team)


def choose_what_to_vote_on(town: Town, team: Team) -> None:
    town.becomes(COLLECTING, 10)
    team.worker.sign_in("limei", PASSWORD)
    codes = collect_proposals(town, team)
    town.becomes(SCREENING, 9)
    screen_proposals(town, team, codes)
    make_the_list(town, team, codes)


def open_the_vote(town: Town, team: Team) -> list[Card]:
    town.becomes(ANNOUNCED, 9)
    announce(town, team)
    appoint_a_monitor(town, team)
    return print_cards(team)


def vote(town: Town, team: Team, cards: list[Card]) -> None:
    come_early(town, cards[0])
    town.becomes(OPENS, 10)
    hand_out(team)
    vote_at_ease(town, cards[0])
    vote_in_elder_mode(town, cards[1])
    vote_briskly(town, cards[2])
    come_again(town, cards[0])
    town.becomes(CLOSES, 17, 1)
    come_late(town, cards[3])
