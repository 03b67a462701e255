"""R19: papers keyed by two who err; no error reaches the urn, and each becomes one adjudication."""

import random

import pytest

from tests.factories.keying import make_boxes
from tests.paper.keying.double_entry import CANDIDATES, MOST, enter, err


def keyed(session, keys, *, papers, seeded, alike=0, seed=19):
    boxes = make_boxes(session, keys, papers=papers, candidates=CANDIDATES, most=MOST)
    chance = random.Random(seed)  # noqa: S311 -- errors to be made again, no secret
    keyers = err(chance, boxes.serials, seeded=seeded, alike=alike)
    return enter(session, keys, boxes, keyers)


def check(seen, papers):
    # A number typed twice is refused while it is typed; every other error waits for a third.
    assert seen.wrong == []
    assert seen.stopped == seen.errors["doubled"]
    assert seen.adjudicated == seen.errors.total() - seen.errors["doubled"]
    assert seen.states.total() == papers
    assert set(seen.states) <= {"entered", "over", "blank"}


def test_no_error_of_one_keyer_reaches_the_urn(session, keys):
    check(keyed(session, keys, papers=60, seeded=12), 60)


def test_the_same_error_of_both_is_what_double_entry_cannot_see(session, keys):
    seen = keyed(session, keys, papers=20, seeded=2, alike=3)
    assert len(seen.wrong) == 3


@pytest.mark.soak
@pytest.mark.usefixtures("any_database")
def test_of_a_thousand_papers_no_error_reaches_the_urn(session, keys, scaled, record_property):
    papers = scaled(1000)
    seen = keyed(session, keys, papers=papers, seeded=max(papers // 20, 5), seed=1000)
    for name, number in (
        ("papers", papers), ("errors", seen.errors.total()), ("reached the urn", len(seen.wrong)),
        ("refused while typed", seen.stopped), ("adjudicated", seen.adjudicated),
        ("kinds", dict(seen.errors)), ("states", dict(seen.states)),
    ):  # fmt: skip
        record_property(name, number)
    check(seen, papers)
