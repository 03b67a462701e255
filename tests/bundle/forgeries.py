"""Bundles that whoever holds the signing key has tampered with: everything is signed anew, truly.

The mathematics must find it, or the digits that hang on the notice board. Each way changes the pieces in
place and may return the bundle itself; ``FOUND`` says in which checks each may be found.
"""

import random
from collections.abc import Callable
from typing import Any

from tests.bundle.mutations import Unfit
from tests.bundle.writing import Json, Pieces, Step, manifest, pack, signer

Forgery = Callable[[random.Random, Pieces], bytes | None]
FOUND: dict[Forgery, frozenset[str]] = {}


def found_in(*checks: str) -> Callable[[Forgery], Forgery]:
    """Register a forgery with the checks that find it."""

    def register(forgery: Forgery) -> Forgery:
        FOUND[forgery] = frozenset(checks)
        return forgery

    return register


def _steps_with_ballots(pieces: Pieces, least: int = 1) -> list[Step]:
    found = [step for step in pieces.steps if len(_ballots(step)) >= least]
    if not found:
        raise Unfit
    return found


def _ballots(step: Step) -> list[Json]:
    return [entry for entry in step.entries if entry.get("kind") == "ballot"]


def outcome_in(pieces: Pieces) -> Json:
    if pieces.outcome is None:
        raise Unfit
    return pieces.outcome


def openings_in(pieces: Pieces) -> list[Json]:
    if not pieces.openings:
        raise Unfit
    return pieces.openings


# -- entries


@found_in("entries")
def ballots_out_of_order(_rng: random.Random, pieces: Pieces) -> None:
    step = _steps_with_ballots(pieces, 2)[0]
    step.entries[-1], step.entries[-2] = step.entries[-2], step.entries[-1]


@found_in("entries")
def a_ballot_twice(rng: random.Random, pieces: Pieces) -> None:
    step = rng.choice(_steps_with_ballots(pieces))
    step.entries.append(dict(step.entries[-1]))


@found_in("entries", "figures", "outcome")
def a_ballot_left_out(rng: random.Random, pieces: Pieces) -> None:
    step = rng.choice(_steps_with_ballots(pieces, 2))
    step.entries.remove(rng.choice(_ballots(step)))
    has_paper = any(step.rights.get("paper_handed") for step in pieces.steps)
    if pieces.outcome is None and (has_paper or pieces.config["format"].startswith("loaded")):
        raise Unfit  # a paper that was handed out and never came back looks just so


@found_in("entries")
def a_ballot_after_the_count(rng: random.Random, pieces: Pieces) -> None:
    outcome_in(pieces)
    pieces.steps[-1].entries.append(_new_ballot(rng))


@found_in("figures", "outcome")
def a_ballot_stuffed(rng: random.Random, pieces: Pieces) -> None:
    if pieces.config["format"].startswith("loaded"):
        outcome_in(pieces)
    step = _steps_with_ballots(pieces)[-1]
    step.entries.append(_new_ballot(rng))
    tail = sorted(_ballots(step), key=lambda one: str(one["slot"]))
    step.entries[-len(tail) :] = tail
    for one in pieces.of_kind("tally"):
        one["ballots"] += 1


def _new_ballot(rng: random.Random) -> Json:
    names = ("slot", "commitment", "sealed")
    return {"kind": "ballot"} | {name: rng.randbytes(32).hex() for name in names}


@found_in("entries", "signature")
def an_entry_of_another_form(rng: random.Random, pieces: Pieces) -> None:
    entry = rng.choice(pieces.entries[1:] or pieces.entries)
    odd: list[tuple[str, Any]] = [
        ("more", 1), ("kind", "gift"), ("kind", ["ballot"]), ("slot", "AB" * 32), ("at", "yesterday"),
    ]  # fmt: skip
    name, value = rng.choice(odd)
    entry[name] = value


@found_in("entries")
def the_last_checkpoint_dropped(_rng: random.Random, pieces: Pieces) -> bytes:
    if len(pieces.steps) < 2:
        raise Unfit
    return _with_checkpoints(pieces, lambda notes: notes[:-1])


@found_in("checkpoints")
def checkpoints_in_another_order(_rng: random.Random, pieces: Pieces) -> bytes:
    if len(pieces.steps) < 2:
        raise Unfit
    return _with_checkpoints(pieces, lambda notes: notes[::-1])


def _with_checkpoints(pieces: Pieces, change: Callable[[list[str]], list[str]]) -> bytes:
    checkpoints = pieces.checkpoints
    pieces.checkpoints = lambda: change(checkpoints())  # type: ignore[method-assign]  # this one bundle lies
    return pieces.write()


@found_in("entries")
def the_end_of_the_log_left_out(_rng: random.Random, pieces: Pieces) -> bytes:
    files = pieces.files()
    rows = files["ledger.jsonl"].splitlines(keepends=True)
    if len(rows) < 2:
        raise Unfit
    files["ledger.jsonl"] = b"".join(rows[:-1])
    return pack(files | {"manifest.note": manifest(pieces.sort, pieces.key, files)})


