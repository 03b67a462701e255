"""Files that need a word when they are loaded, and files that cannot be loaded."""

import json

import pytest
from sqlalchemy import func, select

from tests.pabulib.loading import FILES, check, tallied
from voting.pabulib.rules.election import read_election
from voting.pabulib.rules.loading import area_name_of, plain, times_of, title_of
from voting.rounds.models import Round


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


def test_an_endless_id_is_refused(run, database, tmp_path):
    path = tmp_path / "long.pb"
    path.write_text((FILES / "points.pb").read_text("utf-8").replace("p5", "p" * 501), "utf-8")
    assert "太长，最多 500 个字符" in refused(run, database, path)


def test_a_long_id_is_carried(run, any_database, tmp_path):
    path = tmp_path / "long.pb"
    path.write_text((FILES / "points.pb").read_text("utf-8").replace("p5", "编" * 500), "utf-8")
    assert "编" * 500 in check(run, path)["votes"]


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
