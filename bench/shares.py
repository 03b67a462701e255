"""Equal Shares on a real election, beside pabutools; and a large count beside the database's own grouping."""

import importlib.util
import json
import os
import random
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from voting.config import ROOT
from voting.pabulib.rules.election import Election, read_election
from voting.tally.rules.allocation import greedy
from voting.tally.rules.counting import Ballot, BallotKind, Candidate, scores
from voting.tally.rules.shares import Electorate, Utility
from voting.tally.rules.sharing import equal_shares
from voting.tally.rules.ties import ByCost, ById

_BESIDE = ROOT.parent / "shared" / "data" / "pb"
_PROJECTS, _CHOICES = 20, 5
_AT_ONCE = 10_000
# The least of several: what else the machine does only adds.
_TIMES = 5

# A process of its own, so that neither library's objects lie in the other's memory.
_PABUTOOLS = """
import json, sys, time
from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import method_of_equal_shares
instance, profile = parse_pabulib(sys.argv[1])
share = int(sys.argv[2])
instance.budget_limit = share * profile.num_ballots()
profile = profile.as_multiprofile()
times = []
for _ in range(int(sys.argv[3])):
    began = time.perf_counter()
    funded = method_of_equal_shares(instance, profile, sat_class=Cost_Sat)
    times.append(time.perf_counter() - began)
print(json.dumps([min(times), sorted(project.name for project in funded)]))
"""


def share_equally(_url: str, _var: Path, _amount: int) -> dict[str, Any]:
    """Run Equal Shares on the election with the most projects among the real ones."""
    folder = Path(os.environ.get("VOTING_PABULIB_DIR") or _BESIDE)
    files = sorted(folder.glob("*.pb"))
    if not files:
        return {
            "not measured": "the Pabulib files are not here; VOTING_PABULIB_DIR names their folder"
        }
    path, election = max(((one, _read(one)) for one in files), key=lambda found: _weight(found[1]))
    began = time.perf_counter()
    outcome = equal_shares(
        election.candidates(), election.ballots, election.scores(), election.budget,
        unit=10**election.decimals, step=10**election.decimals,
    )  # fmt: skip
    whole = time.perf_counter() - began
    if outcome.completed is None or outcome.share is None:
        raise RuntimeError("an election without ballots")
    return {
        "file": f"{path.name}: {len(election.projects)} projects, {election.ballot_count} ballots",
        f"whole rule, {outcome.completed.raises + 1} runs, seconds": f"{whole:.1f}",
    } | _beside(path, election, outcome.share)


def _beside(path: Path, election: Election, share: Fraction) -> dict[str, Any]:
    electorate = Electorate(
        election.candidates(), election.ballots, election.scores(), Utility.COST
    )
    times = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        run = electorate.run(share)
        times.append(time.perf_counter() - began)
    ours = min(times)
    figures: dict[str, Any] = {"one run, milliseconds": f"{ours * 1000:.0f}"}
    if importlib.util.find_spec("pabutools") is None:
        return figures | {"pabutools": "not installed"}
    said = subprocess.run(
        [sys.executable, "-c", _PABUTOOLS, str(path), str(int(share / 10**election.decimals)), "3"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    theirs, funded = json.loads(said.stdout.splitlines()[-1])
    if funded != sorted(run.funded):
        raise RuntimeError("pabutools funds other projects")
    return figures | {
        "the same run by pabutools, milliseconds": f"{theirs * 1000:.0f}",
        "share of its time": f"{ours / theirs:.2f}",
    }


def _read(path: Path) -> Election:
    with path.open("rb") as stream:
        return read_election(stream)


def _weight(election: Election) -> int:
    """Return how much a run has to look at: distinct ballots, each with its choices."""
    return sum(len(ballot.choices) for ballot in election.ballots)


def count_a_million(url: str, _var: Path, amount: int) -> dict[str, Any]:
    """Group ballots of 5 of 20 and allocate, beside the database's own GROUP BY of the same rows."""
    engine = create_engine(url)
    draw = random.Random(1)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bench_ballot (ballot TEXT NOT NULL)"))
        for start in range(0, amount, _AT_ONCE):
            rows = [{"b": _ballot(draw)} for _ in range(min(_AT_ONCE, amount - start))]
            connection.execute(text("INSERT INTO bench_ballot VALUES (:b)"), rows)
    grouping = text("SELECT ballot, COUNT(*) FROM bench_ballot GROUP BY ballot")
    floors, ours = [], []
    with engine.begin() as connection:
        for _ in range(_TIMES):
            began = time.perf_counter()
            rows_grouped = connection.execute(grouping).all()
            floors.append(time.perf_counter() - began)
            began = time.perf_counter()
            _allocate({row[0]: row[1] for row in connection.execute(grouping)}, amount)
            ours.append(time.perf_counter() - began)
        connection.execute(text("DROP TABLE bench_ballot"))
    engine.dispose()
    return {
        f"seconds to group and allocate {amount} ballots": f"{min(ours):.2f}",
        f"floor: GROUP BY into {len(rows_grouped)} rows, seconds": f"{min(floors):.2f}",
        "times the floor": f"{min(ours) / min(floors):.2f}",
    }


def _ballot(draw: random.Random) -> str:
    chosen = sorted(draw.sample(range(1, _PROJECTS + 1), _CHOICES))
    return ",".join(map(str, chosen))


def _allocate(grouped: dict[str, int], amount: int) -> None:
    ballots = {Ballot(tuple(said.split(","))): number for said, number in grouped.items()}
    candidates = [Candidate(str(n), 10_000 + 100 * n) for n in range(1, _PROJECTS + 1)]
    votes = scores(ballots, [one.id for one in candidates], BallotKind.APPROVAL)
    outcome = greedy(candidates, votes, 100_000, ties=(ByCost(), ById()))
    if sum(votes.values()) != amount * _CHOICES or not outcome.funded:
        raise RuntimeError("not every ballot was counted")
