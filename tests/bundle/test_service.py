import json
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest

from tests.bundle.checking import ACCEPTED, verdict
from tests.bundle.writing import unpack
from tests.factories.audits import drawn_of, make_monitor
from tests.factories.ballots import keyring
from tests.factories.bundles import COUNTED, VOTED, count_round, declare, make_voted_round
from verify_bundle import Verification
from voting.audits.service import draw_by_system, reveal, write_down
from voting.ballots.service import cast, load_paper
from voting.bundle.rules import Sort
from voting.bundle.service import NothingSealed, OutcomeChanged, make_bundle, public_cover
from voting.cards.models import BallotCard
from voting.clock import moment_text
from voting.errors import NotFound
from voting.journal.rules import COMMAND_LINE
from voting.ledger.service import LedgerKeyMissing, find_head, make_checkpoint, note_for_ledger
from voting.tally.service import OpeningsMissing, OpeningsStore, find_tally


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path)


@pytest.fixture
def openings(tmp_path, keys):
    return OpeningsStore(tmp_path / "openings", keys)


@pytest.fixture
def made(session, keys, openings, tmp_path):
    """Make a bundle of a round and let the verifier read it."""

    def make(round, sort=Sort.PUBLIC, **given):
        target = tmp_path / f"{sort.value}.zip"
        bundle = make_bundle(
            lambda: nullcontext(session), keys=keys, openings=openings, round_id=round.id, sort=sort,
            target=target, **given,
        )  # fmt: skip
        return bundle, target

    return make


def checked(path, head=None):
    done = Verification(str(path), head=head, pure=True)
    done.run()
    return done


def sign(session, keys, round, now=VOTED):
    return make_checkpoint(session, now=now, keys=keys, round_id=round.id)


def destroy(session, keys, round):
    at = COUNTED + timedelta(days=9)
    note_for_ledger(
        session, now=at, round_id=round.id, kind="destroyed", at=moment_text(at), way="server"
    )
    sign(session, keys, round, now=at)


def test_a_round_is_accepted_at_every_stage_and_in_every_sort(
    session, keys, openings, made, any_database
):
    round = make_voted_round(session, keys)
    first = sign(session, keys, round).root.hex()
    for sort in Sort:
        assert verdict(checked(made(round, sort)[1], head=first)) == ACCEPTED
    count_round(session, keys, round, openings)
    for sort in Sort:
        bundle, path = made(round, sort)
        done = checked(path, head=first)
        assert verdict(done) == ACCEPTED, done.failure
        assert done.counted == (30 if sort is Sort.MONITORS else 0)
        assert (bundle.entries, bundle.ballots) == (done.checkpoints[-1].size, 30)
        assert verdict(checked(path, head="0" * 16)) == "head"


def test_whole_ballots_are_for_monitors_unless_the_round_publishes_them(
    session, keys, openings, made
):
    for publication, shown in (("totals", False), ("full", True)):
        round = make_voted_round(session, keys, publication=publication)
        count_round(session, keys, round, openings)
        path = made(round)[1]
        assert ("openings.jsonl" in unpack(path.read_bytes())) is shown
        assert verdict(checked(path)) == ACCEPTED
        assert bool(checked(path).counted) is shown


def test_two_bundles_of_one_head_are_the_same_bytes(session, keys, openings, made):
    round = make_voted_round(session, keys)
    count_round(session, keys, round, openings)
    first = made(round, Sort.MONITORS)[1].read_bytes()
    assert made(round, Sort.MONITORS)[1].read_bytes() == first


def test_an_outcome_that_was_changed_makes_no_bundle(session, keys, openings, made, tmp_path):
    round = make_voted_round(session, keys)
    count_round(session, keys, round, openings)
    tally = find_tally(session, round.id)
    assert tally is not None
    tally.outcome = tally.outcome.replace('"invalid":0', '"invalid":1')
    session.flush()
    with pytest.raises(OutcomeChanged):
        made(round)
    assert not list(tmp_path.glob("*.zip"))
    assert not list(tmp_path.glob(".bundle-*"))


