"""Opening with sheets, here and elsewhere; a new set; the end of a key."""

import contextlib
import hashlib
import json
import zipfile
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.areas import NOW
from tests.factories.custody import (
    AFTER,
    VOTES,
    give_out_sheets,
    key_of,
    make_listed,
    make_sealed,
    typed,
)
from tests.factories.tally import drop_raw, open_by_two
from voting.adapters.keyring import KeyMissing
from voting.ballots.models import UrnEntry
from voting.clock import local_day
from voting.custody.rules import OldSheet, SameSheetTwice, SheetsDisagree
from voting.custody.service import (
    NothingToRenew,
    NotProvenYet,
    find_key,
    forget_key,
    join_sheets,
    prove_sheets,
    record_found,
    record_loss,
    renew_sheets,
    standing_of,
    waiting_sheets,
)
from voting.journal.rules import COMMAND_LINE
from voting.ledger.service import entries_of, make_checkpoint
from voting.rounds.rules import SealWay
from voting.tally.service import (
    EntryMissing,
    LeafChanged,
    NotABundle,
    SheetsNeeded,
    count,
    open_offline,
    read_openings,
    read_sealed_bundle,
    renew,
)

ACT: dict[str, Any] = {"now": NOW, "actor": COMMAND_LINE}


@pytest.fixture
def sealed(session, keys):
    return make_sealed(session, keys)


def _pair(sheets, *numbers):
    return tuple(typed(sheets[number]) for number in numbers)


@pytest.mark.parametrize("pair", list(combinations(range(3), 2)), ids=str)
def test_each_pair_of_sheets_opens_the_urn(any_database, session, keys, pair):
    round, sheets = make_sealed(session, keys)
    open_by_two(session, round, now=AFTER)
    with pytest.raises(SheetsNeeded):
        count(session, now=AFTER, keys=keys, round_id=round.id)
    keys.lend_seal_key(round.id, join_sheets(session, round=round, typed=_pair(sheets, *pair)))
    assert count(session, now=AFTER, keys=keys, round_id=round.id).ballots == len(VOTES)


def test_one_sheet_twice_opens_nothing(session, keys, sealed):
    round, sheets = sealed
    with pytest.raises(SameSheetTwice) as refused:
        join_sheets(session, round=round, typed=_pair(sheets, 1, 1))
    assert refused.value.field == "second"


def _renewed(session, keys, round, sheets):
    renew(session, **ACT, keys=keys, round_id=round.id, typed=_pair(sheets, 0, 1))
    return waiting_sheets(session, keys=keys, round=round)


def test_two_sheets_make_a_new_set_and_the_old_one_is_worth_nothing(session, keys, sealed):
    round, old = sealed
    record_loss(session, **ACT, round_id=round.id, number=3, day=local_day(NOW), reason="搬家")
    new = _renewed(session, keys, round, old)
    standing = standing_of(session, round)
    assert (standing.set_no, standing.lost, standing.is_proven) == (2, 0, False)
    # Until the new set has been shown to open, the old one is all that surely does.
    assert join_sheets(session, round=round, typed=_pair(old, 0, 1))
    with pytest.raises(OldSheet):
        prove_sheets(session, **ACT, round_id=round.id, typed=_pair(old, 0, 1))
    with pytest.raises(NotProvenYet):
        forget_key(session, **ACT, round_id=round.id)
    prove_sheets(session, **ACT, round_id=round.id, typed=_pair(new, 1, 2))
    with pytest.raises(OldSheet, match="第 1 套的，已经作废"):
        join_sheets(session, round=round, typed=_pair(old, 0, 1))
    forget_key(session, **ACT, round_id=round.id)
    make_checkpoint(session, now=NOW, keys=keys, round_id=round.id)
    bodies = [json.loads(body) for _, body, _ in entries_of(session, round.id)]
    assert {"kind": "sheets", "set": 2} in bodies
    open_by_two(session, round, now=AFTER)
    keys.lend_seal_key(round.id, join_sheets(session, round=round, typed=_pair(new, 0, 2)))
    assert count(session, now=AFTER, keys=keys, round_id=round.id).ballots == len(VOTES)


