import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories.ballots import NOW, make_listed_elector
from tests.factories.cards import make_batch, printed
from voting.adapters.keyring import Keyring
from voting.cards.models import BallotCard, CardBatch
from voting.cards.service import (
    BatchSettled,
    CardSpent,
    CardVoidAlready,
    Counts,
    NothingToReprint,
    SeedForgotten,
    SheetOutOfRange,
    SheetsNotMade,
    Spending,
    VotingOver,
    cards_of,
    check_code_hmac,
    confirm_printed,
    counts_of,
    find_by_serial,
    find_card_by_hash,
    order_sheets,
    replace_card,
    reprint_from,
    sheets_made,
    spend,
    void_batch,
    void_card,
)
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE
from voting.roll.models import Channel
from voting.roll.service import mark_participation
from voting.rounds.models import Round

ACT = {"now": NOW, "actor": COMMAND_LINE}


def use(session: Session, round: Round, stub: str) -> None:
    """Cast with a card."""
    card = find_by_serial(session, round.id, stub)
    spent = spend(session, round_id=round.id, cred_hash=card.cred_hash, check_hmac=None)
    assert spent.outcome is Spending.SPENT


def confirm(session: Session, batch: CardBatch) -> CardBatch:
    job = order_sheets(session, now=NOW, actor=COMMAND_LINE, batch_id=batch.id, served=True)
    job.state, job.done = "done", job.total
    batch.ledger_idx = 2
    session.flush()
    return confirm_printed(
        session,
        now=NOW,
        actor=COMMAND_LINE,
        batch_id=batch.id,
        sheets_made=sheets_made(session, batch.id),
    )


def test_a_batch_is_confirmed_once_and_prints_no_more(
    any_database: str, session: Session, keys: Keyring, round: Round
) -> None:
    batch = confirm(session, make_batch(session, keys, round))
    assert (batch.state, batch.printed_at) == ("printed", NOW)
    with pytest.raises(SeedForgotten):
        cards_of(batch, keys)
    with pytest.raises(SeedForgotten):
        confirm(session, batch)
    with pytest.raises(BatchSettled):
        confirm_printed(session, now=NOW, actor=COMMAND_LINE, batch_id=batch.id, sheets_made=True)


def test_what_was_never_laid_out_cannot_have_been_printed(
    session: Session, keys: Keyring, round: Round
) -> None:
    batch = make_batch(session, keys, round)
    order_sheets(session, now=NOW, actor=COMMAND_LINE, batch_id=batch.id, served=True)
    with pytest.raises(SheetsNotMade):
        confirm_printed(
            session,
            now=NOW,
            actor=COMMAND_LINE,
            batch_id=batch.id,
            sheets_made=sheets_made(session, batch.id),
        )


def test_a_void_batch_keeps_the_votes_that_were_cast(
    any_database: str, session: Session, keys: Keyring, round: Round
) -> None:
    batch = make_batch(session, keys, round, 8)
    use(session, round, "1-1-3")
    gone = void_batch(session, now=NOW, actor=COMMAND_LINE, batch_id=batch.id, reason="印错了")
    assert (gone.count, gone.left) == (7, 1)
    assert counts_of(session, batch.id) == Counts(printed=8, spent=1, void=7)
    assert (batch.state, batch.void_reason) == ("void", "印错了")


def test_a_printed_batch_can_still_be_voided_but_only_once(
    session: Session, keys: Keyring, round: Round
) -> None:
    batch = confirm(session, make_batch(session, keys, round))
    void_batch(session, now=NOW, actor=COMMAND_LINE, batch_id=batch.id, reason="丢了一盒")
    with pytest.raises(BatchSettled):
        void_batch(session, now=NOW, actor=COMMAND_LINE, batch_id=batch.id, reason="再来")


