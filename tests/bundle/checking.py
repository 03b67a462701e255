"""The independent verifier, asked about a bundle that a test has in its hands."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import verify_bundle
from tests.bundle import false_outcomes, forgeries, mutations, paper_forgeries, signatures
from tests.bundle.plans import any_plan, chance
from tests.bundle.votes import make
from tests.bundle.writing import Pieces

# Two modules more register their ways with the first two.
REGISTERED = (signatures, false_outcomes, paper_forgeries)
WAYS = mutations.FOUND | forgeries.FOUND
NAMES = {way.__name__: way for way in WAYS}
ACCEPTED = "accepted"


__all__ = [
    "ACCEPTED", "NAMES", "WAYS", "answer", "campaign", "chance", "table", "tampered", "verdict", "verify",
]  # fmt: skip


def verify(
    path: Path, raw: bytes, *, head: str | None = None, pure: bool = True
) -> verify_bundle.Verification:
    """Return what the verifier found in these bytes."""
    path.write_bytes(raw)
    done = verify_bundle.Verification(str(path), head=head, pure=pure)
    done.run()
    return done


def verdict(done: verify_bundle.Verification) -> str:
    """Return the name of the check that did not hold, or ``accepted``."""
    return done.failure.name if done.failure else ACCEPTED


def answer(done: verify_bundle.Verification) -> dict[str, Any]:
    """Return the answer of ``--json``."""
    return verify_bundle.as_json(done, "en")


def tampered(way: Any, rng: random.Random) -> tuple[bytes, str | None]:
    """Return a bundle tampered with in one way, and the digits on the board where only they can tell."""
    while True:
        pieces = make(any_plan(rng), rng.randrange(10**6))
        head = pieces.head() if WAYS[way] == {"head"} else None
        try:
            return _written(way, rng, pieces), head
        except mutations.Unfit:
            continue


def _written(way: Any, rng: random.Random, pieces: Pieces) -> bytes:
    raw = way(rng, pieces)
    return pieces.write() if raw is None else raw


def campaign(path: Path, rng: random.Random, number: int) -> Iterator[tuple[str, str, bool]]:
    """Tamper so many times, all ways in turn; yield the way, the verdict and whether it is the right one."""
    ways = list(WAYS)
    for at in range(number):
        way = ways[at % len(ways)]
        raw, head = tampered(way, rng)
        found = verdict(verify(path, raw, head=head, pure=at % 2 == 0))
        yield way.__name__, found, found in WAYS[way]


def table(rows: Counter[tuple[str, str]]) -> list[str]:
    """Return the figures of a campaign as lines of a table."""
    lines = ["| way | refused | found in |", "|---|---|---|"]
    for name, way in NAMES.items():
        found = {check: count for (one, check), count in rows.items() if one == name}
        checks = ", ".join(f"{check} {count}" for check, count in sorted(found.items()))
        signed = "" if way in mutations.FOUND else " (signed anew)"
        lines.append(f"| {name.replace('_', ' ')}{signed} | {sum(found.values())} | {checks} |")
    return lines
