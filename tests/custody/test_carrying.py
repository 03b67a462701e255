"""A plan carries its way of keeping the key wherever it goes; a key it does not."""

from datetime import date, timedelta
from typing import Any

from tests.factories.areas import NOW
from tests.factories.conduct import LATER, make_standing
from tests.factories.custody import give_out_sheets, make_listed
from tests.factories.rounds import make_plan, make_round
from voting.conduct.service import repeat
from voting.conduct.service.rehearsing import rehearse
from voting.custody.service import find_key, standing_of
from voting.journal.rules import COMMAND_LINE
from voting.rounds.rules import Phase, Publication, SealWay
from voting.rounds.service import clone_plan, plan_of

WAY, WHOLE = SealWay.MONITORS, Publication.FULL


def test_a_cloned_plan_keeps_both_choices(session):
    round = make_round(session, plan=make_plan(seal_way=WAY, publication=WHOLE, max_choices=3))
    cloned = clone_plan(round, opens_day=date(2027, 3, 1))
    assert (cloned.seal_way, cloned.publication) == (WAY, WHOLE)
    assert (plan_of(round).seal_way, plan_of(round).publication) == (WAY, WHOLE)


def test_a_rehearsal_rehearses_the_same_way_with_a_key_of_its_own(session, keys):
    round = make_listed(session, keys)
    give_out_sheets(session, keys, round)
    times = {"opens_at": NOW + timedelta(hours=2), "closes_at": NOW + timedelta(days=1)}
    made = rehearse(session, now=NOW, actor=COMMAND_LINE, round_id=round.id, **times)
    assert made.seal_way == "monitors"
    assert find_key(session, made.id) is None
    assert not standing_of(session, made).passes_gate


def test_a_vote_held_again_goes_the_same_way_and_needs_its_own_gate(session, keys):
    old = make_standing(session, keys, Phase.VOTE_VOID)
    days: dict[str, Any] = {
        "opens_at": LATER + timedelta(days=5),
        "closes_at": LATER + timedelta(days=9),
    }
    new = repeat(
        session, now=LATER, actor=COMMAND_LINE, keys=keys, round_id=old.id, reason="重新投",
        **days,
    )  # fmt: skip
    assert (new.seal_way, new.publication) == (old.seal_way, old.publication)
    assert not standing_of(session, new).is_made
