"""Outcomes that whoever holds the signing key has changed, and recorded anew in a ledger signed anew."""

import random
from collections.abc import Callable

from tests.bundle.counting import outcome_of
from tests.bundle.forgeries import Forgery, found_in, openings_in, outcome_in
from tests.bundle.mutations import Unfit
from tests.bundle.writing import Json, Pieces


def _recorded(change: Callable[[random.Random, Json], None]) -> Forgery:
    def forgery(rng: random.Random, pieces: Pieces) -> None:
        change(rng, outcome_in(pieces))
        pieces.record_outcome()

    forgery.__name__ = change.__name__
    return forgery


def said_in(pieces: Pieces) -> dict[bytes, bytes]:
    """Return what each ballot says, by its slot."""
    rows = openings_in(pieces)
    return {bytes.fromhex(one["slot"]): one["ballot"].encode("latin-1") for one in rows}


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


@found_in("arithmetic", "recount")
def ballots_over_the_limit_counted(_rng: random.Random, pieces: Pieces) -> None:
    """Count ballots that spend too much as if they kept to the limit, with everything that follows."""
    outcome, said = outcome_in(pieces), said_in(pieces)
    if "over_limit" not in outcome["flaws"]:
        raise Unfit
    pieces.outcome = outcome_of(pieces, said, keeps_limit=False)
    pieces.record_outcome()


@found_in("recount")
def a_total_that_fits_itself(rng: random.Random, pieces: Pieces) -> None:
    """Count another ballot in place of one, with everything that follows from it."""
    revealed = {one["slot"] for one in pieces.of_kind("reveal")}
    rest = [one for one in openings_in(pieces) if one["slot"] not in revealed]
    if not rest:
        raise Unfit
    said = said_in(pieces)
    channel = "loaded" if pieces.config["format"].startswith("loaded") else "card"
    said[bytes.fromhex(rng.choice(rest)["slot"])] = (
        b'{"channel":"%b","choices":[1,2]}' % channel.encode()
    )
    changed = outcome_of(pieces, said)
    if changed == pieces.outcome:
        raise Unfit
    pieces.outcome = changed
    pieces.record_outcome()
