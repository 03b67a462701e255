"""The whole path with real pages: from an empty server to the notice on the board.

Officers sit at 1280 x 800, residents hold a telephone of 390 x 844. Every page on the way is kept in
``var/pictures``, residents' pages in the usual size of type and in elder mode.
"""

from datetime import date

from tests.journeys.declaring import (
    confirm,
    declare,
    open_the_urn,
    read_the_notice,
    read_the_result,
)
from tests.journeys.founding import found_the_platform
from tests.journeys.polling import (
    come_again,
    come_early,
    come_late,
    hand_out,
    vote_at_ease,
    vote_briskly,
    vote_in_elder_mode,
)
from tests.journeys.preparing import (
    OPENS,
    announce,
    appoint_a_monitor,
    collect_proposals,
    import_the_roll,
    make_the_list,
    plan_a_round,
    print_cards,
)
from tests.journeys.town import Town

CLOSES, PUBLICITY_OVER = date(2026, 12, 6), date(2026, 12, 13)


def test_the_path_of_a_ballot(town: Town) -> None:
    team = found_the_platform(town)
    plan_a_round(team)
    collect_proposals(team)
    make_the_list(team)
    import_the_roll(team)
    announce(town, team)
    appoint_a_monitor(town, team)
    cards = print_cards(team)
    come_early(town, cards[0])
    town.becomes(OPENS, 10)
    hand_out(team)
    vote_at_ease(town, cards[0])
    vote_in_elder_mode(town, cards[1])
    vote_briskly(town, cards[2])
    come_again(town, cards[0])
    town.becomes(CLOSES, 17, 1)
    come_late(town, cards[3])
    open_the_urn(team)
    declare(team)
    read_the_notice(team)
    read_the_result(town)
    town.becomes(PUBLICITY_OVER, 10)
    confirm(team)