def test_openings_that_are_gone_are_said_to_be_gone(session, keys, openings, made):
    round = make_voted_round(session, keys)
    count_round(session, keys, round, openings)
    openings.forget(round.id)
    with pytest.raises(OpeningsMissing):
        made(round, Sort.MONITORS)
    assert verdict(checked(made(round)[1])) == ACCEPTED
    destroy(session, keys, round)
    assert verdict(checked(made(round, Sort.MONITORS)[1])) == ACCEPTED
    with pytest.raises(NothingSealed):
        made(round, Sort.SEALED)


def test_the_outcome_is_for_everybody_once_it_is_declared(session, keys, openings, made):
    round = make_voted_round(session, keys)
    with pytest.raises(NotFound):
        public_cover(session, round.id)
    sign(session, keys, round)
    count_round(session, keys, round, openings)
    cover, head = public_cover(session, round.id), find_head(session, round.id)
    assert head is not None
    assert cover.size < head.size
    path = made(round, size=cover.size)[1]
    assert "outcome.json" not in unpack(path.read_bytes())
    assert verdict(checked(path)) == ACCEPTED
    declare(session, round.id)
    assert public_cover(session, round.id).size == head.size


def test_without_its_key_a_ledger_gives_no_bundle(session, keys, made, tmp_path):
    round = make_voted_round(session, keys)
    sign(session, keys, round)
    keys.forget_round(round.id)
    keys._kept.clear()
    with pytest.raises(LedgerKeyMissing):
        made(round)


def test_a_round_with_test_cards_is_accepted_and_what_they_said_is_counted_anew(
    session, keys, openings, made
):
    round = make_voted_round(session, keys)
    monitor = make_monitor(session, round)
    act: dict[str, Any] = {"actor": COMMAND_LINE, "round_id": round.id}
    draw_by_system(session, now=VOTED, **act, monitor_id=monitor.id, count=3)
    cast_with: list[dict[str, Any]] = []
    for line, choices in zip(drawn_of(session, round), ((1, 2), (3,)), strict=False):
        card = session.get_one(BallotCard, (round.id, line.cred_hash))
        receipt = cast(
            session, now=VOTED, paper=load_paper(session, round.id), cred_hash=card.cred_hash,
            nonce=line.cred_hash[:16], choices=choices, check_hmac=card.check_hmac,
        )  # fmt: skip
        cast_with.append({"number": line.number, "code": receipt.code, "choices": choices})
    for written in cast_with:
        write_down(session, now=COUNTED, **act, **written)
    reveal(session, now=COUNTED, **act, monitor_id=monitor.id)
    count_round(session, keys, round, openings)
    declare(session, round.id)
    for sort in (Sort.PUBLIC, Sort.MONITORS):
        assert verdict(checked(made(round, sort)[1])) == ACCEPTED
    said = json.loads(unpack(made(round, Sort.MONITORS)[1].read_bytes())["outcome.json"])
    assert said["tests"] == {"drawn": 3, "revealed": 2, "found": 2, "same": 2}


def test_a_round_with_every_limit_is_recomputed_from_its_ledger(session, keys, openings, made):
    round = make_voted_round(
        session, keys, rivals=(1, 3), quota_engineering=2, least_share=100, least_turnout=857
    )
    count_round(session, keys, round, openings)
    _, path = made(round, Sort.MONITORS)
    assert verdict(checked(path)) == ACCEPTED
    outcome = json.loads(unpack(path.read_bytes())["outcome.json"])
    assert outcome["turnout"] == {"marked": 30, "roll": 35, "least": 857}
    assert outcome["least_votes"] == 3
    assert {"excluded", "quota_full", "withdrawn"} <= {one["reason"] for one in outcome["projects"]}


def test_a_turnout_that_was_missed_is_recomputed_from_its_ledger(session, keys, openings, made):
    round = make_voted_round(session, keys, least_turnout=858)
    count_round(session, keys, round, openings)
    _, path = made(round)
    assert verdict(checked(path)) == ACCEPTED
    outcome = json.loads(unpack(path.read_bytes())["outcome.json"])
    assert (outcome["funded"], outcome["turnout"]["least"]) == ([], 858)