@found_in("tree")
def an_entry_changed_behind_its_checkpoint(rng: random.Random, pieces: Pieces) -> bytes:
    files = pieces.files()
    digest = rng.choice(_ballots(rng.choice(_steps_with_ballots(pieces))))["sealed"].encode()
    changed = files["ledger.jsonl"].replace(digest, rng.randbytes(32).hex().encode())
    files["ledger.jsonl"] = changed
    return pack(files | {"manifest.note": manifest(pieces.sort, pieces.key, files)})


@found_in("tree")
def a_forged_root(rng: random.Random, pieces: Pieces) -> None:
    rng.choice(pieces.steps).said["root"] = rng.randbytes(32)


# -- figures


@found_in("figures")
def a_false_number_of_ballots(rng: random.Random, pieces: Pieces) -> None:
    rng.choice(pieces.steps).said["ballots"] = 7_000


@found_in("figures")
def a_sum_that_is_none(rng: random.Random, pieces: Pieces) -> None:
    rng.choice(pieces.steps).said[rng.choice(["total", "cards"])] = 4711


@found_in("figures")
def fewer_cards_spent_than_before(_rng: random.Random, pieces: Pieces) -> None:
    if pieces.config["format"].startswith("loaded") or not pieces.steps[-2].cards.get("spent"):
        raise Unfit
    cards = dict(pieces.steps[-1].cards)
    pieces.steps[-1].cards = cards | {"spent": 0, "printed": cards["printed"] + cards["spent"]}


@found_in("figures")
def cards_of_no_batch(rng: random.Random, pieces: Pieces) -> None:
    step = rng.choice(pieces.steps)
    step.cards = dict(step.cards) | {"printed": step.cards.get("printed", 0) + 20}


# -- rules and files


@found_in("rules")
def other_rules(rng: random.Random, pieces: Pieces) -> None:
    rules = pieces.config.get("rules", pieces.config)
    rules["budget"] += rng.randrange(1, 10**6)


@found_in("outcome")
def other_rules_from_the_beginning(_rng: random.Random, pieces: Pieces) -> None:
    outcome_in(pieces)
    rules = pieces.config.get("rules", pieces.config)
    rules["budget"] += 1
    pieces.record_config()


@found_in("rules", "entries")
def another_roll(_rng: random.Random, pieces: Pieces) -> None:
    for entry in pieces.of_kind("roll"):
        entry["count"] += 30
        return
    raise Unfit


@found_in("openings", "urn")
def a_bundle_of_another_sort(_rng: random.Random, pieces: Pieces) -> None:
    pieces.sort = {"public": "sealed", "monitors": "sealed", "sealed": "monitors"}[pieces.sort]
    if pieces.outcome is None and pieces.sort == "monitors" and pieces.urn is None:
        raise Unfit


@found_in("outcome")
def no_outcome(_rng: random.Random, pieces: Pieces) -> None:
    outcome_in(pieces)
    pieces.outcome = None


# -- openings and the urn


@found_in("openings")
def another_salt(rng: random.Random, pieces: Pieces) -> None:
    rng.choice(openings_in(pieces))["salt"] = rng.randbytes(16).hex()


@found_in("openings")
def another_ballot_in_an_opening(rng: random.Random, pieces: Pieces) -> None:
    one = rng.choice(openings_in(pieces))
    other = '{"channel":"card","choices":[1]}'.ljust(len(one["ballot"]))
    one["ballot"] = other if other != one["ballot"] else other.replace("1", "2")


@found_in("openings")
def an_opening_left_out(rng: random.Random, pieces: Pieces) -> None:
    rows = openings_in(pieces)
    rows.remove(rng.choice(rows))


@found_in("openings")
def an_opening_twice(rng: random.Random, pieces: Pieces) -> None:
    rows = openings_in(pieces)
    at = rng.randrange(len(rows))
    rows.insert(at, rows[at])


@found_in("openings")
def openings_out_of_order(_rng: random.Random, pieces: Pieces) -> None:
    rows = openings_in(pieces)
    if len(rows) < 2:
        raise Unfit
    rows[0], rows[-1] = rows[-1], rows[0]


@found_in("openings")
def no_openings(_rng: random.Random, pieces: Pieces) -> None:
    openings_in(pieces)
    if pieces.of_kind("destroyed"):
        raise Unfit
    pieces.openings = None


@found_in("urn")
def another_ciphertext(rng: random.Random, pieces: Pieces) -> None:
    if not pieces.urn:
        raise Unfit
    one = rng.choice(pieces.urn)
    one["sealed"] = rng.randbytes(len(one["sealed"]) // 2).hex()


@found_in("urn")
def a_ciphertext_left_out(rng: random.Random, pieces: Pieces) -> None:
    if not pieces.urn:
        raise Unfit
    pieces.urn.remove(rng.choice(pieces.urn))


# -- the past itself: everything fits, but for what hangs on the board


@found_in("head")
def history_rewritten(rng: random.Random, pieces: Pieces) -> None:
    """Change what no arithmetic knows; only the digits of the notice board can tell."""
    entry = rng.choice(_ballots(rng.choice(_steps_with_ballots(pieces))))
    if pieces.urn is not None:
        raise Unfit
    entry["sealed"] = rng.randbytes(32).hex()


@found_in("head")
def a_whole_ledger_of_another_key(rng: random.Random, pieces: Pieces) -> None:
    pieces.key = signer(pieces.key.name, rng.randbytes(8))
    pieces.entries[0]["log"] = pieces.key.verifier_key