def test_an_old_and_a_new_sheet_do_not_mix(session, keys, sealed):
    round, old = sealed
    new = _renewed(session, keys, round, old)
    mixed = (typed(old[2]), typed(new[0]))
    with pytest.raises(SheetsDisagree):
        join_sheets(session, round=round, typed=mixed)
    prove_sheets(session, **ACT, round_id=round.id, typed=_pair(new, 1, 2))
    with pytest.raises(OldSheet) as refused:
        join_sheets(session, round=round, typed=mixed)
    assert refused.value.field == "first"


def test_after_a_restore_from_before_a_new_set_its_sheets_still_open(session, keys, sealed):
    round, old = sealed
    new = _renewed(session, keys, round, old)
    key = find_key(session, round.id)
    assert key is not None
    # What a backup from before the new set says.
    key.set_no, key.proven_at, key.proven_by = 1, NOW, "one"
    session.flush()
    assert join_sheets(session, round=round, typed=_pair(new, 0, 2)) == join_sheets(
        session, round=round, typed=_pair(old, 0, 2)
    )


def test_before_the_announcement_a_key_is_made_anew_instead(session, keys):
    round = make_listed(session, keys)
    sheets = give_out_sheets(session, keys, round)
    with pytest.raises(NothingToRenew):
        renew_sheets(session, **ACT, keys=keys, round_id=round.id, typed=_pair(sheets, 0, 1))


def test_with_two_sheets_lost_nobody_can_open_until_one_is_found(session, keys, sealed):
    round, _ = sealed
    lost: dict[str, Any] = {"day": local_day(NOW), "reason": "找不到"}
    for number in (1, 3):
        assert not standing_of(session, round).is_lost
        record_loss(session, **ACT, round_id=round.id, number=number, **lost)
    assert standing_of(session, round).is_lost
    record_found(session, **ACT, round_id=round.id, number=1)
    assert not standing_of(session, round).is_lost


def bundle(session, keys, round, path, **changes):
    """Write the files of a sealed bundle that the opening reads (docs/2_rules/bundle.md)."""
    make_checkpoint(session, now=AFTER, keys=keys, round_id=round.id)
    urn = session.scalars(
        select(UrnEntry).where(UrnEntry.round_id == round.id).order_by(UrnEntry.slot)
    ).all()
    files = {
        "config.json": round.config,
        "ledger.jsonl": "".join(body + "\n" for _, body, _ in entries_of(session, round.id)),
        "urn.jsonl": "".join(
            json.dumps({"sealed": one.sealed.hex(), "slot": one.slot.hex()}) + "\n" for one in urn
        ),
    } | changes
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_an_urn_is_opened_elsewhere_and_counted_here(any_database, session, keys, tmp_path):
    round, sheets = make_sealed(session, keys)
    path, target = bundle(session, keys, round, tmp_path / "urn.zip"), tmp_path / "out.zip"
    urn = read_sealed_bundle(path)
    assert (urn.round_id, urn.set_no, len(urn.ballots)) == (round.id, 1, len(VOTES))
    assert open_offline(urn, target, typed=_pair(sheets, 0, 2), progress=None) == len(VOTES)
    openings = list(read_openings(target))
    assert [one.slot for one in openings] == sorted(one.slot for one in openings)
    with zipfile.ZipFile(target) as archive:
        (first, *_rest) = archive.read("openings.jsonl").splitlines()
    assert sorted(json.loads(first)) == ["ballot", "salt", "slot"]
    with pytest.raises(KeyMissing):
        keys.seal_key(round.id)