def test_a_void_card_cannot_be_spent(session: Session, keys: Keyring, round: Round) -> None:
    batch = make_batch(session, keys, round, 1)
    card = find_by_serial(session, round.id, "1-1-1")
    void_batch(session, now=NOW, actor=COMMAND_LINE, batch_id=batch.id, reason="印错")
    spent = spend(session, round_id=round.id, cred_hash=card.cred_hash, check_hmac=None)
    assert spent.outcome is Spending.REFUSED


def test_what_follows_the_last_good_sheet_is_void_and_printed_anew(
    any_database: str, session: Session, keys: Keyring, round: Round
) -> None:
    old = make_batch(session, keys, round, 20)
    use(session, round, "1-3-1")
    new = reprint_from(
        session, now=NOW, actor=COMMAND_LINE, keys=keys, batch_id=old.id, last_good=2
    )
    assert counts_of(session, old.id) == Counts(printed=20, spent=1, void=7)
    assert (old.state, old.printed_at) == ("printed", NOW)
    assert (new.count, new.number, new.state) == (7, 2, "ready")
    assert (new.replaces_id, new.replaces_from) == (old.id, 3)
    good = find_by_serial(session, round.id, "1-2-6")
    assert good.state == "printed"


def test_the_new_cards_are_other_cards(session: Session, keys: Keyring, round: Round) -> None:
    old = make_batch(session, keys, round, 12)
    before = {card.token for card in printed(old, keys).values()}
    new = reprint_from(
        session, now=NOW, actor=COMMAND_LINE, keys=keys, batch_id=old.id, last_good=1
    )
    assert not before & {card.token for card in printed(new, keys).values()}


def test_without_one_good_sheet_the_old_batch_is_void(
    session: Session, keys: Keyring, round: Round
) -> None:
    old = make_batch(session, keys, round, 7)
    new = reprint_from(
        session, now=NOW, actor=COMMAND_LINE, keys=keys, batch_id=old.id, last_good=0
    )
    assert (old.state, new.count) == ("void", 7)


@pytest.mark.parametrize("last_good", [-1, 2, 99])
def test_the_last_good_sheet_is_one_of_the_batch_and_not_its_last(
    session: Session, keys: Keyring, round: Round, last_good: int
) -> None:
    batch = make_batch(session, keys, round, 12)
    with pytest.raises(SheetOutOfRange, match="填 0 到 1"):
        reprint_from(
            session,
            now=NOW,
            actor=COMMAND_LINE,
            keys=keys,
            batch_id=batch.id,
            last_good=last_good,
        )


def test_spent_sheets_are_not_printed_anew(session: Session, keys: Keyring, round: Round) -> None:
    batch = make_batch(session, keys, round, 7)
    use(session, round, "1-2-1")
    with pytest.raises(NothingToReprint):
        reprint_from(
            session, now=NOW, actor=COMMAND_LINE, keys=keys, batch_id=batch.id, last_good=1
        )


def test_a_confirmed_batch_is_not_reprinted(session: Session, keys: Keyring, round: Round) -> None:
    batch = confirm(session, make_batch(session, keys, round))
    with pytest.raises(BatchSettled):
        reprint_from(
            session, now=NOW, actor=COMMAND_LINE, keys=keys, batch_id=batch.id, last_good=1
        )


def test_after_the_vote_nothing_is_reprinted(session: Session, keys: Keyring, round: Round) -> None:
    batch = make_batch(session, keys, round)
    with pytest.raises(VotingOver):
        reprint_from(
            session,
            now=round.closing,
            actor=COMMAND_LINE,
            keys=keys,
            batch_id=batch.id,
            last_good=1,
        )


