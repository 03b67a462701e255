import pytest
from sqlalchemy.orm import Session

from tests.factories.accounts import make_officer
from tests.factories.ballots import NOW, make_listed_elector, make_open_round
from tests.factories.cards import make_batch, printed
from voting.adapters.keyring import Keyring
from voting.cards.rules import credential_hash
from voting.cards.service import (
    CardUnknown,
    HolderUnfit,
    Supply,
    batches_held_by,
    batches_of,
    cards_of,
    charge_batch,
    counts_of,
    find_by_serial,
    find_card,
    find_in_hand,
    get_batch,
    spend,
    supply,
    void_batch,
)
from voting.errors import NotFound
from voting.journal.rules import COMMAND_LINE
from voting.rounds.models import Round

WORKER = "community_worker"


def test_the_list_counts_every_batch_in_one_statement(
    any_database: str, session: Session, keys: Keyring, round: Round
) -> None:
    first, second = make_batch(session, keys, round, 6), make_batch(session, keys, round, 8)
    card = find_card(session, next(iter(printed(first, keys).values())).token)
    assert card
    spend(session, round_id=round.id, cred_hash=card.cred_hash, check_hmac=None)
    void_batch(session, now=NOW, actor=COMMAND_LINE, batch_id=second.id, reason="印错")
    lines, pages = batches_of(session, round.id)
    assert [(line.batch.number, line.counts.printed) for line in lines] == [(2, 8), (1, 6)]
    assert [(line.counts.spent, line.counts.void) for line in lines] == [(0, 8), (1, 0)]
    assert [line.counts.unused for line in lines] == [0, 5]
    assert (pages, counts_of(session, first.id)) == (1, lines[1].counts)


def test_a_batch_of_another_round_is_not_found(
    session: Session, keys: Keyring, round: Round
) -> None:
    batch = make_batch(session, keys, round, 1)
    assert get_batch(session, batch.id, round_id=round.id) is batch
    for wrong in (
        {"batch_id": batch.id, "round_id": "x"},
        {"batch_id": "x"},
        {"batch_id": "\0"},
    ):
        with pytest.raises(NotFound):
            get_batch(session, **wrong)


def test_supply_asks_only_beyond_roll_and_five_in_a_hundred() -> None:
    stock = Supply(listed=812, live=800)
    assert stock.spare == 41
    assert [stock.excess(count) for count in (1, 53, 54)] == [0, 0, 1]


def test_void_cards_are_no_supply(session: Session, keys: Keyring, round: Round) -> None:
    make_listed_elector(session, round.id)
    gone = make_batch(session, keys, round, 5)
    make_batch(session, keys, round, 2)
    void_batch(session, now=NOW, actor=COMMAND_LINE, batch_id=gone.id, reason="印错")
    assert supply(session, round.id) == Supply(listed=1, live=2)


@pytest.mark.parametrize(
    "form",
    [
        "{stub}",
        "  {stub} ",
        "{wide_stub}",
        "{dashed_stub}",
        "https://vote.example.cn/c/{token}",
        "HTTPS://VOTE.EXAMPLE.CN/C/{token}",
        "{small_token}",
        "{code}",
        "{spaced_code}",
    ],
)
def test_a_card_is_found_by_whatever_is_in_ones_hand(
    session: Session, keys: Keyring, round: Round, form: str
) -> None:
    batch = make_batch(session, keys, round, 8)
    stub, card = list(cards_of(batch, keys))[7]
    text = form.format(
        stub=stub,
        wide_stub=stub.replace("-", "－").replace("0", "０"),
        dashed_stub=stub.replace("-", "—"),
        token=card.token,
        small_token=card.token.lower(),
        code=card.short_code,
        spaced_code=f"{card.short_code[:4]} {card.short_code[4:]}".lower(),
    )
    found = find_in_hand(session, round.id, text, card_key=keys.card_key())
    assert (found.serial, found.cred_hash) == (stub, credential_hash(card.token))


@pytest.mark.parametrize(
    "text",
    ["", "01-0009-1", "09-0001-1", "01-0001-7", "卡", "\0", "1" * 300, "A" * 26, "A" * 16, "---"],
    ids=repr,
)
def test_what_is_no_card_is_not_found(
    any_database: str, session: Session, keys: Keyring, round: Round, text: str
) -> None:
    make_batch(session, keys, round, 6)
    with pytest.raises(CardUnknown):
        find_in_hand(session, round.id, text, card_key=keys.card_key())


def test_a_card_of_another_round_is_not_found(
    session: Session, keys: Keyring, round: Round
) -> None:
    batch = make_batch(session, keys, make_open_round(session, keys), 1)
    card = next(iter(printed(batch, keys).values()))
    for text in (card.token, card.short_code, "01-0001-1"):
        with pytest.raises(CardUnknown):
            find_in_hand(session, round.id, text, card_key=keys.card_key())


def test_a_batch_is_charged_to_another_officer(
    any_database: str, session: Session, keys: Keyring, round: Round
) -> None:
    batch = make_batch(session, keys, round, 2)
    keeper = make_officer(session, area=round.area, role=WORKER)
    charge_batch(session, now=NOW, actor=COMMAND_LINE, batch_id=batch.id, officer_id=keeper.id)
    held = batches_held_by(session, keeper.id)
    assert [(line.batch.id, line.holder) for line in held] == [(batch.id, keeper.name)]


def test_used_up_batches_are_held_by_nobody(session: Session, keys: Keyring, round: Round) -> None:
    keeper = make_officer(session, area=round.area, role=WORKER)
    batch = make_batch(session, keys, round, 1, actor=keeper.actor)
    card = find_by_serial(session, round.id, "1-1-1")
    spend(session, round_id=round.id, cred_hash=card.cred_hash, check_hmac=None)
    assert batch.holder_id == keeper.id
    assert batches_held_by(session, keeper.id) == []


def test_who_may_not_hand_out_cards_here_may_not_keep_them(
    session: Session, keys: Keyring, round: Round
) -> None:
    batch = make_batch(session, keys, round, 1)
    elsewhere = make_officer(session, area=make_open_round(session, keys).area, role=WORKER)
    auditor = make_officer(session, area=round.area, role="auditor")
    retired = make_officer(session, area=round.area, role=WORKER)
    retired.retired_at = NOW
    session.flush()
    for officer_id in (elsewhere.id, auditor.id, retired.id, "nobody", "\0", ""):
        with pytest.raises(HolderUnfit):
            charge_batch(
                session, now=NOW, actor=COMMAND_LINE, batch_id=batch.id, officer_id=officer_id
            )
