"""Files loaded as rounds: through the same validation, urn and count as our own ballots."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from tests.factories.areas import make_chain
from tests.pabulib.test_real_files import EXPECTED, FOLDER, MISSING
from voting.areas.models import Area
from voting.areas.service import top_area
from voting.ballots.models import UrnEntry
from voting.pabulib.commands import group
from voting.pabulib.rules.allocations import resolve
from voting.pabulib.rules.election import read_election
from voting.pabulib.rules.loading import area_name_of, plain, times_of, title_of
from voting.proposals.models import Candidate
from voting.rounds.models import PhaseChange, Round
from voting.tally.models import OpenedBallot

FILES = Path(__file__).parent / "files"
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


@pytest.fixture
def run(runner):
    def invoke(*words):
        return runner.invoke(args=list(words))

    return invoke


def loaded(run, path):
    result = run("pabulib", "load", str(path), "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def counted(run, path):
    facts = loaded(run, path)
    result = run("tally", "count", facts["round"], "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def tallied(path, rule):
    result = CliRunner().invoke(group, ["tally", str(path), "--rule", rule, "--json"])
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def check(run, path):
    """The urn's count is the one that the file gives without a database."""
    through_urn = counted(run, path)
    direct = tallied(path, through_urn["rule"])
    for name in (
        "rule",
        "ballots",
        "votes",
        "funded",
        "budget",
        "spent",
        "left",
        "ties",
        "projects",
    ):
        assert through_urn[name] == direct[name], name
    assert through_urn["invalid"] == 0
    return through_urn


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


# Files that need a word, or cannot be loaded


def variant(tmp_path, name="approval.pb", **changes):
    """Return a copy of one of our files with META values changed or added."""
    text = (FILES / name).read_text("utf-8")
    for key, value in changes.items():
        lines = text.splitlines()
        found = [at for at, line in enumerate(lines) if line.startswith(f"{key};")]
        if found:
            lines[found[0]] = f"{key};{value}"
        else:
            lines.insert(2, f"{key};{value}")
        text = "\n".join(lines) + "\n"
    path = tmp_path / "variant.pb"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("rule", ["unknown", "equalshares/add1", "greedy-custom", "", "x" * 300])
def test_a_rule_we_do_not_know_is_counted_greedy_and_said_so(run, tmp_path, rule):
    path = variant(tmp_path, rule=rule)
    result = run("pabulib", "load", str(path), "--json")
    assert result.exit_code == 0
    assert "无法照此计算，这个轮次按 greedy 计票" in result.stderr
    facts = json.loads(run("tally", "count", json.loads(result.stdout)["round"], "--json").stdout)
    assert facts["rule"] == "greedy"
    assert facts["funded"] == tallied(path, "greedy")["funded"]


@pytest.mark.parametrize(
    ("declared", "threshold", "rule"),
    [
        ("greedy", "3", "greedy"),
        ("greedy-threshold", "3", "greedy-threshold"),
        ("greedy-no-skip", "3", "greedy-stop"),
        ("greedy-no-skip", None, "greedy-stop"),
    ],
)
def test_the_header_decides_about_rule_and_threshold(run, tmp_path, declared, threshold, rule):
    changes = {"rule": declared}
    if threshold:
        changes["min_project_score_threshold"] = threshold
    assert check(run, variant(tmp_path, **changes))["rule"] == rule


def test_fractions_of_money_and_points_stay_exact_through_the_urn(run, any_database, tmp_path):
    text = (FILES / "points.pb").read_text("utf-8")
    path = tmp_path / "fractions.pb"
    path.write_text(text.replace("5,5\n", "2.5,5\n").replace("p4;100;", "p4;99,95;"), "utf-8")
    assert check(run, path)["votes"]["p1"] == "11.5"


def refused(run, database, path):
    result = run("pabulib", "load", str(path), "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Round)) == 0
    return result.stderr


@pytest.mark.parametrize("budget", ["0", "0.00"])
def test_a_budget_of_nothing_is_refused(run, database, tmp_path, budget):
    assert "预算是 0" in refused(run, database, variant(tmp_path, budget=budget))


@pytest.mark.parametrize("budget", ["9223372036854775808", "92233720368547758.08", "9" * 24])
def test_a_budget_beyond_64_bits_is_refused(run, database, tmp_path, budget):
    assert "预算太大" in refused(run, database, variant(tmp_path, budget=budget))


def test_a_cost_beyond_64_bits_is_refused_by_its_id(run, database, tmp_path):
    text = (FILES / "ranks.pb").read_text("utf-8").replace(";10", ";" + "9" * 23, 1)
    path = tmp_path / "dear.pb"
    path.write_text(text, "utf-8")
    assert "的费用太大" in refused(run, database, path)


def test_a_threshold_beyond_64_bits_is_refused(run, database, tmp_path):
    path = variant(tmp_path, rule="greedy-threshold", min_project_score_threshold="9" * 23)
    assert "最低得票太大" in refused(run, database, path)


def test_the_largest_budget_that_fits_is_loaded(run, any_database, tmp_path):
    text = (FILES / "ranks.pb").read_text("utf-8")
    path = tmp_path / "large.pb"
    head = next(line for line in text.splitlines() if line.startswith("budget;"))
    path.write_text(text.replace(head, "budget;9223372036854775807"), "utf-8")
    assert check(run, path)["budget"] == "9223372036854775807"


def test_a_damaged_file_loads_nothing_and_names_the_line(run, database, tmp_path):
    path = tmp_path / "damaged.pb"
    path.write_bytes((FILES / "approval.pb").read_bytes()[:200])
    assert refused(run, database, path).startswith("第 ")


def test_a_file_that_is_not_there_is_one_line(run, database, tmp_path):
    assert "打不开文件" in refused(run, database, tmp_path / "none.pb")


def election(path):
    with path.open("rb") as stream:
        return read_election(stream)


def test_titles_of_files_are_made_fit_to_be_shown(tmp_path):
    odd = election(
        variant(tmp_path, description="a\u202eb\u0007  c" + "字" * 200, unit="城\u200b市" * 30)
    )
    assert title_of(odd).startswith("a b c字")
    assert len(title_of(odd)) == 100
    assert area_name_of(odd).endswith("（数据导入）")
    assert len(area_name_of(odd)) <= 40
    assert plain("\n\t", 10) == ""


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("01.06.2023", "15.06.2023", "2023-05-31 2023-06-15"),
        ("2021", "2021", "2020-12-31 2021-12-31"),
        ("31.02.2023", "15.06.2023", "2026-11-22 2026-11-23"),
        ("15.06.2023", "01.06.2023", "2026-11-22 2026-11-23"),
        ("", "soon", "2026-11-22 2026-11-23"),
    ],
)
def test_the_times_of_a_file_are_used_where_they_make_sense(tmp_path, now, first, last, shown):
    found = times_of(election(variant(tmp_path, date_begin=first, date_end=last)), now)
    assert " ".join(f"{moment:%Y-%m-%d}" for moment in found) == shown