def test_reprinted_cards_go_to_the_same_people_unless_they_have_voted(
    any_database: str, session: Session, keys: Keyring, round: Round
) -> None:
    people = [make_listed_elector(session, round.id) for _ in range(8)]
    old = make_batch(session, keys, round, elector_ids=people)
    mark_participation(
        session,
        round_id=round.id,
        elector_id=people[7],
        channel=Channel.PAPER_HANDED,
        day=NOW.date(),
    )
    new = reprint_from(
        session, now=NOW, actor=COMMAND_LINE, keys=keys, batch_id=old.id, last_good=1
    )
    owners = session.scalars(select(BallotCard.elector_id).where(BallotCard.batch_id == new.id))
    assert (list(owners), new.mode, new.count) == ([people[6]], "assigned", 1)


def test_one_card_is_voided_once(
    any_database: str, session: Session, keys: Keyring, round: Round
) -> None:
    batch = make_batch(session, keys, round, 2)
    card = find_by_serial(session, round.id, "1-1-2")
    void_card(session, now=NOW, actor=COMMAND_LINE, card=card, reason="遗失")
    assert counts_of(session, batch.id) == Counts(printed=2, spent=0, void=1)
    with pytest.raises(CardVoidAlready):
        void_card(session, now=NOW, actor=COMMAND_LINE, card=card, reason="遗失")
    entry = session.scalars(select(JournalEntry).where(JournalEntry.act == "cards.void_card")).one()
    assert '"serial":"01-0001-2"' in entry.details


def test_a_spent_card_stays_spent(session: Session, keys: Keyring, round: Round) -> None:
    make_batch(session, keys, round, 1)
    card = find_by_serial(session, round.id, "1-1-1")
    use(session, round, "1-1-1")
    with pytest.raises(CardSpent, match="选票有效"):
        void_card(session, now=NOW, actor=COMMAND_LINE, card=card, reason="遗失")
    with pytest.raises(CardSpent, match="选票有效"):
        replace_card(session, now=NOW, actor=COMMAND_LINE, keys=keys, card=card, reason="遗失")
    assert session.scalar(select(func.count()).select_from(CardBatch)) == 1


def test_a_lost_card_is_replaced_by_one_that_works(
    any_database: str, session: Session, keys: Keyring, round: Round
) -> None:
    old = make_batch(session, keys, round, 3)
    card = find_by_serial(session, round.id, "1-1-2")
    new = replace_card(session, now=NOW, actor=COMMAND_LINE, keys=keys, card=card, reason="遗失")
    assert (new.count, new.replaces_id, new.replaces_from) == (1, old.id, None)
    gone = find_card_by_hash(session, round.id, card.cred_hash)
    assert gone
    assert gone.state == "void"
    use(session, round, next(iter(printed(new, keys))))
    with pytest.raises(CardVoidAlready):
        replace_card(session, now=NOW, actor=COMMAND_LINE, keys=keys, card=card, reason="遗失")


def test_a_card_that_was_locked_is_replaced_by_its_stub(
    session: Session, keys: Keyring, round: Round
) -> None:
    make_batch(session, keys, round, 1)
    card = find_by_serial(session, round.id, "1-1-1")
    wrong = check_code_hmac(keys.card_key(), card.cred_hash, "wrong")
    for _ in range(5):
        spend(session, round_id=round.id, cred_hash=card.cred_hash, check_hmac=wrong)
    locked = find_by_serial(session, round.id, "1-1-1")
    assert locked.locked
    new = replace_card(session, now=NOW, actor=COMMAND_LINE, keys=keys, card=locked, reason="锁住")
    assert not find_by_serial(session, round.id, f"{new.number}-1-1").locked


def test_the_card_in_its_place_belongs_to_the_same_person(
    session: Session, keys: Keyring, round: Round
) -> None:
    person = make_listed_elector(session, round.id)
    make_batch(session, keys, round, elector_ids=[person])
    card = find_by_serial(session, round.id, "1-1-1")
    new = replace_card(session, now=NOW, actor=COMMAND_LINE, keys=keys, card=card, reason="遗失")
    owner = session.scalars(select(BallotCard.elector_id).where(BallotCard.batch_id == new.id))
    assert owner.one() == person
