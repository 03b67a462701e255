"""Made-up votes whose lot is drawn in public."""

from tests.bundle.counting import decided, outcome_of
from tests.bundle.mutations import Unfit
from tests.bundle.plans import Plan
from tests.bundle.votes import make
from tests.bundle.writing import Json, Pieces, Roots, Step, canonical, sha256

NUMBER = "05128"
PLAN = Plan(sort="monitors", projects=6, voters=5, tie_steps=("draw",), draws_in_public=True)


def undrawn(seed: int, *, tied: bool = True) -> Pieces:
    """Return a counted vote whose lot is not drawn: it decides, or its ties do not matter."""
    for at in range(seed, seed + 200):
        pieces = make(PLAN, at)
        outcome = decided(pieces, said_in(pieces))
        if bool(outcome.decisive) == tied and outcome.ties:
            return pieces
    raise AssertionError("no such vote")


def drawn(seed: int, *, tied: bool = True, number: str = NUMBER) -> Pieces:
    """Return such a vote whose lot was drawn with this number before its result went on."""
    return draw(undrawn(seed, tied=tied), number)


def draw(pieces: Pieces, number: str = NUMBER) -> Pieces:
    """Draw the lot of a vote, and let its result go on."""
    size, root = covering(pieces)
    entry: Json = {
        "kind": "draw", "at": "2026-12-12T13:00:00Z", "number": number, "size": size, "root": root,
        "outcome": "00" * 32,
    }  # fmt: skip
    last = pieces.steps[-1]
    pieces.steps.append(
        Step([entry, submission()], dict(last.rights), dict(last.cards), "2026-12-12T13:05:00Z")
    )
    pieces.outcome = outcome_of(pieces, said_in(pieces))
    record(pieces)
    return pieces


def submission() -> Json:
    """Return the step with which a result goes to the street."""
    return {"kind": "act", "act": "round.submit_result", "at": "2026-12-12T13:04:00Z"}


def record(pieces: Pieces) -> None:
    """Let the entry of the draw name the outcome as it now stands."""
    for entry in pieces.of_kind("draw"):
        entry["outcome"] = sha256(canonical(pieces.outcome).encode()).hex()


def covering(pieces: Pieces) -> tuple[int, str]:
    """Return size and root of the first checkpoint that covers the count."""
    size = 0
    for step in pieces.steps:
        size += len(step.entries)
        if any(entry["kind"] == "tally" for entry in step.entries):
            return size, Roots(map(canonical, pieces.entries)).root(size).hex()
    raise Unfit


def said_in(pieces: Pieces) -> dict[bytes, bytes]:
    """Return what each ballot says."""
    return {
        bytes.fromhex(one["slot"]): one["ballot"].encode("latin-1") for one in pieces.openings or []
    }
