from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, text

from tests.factories.ballots import NOW, keyring, make_cards, make_listed_elector, make_open_round
from voting.adapters.sealing import unseal
from voting.ballots.models import UrnEntry
from voting.ballots.rules import (
    Ballot,
    VotingClosed,
    VotingNotOpen,
    VotingNotYetOpen,
    VotingPaused,
    decode,
    leaf_of,
    seal_info,
    slot_of,
)
from voting.ballots.service import (
    CardAlreadyUsed,
    CardLocked,
    CardVoid,
    Place,
    WrongCheckCode,
    cast,
    find_place,
    load_paper,
)
from voting.cards.models import BallotCard
from voting.cards.service import check_code_hmac
from voting.errors import NotFound
from voting.roll.models import Participation
from voting.roll.service import RightAlreadyUsed

NONCE = b"n" * 16


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path)


class Booth:
    """Casts in one round with sensible defaults."""

    def __init__(self, session, keys, **changes):
        self.session, self.keys = session, keys
        self.round = make_open_round(session, keys, **changes)
        self.paper = load_paper(session, self.round.id)

    def card(self, **changes):
        return make_cards(self.session, self.keys, self.round.id, **changes)[0]

    def cast(self, card, *, choices=(1,), nonce=NONCE, code=None, now=NOW):
        check = code or card.check_code
        return cast(
            self.session, now=now, paper=self.paper, cred_hash=card.cred_hash, nonce=nonce,
            choices=choices,
            check_hmac=check_code_hmac(self.keys.card_key(), card.cred_hash, check)
            if self.paper.check_code
            else None,
        )  # fmt: skip

    def urn(self):
        return self.session.scalars(select(UrnEntry)).all()

    def state(self, card):
        self.session.expire_all()
        return self.session.get(BallotCard, (self.round.id, card.cred_hash))


@pytest.fixture
def booth(session, keys, any_database):
    return Booth(session, keys)


def test_a_cast_spends_the_card_and_drops_one_sealed_ballot(booth):
    card = booth.card()
    booth.cast(card, choices=(2, 3))
    assert booth.state(card).state == "spent"
    assert len(booth.urn()) == 1


def test_the_sealed_ballot_holds_the_choices_and_fits_its_leaf(booth):
    booth.cast(booth.card(), choices=(3, 2))
    entry = booth.urn()[0]
    info = seal_info(booth.round.id, booth.paper.config_hash, entry.slot)
    opened = unseal(booth.keys.seal_key(booth.round.id), entry.sealed, info)
    assert decode(opened[16:]) == Ballot("card", (2, 3))
    assert entry.leaf == leaf_of(
        booth.round.id, booth.paper.config_hash, entry.slot, opened[:16], opened[16:]
    )


def test_every_sealed_ballot_of_a_round_has_one_length(booth):
    for index, choices in enumerate([(1,), (1, 2, 3), (6, 5)]):
        booth.cast(booth.card(), choices=choices, nonce=bytes([index]) * 16)
    assert len({len(entry.sealed) for entry in booth.urn()}) == 1


def test_the_same_browser_gets_the_same_receipt_and_its_first_choices_stand(booth):
    card = booth.card()
    first = booth.cast(card, choices=(1,))
    again = [booth.cast(card, choices=(number,)) for number in (2, 3, 4)]
    assert {receipt.code for receipt in again} == {first.code}
    assert all(receipt.again for receipt in again)
    assert len(booth.urn()) == 1


def test_another_browser_with_a_used_card_casts_nothing(booth):
    card = booth.card()
    booth.cast(card)
    with pytest.raises(CardAlreadyUsed):
        booth.cast(card, nonce=b"m" * 16)
    assert len(booth.urn()) == 1


def test_a_void_card_casts_nothing(booth):
    card = booth.card()
    booth.session.execute(text("UPDATE ballot_card SET state = 'void'"))
    with pytest.raises(CardVoid):
        booth.cast(card)
    assert booth.urn() == []


def test_five_wrong_check_codes_lock_the_card(booth):
    card = booth.card()
    wrong = "000000" if card.check_code != "000000" else "111111"
    left = []
    for _ in range(4):
        with pytest.raises(WrongCheckCode) as refused:
            booth.cast(card, code=wrong)
        left.append(refused.value.values["left"])
    with pytest.raises(Exception, match="锁住"):
        booth.cast(card, code=wrong)
    with pytest.raises(CardLocked):
        booth.cast(card)
    assert left == [4, 3, 2, 1]
    assert booth.state(card).fails == 5
    assert booth.urn() == []


