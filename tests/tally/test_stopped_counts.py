"""A count that was stopped is taken up; what it left is believed only where it fits the urn."""

from contextlib import nullcontext

import pytest

from tests.factories.ballots import NOW
from tests.factories.tally import drop_raw, make_closed_round, open_by_two
from voting.adapters import unsealing
from voting.adapters.keyring import Keyring
from voting.adapters.sealing import unseal
from voting.ballots.models import UrnEntry
from voting.tally.service import (
    CountUnderWay,
    ForeignEntry,
    LeafChanged,
    OpeningsMissing,
    OpeningsStore,
    SheetsNeeded,
    WrongLength,
    by_key,
    count,
    entries,
    open_urn,
)
from voting.tally.service.counting import seal_facts
from voting.tally.service.openings import Keeper

BALLOTS, BATCH = 40, 4


class Stopped(Exception):
    """Stands for whatever ends a count half-way."""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(entries, "_BATCH", BATCH)
    monkeypatch.setattr(unsealing, "_FEW", 2)


@pytest.fixture
def opened_here(monkeypatch):
    """The slots that were opened by HPKE, in the order in which they were."""
    seen: list[bytes] = []

    def noted(private, sealed, info):
        seen.append(info[-32:])
        return unseal(private, sealed, info)

    monkeypatch.setattr(unsealing, "unseal", noted)
    return seen


@pytest.fixture
def urn(session, keys, tmp_path):
    votes = [(1 + number % 5,) for number in range(BALLOTS)]
    return Urn(session, keys, OpeningsStore(tmp_path / "openings", keys), votes)


class Urn:
    """A closed round whose urn is opened here, again and again."""

    def __init__(self, session, keys, store, votes, **changes):
        self.session, self.keys, self.store = session, keys, store
        self.round = make_closed_round(session, keys, votes=votes, **changes)

    def open(self, *, stop_at=BALLOTS + 1, children=1, store=None):
        def heard(done):
            if done >= stop_at:
                raise Stopped

        seal = seal_facts(self.session, self.round)
        with (store or self.store).writing(self.round.id) as keeper:
            return open_urn(
                lambda: nullcontext(self.session), opener=by_key(self.keys, seal, children),
                seal=seal, progress=heard, keeper=keeper,
            )  # fmt: skip

    def stop(self, at):
        with pytest.raises(Stopped):
            self.open(stop_at=at)

    def plainly(self):
        seal = seal_facts(self.session, self.round)
        opener = by_key(self.keys, seal, 1)
        return open_urn(lambda: nullcontext(self.session), opener=opener, seal=seal)

    @property
    def part(self):
        return self.store._part(self.round.id)

    @property
    def slots(self):
        return sorted(row.slot for row in self.session.query(UrnEntry))


def test_children_open_an_urn_as_one_process_does(urn):
    assert urn.open(children=2) == urn.plainly()
    kept = [one.slot for one in urn.store.reading(urn.round.id)]
    assert kept == urn.slots


def test_a_stopped_count_goes_on_after_what_it_kept(urn, opened_here):
    urn.stop(16)
    assert urn.store.is_begun(urn.round.id)
    assert not urn.store.has(urn.round.id)
    urn.stop(28)
    opened = urn.open()
    assert opened_here == urn.slots  # each once, in three attempts
    assert opened == urn.plainly()
    assert [one.slot for one in urn.store.reading(urn.round.id)] == urn.slots
    assert not urn.store.is_begun(urn.round.id)


def test_a_count_that_keeps_nothing_opens_everything_twice(urn, opened_here, monkeypatch):
    # The twin of the test above: without what was kept the same look sees the ballots opened again.
    urn.stop(16)
    monkeypatch.setattr(Keeper, "kept", lambda _self: iter(()))
    urn.open()
    assert len(opened_here) == BALLOTS + 16


@pytest.mark.parametrize("left", [1, 3, 40, -1], ids=str)
def test_a_torn_last_part_is_dropped(urn, opened_here, left):
    urn.stop(8)
    first = urn.part.read_bytes()
    urn.stop(12)
    urn.part.write_bytes(urn.part.read_bytes()[: len(first) + left if left > 0 else left])
    opened_here.clear()
    assert urn.open() == urn.plainly()
    assert opened_here[: BALLOTS - 8] == urn.slots[8:]


