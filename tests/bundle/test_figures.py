"""Honest figures of paper and help pass; what hides behind them does not."""

import json
from typing import Any

import pytest

import verify_bundle


def point(ballots: int, *, spent: int = 0, rights: dict[str, int], **facts: Any):
    made = verify_bundle.Checkpoint(
        size=9, root=b"", ballots=ballots, rights=rights, total=sum(rights.values()),
        cards=(spent, 0, spent, 0), found_ballots=ballots, found_cards=spent,
    )  # fmt: skip
    for name, value in facts.items():
        setattr(made, name, value)
    return made


def disagreement(one: Any) -> str:
    found = verify_bundle.figures_disagree(one, None, is_loaded=False)
    return "" if found is None else found.zh


@pytest.mark.parametrize(
    "one",
    [
        # A paper was entered, taken back and keyed anew; its void waits for its ballot.
        point(2, rights={"paper_handed": 1}, has_papers=True),
        # Papers of an emergency are keyed before their register is typed.
        point(20, rights={}, has_papers=True, closed_just_before=True),
        # Somebody gave a card back to be helped, and went home.
        point(4, spent=4, rights={"card_handed": 4, "assisted": 1}, counted_just_before=True),
        point(5, spent=3, rights={"paper_handed": 3}, has_papers=True, has_sheet=True, entered=2),
        point(
            4, spent=3, rights={"paper_handed": 3}, has_papers=True, has_sheet=True, entered=2,
            is_explained=True,
        ),
    ],
)  # fmt: skip
def test_honest_figures_pass(one):
    assert not disagreement(one)


@pytest.mark.parametrize(
    "one",
    [
        point(2, rights={"paper_handed": 1}),
        point(3, spent=4, rights={"card_handed": 4, "assisted": 0}, counted_just_before=True),
        point(3, spent=4, rights={"card_handed": 4, "assisted": 1}, counted_just_before=True),
        point(6, spent=3, rights={"paper_handed": 3}, has_papers=True, has_sheet=True, entered=2),
        point(4, spent=3, rights={"paper_handed": 3}, has_papers=True, has_sheet=True, entered=2),
        point(
            6, spent=3, rights={"paper_handed": 3}, has_papers=True, has_sheet=True, entered=2,
            is_explained=True,
        ),
    ],
)  # fmt: skip
def test_what_nobody_had_a_right_to_is_seen(one):
    assert disagreement(one)


@pytest.mark.parametrize(("outcome", "passes"), [("more_returned", True), ("explained", False)])
def test_only_a_vote_that_is_void_has_more_back_than_went_out(outcome, passes):
    sheet = {
        "kind": "reconciliation", "at": "2026-12-08T10:00:00Z", "outcome": outcome, "issued": 5,
        "returned": 3, "entered": 3, "invalid": 0, "spoiled": 0, "unused": 3, "outstanding": -1,
        "foreign": 0,
    }  # fmt: skip
    ledger = verify_bundle.Ledger.__new__(verify_bundle.Ledger)
    ledger.__dict__.update(
        papers={"b": 5}, sheet=None, tally=None, terms=type("Terms", (), {"is_loaded": False})()
    )
    raw = json.dumps(sheet, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    body = verify_bundle.read_entry(raw, 7)
    if passes:
        ledger.take(body, 7)
        assert ledger.sheet == sheet
    else:
        with pytest.raises(verify_bundle.Broken):
            ledger.take(body, 7)
