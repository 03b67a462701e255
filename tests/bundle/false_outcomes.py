"""Outcomes that whoever holds the signing key has changed, and recorded anew in a ledger signed anew."""

import random
from collections.abc import Callable
from copy import deepcopy

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
    rules = {name: value for name, value in pieces.config["rules"].items() if name != "spend_limit"}
    pieces.outcome = outcome_of(pieces, said, config=pieces.config | {"rules": rules})
    pieces.record_outcome()


@found_in("recount")
def a_total_that_fits_itself(rng: random.Random, pieces: Pieces) -> None:
    """Count another ballot in place of one, with everything that follows from it."""
    revealed = {one["slot"] for one in pieces.of_kind("reveal")}
    rest = [one for one in openings_in(pieces) if one["slot"] not in revealed]
    # A cut and a lot in public follow from the outcome and would no longer fit it.
    draws = pieces.config.get("rules", {}).get("draw_way") == "public"
    if not rest or draws or pieces.of_kind("cut"):
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


def _counted_by(change: Callable[[Json], None]) -> Forgery:
    """Count all ballots truly, by other rules than those that were frozen."""

    def forgery(_rng: random.Random, pieces: Pieces) -> None:
        config = deepcopy(pieces.config)
        if "rules" not in config:
            raise Unfit
        change(config)
        false, true = outcome_of(pieces, said_in(pieces), config=config), outcome_in(pieces)
        # The names an outcome has are another check; what is asked here is whether it is recomputed.
        false |= {name: value for name, value in true.items() if name not in false}
        if false["projects"] == true["projects"]:
            raise Unfit
        pieces.outcome = false
        pieces.record_outcome()

    forgery.__name__ = change.__name__
    return forgery


@found_in("arithmetic")
@_counted_by
def a_quota_overrun(config: Json) -> None:
    for name in config["rules"]:
        if name.startswith("quota_"):
            config["rules"][name] = None


@found_in("arithmetic")
@_counted_by
def two_rivals_funded(config: Json) -> None:
    for one in config["candidates"]:
        one["rival_group"] = None


@found_in("arithmetic")
@_counted_by
def a_share_passed_over(config: Json) -> None:
    if config["rules"].get("least_share"):
        config["rules"]["least_share"] = 1


@found_in("arithmetic")
@_counted_by
def too_low_a_turnout_passed_over(config: Json) -> None:
    config["rules"]["least_turnout"] = 0


@found_in("arithmetic")
@_recorded
def another_turnout(_rng: random.Random, outcome: Json) -> None:
    if "turnout" not in outcome:
        raise Unfit
    outcome["turnout"]["marked"] += 1
