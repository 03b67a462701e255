"""Bundles that whoever holds the signing key has tampered with: everything is signed anew, truly.

The mathematics must find it, or the digits that hang on the notice board. Each way changes the pieces in
place and may return the bundle itself; ``FOUND`` says in which checks each may be found.
"""

import random
from collections.abc import Callable
from typing import Any

from tests.bundle.mutations import Unfit
from tests.bundle.votes import outcome_of
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


def _outcome(pieces: Pieces) -> Json:
    if pieces.outcome is None:
        raise Unfit
    return pieces.outcome


def _openings(pieces: Pieces) -> list[Json]:
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
    _outcome(pieces)
    pieces.steps[-1].entries.append(_new_ballot(rng))


@found_in("figures", "outcome")
def a_ballot_stuffed(rng: random.Random, pieces: Pieces) -> None:
    if pieces.config["format"].startswith("loaded"):
        _outcome(pieces)
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
    pieces.checkpoints = lambda: change(checkpoints())  # type: ignore[method-assign]
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
    _outcome(pieces)
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
    _outcome(pieces)
    pieces.outcome = None


# -- the outcome, recorded anew


def _recorded(change: Callable[[random.Random, Json], None]) -> Forgery:
    def forgery(rng: random.Random, pieces: Pieces) -> None:
        change(rng, _outcome(pieces))
        pieces.record_outcome()

    forgery.__name__ = change.__name__
    return forgery


@found_in("arithmetic")
@_recorded
def votes_moved(rng: random.Random, outcome: Json) -> None:
    votes = outcome["votes"]
    one, other = rng.sample(sorted(votes), 2)
    if votes[one] == votes[other]:
        raise Unfit
    votes[one], votes[other] = votes[other], votes[one]


@found_in("arithmetic")
@_recorded
def another_project_funded(rng: random.Random, outcome: Json) -> None:
    project = rng.choice(outcome["projects"])
    project["funded"] = not project["funded"]


@found_in("arithmetic")
@_recorded
def another_order_of_standing(_rng: random.Random, outcome: Json) -> None:
    first, second = outcome["projects"][:2]
    outcome["projects"][:2] = second, first


@found_in("arithmetic")
@_recorded
def another_sum_of_money(rng: random.Random, outcome: Json) -> None:
    outcome[rng.choice(["spent", "left", "budget"])] = "123456.78"


@found_in("arithmetic")
@_recorded
def a_truth_in_place_of_a_number(_rng: random.Random, outcome: Json) -> None:
    outcome["projects"][0]["funded"] = int(outcome["projects"][0]["funded"])


@found_in("outcome")
@_recorded
def another_lot(rng: random.Random, outcome: Json) -> None:
    outcome[rng.choice(["draw_seed", "urn_digest"])] = rng.randbytes(32).hex()


@found_in("outcome")
@_recorded
def another_number_of_ballots(rng: random.Random, outcome: Json) -> None:
    outcome["ballots"] += rng.choice([-1, 1])


@found_in("outcome")
@_recorded
def other_test_cards(rng: random.Random, outcome: Json) -> None:
    outcome["tests"][rng.choice(["drawn", "found", "revealed", "same"])] += 5


@found_in("outcome")
@_recorded
def an_outcome_of_another_form(rng: random.Random, outcome: Json) -> None:
    name = rng.choice(["flaws", "channels", "tests", "blank", "votes"])
    outcome[name] = rng.choice([None, [], "1", -1])


@found_in("recount")
def a_total_that_fits_itself(rng: random.Random, pieces: Pieces) -> None:
    """Count another ballot in place of one, with everything that follows from it."""
    revealed = {one["slot"] for one in pieces.of_kind("reveal")}
    rest = [one for one in _openings(pieces) if one["slot"] not in revealed]
    if not rest:
        raise Unfit
    said = {
        bytes.fromhex(one["slot"]): one["ballot"].encode("latin-1") for one in _openings(pieces)
    }
    channel = "loaded" if pieces.config["format"].startswith("loaded") else "card"
    said[bytes.fromhex(rng.choice(rest)["slot"])] = (
        b'{"channel":"%b","choices":[1,2]}' % channel.encode()
    )
    changed = outcome_of(pieces, said)
    if changed == pieces.outcome:
        raise Unfit
    pieces.outcome = changed
    pieces.record_outcome()


# -- openings and the urn


@found_in("openings")
def another_salt(rng: random.Random, pieces: Pieces) -> None:
    rng.choice(_openings(pieces))["salt"] = rng.randbytes(16).hex()


@found_in("openings")
def another_ballot_in_an_opening(rng: random.Random, pieces: Pieces) -> None:
    one = rng.choice(_openings(pieces))
    other = '{"channel":"card","choices":[1]}'.ljust(len(one["ballot"]))
    one["ballot"] = other if other != one["ballot"] else other.replace("1", "2")


@found_in("openings")
def an_opening_left_out(rng: random.Random, pieces: Pieces) -> None:
    rows = _openings(pieces)
    rows.remove(rng.choice(rows))


@found_in("openings")
def an_opening_twice(rng: random.Random, pieces: Pieces) -> None:
    rows = _openings(pieces)
    at = rng.randrange(len(rows))
    rows.insert(at, rows[at])


@found_in("openings")
def openings_out_of_order(_rng: random.Random, pieces: Pieces) -> None:
    rows = _openings(pieces)
    if len(rows) < 2:
        raise Unfit
    rows[0], rows[-1] = rows[-1], rows[0]


@found_in("openings")
def no_openings(_rng: random.Random, pieces: Pieces) -> None:
    _openings(pieces)
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
