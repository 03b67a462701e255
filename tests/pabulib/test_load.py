"""Files loaded as rounds: through the same validation, urn and count as our own ballots."""

import json

import pytest
from sqlalchemy import func, select

from tests.factories.areas import make_chain
from tests.pabulib.loading import FILES, check, counted, loaded
from tests.pabulib.test_real_files import EXPECTED, FOLDER, MISSING
from voting.areas.models import Area
from voting.areas.service import top_area
from voting.ballots.models import UrnEntry
from voting.pabulib.rules.allocations import resolve
from voting.pabulib.rules.election import read_election
from voting.proposals.models import Candidate
from voting.rounds.models import PhaseChange, Round
from voting.tally.models import OpenedBallot

OWN = ["approval.pb", "points.pb", "ranks.pb"]
# One of each kind of ballot and rule, none with more than a few hundred ballots.
SAMPLE = [
    "France_Toulouse_2022_20_-_Arenes_Romaines_Ancely_Saint-Martin_du_Touch_Purpan.pb",
    "Netherlands_Amsterdam_643.pb",
    "Netherlands_Assen_2024.pb",
    "Poland_Czestochowa_2025_Podjasnogorska.pb",
    "Poland_Gdynia_2024_Dzialki_Lesne__small.pb",
    "Poland_Lodz_2025_Nad_Nerem.pb",
    "US_Stanford_Dataset_Your_Voice_Your_Choice_Parks_and_Streets-_Seattle_2019_District_2_vote_rankings.pb",
]


@pytest.mark.parametrize("name", OWN)
def test_a_file_of_our_own_counts_through_the_urn_as_it_does_directly(run, any_database, name):
    check(run, FILES / name)


def declared_or_greedy(path):
    with path.open("rb") as stream:
        election = read_election(stream)
    known = {"greedy", "greedy-threshold", "greedy-no-skip"}
    return resolve("declared", election).value if election.rule in known else "greedy"


def check_real(run, name):
    path = FOLDER / name
    found = check(run, path)
    assert found["rule"] == declared_or_greedy(path)
    assert found["funded"] == EXPECTED[name][found["rule"]]
    assert run("tally", "verify", found["round"]).exit_code == 0


@pytest.mark.skipif(not EXPECTED, reason=MISSING)
@pytest.mark.parametrize("name", SAMPLE)
def test_real_files_give_the_expected_projects_through_the_urn(run, name):
    check_real(run, name)


@pytest.mark.skipif(not EXPECTED, reason=MISSING)
def test_a_real_file_gives_them_on_both_databases(run, any_database):
    check_real(run, SAMPLE[4])


@pytest.mark.soak
@pytest.mark.skipif(not EXPECTED, reason=MISSING)
@pytest.mark.parametrize("name", sorted(EXPECTED) or ["no-files"])
def test_every_real_file_gives_the_expected_projects_through_the_urn(run, name):
    check_real(run, name)


def test_the_answer_names_the_round_and_its_figures(run, database):
    facts = loaded(run, FILES / "approval.pb")
    assert facts == {"round": facts["round"], "candidates": 5, "ballots": 6}
    with database.reading() as session:
        round = session.get_one(Round, facts["round"])
        assert (round.kind, round.phase) == ("loaded", "counting")
        assert round.frozen_at is not None
        rows = session.scalars(
            select(Candidate)
            .where(Candidate.round_id == round.id)
            .order_by(Candidate.ballot_number)
        )
        assert [(row.external_id, row.ballot_number) for row in rows] == [
            ("A/1", 1), ("A/2", 2), ("A/3", 3), ("02", 4), ("2", 5),
        ]  # fmt: skip


def test_the_ballots_lie_sealed_in_the_urn_all_of_one_length(run, database):
    facts = loaded(run, FILES / "points.pb")
    with database.reading() as session:
        entries = session.scalars(select(UrnEntry).where(UrnEntry.round_id == facts["round"])).all()
        assert len(entries) == facts["ballots"]
        assert len({len(entry.sealed) for entry in entries}) == 1
        assert len({entry.slot for entry in entries}) == len(entries)
        assert not any(b"choices" in entry.sealed for entry in entries)


def test_points_and_ranks_are_carried_as_they_are(run, database):
    facts = counted(run, FILES / "points.pb")
    with database.reading() as session:
        texts = session.scalars(
            select(OpenedBallot.ballot).where(OpenedBallot.round_id == facts["round"])
        ).all()
    assert any('"points":' in text for text in texts)


def test_nobody_has_to_open_a_loaded_urn_and_nobody_is_on_its_roll(run, database):
    facts = counted(run, FILES / "ranks.pb")
    assert facts["channels"] == {"loaded": facts["ballots"]}
    with database.reading() as session:
        steps = session.scalars(
            select(PhaseChange.after).where(PhaseChange.round_id == facts["round"])
        ).all()
    assert steps == ["counting"]


def test_loaded_rounds_lie_in_areas_of_their_own_behind_the_installations(run, database):
    with database.transaction() as session:
        district = make_chain(session).district.id
    first, second = (loaded(run, FILES / "approval.pb")["round"] for _ in range(2))
    with database.reading() as session:
        areas = {session.get_one(Round, id).area.name for id in (first, second)}
        assert len(areas) == 1
        assert areas.pop().endswith("（数据导入）")
        assert session.scalar(select(func.count()).where(Area.parent_id.is_(None))) == 2
        top = top_area(session)
        assert top is not None
        assert top.id == district


def test_a_loaded_round_has_no_public_page(run, client):
    facts = counted(run, FILES / "approval.pb")
    assert client.get(f"/rounds/{facts['round']}/result").status_code == 404


def test_the_rounds_of_files_are_listed_with_the_others(run):
    facts = loaded(run, FILES / "approval.pb")
    lines = json.loads(run("rounds", "list", "--json").stdout)
    assert [(line["id"], line["phase"]) for line in lines] == [(facts["round"], "counting")]
