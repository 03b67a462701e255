"""Paper, its sheet and the roll, forged by whoever holds the signing key."""

import random

from tests.bundle.forgeries import found_in
from tests.bundle.mutations import Unfit
from tests.bundle.writing import Pieces, Step


def _of_kind(pieces: Pieces, kind: str) -> tuple[Step, int]:
    for step in pieces.steps:
        for at, entry in enumerate(step.entries):
            if entry.get("kind") == kind:
                return step, at
    raise Unfit


@found_in("entries")
def a_sheet_that_does_not_add_up(rng: random.Random, pieces: Pieces) -> None:
    step, at = _of_kind(pieces, "reconciliation")
    figure = rng.choice(
        ["issued", "returned", "invalid", "spoiled", "unused", "outstanding", "foreign"]
    )
    step.entries[at] = step.entries[at] | {figure: step.entries[at][figure] + 1}


@found_in("figures")
def more_paper_in_the_urn_than_the_sheet_says(_rng: random.Random, pieces: Pieces) -> None:
    step, at = _of_kind(pieces, "reconciliation")
    sheet = step.entries[at]
    if not sheet["entered"]:
        raise Unfit
    step.entries[at] = sheet | {"entered": sheet["entered"] - 1, "invalid": sheet["invalid"] + 1}


@found_in("entries")
def no_sheet(_rng: random.Random, pieces: Pieces) -> None:
    _of_kind(pieces, "tally")
    step, at = _of_kind(pieces, "reconciliation")
    del step.entries[at]


@found_in("entries")
def a_sheet_signed_twice(_rng: random.Random, pieces: Pieces) -> None:
    step, at = _of_kind(pieces, "reconciliation")
    step.entries.insert(at, step.entries[at])


@found_in("entries")
def a_paper_voided_twice(_rng: random.Random, pieces: Pieces) -> None:
    step, at = _of_kind(pieces, "void")
    step.entries.insert(at, step.entries[at])


@found_in("outcome")
def a_ballot_voided_in_silence(_rng: random.Random, pieces: Pieces) -> None:
    step, at = _of_kind(pieces, "void")
    sheet, here = _of_kind(pieces, "reconciliation")
    if pieces.outcome is None:
        raise Unfit
    slot = next(
        one["slot"] for one in pieces.of_kind("ballot")
        if one["slot"] not in {each["slot"] for each in [*pieces.of_kind("void"), *pieces.of_kind("reveal")]}
    )  # fmt: skip
    more = sheet.entries[here]
    if not more["entered"]:
        raise Unfit
    sheet.entries[here] = more | {"entered": more["entered"] - 1, "invalid": more["invalid"] + 1}
    step.entries.insert(at, step.entries[at] | {"slot": slot})


@found_in("entries")
def a_roll_that_grew_by_itself(rng: random.Random, pieces: Pieces) -> None:
    step, at = _of_kind(pieces, "roll_change")
    change = step.entries[at]
    step.entries[at] = change | {"count": change["count"] + rng.choice([-1, 1])}


@found_in("entries")
def paper_after_its_sheet(_rng: random.Random, pieces: Pieces) -> None:
    step, at = _of_kind(pieces, "reconciliation")
    paper = {
        "kind": "paper",
        "batch": "b9",
        "number": 9,
        "ballots": 5,
        "versions": 1,
        "root": "00" * 32,
    }
    step.entries.insert(at + 1, paper)
