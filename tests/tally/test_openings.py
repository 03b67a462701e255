from dataclasses import replace

import pytest

from tests.factories.ballots import NOW
from tests.factories.tally import make_closed_round, open_by_two
from voting.tally.service import (
    LeafChanged,
    Opening,
    OpeningLacking,
    OpeningsDamaged,
    OpeningsMissing,
    OpeningsStore,
    by_key,
    by_openings,
    count,
    open_urn,
)
from voting.tally.service.counting import seal_facts


@pytest.fixture
def store(tmp_path, keys):
    return OpeningsStore(tmp_path / "openings", keys)


@pytest.fixture
def counted(session, keys, store):
    round = make_closed_round(session, keys)
    open_by_two(session, round)
    count(session, now=NOW, keys=keys, round_id=round.id, openings=store)
    return round


def reading(session):
    from contextlib import nullcontext

    return lambda: nullcontext(session)


def test_what_came_out_of_an_urn_is_kept_and_gives_the_same_count(session, counted, keys, store):
    openings = list(store.reading(counted.id))
    assert [one.slot for one in openings] == sorted(one.slot for one in openings)
    seal = seal_facts(session, counted)
    with_key = open_urn(reading(session), opener=by_key(keys, seal), seal=seal)
    assert open_urn(reading(session), opener=by_openings(openings), seal=seal) == with_key


def test_an_opening_that_says_something_else_is_refused(session, counted, store):
    first, *others = store.reading(counted.id)
    changed = Opening(first.slot, first.salt, first.padded.swapcase())
    seal = seal_facts(session, counted)
    with pytest.raises(LeafChanged):
        open_urn(reading(session), opener=by_openings([changed, *others]), seal=seal)


def test_openings_of_another_urn_are_refused(session, counted, store):
    _, *others = store.reading(counted.id)
    seal = seal_facts(session, counted)
    with pytest.raises(OpeningLacking):
        open_urn(reading(session), opener=by_openings(others), seal=seal)


def test_ballots_set_aside_are_opened_and_do_not_count(session, counted, keys, store):
    first, *others = store.reading(counted.id)
    seal = replace(seal_facts(session, counted), aside=frozenset({first.slot}))
    opened = open_urn(reading(session), opener=by_key(keys, seal), seal=seal)
    assert opened.aside == {first.slot: first.padded}
    assert opened.entries == len(others) + 1
    assert opened.contents.ballots == len(others)


def test_nothing_is_kept_of_an_opening_that_failed(store):
    def fail() -> None:
        with store.writing("r1") as keeper:
            keeper.keep([Opening(b"s" * 32, b"a" * 16, b"{}")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not store.has("r1")
    with pytest.raises(OpeningsMissing):
        list(store.reading("r1"))


def test_the_file_says_nothing_and_a_changed_byte_is_found(tmp_path, store):
    with store.writing("r1") as keeper:
        slots = (bytes([index]) * 32 for index in range(5))
        keeper.keep([Opening(slot, b"a" * 16, b'{"choices":[7]}') for slot in slots])
    (path,) = (tmp_path / "openings").glob("*")
    content = path.read_bytes()
    assert b"choices" not in content
    assert path.stat().st_mode & 0o077 == 0
    for damaged in (content[:-1], content[:40] + bytes([content[40] ^ 1]) + content[41:]):
        path.write_bytes(damaged)
        with pytest.raises(OpeningsDamaged):
            list(store.reading("r1"))


def test_forgotten_openings_are_gone_with_their_key(tmp_path, counted, keys, store):
    store.forget(counted.id)
    assert not store.has(counted.id)
    assert not list(tmp_path.rglob("openings.key"))
