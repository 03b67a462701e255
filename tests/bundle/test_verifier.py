from collections import Counter

import pytest

import verify_bundle
from tests.bundle import forgeries, mutations
from tests.bundle.checking import (
    ACCEPTED,
    NAMES,
    WAYS,
    answer,
    campaign,
    chance,
    table,
    tampered,
    verdict,
    verify,
)
from tests.bundle.plans import Plan, any_plan
from tests.bundle.votes import make

PLANS = {
    "public": Plan(),
    "public full": Plan(publication="full", has_flaws=True),
    "before the count": Plan(is_counted=False, has_extension=True),
    "monitors": Plan(sort="monitors", has_tests=True, has_withdrawn=True),
    "sealed before the count": Plan(sort="sealed", is_counted=False),
    "sealed": Plan(sort="sealed", has_paper=True),
    "paper": Plan(sort="monitors", has_paper=True, has_roll_changes=True, has_tests=True),
    "loaded": Plan(is_loaded=True, publication="full", has_withdrawn=True),
    "points": Plan(is_loaded=True, publication="full", kind="cumulative", point_decimals=2),
    "ranks": Plan(is_loaded=True, publication="full", kind="ordinal", allocation="greedy-stop"),
    "choose one": Plan(sort="monitors", kind="choose-1", allocation="top-k"),
    "cumulative": Plan(sort="monitors", kind="cumulative", has_flaws=True),
    "inside a budget": Plan(
        sort="monitors", kind="knapsack", voters=60, has_flaws=True, has_withdrawn=True
    ),
    "ties by lot": Plan(sort="monitors", projects=8, voters=5, tie_steps=("draw",)),
    "ties undecided": Plan(sort="monitors", projects=8, voters=5, tie_steps=()),
    "threshold": Plan(sort="monitors", least_votes=6),
    "share": Plan(sort="monitors", least_share=333, allocation="greedy-stop"),
    "quotas": Plan(sort="monitors", has_quotas=True, projects=8),
    "rivals": Plan(sort="monitors", has_rivals=True, projects=8),
    "turnout reached": Plan(sort="monitors", least_turnout=60, has_roll_changes=True),
    "turnout missed": Plan(sort="monitors", least_turnout=500, has_withdrawn=True),
    "withdrawn": Plan(sort="monitors", has_withdrawn=True, has_flaws=True, voters=80, projects=3),
    "withdrawn among ranks": Plan(
        is_loaded=True, publication="full", kind="ordinal", has_withdrawn=True, has_flaws=True, voters=60
    ),
    "cut": Plan(sort="monitors", has_cut=True, has_withdrawn=True),
    "cut, totals only": Plan(has_cut=True),
    "destroyed": Plan(sort="monitors", is_destroyed=True),
    "nobody came": Plan(sort="monitors", voters=0),
    "everything": Plan(
        sort="monitors", has_tests=True, has_withdrawn=True, has_extension=True, has_paper=True,
        has_roll_changes=True, has_flaws=True, is_destroyed=True, voters=80, checkpoints=6,
        allocation="greedy-stop",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANS)
def test_a_clean_bundle_is_accepted(tmp_path, name):
    pieces = make(PLANS[name], 7)
    done = verify(tmp_path / "b.zip", pieces.write(), head=pieces.head())
    assert verdict(done) == ACCEPTED, answer(done)["failure"]
    assert answer(done)["head"] == pieces.head()


def test_any_clean_bundle_is_accepted_with_the_library_and_without(tmp_path):
    rng = chance(20)
    for at in range(20):
        raw = make(any_plan(rng), at).write()
        found = [answer(verify(tmp_path / "b.zip", raw, pure=pure)) for pure in (True, False)]
        assert found[0]["ok"]
        assert found[0] == found[1]


@pytest.mark.parametrize("name", NAMES)
def test_what_was_tampered_with_is_refused_by_the_right_check(tmp_path, name):
    rng, way = chance(name), NAMES[name]
    for _ in range(3):
        raw, head = tampered(way, rng)
        assert verdict(verify(tmp_path / "b.zip", raw, head=head, pure=False)) in WAYS[way]


def test_ballots_inside_a_budget_that_spend_too_much_are_there_and_told():
    pieces = make(PLANS["inside a budget"], 7)
    assert (pieces.outcome or {})["flaws"]["over_limit"] > 5


def test_votes_that_the_ballots_cannot_pay_are_refused_even_without_openings():
    pieces = make(PLANS["inside a budget"], 7)
    terms = verify_bundle.read_terms(pieces.config)
    votes = dict.fromkeys((one.id for one in terms.projects.values()), 0)
    dear = max(terms.projects.values(), key=lambda one: one.cost)
    limit = terms.spend_limit or 0
    votes[dear.id] = 10 * limit // dear.cost
    verify_bundle.check_spending(votes, 10, terms, set())
    votes[dear.id] += 1
    with pytest.raises(verify_bundle.Broken):
        verify_bundle.check_spending(votes, 10, terms, set())


def test_a_kind_of_ballot_without_its_limit_is_refused():
    config = make(PLANS["inside a budget"], 7).config
    for changed in ({"spend_limit": None}, {"ballot_kind": "approval"}):
        with pytest.raises(verify_bundle.Broken):
            verify_bundle.read_terms(config | {"rules": config["rules"] | changed})


def test_there_are_enough_ways():
    assert len(mutations.FOUND) >= 16
    assert len(forgeries.FOUND) >= 16


def test_history_rewritten_with_the_key_is_seen_only_on_the_notice_board(tmp_path):
    rng = chance(3)
    raw, head = tampered(forgeries.history_rewritten, rng)
    done = verify(tmp_path / "b.zip", raw)
    assert verdict(done) == ACCEPTED
    assert any("notice board" in line for line in answer(done)["not_checked"])
    assert verdict(verify(tmp_path / "b.zip", raw, head=head)) == "head"


def test_a_public_bundle_says_what_it_cannot_show(tmp_path):
    said = answer(verify(tmp_path / "b.zip", make(Plan()).write()))["not_checked"]
    assert any("Monitors have seen that" in line for line in said)
    full = answer(verify(tmp_path / "b.zip", make(Plan(sort="monitors")).write()))["not_checked"]
    assert not any("Monitors have seen that" in line for line in full)


def test_the_report_says_how_many_of_the_roll_took_part(tmp_path):
    pieces = make(PLANS["turnout missed"], 7)
    part = (pieces.outcome or {})["turnout"]
    done = verify(tmp_path / "b.zip", pieces.write())
    said = next(one["detail"] for one in answer(done)["checks"] if one["name"] == "arithmetic")
    assert said == f"0 funded, 0.00 spent; {part['marked']} of 500 on the roll took part"


def test_a_ledger_without_its_roll_is_refused(tmp_path):
    pieces = make(Plan(is_counted=False, voters=0))
    del pieces.steps[1:]
    del pieces.steps[0].entries[1:]
    pieces.steps[0].cards, pieces.steps[0].rights = {}, {}
    assert verdict(verify(tmp_path / "b.zip", pieces.write())) == "entries"


def test_an_older_head_is_found_as_well(tmp_path):
    pieces = make(Plan(checkpoints=5))
    first = make(Plan(checkpoints=5))
    del first.steps[1:]
    raw = pieces.write()
    assert verdict(verify(tmp_path / "b.zip", raw, head=first.head())) == ACCEPTED
    assert verdict(verify(tmp_path / "b.zip", raw, head="0" * 16)) == "head"


def test_a_ballot_that_is_no_text_is_counted_as_unreadable(tmp_path):
    pieces = make(Plan(sort="monitors", has_flaws=True, voters=90), 2)
    assert any(ord(char) > 127 for one in pieces.openings or [] for char in one["ballot"])
    assert verdict(verify(tmp_path / "b.zip", pieces.write())) == ACCEPTED


def test_every_changed_byte_of_a_small_bundle_is_refused(tmp_path):
    """Not one by chance: every byte of headers, directory and notes, and every tenth of the rest."""
    raw = make(Plan(voters=1, projects=2, checkpoints=1), 1).write()
    places = {*range(1200), *range(0, len(raw), 10), *range(len(raw) - 500, len(raw))}
    for at in sorted(places):
        odd = bytearray(raw)
        odd[at] ^= 1
        assert _refuses(bytes(odd)), at


def _refuses(raw: bytes) -> bool:
    """Ask for the first three checks alone: they cover every byte."""
    done = verify_bundle.Verification("", head=None, pure=False)
    checks = ("archive", "signature", "manifest")
    return not all(done._passes(name, raw) for name in checks)


@pytest.mark.soak
def test_a_campaign_of_tampering(tmp_path):
    """Two thousand bundles of all ways refused, two hundred clean ones accepted."""
    rng, path = chance(45), tmp_path / "b.zip"
    rows: Counter[tuple[str, str]] = Counter()
    wrong = []
    for name, found, is_right in campaign(path, rng, 2000):
        rows[name, found] += 1
        if not is_right:
            wrong.append((name, found))
    clean = [verdict(verify(path, make(any_plan(rng), at).write())) for at in range(200)]
    refused = sum(count for (_, found), count in rows.items() if found != ACCEPTED)
    figures = f"{refused} of 2000 refused; {clean.count(ACCEPTED)} of 200 clean ones accepted."
    print("\n".join(["", figures, "", *table(rows)]))  # noqa: T201 -- the figures are the purpose
    assert not wrong
    assert refused == 2000
    assert clean.count(ACCEPTED) == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body["funded"].pop(),
        lambda body: body["funded"].reverse(),
        lambda body: body.update(removed=body["funded"][:1], funded=body["funded"][1:]),
        lambda body: body.update(budget=10**9),
    ],
    ids=["one too few", "another order", "somebody who was not removed", "more money"],
)
def test_a_cut_that_leaves_others_than_it_must_is_refused(tmp_path, change):
    pieces = make(Plan(sort="monitors", has_cut=True, projects=8), 3)
    body = pieces.steps[-1].entries[0]
    assert len(body["funded"]) > 1
    change(body)
    done = verify(tmp_path / "b.zip", pieces.write())
    assert verdict(done) in {"arithmetic", "entries"}, answer(done)["failure"]