def test_a_ciphertext_that_is_not_the_ledgers_stops_the_opening(session, keys, tmp_path, sealed):
    round, sheets = sealed
    path = bundle(session, keys, round, tmp_path / "urn.zip")
    with zipfile.ZipFile(path) as archive:
        entries = archive.read("urn.jsonl").decode()
    lines = entries.splitlines(keepends=True)
    swapped = json.loads(lines[0]) | {"sealed": json.loads(lines[1])["sealed"]}
    for changed in (json.dumps(swapped) + "\n" + "".join(lines[1:]), "".join(lines[1:])):
        bundle(session, keys, round, path, **{"urn.jsonl": changed})
        urn = read_sealed_bundle(path)
        with pytest.raises(EntryMissing):
            open_offline(urn, tmp_path / "out.zip", typed=_pair(sheets, 0, 1), progress=None)
        assert list(tmp_path.glob("*out.zip*")) == []


def test_a_ballot_that_does_not_give_its_commitment_stops_the_opening(
    session, keys, tmp_path, sealed
):
    round, sheets = sealed
    path = bundle(session, keys, round, tmp_path / "urn.zip")
    with zipfile.ZipFile(path) as archive:
        ledger = archive.read("ledger.jsonl").decode()
    entry = next(json.loads(one) for one in ledger.splitlines() if '"ballot"' in one)
    other = ledger.replace(entry["commitment"], hashlib.sha256(b"x").hexdigest())
    bundle(session, keys, round, path, **{"ledger.jsonl": other})
    urn = read_sealed_bundle(path)
    with pytest.raises(LeafChanged):
        open_offline(urn, tmp_path / "out.zip", typed=_pair(sheets, 0, 1), progress=None)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 no", b"<html>"], ids=["empty", "half", "other"]
)
def test_what_is_no_bundle_gets_a_sentence(tmp_path, content):
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(NotABundle, match=r"x\.zip"):
        read_sealed_bundle(path)
    with pytest.raises(NotABundle):
        list(read_openings(path))


@pytest.mark.parametrize("changed", ["{}", "[]", "{", '{"round":1}'])
def test_a_bundle_with_strange_files_gets_a_sentence(session, keys, tmp_path, sealed, changed):
    path = bundle(session, keys, sealed[0], tmp_path / "x.zip", **{"config.json": changed})
    with pytest.raises(NotABundle):
        read_sealed_bundle(path)


def test_a_damaged_archive_gets_a_sentence_wherever_the_damage_is(session, keys, tmp_path, sealed):
    round, sheets = sealed
    path, target = bundle(session, keys, round, tmp_path / "urn.zip"), tmp_path / "out.zip"
    open_offline(read_sealed_bundle(path), target, typed=_pair(sheets, 0, 1), progress=None)
    whole = target.read_bytes()
    for at in range(0, len(whole), 7):
        target.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        with contextlib.suppress(NotABundle):
            list(read_openings(target))
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("openings.jsonl", "[" * 60_000 + "\n")
    with pytest.raises(NotABundle):
        list(read_openings(target))


def test_whatever_lies_in_a_seal_comes_out_elsewhere_too(session, keys, tmp_path):
    round, sheets = make_sealed(session, keys)
    drop_raw(session, round.id, b"\xff\x80 planted")
    path, target = bundle(session, keys, round, tmp_path / "urn.zip"), tmp_path / "out.zip"
    urn = read_sealed_bundle(path)
    assert open_offline(urn, target, typed=_pair(sheets, 0, 1), progress=None) == len(VOTES) + 1
    assert any(one.padded.startswith(b"\xff\x80") for one in read_openings(target))


def test_a_server_round_needs_no_sheets(session, keys):
    round, _ = make_sealed(session, keys, way=SealWay.SERVER)
    open_by_two(session, round, now=AFTER)
    assert count(session, now=AFTER, keys=keys, round_id=round.id).ballots == len(VOTES)
    assert key_of(session, round.id).way == "server"
