"""A lot drawn in public, and whoever holds the key and would have liked another."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.bundle.checking import ACCEPTED, answer, verdict, verify
from tests.bundle.counting import decided, outcome_of
from tests.bundle.lots import (
    NUMBER,
    PLAN,
    covering,
    draw,
    drawn,
    record,
    said_in,
    submission,
    undrawn,
)
from tests.bundle.votes import make
from tests.bundle.writing import Roots, Step, canonical
from verify_bundle import needs_lot, read_terms


def found(tmp_path, pieces):
    return verdict(verify(tmp_path / "b.zip", pieces.write()))


@pytest.mark.parametrize("seed", [1, 300, 600])
def test_a_lot_in_public_is_drawn_again(tmp_path, seed):
    done = verify(tmp_path / "b.zip", drawn(seed).write())
    assert verdict(done) == ACCEPTED, answer(done)["failure"]
    assert any(NUMBER in one["detail"] for one in answer(done)["checks"])


def test_before_the_lot_a_bundle_is_sound_and_where_none_is_needed(tmp_path):
    assert found(tmp_path, undrawn(1)) == ACCEPTED
    idle = undrawn(1, tied=False)
    idle.steps[-1].entries.append(submission())
    assert found(tmp_path, idle) == ACCEPTED


def test_a_result_that_went_on_without_its_lot_is_refused(tmp_path):
    pieces = undrawn(1)
    pieces.steps[-1].entries.append(submission())
    assert found(tmp_path, pieces) == "arithmetic"


def test_a_lot_that_nobody_needed_is_refused(tmp_path):
    assert found(tmp_path, drawn(1, tied=False)) == "arithmetic"


@pytest.mark.parametrize(("name", "value"), [("number", "05129"), ("root", "ab" * 32), ("size", 3)])
def test_a_lot_that_follows_from_other_numbers_is_refused(tmp_path, name, value):
    pieces = drawn(1)
    pieces.of_kind("draw")[0][name] = value
    assert found(tmp_path, pieces) == "outcome"


def test_a_lot_from_a_later_checkpoint_is_refused_though_all_follows_from_it(tmp_path):
    # Whoever could choose the checkpoint could try until the lot suits them.
    pieces = undrawn(1)
    last = pieces.steps[-1]
    entry = {"kind": "sheets", "set": 2}
    pieces.steps.append(Step([entry], last.rights, last.cards, "2026-12-12T12:00:00Z"))
    draw(pieces)
    size = covering(pieces)[0] + 1
    root = Roots(map(canonical, pieces.entries)).root(size).hex()
    pieces.of_kind("draw")[0].update(size=size, root=root)
    pieces.outcome = outcome_of(pieces, said_in(pieces))
    record(pieces)
    assert found(tmp_path, pieces) == "outcome"


def test_a_count_that_was_changed_for_the_lot_is_refused(tmp_path):
    pieces = drawn(1)
    pieces.of_kind("tally")[0]["outcome"] = "ef" * 32
    size, root = covering(pieces)
    entry = pieces.of_kind("draw")[0]
    entry["size"], entry["root"] = size, root
    pieces.outcome = outcome_of(pieces, said_in(pieces))
    record(pieces)
    assert found(tmp_path, pieces) == "arithmetic"


@pytest.mark.parametrize("odd", ["twice", "late", "short", "urn"])
def test_a_draw_that_does_not_belong_there_is_refused(tmp_path, odd):
    pieces = drawn(1)
    entries = pieces.steps[-1].entries
    if odd == "twice":
        entries.insert(1, dict(entries[0]))
    elif odd == "late":
        entries.reverse()
    elif odd == "short":
        entries[0]["number"] = "123"
    else:
        pieces.config["rules"]["draw_way"] = "urn"
        pieces.record_config()
    assert found(tmp_path, pieces) == "entries"


def test_platform_and_verifier_agree_on_when_a_lot_is_needed():
    seen: Counter[tuple[str, bool]] = Counter()
    for at in range(90):
        allocation = ("greedy", "greedy-stop", "top-k")[at % 3]
        pieces = make(replace(PLAN, allocation=allocation, voters=4 + at % 5), at)
        outcome = decided(pieces, said_in(pieces))
        votes = {one.id: one.votes for one in outcome.standings}
        needed = needs_lot(read_terms(pieces.config), votes, set())
        assert needed == bool(outcome.decisive), at
        seen[allocation, needed] += 1
    assert len(seen) == 6
