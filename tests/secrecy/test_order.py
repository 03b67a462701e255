"""S4: the order in which ballots are published tells nothing of the order in which they were cast."""

import hashlib
import secrets
import statistics

from sqlalchemy import select

from tests.factories.ballots import NOW, keyring, make_cards, make_open_round
from tests.factories.casting import cast_card
from tests.secrecy.linker import spearman
from voting.ballots.rules import slot_of
from voting.ballots.service import load_paper
from voting.ledger.models import LedgerEntry
from voting.ledger.service import make_checkpoint

ROUNDS, BALLOTS = 200, 100
# Of 200 rounds of 100 ballots the mean has a deviation of 0.007; of four batches of 40 one of 0.08.
MOST_MEAN, MOST_OF_FOUR = 0.05, 0.5


def slots_cast(count):
    """Return the slots of so many ballots in the order of casting, as the phones' nonces give them."""
    return [slot_of(secrets.token_bytes(16)) for _ in range(count)]


def rho(cast, published):
    place = {slot: at for at, slot in enumerate(published)}
    return spearman([(at, place[slot]) for at, slot in enumerate(cast)])


def orders_of(cast):
    """The orders in which something of a ballot is published: entries by slot, leaves for the digest."""
    leaves = {slot: hashlib.sha256(b"leaf" + slot).digest() for slot in cast}
    return {"entries": sorted(cast), "leaves": sorted(cast, key=leaves.__getitem__)}


def test_published_orders_go_with_no_order_of_casting_over_two_hundred_rounds(record_property):
    found: dict[str, list[float]] = {"entries": [], "leaves": []}
    for _ in range(ROUNDS):
        cast = slots_cast(BALLOTS)
        for name, published in orders_of(cast).items():
            found[name].append(rho(cast, published))
    for name, rhos in found.items():
        record_property(f"mean rank correlation of {name}", f"{statistics.mean(rhos):+.4f}")
        assert abs(statistics.mean(rhos)) < MOST_MEAN


def test_an_order_of_casting_would_be_seen():
    """The twin: entries as they came, or in slots that count upwards."""
    cast = slots_cast(BALLOTS)
    assert rho(cast, cast) > 1 - MOST_MEAN
    counted = [number.to_bytes(32, "big") for number in range(BALLOTS)]
    assert rho(counted, sorted(counted)) > 1 - MOST_MEAN


def test_the_entries_of_a_real_round_stand_in_no_order_of_casting(
    database, tmp_path, any_database, record_property
):
    keys, cast = keyring(tmp_path / "var"), []
    with database.transaction() as session:
        round_id = make_open_round(session, keys).id
        cards = iter(make_cards(session, keys, round_id, 160))
        paper = load_paper(session, round_id)
    for _ in range(4):
        for _ in range(40):
            nonce = secrets.token_bytes(16)
            cast.append(slot_of(nonce))
            with database.transaction() as session:
                cast_card(session, keys, paper, next(cards), nonce=nonce)
        with database.transaction() as session:
            make_checkpoint(session, now=NOW, keys=keys, round_id=round_id)
    with database.reading() as session:
        published = session.scalars(
            select(LedgerEntry.slot).where(LedgerEntry.kind == "ballot").order_by(LedgerEntry.idx)
        ).all()
    batches = [(cast[at : at + 40], published[at : at + 40]) for at in range(0, 160, 40)]
    mean = statistics.mean(rho(*batch) for batch in batches)
    record_property("mean rank correlation inside batches", f"{mean:+.3f}")
    assert abs(mean) < MOST_OF_FOUR
