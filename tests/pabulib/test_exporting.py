"""Rounds written as files: read again by us, by Pabulib's own checker, and by pabutools."""

import importlib.util
import json
import subprocess
import sys

import pytest

from tests.factories.ballots import NOW, keyring
from tests.factories.tally import make_closed_round, open_by_two
from tests.pabulib.loading import FILES, counted, loaded
from tests.pabulib.test_real_files import EXPECTED, FOLDER, MISSING
from voting.errors import NotFound
from voting.pabulib.rules.election import read_election
from voting.pabulib.rules.writing import RuleNotWritable
from voting.pabulib.service import (
    FractionsOfPoints,
    LimitsNotWritable,
    NothingToExport,
    NotPublished,
    OnlyTotals,
    export,
)
from voting.results.models import Result
from voting.tally.service import NotCountedYet, count

# One file for each kind of ballot and rule; what the header calls unknown is counted by greedy.
SAMPLE = (
    "Netherlands_Amsterdam_643.pb",
    "Poland_Czestochowa_2025_Podjasnogorska.pb",
    "Poland_Gdynia_2024_Dzialki_Lesne__small.pb",
    "US_Stanford_Dataset_Your_Voice_Your_Choice_Parks_and_Streets-_Seattle_2019_District_2_vote_rankings.pb",
)


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path)


def exported(run, round_id, path):
    result = run("pabulib", "export", round_id, str(path), "--json")
    assert result.exit_code == 0, result.stderr
    with path.open("rb") as stream:
        return read_election(stream)


def through(run, source, path):
    """Load a file, count it and write it; return the count and what was written."""
    facts = counted(run, source)
    round_id = json.loads(run("rounds", "list", "--json").stdout)[-1]["id"]
    return facts, exported(run, round_id, path)


def check_again(facts, election):
    assert election.remarks == ()
    assert election.official() == frozenset(facts["funded"])
    assert [one.id for one in election.projects] == [one["id"] for one in facts["projects"]]
    assert {str(v) for v in election.scores().values()} == {str(v) for v in facts["votes"].values()}
    assert election.scores() == facts["votes"]


# In a process of their own: the checker's package has the name of this folder, and pabutools is large.
_CHECK = """
import json, sys
from pabulib.checker import Checker
found = Checker().process_files([sys.argv[1]])
results = [one["results"] for name, one in found.items() if name not in ("metadata", "summary")]
print(json.dumps(results))
"""
_FUND = """
import json, sys
from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import greedy_utilitarian_welfare
from pabutools.tiebreaking import TieBreakingRule
instance, profile = parse_pabulib(sys.argv[1])
ties = TieBreakingRule(lambda instance, profile, one: (one.cost, one.name))
funded = greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat, tie_breaking=ties)
print(json.dumps(sorted(project.name for project in funded)))
"""


def told(code, needs, path):
    if importlib.util.find_spec(needs) is None:
        pytest.skip(f"{needs} is not installed: pip install -r requirements-dev.txt")
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def checked(path):
    """What Pabulib's own checker says is wrong with a file."""
    (results,) = told(_CHECK, "pabulib_helpers", path)
    return {} if isinstance(results, str) else results.get("errors", {})


def winners_of_pabutools(path):
    """Whom pabutools funds by votes, going on after what does not fit, ties by cost and then id."""
    return frozenset(told(_FUND, "pabutools", path))


@pytest.mark.parametrize("name", ["approval.pb", "points.pb", "ranks.pb"])
def test_a_loaded_round_is_written_and_read_again(run, tmp_path, name):
    facts, election = through(run, FILES / name, tmp_path / "out.pb")
    check_again(facts, election)
    assert election.meta["country"] == "China"
    assert election.meta["unit"] == "Nanchang"
    with (FILES / name).open("rb") as stream:
        source = read_election(stream)
    assert election.meta["date_begin"] in {source.meta["date_begin"], "01.01.2026"}
    assert election.meta["date_end"] in {source.meta["date_end"], "31.12.2026"}


@pytest.mark.skipif(not EXPECTED, reason=MISSING)
@pytest.mark.parametrize("name", SAMPLE)
def test_real_files_come_back_with_the_same_projects(run, tmp_path, name):
    path = tmp_path / "out.pb"
    facts, election = through(run, FOLDER / name, path)
    check_again(facts, election)
    assert checked(path) == {}


@pytest.mark.soak
@pytest.mark.skipif(not EXPECTED, reason=MISSING)
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_real_file_comes_back_with_the_same_projects(run, tmp_path, name):
    facts, election = through(run, FOLDER / name, tmp_path / "out.pb")
    check_again(facts, election)


def make_round(session, keys, *, declared=True, **changes):
    changes = {"publication": "full", "tie_steps": "cost,draw"} | changes
    round = make_closed_round(session, keys, **changes)
    open_by_two(session, round)
    count(session, now=NOW, keys=keys, round_id=round.id)
    if declared:
        stored = Result(
            round_id=round.id, facts="{}", digest=b"1", prepared_at=NOW, declared_at=NOW
        )
        session.add(stored)
    session.flush()
    return round


