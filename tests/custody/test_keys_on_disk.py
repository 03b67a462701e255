"""What the server forgets is nowhere any more: every byte under var and in the database is looked at."""

import base64
from pathlib import Path
from typing import Any

import pytest

from tests.factories.areas import NOW
from tests.factories.custody import (
    announce,
    give_out_sheets,
    key_of,
    make_listed,
    make_monitors,
    pass_gate,
    typed,
)
from voting.adapters.keyring import KeyMissing, Keyring
from voting.adapters.sealing import public_of
from voting.custody.rules import join
from voting.custody.service import (
    OtherSecretHere,
    forget_key,
    forgotten_keys,
    make_key,
    make_sets,
    prove_sheets,
    recover,
    waiting_sheets,
)
from voting.errors import NotFound
from voting.journal.rules import COMMAND_LINE, Actor
from voting.rounds.models import Round
from voting.rounds.rules import SealWay

ACT: dict[str, Any] = {"now": NOW, "actor": COMMAND_LINE}


def _forms(secret):
    """Every way in which 32 bytes could have been written down."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    yield base64.b64encode(secret)[:40]
    yield base64.b32encode(secret)[:48]


def _found(folder: Path, secrets):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [
        path
        for path in files
        for secret in secrets
        if any(form in path.read_bytes() for form in _forms(secret))
    ]


def test_nothing_of_the_key_is_left_once_it_is_forgotten(database, keys, tmp_path):
    with database.transaction() as session:
        round = make_listed(session, keys)
        make_monitors(session, keys, round)
        make_key(session, **ACT, keys=keys, round_id=round.id)
        sheets = waiting_sheets(session, keys=keys, round=round)
        prove_sheets(session, **ACT, round_id=round.id, typed=(typed(sheets[0]), typed(sheets[1])))
        round_id = round.id
    private = join(sheets[0], sheets[1])
    shares = {share for sheet in sheets for share in sheet.shares}
    assert len(shares) == 3
    assert _found(tmp_path, shares)
    assert not _found(tmp_path, [private])
    with database.transaction() as session:
        forget_key(session, **ACT, round_id=round_id)
    keys.forget_shares(round_id)
    assert not _found(tmp_path, [private, *shares])
    assert not keys.has_seal_key(round_id)


def test_the_shares_lie_in_one_file_for_its_owner_only(session, keys, tmp_path):
    round = make_listed(session, keys)
    make_monitors(session, keys, round)
    make_key(session, **ACT, keys=keys, round_id=round.id)
    (path,) = (tmp_path / "var" / "secrets" / "rounds" / round.id).iterdir()
    assert path.name == "sheets.part"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_lent_key_is_taken_back_and_found_after_a_kill(keys, tmp_path):
    keys.lend_seal_key("r1", bytes(32))
    path = tmp_path / "var" / "secrets" / "rounds" / "r1" / "lent.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.seal_key("r1") == bytes(32)
    assert Keyring(tmp_path / "var" / "secrets").take_back_seal_keys() == 1
    with pytest.raises(KeyMissing):
        keys.seal_key("r1")
    keys.take_back_seal_key("r1")


def test_a_promise_to_forget_is_kept_after_a_kill(session, keys):
    round = make_listed(session, keys)
    make_monitors(session, keys, round)
    make_key(session, **ACT, keys=keys, round_id=round.id)
    forget_key(session, **ACT, round_id=round.id)
    assert keys.has_seal_key(round.id)
    assert forgotten_keys(session) == [round.id]


@pytest.fixture
def kept(session, keys):
    """A round whose recovery sets were printed, and the first of them."""
    round = make_listed(session, keys, way=SealWay.SERVER)
    pass_gate(session, keys, round)
    first, _ = make_sets(session, **ACT, keys=keys, round_id=round.id, kept_at="两处")
    return round, typed(first)


def test_a_new_machine_gets_back_every_secret(session, keys, tmp_path, kept):
    round, text = kept
    announce(session, keys, round)
    other = Keyring(tmp_path / "other")
    other.app_key()  # a start of the program makes one
    written = recover(keys=other, round=round, typed=text)
    assert len(written) == 6
    assert public_of(other.seal_key(round.id)) == round.seal_public
    for name in ("app", "cards", "persons", "ledger", "pepper", "seal"):
        assert other.kept(name, round.id) == keys.kept(name, round.id)
    assert list((tmp_path / "other").glob("app.key.*.old"))
    assert recover(keys=other, round=round, typed=text) == []


def test_another_key_is_never_overwritten(tmp_path, kept):
    round, text = kept
    other = Keyring(tmp_path / "other")
    own = other.make_ledger_key(round.id)
    with pytest.raises(OtherSecretHere, match="公开账本签名密钥"):
        recover(keys=other, round=round, typed=text)
    assert other.ledger_key(round.id) == own
    assert other.kept("seal", round.id) is None


def test_a_vote_held_again_recovers_the_pepper_of_the_first(session, keys, tmp_path, kept):
    round, _ = kept
    first = make_listed(session, keys, way=SealWay.SERVER)
    round.roll_source_id = first.id
    session.flush()
    made, _ = make_sets(session, **ACT, keys=keys, round_id=round.id, kept_at="两处")
    other = Keyring(tmp_path / "other")
    assert f"rounds/{first.id}/pepper.key" in recover(keys=other, round=round, typed=typed(made))
    assert other.pepper(first.id) == keys.pepper(first.id)


def test_the_frozen_key_and_its_test_ballot_stay(any_database, session, keys):
    round = make_listed(session, keys)
    give_out_sheets(session, keys, round)
    announce(session, keys, round)
    key = key_of(session, round.id)
    key.public_key = bytes(32)
    with pytest.raises(Exception, match="the key of an announced vote stays"):
        session.flush()


def test_a_round_of_another_area_is_not_found(session, keys):
    round = make_listed(session, keys)
    elsewhere = Actor("o", "某人", "elsewhere/")
    with pytest.raises(NotFound):
        make_key(session, now=NOW, actor=elsewhere, keys=keys, round_id=round.id)
    assert session.get(Round, round.id).frozen_at is None
