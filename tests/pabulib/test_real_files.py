"""The elections of the Pabulib library, read from a folder beside the checkout; never copied."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from voting.errors import Refusal
from voting.pabulib.rules.allocations import (
    Rule,
    RuleNotDeclared,
    RuleOfExclusion,
    RuleOfTheCity,
    ThresholdMissing,
    allocate,
    resolve,
)
from voting.pabulib.rules.election import Election, read_election
from voting.pabulib.rules.official import Why, difference
from voting.tally.rules.sharing import SharesOutcome, shares_answer

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data" / "pb"
FOLDER = Path(os.environ.get("VOTING_PABULIB_DIR") or _BESIDE)
_LIST = FOLDER / "expected.json"
EXPECTED: dict[str, Any] = json.loads(_LIST.read_bytes()) if _LIST.is_file() else {}
MISSING = "the Pabulib files are not here; VOTING_PABULIB_DIR names their folder"

pytestmark = pytest.mark.skipif(not EXPECTED, reason=MISSING)
every_file = pytest.mark.parametrize("name", sorted(EXPECTED) or ["no-files"])


@cache
def election_of(name: str) -> Election:
    with (FOLDER / name).open("rb") as stream:
        return read_election(stream)


@every_file
@pytest.mark.parametrize("rule", ["greedy", "greedy-threshold", "greedy-stop"])
def test_the_funded_projects_are_those_expected_in_their_order(name: str, rule: str) -> None:
    election = election_of(name)
    if rule in EXPECTED[name]:
        outcome = allocate(election, resolve(rule, election))
        assert list(outcome.funded) == EXPECTED[name][rule]
        assert outcome.spent <= election.budget
    else:
        assert rule == "greedy-threshold"
        with pytest.raises(ThresholdMissing):
            resolve(rule, election)


# Where one unit of the currency is next to nothing, the list leaves the raised rules out.
SHARES = ("equal-shares", "equal-shares-cardinality", "equal-shares-no-completion")
_QUICK = 12_000
listed = [(n, rule) for n in sorted(EXPECTED) for rule in SHARES if rule in EXPECTED[n]]
every_shares = pytest.mark.parametrize(
    ("name", "rule"),
    [
        pytest.param(
            name,
            rule,
            marks=pytest.mark.soak if (FOLDER / name).stat().st_size > _QUICK else (),
        )
        for name, rule in listed
    ]
    or [("no-files", "")],
)


@every_shares
def test_equal_shares_funds_what_is_expected(name: str, rule: str) -> None:
    expected = EXPECTED[name][rule]
    outcome = allocate(election_of(name), resolve(rule, election_of(name)))
    assert isinstance(outcome, SharesOutcome)
    assert list(outcome.funded) == expected["funded"]
    answer = shares_answer(outcome, election_of(name).decimals)
    assert answer["share"] == expected["share"]
    ties = [sorted(tie.candidates) for tie in outcome.rho_ties]
    assert ties == [sorted(tie) for tie in expected["ties"]]
    assert outcome.spent <= outcome.budget


@every_file
def test_the_official_projects_are_read_as_listed(name: str) -> None:
    official, expected = election_of(name).official(), EXPECTED[name]["official"]
    assert official == (None if expected is None else frozenset(expected))


@every_file
def test_a_recount_confirms_what_the_file_states(name: str) -> None:
    # One ballot of 2026 names a project three times, and the city counted all three.
    known = {"Poland_Warszawa_2026_Kobialka_Grodzisk_Brzeziny.pb": 2}
    assert len(election_of(name).remarks) == known.get(name, 0)


DIFFERENT = {
    "Poland_Krakow_2022_Czyzyny.pb": Why.TIE,
    "Poland_Warszawa_2018_Niskie_Okecie.pb": Why.TIE,
    "Poland_Warszawa_2019_Targowek_Mieszkaniowy.pb": Why.TIE,
    # Pabulib's own checker flags this file.
    "Poland_Warszawa_2018_Las.pb": Why.LEFT_OUT,
}
# Headers that name no rule one could follow from the file alone, and why.
NOT_COUNTABLE: dict[str, type[Refusal]] = {
    "unknown": RuleNotDeclared,  # nobody wrote the rule down; some winners had paper votes too
    "greedy-custom": RuleOfTheCity,  # money is added for a project of which 80 % can be paid
    "greedy-exclusive": RuleOfExclusion,  # some projects exclude each other, the file says not which
}


@every_file
def test_the_declared_rule_gives_the_official_projects_or_the_reason_is_named(name: str) -> None:
    election = election_of(name)
    if election.rule in NOT_COUNTABLE:
        with pytest.raises(NOT_COUNTABLE[election.rule]):
            resolve("declared", election)
        return
    rule = resolve("declared", election)
    found = difference(election, rule, allocate(election, rule))
    assert (found and found.why) == DIFFERENT.get(name)


@every_file
def test_the_first_k_are_funded_when_the_money_suffices(name: str) -> None:
    election = election_of(name)
    expected = EXPECTED[name]["greedy-stop"]
    if election.least_score is None and expected:
        outcome = allocate(election, Rule.TOP_K, str(len(expected)))
        assert list(outcome.funded) == expected