def test_a_round_of_ours_is_taken_by_the_checker_and_gives_pabutools_the_same(
    session, keys, tmp_path
):
    round = make_round(session, keys, budget=30_000_00)
    found = export(session, round_id=round.id)
    path = tmp_path / "ours.pb"
    path.write_text(found.text, encoding="utf-8")
    with path.open("rb") as stream:
        election = read_election(stream)
    assert election.remarks == ()
    assert (found.projects, found.ballots) == (len(election.projects), 5)
    assert "\nvoter_id;vote\n" in found.text
    assert checked(path) == {}
    assert winners_of_pabutools(path) == election.official()


def test_a_ballot_inside_a_budget_is_an_approval_with_a_sum(session, keys, tmp_path):
    # Candidate n costs 8000 + 100n yuan: the last ballot spends too much and is not written.
    round = make_round(
        session, keys, budget=30_000_00, ballot_kind="knapsack", spend_limit=16_500_00,
        most=3, votes=[(1, 2), (1, 2), (1, 4), (3,), (1, 2, 3)],
    )  # fmt: skip
    found = export(session, round_id=round.id)
    path = tmp_path / "inside.pb"
    path.write_text(found.text, encoding="utf-8")
    with path.open("rb") as stream:
        election = read_election(stream)
    meta = election.meta
    assert (meta["vote_type"], meta["max_sum_cost"], meta["max_length"]) == (
        "approval", "16500", "3",
    )  # fmt: skip
    assert found.ballots == 4
    assert meta["comment"].startswith("#1: 1 invalid ballots are left out")
    assert checked(path) == {}
    assert winners_of_pabutools(path) == election.official()


def test_ballots_are_shuffled_before_they_get_numbers(session, keys):
    round = make_round(session, keys)
    one = export(session, round_id=round.id, shuffle=lambda ballots: ballots.sort(key=repr))
    other = export(
        session, round_id=round.id, shuffle=lambda ballots: ballots.sort(key=repr, reverse=True)
    )
    assert one.text != other.text
    assert sorted(one.text) == sorted(other.text)


def test_what_was_not_to_be_published_is_not_written(session, keys):
    with pytest.raises(OnlyTotals):
        export(session, round_id=make_round(session, keys, publication="totals").id)
    with pytest.raises(NotPublished):
        export(session, round_id=make_round(session, keys, declared=False).id)


def test_what_the_format_cannot_say_is_refused(session, keys):
    first_two = make_round(session, keys, allocation="top-k", funded_count=2)
    with pytest.raises(RuleNotWritable):
        export(session, round_id=first_two.id)
    with pytest.raises(NothingToExport):
        export(session, round_id=make_round(session, keys, votes=[()], least=0).id)
    with pytest.raises(NotCountedYet):
        export(session, round_id=make_closed_round(session, keys, publication="full").id)
    with pytest.raises(NotFound):
        export(session, round_id="nothing")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"quota_engineering": 2}, "类别限额"),
        ({"rivals": (1, 2)}, "只能入选一个的项目"),
        ({"least_turnout": 100}, "最低投票率"),
    ],
)
def test_limits_that_no_reader_knows_are_refused_by_name(session, keys, changes, named):
    round = make_round(session, keys, **changes)
    with pytest.raises(LimitsNotWritable) as refused:
        export(session, round_id=round.id)
    assert named in str(refused.value)


def test_a_share_of_the_ballots_is_written_as_the_votes_it_comes_to(session, keys):
    found = export(session, round_id=make_round(session, keys, least_share=300).id)
    assert "\nrule;greedy-threshold\n" in found.text
    assert "\nmin_project_score_threshold;2\n" in found.text


def test_fractions_of_points_are_refused(run, tmp_path):
    text = (FILES / "points.pb").read_text(encoding="utf-8").replace("5,5\n", "2.5,5\n")
    path = tmp_path / "fractions.pb"
    path.write_text(text, encoding="utf-8")
    round_id = loaded(run, path)["round"]
    run("tally", "count", round_id)
    result = run("pabulib", "export", round_id, str(tmp_path / "out.pb"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == str(FractionsOfPoints()) + "\n"


def test_a_path_that_cannot_be_written_is_refused(run, tmp_path):
    round_id = loaded(run, FILES / "approval.pb")["round"]
    run("tally", "count", round_id)
    result = run("pabulib", "export", round_id, str(tmp_path / "nowhere" / "out.pb"))
    assert result.exit_code == 1
    assert result.stderr.startswith("写不了文件 ")
    found = run("pabulib", "export", round_id, str(tmp_path / "out.pb"))
    assert found.stdout == f"已写入 {tmp_path / 'out.pb'}：项目 5 个，选票 5 张。\n"