def test_a_changed_byte_drops_its_part_and_what_follows(urn, opened_here):
    urn.stop(16)
    content = bytearray(urn.part.read_bytes())
    content[len(content) // 2 + 30] ^= 1  # in the third of four
    urn.part.write_bytes(content)
    opened_here.clear()
    assert urn.open() == urn.plainly()
    assert opened_here[: BALLOTS - 8] == urn.slots[8:]


def test_a_part_of_another_urn_is_dropped(session, keys, urn, opened_here):
    other = Urn(session, keys, urn.store, [(2,)] * BALLOTS)
    other.stop(20)
    other.part.rename(urn.part)
    opened_here.clear()
    assert urn.open() == urn.plainly()
    assert len(opened_here) == 2 * BALLOTS  # its own opening, and the plain one


def test_a_part_under_another_key_is_dropped(urn, tmp_path, opened_here):
    store = OpeningsStore(tmp_path / "openings", Keyring(tmp_path / "other"))
    with pytest.raises(Stopped):
        urn.open(store=store, stop_at=20)
    opened_here.clear()
    assert urn.open() == urn.plainly()
    assert len(opened_here) == 2 * BALLOTS


def test_openings_that_say_something_else_are_opened_anew(urn, opened_here, monkeypatch):
    # Whoever has the key of the file can write into it: a false opening does not give its leaf.
    urn.stop(8)
    with urn.store.writing(urn.round.id) as keeper:
        first, second = keeper.kept()
        keeper.drop_last()
        keeper.keep([type(one)(one.slot, one.salt, one.padded.swapcase()) for one in second])
    opened_here.clear()
    assert urn.open() == urn.plainly()
    assert opened_here[: BALLOTS - 4] == urn.slots[4:]
    assert list(urn.store.reading(urn.round.id))[:4] == first


def test_a_whole_file_without_an_outcome_is_taken_up(urn, opened_here):
    # Its process died between the last ballot and the outcome.
    urn.open()
    opened_here.clear()
    assert urn.open() == urn.open()
    assert opened_here == []


def test_a_damaged_entry_leaves_nothing_behind(urn):
    urn.stop(8)
    drop_raw(urn.session, urn.round.id, b"{}", slot=b"\xff" * 32, leaf=b"l" * 32)
    with pytest.raises(LeafChanged):
        urn.open()
    assert not urn.store.is_begun(urn.round.id)
    with pytest.raises(OpeningsMissing):
        list(urn.store.reading(urn.round.id))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"leaf": b"l" * 32}, LeafChanged),
        ({"public": "other"}, ForeignEntry),
        ({"length": 90}, WrongLength),
        ({"slot": b"\x80" * 12}, WrongLength),
        ({"leaf": b"l"}, WrongLength),
    ],
    ids=["leaf", "key", "length", "slot", "short leaf"],
)
def test_children_find_a_damaged_entry_by_name(urn, tmp_path, changes, refusal):
    if "public" in changes:
        changes = {"public": Keyring(tmp_path / "other").make_seal_key("x")}
    drop_raw(urn.session, urn.round.id, b"{}", **{"slot": b"\x80" * 32, **changes})
    with pytest.raises(refusal, match=r"回执号 QCAIBAEAQCAIBAEA"):
        urn.open(children=2)


def test_without_its_sheets_a_count_leaves_what_was_kept(session, keys, tmp_path):
    store = OpeningsStore(tmp_path / "openings", keys)
    urn = Urn(session, keys, store, [(1,)] * BALLOTS, seal_way="monitors")
    urn.stop(8)
    open_by_two(urn.session, urn.round)
    urn.keys.forget_seal_key(urn.round.id)
    before = urn.part.read_bytes()
    with pytest.raises(SheetsNeeded):
        count(urn.session, now=NOW, keys=urn.keys, round_id=urn.round.id, openings=urn.store)
    assert urn.part.read_bytes() == before


def test_two_counts_do_not_write_one_file(urn):
    open_by_two(urn.session, urn.round)
    with urn.store.held(urn.round.id), pytest.raises(CountUnderWay):
        count(urn.session, now=NOW, keys=urn.keys, round_id=urn.round.id, openings=urn.store)
    tally = count(urn.session, now=NOW, keys=urn.keys, round_id=urn.round.id, openings=urn.store)
    assert tally.ballots == BALLOTS


def test_what_was_begun_goes_with_the_key(urn, tmp_path):
    urn.stop(8)
    urn.store.forget(urn.round.id)
    assert not list((tmp_path / "openings").iterdir())
    assert not list(tmp_path.rglob("openings.key"))
