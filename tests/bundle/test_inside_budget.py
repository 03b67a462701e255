"""A round whose ballots keep to a sum of money, from its announcement to a recount by the verifier."""

import json
from contextlib import nullcontext

import pytest

from tests.bundle.checking import ACCEPTED, verdict
from tests.bundle.writing import unpack
from tests.factories.ballots import keyring
from tests.factories.bundles import VOTED, count_round, make_voted_round
from verify_bundle import Verification
from voting.bundle.rules import Sort
from voting.bundle.service import make_bundle
from voting.ledger.service import make_checkpoint
from voting.rounds.rules import MOST_LISTED, BallotKind
from voting.tally.service import OpeningsStore, get_tally

# Candidate n costs 10,000 + 3000n yuan: 1 and 2 cost 29,000 together, 4 alone 22,000.
LIMIT = 29_000_00
KEEPS = ((1, 2), (1,), (2,), (3,), (1, 2)) * 3
SPENDS = ((1, 3), (5, 6), (1, 2, 3))
# 4 is withdrawn while people vote: what it cost is given back to those who had ticked it.
GIVEN_BACK = ((1, 2, 4), (3, 4))


@pytest.fixture
def counted(session, tmp_path):
    """A round in whose urn lie ballots that spend too much, beside those that do not."""
    keys = keyring(tmp_path)
    openings = OpeningsStore(tmp_path / "openings", keys)
    round = make_voted_round(
        session, keys, votes=KEEPS + SPENDS + GIVEN_BACK, ballot_kind=BallotKind.KNAPSACK, spend_limit=LIMIT,
        max_choices=MOST_LISTED,
    )  # fmt: skip
    make_checkpoint(session, now=VOTED, keys=keys, round_id=round.id)
    count_round(session, keys, round, openings)
    target = tmp_path / "bundle.zip"
    make_bundle(
        lambda: nullcontext(session), keys=keys, openings=openings, round_id=round.id,
        sort=Sort.MONITORS, target=target,
    )  # fmt: skip
    return round, json.loads(get_tally(session, round.id).outcome), target


def test_what_spends_too_much_is_invalid_and_the_verifier_counts_the_same(counted):
    _round, outcome, target = counted
    assert outcome["flaws"] == {"over_limit": 3}
    assert (outcome["ballots"], outcome["invalid"]) == (20, 3)
    assert outcome["votes"] == {"1": 10, "2": 10, "3": 4, "4": 2, "5": 0, "6": 0}
    assert outcome["rule"] == "greedy"
    done = Verification(str(target), head=None, pure=True)
    done.run()
    assert verdict(done) == ACCEPTED, done.failure
    assert done.counted == 20


def test_the_frozen_text_names_the_limit_and_ballots_have_room_for_the_whole_list(counted):
    round, _outcome, target = counted
    rules = json.loads(unpack(target.read_bytes())["config.json"])["rules"]
    assert (rules["ballot_kind"], rules["spend_limit"]) == ("knapsack", LIMIT)
    longest = b'{"channel":"assisted","choices":[6,6,6,6,6,6]}'
    assert round.ballot_length == len(longest)