def test_a_wrong_check_code_is_remembered_although_the_cast_is_refused(database, keys):
    with database.transaction() as session:
        booth = Booth(session, keys)
        card = booth.card()
    wrong = "000000" if card.check_code != "000000" else "111111"

    def try_once() -> None:
        with database.transaction() as booth.session:
            booth.cast(card, code=wrong)

    with pytest.raises(WrongCheckCode):
        try_once()
    with database.reading() as session:
        assert session.scalar(select(BallotCard.fails)) == 1


def test_a_round_without_check_codes_asks_for_none(session, keys):
    booth = Booth(session, keys, check_code=False)
    booth.cast(booth.card())
    assert len(booth.urn()) == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"opens_at": NOW + timedelta(seconds=1), "phase": "vote_announced"}, VotingNotYetOpen),
        ({"closes_at": NOW}, VotingClosed),
        ({"phase": "counting"}, VotingClosed),
        ({"phase": "paused"}, VotingPaused),
        ({"phase": "terminated"}, VotingNotOpen),
    ],
    ids=["early", "the closing moment", "counting", "paused", "terminated"],
)
def test_outside_voting_time_nothing_is_spent(session, keys, changes, refusal):
    booth = Booth(session, keys, **changes)
    card = booth.card()
    with pytest.raises(refusal):
        booth.cast(card)
    assert booth.state(card).state == "printed"


def test_the_last_moment_before_closing_still_counts(session, keys):
    booth = Booth(session, keys, closes_at=NOW + timedelta(microseconds=1))
    booth.cast(booth.card())
    assert len(booth.urn()) == 1


def test_a_lost_reply_finds_its_receipt_even_after_closing(session, keys):
    booth = Booth(session, keys)
    card = booth.card()
    first = booth.cast(card)
    assert booth.cast(card, now=booth.round.closes_at).code == first.code


def test_an_assigned_card_uses_its_persons_right_and_the_link_is_cut(booth):
    elector = make_listed_elector(booth.session, booth.round.id)
    card = booth.card(electors=[elector])
    booth.cast(card)
    used = booth.session.scalars(select(Participation)).one()
    assert (used.elector_id, used.channel) == (elector, "card_cast")
    assert booth.state(card).elector_id is None


def test_an_assigned_card_of_somebody_who_voted_on_paper_stays_unspent(booth):
    elector = make_listed_elector(booth.session, booth.round.id)
    card = booth.card(electors=[elector])
    booth.session.add(
        Participation(
            round_id=booth.round.id, elector_id=elector, channel="paper_handed", day=NOW.date()
        )
    )
    booth.session.flush()
    with pytest.raises(RightAlreadyUsed), booth.session.begin_nested():
        booth.cast(card)
    assert booth.state(card).state == "printed"
    assert booth.urn() == []


def test_the_database_refuses_to_change_or_remove_a_sealed_ballot(booth):
    booth.cast(booth.card())
    for statement in ("UPDATE urn SET leaf = slot", "DELETE FROM urn"):
        with pytest.raises(Exception, match="a sealed ballot"), booth.session.begin_nested():
            booth.session.execute(text(statement))


def test_the_database_refuses_to_give_a_spent_card_back(booth):
    booth.cast(booth.card())
    with pytest.raises(Exception, match="stays so"), booth.session.begin_nested():
        booth.session.execute(text("UPDATE ballot_card SET state = 'printed'"))


def test_a_receipt_leads_to_its_round_and_a_wrong_one_nowhere(booth):
    receipt = booth.cast(booth.card())
    assert find_place(booth.session, receipt.code) == Place(booth.round.id, None)
    assert find_place(booth.session, "A" * 16) is None


def test_a_round_that_is_not_frozen_has_no_paper(session):
    with pytest.raises(NotFound):
        load_paper(session, "x" * 26)


def test_a_cast_takes_four_statements(session, keys):
    booth = Booth(session, keys)
    card = booth.card()
    session.flush()
    seen = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *call: seen.append(call[2]))
    booth.cast(card)
    assert len(seen) == 4, seen


def test_nothing_in_the_urn_tells_when_or_who(booth):
    booth.cast(booth.card())
    columns = set(UrnEntry.__table__.columns.keys())
    assert columns == {"round_id", "slot", "sealed", "leaf", "batch_no"}
    assert slot_of(NONCE) == booth.urn()[0].slot
    assert booth.session.scalar(select(func.count()).select_from(Participation)) == 0
