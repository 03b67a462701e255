"""The gate: no vote is announced before somebody has shown that its urn could be opened."""

from typing import Any

import pytest

from tests.factories.areas import NOW
from tests.factories.custody import announce, key_of, make_listed, make_monitors, typed
from voting.conduct.rules import KeyNotProven
from voting.conduct.service.freezing import freeze
from voting.custody.service import (
    CannotMakeNow,
    MonitorsMissing,
    ProbeClosed,
    SheetsForgotten,
    find_key,
    forget_key,
    make_key,
    make_sets,
    prove_sheets,
    read_back,
    standing_of,
    waiting_sheets,
)
from voting.journal.rules import COMMAND_LINE
from voting.rounds.rules import SealWay

ACT: dict[str, Any] = {"now": NOW, "actor": COMMAND_LINE}
S, M = SealWay.SERVER, SealWay.MONITORS
GATE = [
    (S, "real", "none", False), (S, "real", "made", False), (S, "real", "proven", True),
    (S, "rehearsal", "none", True), (S, "rehearsal", "proven", True),
    (M, "real", "none", False), (M, "real", "made", False), (M, "real", "forgotten", False),
    (M, "real", "proven", False), (M, "real", "both", True),
    (M, "rehearsal", "none", False), (M, "rehearsal", "proven", False), (M, "rehearsal", "both", True),
]  # fmt: skip


def bring_to(session, keys, round, state):
    """Bring the custody of a round to a state of the table."""
    if state == "none":
        return
    if round.seal_way == M:
        make_monitors(session, keys, round)
    make_key(session, **ACT, keys=keys, round_id=round.id)
    if round.seal_way == S and state == "proven":
        first, _ = make_sets(session, **ACT, keys=keys, round_id=round.id, kept_at="两处")
        read_back(session, **ACT, keys=keys, round_id=round.id, typed=typed(first))
    elif state in {"proven", "both"}:
        sheets = waiting_sheets(session, keys=keys, round=round)
        prove(session, round, sheets[0], sheets[2])
    if state in {"forgotten", "both"}:
        forget_key(session, **ACT, round_id=round.id)
        keys.forget_shares(round.id)


def prove(session, round, first, second):
    return prove_sheets(session, **ACT, round_id=round.id, typed=(typed(first), typed(second)))


@pytest.mark.parametrize(("way", "kind", "state", "passes"), GATE)
def test_way_and_state_decide_whether_a_vote_is_announced(session, keys, way, kind, state, passes):
    round = make_listed(session, keys, way=way, kind=kind)
    bring_to(session, keys, round, state)
    assert standing_of(session, round).passes_gate is passes
    if passes:
        announce(session, keys, round)
        key = find_key(session, round.id)
        assert round.frozen_at is not None
        assert len(round.seal_public or b"") == 32
        assert key is None or round.seal_public == key.public_key
        return
    with pytest.raises(KeyNotProven, match="请到“钥匙”一页"):
        announce(session, keys, round)


@pytest.mark.parametrize(("way", "kind", "state", "passes"), [row for row in GATE if not row[3]])
def test_the_database_asks_again_when_rules_are_frozen(
    any_database, session, keys, way, kind, state, passes
):
    round = make_listed(session, keys, way=way, kind=kind)
    bring_to(session, keys, round, state)
    with pytest.raises(KeyNotProven):
        freeze(session, now=NOW, keys=keys, round=round)
    assert round.frozen_at is None
    assert round.phase == "shortlisted"


def test_a_key_that_this_machine_lacks_is_not_sealed_for(session, keys, tmp_path):
    round = make_listed(session, keys, way=S)
    bring_to(session, keys, round, "proven")
    (tmp_path / "var" / "secrets" / "rounds" / round.id / "seal.key").unlink()
    with pytest.raises(KeyNotProven):
        freeze(session, now=NOW, keys=keys, round=round)


def test_a_key_made_anew_has_to_be_proven_anew(session, keys):
    round = make_listed(session, keys)
    bring_to(session, keys, round, "both")
    before = key_of(session, round.id).public_key
    make_key(session, **ACT, keys=keys, round_id=round.id)
    assert key_of(session, round.id).public_key != before
    assert not standing_of(session, round).passes_gate


def test_a_plan_that_changes_the_way_needs_another_key(session, keys):
    round = make_listed(session, keys, way=S)
    bring_to(session, keys, round, "proven")
    round.seal_way = M.value
    session.flush()
    assert not standing_of(session, round).is_made
    with pytest.raises(KeyNotProven):
        freeze(session, now=NOW, keys=keys, round=round)
    make_monitors(session, keys, round)
    make_key(session, **ACT, keys=keys, round_id=round.id)
    assert keys.kept("seal", round.id) is None


def test_three_monitors_are_needed(session, keys):
    round = make_listed(session, keys)
    with pytest.raises(MonitorsMissing, match="现在有 0 名"):
        make_key(session, **ACT, keys=keys, round_id=round.id)


@pytest.mark.parametrize("phase", ["draft", "collecting", "screening", "terminated"])
def test_a_key_is_made_when_there_is_a_list(session, keys, phase):
    round = make_listed(session, keys, way=S)
    round.phase = phase
    with pytest.raises(CannotMakeNow):
        make_key(session, **ACT, keys=keys, round_id=round.id)


def test_after_the_announcement_the_key_stands(session, keys):
    round = make_listed(session, keys)
    bring_to(session, keys, round, "both")
    announce(session, keys, round)
    with pytest.raises(CannotMakeNow):
        make_key(session, **ACT, keys=keys, round_id=round.id)


def test_what_was_forgotten_is_not_printed_again(session, keys):
    round = make_listed(session, keys)
    bring_to(session, keys, round, "forgotten")
    with pytest.raises(SheetsForgotten):
        waiting_sheets(session, keys=keys, round=round)


def test_a_key_that_does_not_open_the_test_ballot_proves_nothing(session, keys):
    round = make_listed(session, keys)
    bring_to(session, keys, round, "made")
    sheets = waiting_sheets(session, keys=keys, round=round)
    key = key_of(session, round.id)
    key.probe_sealed = key.probe_sealed[:-1] + bytes([key.probe_sealed[-1] ^ 1])
    session.flush()
    with pytest.raises(ProbeClosed):
        prove(session, round, sheets[0], sheets[1])
    assert key_of(session, round.id).proven_at is None
