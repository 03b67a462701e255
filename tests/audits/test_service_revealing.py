import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text, update

from tests.factories.audits import (
    CLOSED,
    drawn_of,
    make_tested_round,
    make_watched_round,
    notes_of,
    refused,
    reveal_all,
    write_all,
)
from tests.factories.ballots import NOW
from tests.factories.tally import make_openers, open_by_two
from tests.factories.withdrawals import make_withdrawn
from voting.audits.service import (
    AlreadyRevealed,
    CardNotUsed,
    ChoicesTooDear,
    ChoicesUnfit,
    NothingDrawn,
    NotRevealing,
    ReceiptNotInUrn,
    ReceiptUsedTwice,
    UrnOpened,
    cards_state,
    draw_by_system,
    next_unwritten,
    reveal,
    write_down,
    written_of,
)
from voting.audits.service.reading import Written
from voting.cards.models import BallotCard, CardReveal, DrawnCard
from voting.errors import NotFound
from voting.journal.rules import COMMAND_LINE
from voting.tally.service import approve_opening


@pytest.fixture
def tested(session, keys):
    return make_tested_round(session, keys)


def write(session, tested, number, code, choices, *, now=CLOSED, missing=False):
    write_down(
        session, now=now, actor=COMMAND_LINE, round_id=tested.round.id, number=number, code=code,
        choices=choices, missing=missing,
    )  # fmt: skip


def test_what_the_monitors_wrote_is_typed_revealed_and_stands(session, tested, any_database):
    write_all(session, tested)
    assert next_unwritten(session, tested.round.id) is None
    reveal_all(session, tested)
    lines = drawn_of(session, tested.round)
    assert [json.loads(one.choices) for one in lines if one.choices] == [[1], [2, 3]]
    said = sorted(notes_of(session, tested.round, "reveal"), key=lambda one: one["choices"])
    assert [one["choices"] for one in said] == [[1], [2, 3]]
    assert {one["slot"] for one in said} == {one.slot.hex() for one in lines if one.slot}
    made = session.get_one(CardReveal, tested.round.id)
    assert (made.drawn, made.revealed, made.voided) == (3, 2, 1)
    unused = session.get_one(BallotCard, (tested.round.id, lines[2].cred_hash))
    session.refresh(unused)
    assert (unused.state, unused.void_reason) == ("void", "暗访卡没有用过，公布时作废")
    refused(session, update(DrawnCard).values(choices="[5]"), "the test cards are revealed")
    refused(session, text("UPDATE test_reveal SET revealed = 9"), "what was revealed stays")


def test_before_the_reveal_a_line_may_be_typed_again(session, tested):
    number, code, _choices = tested.written[0]
    write(session, tested, number, code, (4, 5, 5))
    assert written_of(session, tested.round.id, number) == Written(code, (4, 5))
    write(session, tested, number, code, (6,))
    assert written_of(session, tested.round.id, number) == Written(code, (6,))
    assert cards_state(session, tested.round.id).written == 1


def test_a_receipt_stands_on_one_card(session, tested, any_database):
    (first, code, choices), (second, _code, _choices) = tested.written
    write(session, tested, first, code, choices)
    with pytest.raises(ReceiptUsedTwice) as twice:
        write(session, tested, second, code, choices)
    assert twice.value.values["number"] == first


def test_a_receipt_that_is_not_in_the_urn_is_asked_twice(session, tested, any_database):
    number = tested.written[0][0]
    with pytest.raises(ReceiptNotInUrn):
        write(session, tested, number, "ABCDEFGHABCDEFGH", (1,))
    write(session, tested, number, "ABCDEFGHABCDEFGH", (1,), missing=True)
    assert written_of(session, tested.round.id, number) == Written("ABCDEFGHABCDEFGH", (1,))


def test_a_card_nobody_voted_with_is_not_written_down(session, tested, any_database):
    code = tested.written[0][1]
    with pytest.raises(CardNotUsed):
        write(session, tested, 3, code, (1,))
    with pytest.raises(NotFound):
        write(session, tested, 4, code, (1,))


@pytest.mark.parametrize("choices", [(1, 2, 3, 4), (7,)])
def test_what_no_ballot_can_say_was_typed_wrongly(session, tested, choices):
    number, code, _ = tested.written[0]
    with pytest.raises(ChoicesUnfit):
        write(session, tested, number, code, choices)


def test_what_no_ballot_can_pay_was_typed_wrongly(session, keys):
    # Candidate n costs 8000 + 100n yuan.
    tested = make_tested_round(session, keys, ballot_kind="knapsack", spend_limit=16_500_00)
    code = tested.written[0][1]
    write(session, tested, 1, code, (1, 4))
    with pytest.raises(ChoicesTooDear, match=r"合计不超过 1\.65 万元"):
        write(session, tested, 1, code, (2, 4))


def test_a_project_that_was_withdrawn_since_may_stand_on_a_test_ballot(session, tested):
    make_withdrawn(session, tested.round.id, 1, at=NOW)
    write_all(session, tested)


def test_nothing_is_typed_or_revealed_while_voting_is_on(session, tested):
    number, code, choices = tested.written[0]
    with pytest.raises(NotRevealing):
        write(session, tested, number, code, choices, now=NOW)
    with pytest.raises(NotRevealing):
        reveal(
            session, now=NOW, actor=COMMAND_LINE, round_id=tested.round.id,
            monitor_id=tested.monitor.id,
        )  # fmt: skip


def test_a_reveal_needs_cards_and_happens_once(session, keys, tested):
    reveal_all(session, tested)
    facts: dict[str, Any] = {"now": CLOSED, "actor": COMMAND_LINE}
    with pytest.raises(AlreadyRevealed):
        reveal(session, round_id=tested.round.id, monitor_id=tested.monitor.id, **facts)
    with pytest.raises(AlreadyRevealed):
        write(session, tested, *tested.written[0])
    round, monitor = make_watched_round(session, keys)
    with pytest.raises(NothingDrawn):
        reveal(session, round_id=round.id, monitor_id=monitor.id, **facts)


def test_when_voting_is_opened_again_no_more_cards_are_drawn(session, tested):
    reveal_all(session, tested)
    tested.round.phase, tested.round.extended_to = "voting", CLOSED + timedelta(days=2)
    with pytest.raises(AlreadyRevealed):
        draw_by_system(
            session, now=CLOSED, actor=COMMAND_LINE, round_id=tested.round.id,
            monitor_id=tested.monitor.id, count=1,
        )  # fmt: skip


def test_one_officer_alone_keeps_nobody_from_revealing(session, tested):
    first, *_ = make_openers(session, tested.round.area)
    approve_opening(session, now=CLOSED, officer_id=first.id, round_id=tested.round.id)
    reveal_all(session, tested)


def test_no_reveal_comes_after_the_second_officer(session, tested, any_database):
    open_by_two(session, tested.round, now=CLOSED + timedelta(minutes=1))
    with pytest.raises(UrnOpened):
        reveal_all(session, tested)
    row = {
        "round_id": tested.round.id, "at": CLOSED, "by": "x", "monitor_id": tested.monitor.id,
        "drawn": 3, "revealed": 0, "voided": 0,
    }  # fmt: skip
    refused(session, insert(CardReveal).values(row), "the urn is open")
