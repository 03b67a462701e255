from typing import Any

import pytest
from sqlalchemy import func, select, text

from tests.factories.ballots import NOW
from tests.factories.tally import (
    drop_raw,
    make_closed_round,
    open_by_two,
)
from voting.adapters.keyring import Keyring
from voting.ballots.models import UrnEntry
from voting.ballots.rules import slot_of
from voting.tally.models import OpenedBallot, Tally
from voting.tally.service import (
    DamagedEntry,
    ForeignEntry,
    LeafChanged,
    RoundChanged,
    SealKeyMissing,
    UrnGrew,
    WrongLength,
    count,
)


def counting(session, keys, round, *, now=NOW):
    return count(session, now=now, keys=keys, round_id=round.id)


DAMAGE: dict[str, tuple[dict[str, Any], type[DamagedEntry]]] = {
    "another leaf": ({"text": b'{"channel":"card","choices":[1]}', "leaf": b"l" * 32}, LeafChanged),
    "another key": ({"text": b'{"channel":"card","choices":[1]}', "public": "other"}, ForeignEntry),
    "too long": ({"text": b'{"channel":"card","choices":[1]}', "length": 90}, WrongLength),
    "too short": ({"text": b'{"channel":"card","choices":[1]}', "length": 38}, WrongLength),
    "a short leaf": ({"text": b'{"channel":"card","choices":[1]}', "leaf": b"l"}, WrongLength),
    "a short slot": ({"text": b'{"channel":"card","choices":[1]}', "slot": b"s" * 12}, WrongLength),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_entry_stops_the_count_by_name_and_nothing_is_stored(
    session, keys, tmp_path, any_database, damage
):
    changes, refusal = DAMAGE[damage]
    if "public" in changes:
        changes = changes | {"public": Keyring(tmp_path / "other").make_seal_key("x")}
    round = make_closed_round(session, keys)
    drop_raw(session, round.id, **changes)
    open_by_two(session, round)
    with pytest.raises(refusal, match=r"回执号 [A-Z2-7]{16}"):
        counting(session, keys, round)
    assert session.get(Tally, round.id) is None
    assert session.scalar(select(func.count()).select_from(OpenedBallot)) == 0


def test_a_ballot_moved_to_another_slot_is_foreign(session, keys, any_database):
    round = make_closed_round(session, keys)
    row = session.scalars(select(UrnEntry)).first()
    session.add(
        UrnEntry(
            round_id=round.id, slot=slot_of(b"elsewhere"), sealed=row.sealed, leaf=row.leaf,
            batch_no=None,
        )
    )  # fmt: skip
    session.flush()
    open_by_two(session, round)
    with pytest.raises(ForeignEntry):
        counting(session, keys, round)


def test_a_ballot_of_another_round_is_foreign(session, keys, any_database):
    round, other = make_closed_round(session, keys), make_closed_round(session, keys)
    row = session.scalars(select(UrnEntry).where(UrnEntry.round_id == other.id)).first()
    session.add(
        UrnEntry(round_id=round.id, slot=row.slot, sealed=row.sealed, leaf=row.leaf, batch_no=None)
    )
    session.flush()
    open_by_two(session, round)
    with pytest.raises(ForeignEntry):
        counting(session, keys, round)


def test_without_the_key_nothing_opens(session, keys, tmp_path):
    round = make_closed_round(session, keys)
    open_by_two(session, round)
    with pytest.raises(SealKeyMissing):
        counting(session, Keyring(tmp_path / "empty"), round)


def test_rules_that_do_not_fit_their_digest_stop_the_count(session, keys):
    round = make_closed_round(session, keys)
    open_by_two(session, round)
    session.execute(text("DROP TRIGGER round_frozen"))
    round.config = '{"changed":true}'
    session.flush()
    with pytest.raises(RoundChanged):
        counting(session, keys, round)


def test_a_ballot_that_comes_while_counting_stops_the_count(session, keys):
    round = make_closed_round(session, keys)
    open_by_two(session, round)
    first = bytes(32)  # a slot before all others: the reading has passed it

    def late(_done):
        drop_raw(session, round.id, b"late", slot=first)

    with pytest.raises(UrnGrew):
        count(session, now=NOW, keys=keys, round_id=round.id, progress=late)
