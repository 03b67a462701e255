"""Test cards at the count: compared, taken out of every figure, and honest about a server that cheats."""

import json
from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from tests.factories.audits import (
    CLOSED,
    drawn_of,
    make_tested_round,
    make_watched_round,
    reveal_all,
    write_all,
)
from tests.factories.tally import drop_raw, open_by_two
from voting.audits.service import cards_state, differences, find_reveal
from voting.ledger.models import LedgerEntry
from voting.persistence import triggers
from voting.results.service import facts_of
from voting.tally.service import checked_count, count, get_tally, verify
from voting.tally.service.counting import seal_facts

COUNTED = CLOSED + timedelta(hours=1)


@pytest.fixture
def tested(session, keys):
    return make_tested_round(session, keys)


def count_it(session, keys, round):
    open_by_two(session, round, now=COUNTED)
    count(session, now=COUNTED, keys=keys, round_id=round.id)
    return json.loads(get_tally(session, round.id).outcome)


def put_instead(session, round, slot, said):
    """Change what lies under a slot as somebody could who owns the database and knows the public key."""
    guards = [one for one in triggers.GUARDS if one.name in {"urn_no_delete", "urn_no_update"}]
    connection = session.connection()
    triggers.drop(connection, guards)
    session.execute(text("DELETE FROM urn WHERE slot = :slot"), {"slot": slot})
    if said is not None:
        drop_raw(session, round.id, said, slot=slot)
    triggers.create(connection, guards)


def test_test_ballots_are_compared_and_taken_out(session, keys, tested, any_database):
    reveal_all(session, tested)
    outcome = count_it(session, keys, tested.round)
    assert outcome["tests"] == {"drawn": 3, "revealed": 2, "found": 2, "same": 2}
    assert outcome["ballots"] == 4
    assert outcome["channels"] == {"card": 4}
    assert outcome["votes"] == {"1": 2, "2": 2, "3": 0, "4": 1, "5": 0, "6": 0}
    assert differences(session, tested.round.id) == []


def test_every_figure_after_the_count_is_without_them(session, keys, tested):
    reveal_all(session, tested)
    count_it(session, keys, tested.round)
    facts = facts_of(session, tested.round.id)
    assert (facts.ballots, facts.valid, facts.blank, facts.invalid) == (4, 4, 0, 0)
    assert facts.marked == 0
    assert facts.tests.same == 2
    assert checked_count(session, tested.round.id).ballots == 4


def test_a_recount_gives_the_same_with_and_without_the_test_ballots(
    session, keys, tested, any_database
):
    reveal_all(session, tested)
    count_it(session, keys, tested.round)
    assert verify(lambda: nullcontext(session), keys=keys, round_id=tested.round.id) == 6


def test_the_ledger_tells_all_of_it_in_its_order(session, keys, tested, any_database):
    reveal_all(session, tested)
    count_it(session, keys, tested.round)
    bodies = session.scalars(select(LedgerEntry.body).order_by(LedgerEntry.idx))
    said = [json.loads(body) for body in bodies]
    kinds = [one["kind"] for one in said]
    assert kinds.index("tests") < kinds.index("reveal") < kinds.index("tally")
    ballots = {one["slot"] for one in said if one["kind"] == "ballot"}
    assert {one["slot"] for one in said if one["kind"] == "reveal"} < ballots
    assert said[-1]["kind"] == "tally"
    assert said[-1]["ballots"] == 6


def test_without_test_cards_there_are_zeros(session, keys):
    round, _monitor = make_watched_round(session, keys)
    outcome = count_it(session, keys, round)
    assert outcome["tests"] == {"drawn": 0, "revealed": 0, "found": 0, "same": 0}
    assert seal_facts(session, round).aside == frozenset()


@pytest.mark.parametrize(
    ("said", "figures", "found", "unreadable"),
    [
        (b'{"channel":"card","choices":[5]}', (2, 1), (5,), False),
        (b'{"channel":"paper","choices":[1]}', (2, 1), (1,), False),
        (b'{"channel":"card","choices":[]}', (2, 1), (), False),
        (b"no ballot \x00\xff", (2, 1), None, True),
        (None, (1, 1), None, False),
    ],
    ids=["other choice", "other channel", "emptied", "unreadable", "gone"],
)
def test_a_server_that_changed_a_test_ballot_is_shown(
    session, keys, tested, said, figures, found, unreadable, any_database
):
    reveal_all(session, tested)
    line = drawn_of(session, tested.round)[0]
    put_instead(session, tested.round, line.slot, said)
    outcome = count_it(session, keys, tested.round)
    assert (outcome["tests"]["found"], outcome["tests"]["same"]) == figures
    [difference] = differences(session, tested.round.id)
    assert (difference.number, difference.choices) == (1, (1,))
    assert (difference.found, difference.is_unreadable) == (found, unreadable)
    # The count goes on, and the changed test ballot counts for nobody.
    assert outcome["votes"]["5"] == 0
    figures_shown = cards_state(session, tested.round.id).compared
    assert figures_shown is not None
    assert figures_shown.differ == 1
    verify(lambda: nullcontext(session), keys=keys, round_id=tested.round.id)


def test_what_was_typed_and_not_revealed_counts_like_any_other_ballot(session, keys, tested):
    write_all(session, tested)
    outcome = count_it(session, keys, tested.round)
    assert outcome["tests"] == {"drawn": 3, "revealed": 0, "found": 0, "same": 0}
    assert outcome["ballots"] == 6
    assert find_reveal(session, tested.round.id) is None


def test_one_card_left_out_of_the_reveal_counts_and_is_reported(session, keys, tested):
    del tested.written[1]
    reveal_all(session, tested)
    outcome = count_it(session, keys, tested.round)
    assert outcome["tests"] == {"drawn": 3, "revealed": 1, "found": 1, "same": 1}
    assert outcome["ballots"] == 5


def test_a_blank_test_ballot_is_no_blank_ballot(session, keys):
    tested = make_tested_round(session, keys, votes=((), (2,)), real=((1,), ()))
    reveal_all(session, tested)
    outcome = count_it(session, keys, tested.round)
    assert (outcome["ballots"], outcome["blank"]) == (2, 1)
    assert outcome["tests"]["same"] == 2
