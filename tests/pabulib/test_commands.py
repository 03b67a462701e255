import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voting.pabulib.commands import group

FILES = Path(__file__).parent / "files"


def tally(name: str | Path, *options: str) -> Result:
    return CliRunner().invoke(group, ["tally", str(FILES / name), *options])


def test_the_answer_as_json() -> None:
    result = tally("approval.pb", "--rule", "greedy", "--json")
    assert result.exit_code == 0
    facts = json.loads(result.stdout)
    assert facts["rule"] == "greedy"
    assert facts["ballots"] == 6
    assert facts["votes"] == {"A/1": 4, "A/2": 3, "A/3": 2, "02": 1, "2": 0}
    assert facts["funded"] == ["A/1", "A/3", "02"]
    assert facts["spent"] == "1000.00"
    assert facts["ties"] == []
    assert result.stderr == "有 1 张空白票，计入选票总数（首见第 30 行）。\n"


def test_ties_name_the_projects_and_the_deciding_steps() -> None:
    facts = json.loads(tally("ranks.pb", "--rule", "greedy", "--json").stdout)
    assert facts["funded"] == ["z", "x"]
    assert facts["spent"] == "30"
    assert facts["ties"] == [
        {"votes": 4, "candidates": ["z", "x", "y"], "decided_by": ["cost", "id"]}
    ]


@pytest.mark.parametrize(
    ("name", "options", "rule", "funded"),
    [
        ("approval.pb", ["--rule", "declared"], "greedy", ["A/1", "A/3", "02"]),
        ("approval.pb", ["--rule", "greedy-stop"], "greedy-stop", ["A/1"]),
        ("approval.pb", ["--rule", "top-k", "--k", "1"], "top-k", ["A/1"]),
        ("points.pb", ["--rule", "declared"], "greedy-stop", ["p1"]),
        ("points.pb", ["--rule", "greedy-threshold"], "greedy-threshold", ["p1", "p4"]),
        ("points.pb", ["--rule", "greedy"], "greedy", ["p1", "p4", "p5"]),
        ("ranks.pb", ["--rule", "top-k", "--k", "999"], "top-k", ["z", "x"]),
    ],
)
def test_every_rule_can_be_asked_for(
    name: str, options: list[str], rule: str, funded: list[str]
) -> None:
    facts = json.loads(tally(name, *options, "--json").stdout)
    assert (facts["rule"], facts["funded"]) == (rule, funded)


def test_the_readable_form_gives_the_reason_for_every_project() -> None:
    result = tally("points.pb", "--rule", "greedy-stop")
    head, _, *projects = result.stdout.splitlines()
    assert head == "规则 greedy-stop，选票 4 张，预算 900，用去 400，剩余 500。"
    assert [line.split()[:3] for line in projects] == [
        ["1", "入选", "p1"],
        ["2", "未入选", "p3"],
        ["3", "未入选", "p4"],
        ["4", "未入选", "p5"],
        ["-", "未入选", "p2"],
    ]
    for line, reason in zip(
        projects,
        ["当时还有 900，够用", "当时只剩 500，不够", "前面的 p3", "最低得票 3", "已撤下"],
        strict=True,
    ):
        assert reason in line


def test_the_readable_form_tells_how_ties_were_decided() -> None:
    result = tally("ranks.pb", "--rule", "greedy")
    assert result.stdout.splitlines()[-1] == "同票（4）：z、x、y。费用低者在前、按编号先后。"


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("approval.pb", [], "请用 --rule 写明规则：greedy、"),
        ("approval.pb", ["--rule", "borda"], "没有名为 borda 的规则。"),
        ("approval.pb", ["--rule", "greedy-threshold"], "没有写明 min_project_score_threshold"),
        ("approval.pb", ["--rule", "top-k"], "规则 top-k 需要用 --k 写明取前几名。"),
        ("approval.pb", ["--rule", "top-k", "--k", "0"], "不小于 1 的整数，不能是 0。"),
        ("approval.pb", ["--rule", "top-k", "--k", "-3"], "不小于 1 的整数，不能是 -3。"),
        ("approval.pb", ["--rule", "top-k", "--k", "2.5"], "不小于 1 的整数，不能是 2.5。"),
        ("approval.pb", ["--rule", "top-k", "--k", ""], "不小于 1 的整数，不能是 （空）。"),
        ("approval.pb", ["--rule", "top-k", "--k", "²"], "不小于 1 的整数，不能是 ²。"),
        ("approval.pb", ["--rule", "equal-shares", "--k", "3"], "规则 equal-shares 不用 --k"),
        ("approval.pb", ["--rule", "greedy", "--step", "3"], "规则 greedy 不用 --step"),
        ("approval.pb", ["--rule", "equal-shares-no-completion", "--step", "3"], "不用 --step"),
        ("approval.pb", ["--rule", "equal-shares", "--step", "0"], "大于 0 的金额"),
        ("approval.pb", ["--rule", "equal-shares", "--step", "0.005"], "不能是 0.005。"),
        ("approval.pb", ["--rule", "equal-shares", "--step", "x"], "不能是 x。"),
        ("approval.pb", ["--rule", "greedy", "--k", "3"], "规则 greedy 不用 --k"),
        ("ranks.pb", ["--rule", "declared"], "文件写明的规则是 unknown，无法照此计算"),
        ("missing.pb", ["--rule", "greedy"], "打不开文件 "),
        (".", ["--rule", "greedy"], "打不开文件 "),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_what_cannot_be_counted_is_refused_in_one_line(
    name: str, options: list[str], sentence: str, form: list[str]
) -> None:
    result = tally(name, *options, *form)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "rule",
    ["greedy-custom", "greedy-exclusive", "equalshares", "equalshares/add1-comparison", ""],
)
def test_a_header_that_names_another_rule_is_refused(rule: str, tmp_path: Path) -> None:
    text = (FILES / "ranks.pb").read_text(encoding="utf-8")
    path = tmp_path / "other.pb"
    path.write_text(text.replace("rule;unknown", f"rule;{rule}"), encoding="utf-8")
    result = tally(path, "--rule", "declared")
    assert result.exit_code == 1
    assert f"文件写明的规则是 {rule or '（空）'}" in result.stderr


def test_a_header_with_equal_shares_is_counted_by_them(tmp_path: Path) -> None:
    text = (FILES / "ranks.pb").read_text(encoding="utf-8")
    path = tmp_path / "shares.pb"
    path.write_text(text.replace("rule;unknown", "rule;equalshares/add1"), encoding="utf-8")
    facts = json.loads(tally(path, "--rule", "declared", "--json").stdout)
    assert (facts["rule"], facts["funded"], facts["share"]) == ("equal-shares", ["y", "z"], "19")


def test_equal_shares_answer_with_every_step() -> None:
    facts = json.loads(tally("approval.pb", "--rule", "equal-shares", "--json").stdout)
    assert facts["funded"] == ["02", "A/1"]
    assert (facts["spent"], facts["share"]) == ("600.50", "266")
    assert facts["steps"][1] == {
        "id": "A/1", "rho": "1/4", "payment": "1201/8", "payers": 4, "short": 0
    }  # fmt: skip
    ones = json.loads(tally("approval.pb", "--rule", "equal-shares-cardinality", "--json").stdout)
    assert ones["steps"][1]["rho"] == ones["steps"][1]["payment"]


def test_the_readable_form_of_equal_shares_tells_how_the_share_was_raised() -> None:
    lines = tally("approval.pb", "--rule", "equal-shares", "--step", "0.5").stdout.splitlines()
    assert "张选票平摊 600.50，每张至多 150.13，入选。" in lines[2]
    assert lines[-1].startswith("每张选票的份额从 166.00 加到 ")
    once = tally("ranks.pb", "--rule", "equal-shares-no-completion").stdout.splitlines()
    assert once[-1] == "每张选票的份额是预算除以选票数（10），不再增加。"
    raised = tally("ranks.pb", "--rule", "equal-shares").stdout.splitlines()
    assert raised[-2] == "同样划算（ρ = 1/2）：z、x。费用低者在前。"


def test_equal_shares_without_a_ballot_fund_nothing(tmp_path: Path) -> None:
    text = (FILES / "ranks.pb").read_text(encoding="utf-8")
    path = tmp_path / "nobody.pb"
    path.write_text(text[: text.index("1;x,y")], encoding="utf-8")
    for rule in ("equal-shares", "equal-shares-cardinality", "equal-shares-no-completion"):
        facts = json.loads(tally(path, "--rule", rule, "--json").stdout)
        assert (facts["ballots"], facts["funded"], facts["share"]) == (0, [], None)


def with_selected(tmp_path: Path, *selected: str, **meta: str) -> Path:
    """The file of approvals with other projects marked as selected."""
    text = (FILES / "approval.pb").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line[-2:] in {";0", ";1"} and line.count(";") >= 5:
            marked = line[:-1] + str(int(line.split(";")[0] in selected))
            text = text.replace(line, marked)
    for key, value in meta.items():
        text = re.sub(f"^{key};.*$", f"{key};{value}", text, flags=re.MULTILINE)
    path = tmp_path / "selected.pb"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("selected", "meta", "why"),
    [
        (("A/1", "A/3", "02"), {}, None),
        (("A/1", "A/2", "02"), {}, "money_added"),
        (("A/1", "02"), {}, "left_out"),
        (("A/1", "A/3", "02", "2"), {"budget": "1005"}, "money_added"),
        (("A/1", "A/3", "02", "2"), {"budget": "1010"}, "put_in"),
        (("A/2", "02"), {}, "unknown"),
        (("A/1", "2"), {"rule": "equalshares/add1"}, "unknown"),
    ],
)
def test_a_difference_from_the_official_projects_is_told_with_its_reason(
    selected: tuple[str, ...], meta: dict[str, str], why: str | None, tmp_path: Path
) -> None:
    result = tally(with_selected(tmp_path, *selected, **meta), "--rule", "declared", "--json")
    official = json.loads(result.stdout)["official"]
    assert official == {"agrees": why is None, "why": why}
    assert ("文件标明入选的与按 " in result.stderr) == (why is not None)


def test_a_tie_decided_otherwise_is_told(tmp_path: Path) -> None:
    text = (FILES / "ranks.pb").read_text(encoding="utf-8").replace("rule;unknown", "rule;greedy")
    for project in ("x;20;2;4", "y;20;3;5", "z;10;2;3"):
        text = text.replace(project, f"{project};{int(project[0] != 'x')}")
    path = tmp_path / "tie.pb"
    path.write_text(text.replace("votes;score", "votes;score;selected"), encoding="utf-8")
    result = tally(path, "--rule", "declared", "--json")
    assert json.loads(result.stdout)["official"] == {"agrees": False, "why": "tie"}
    assert "只有文件选的是 y；只有计算选的是 x。有同票，当地用别的办法定了先后。" in result.stderr
    assert "official" not in json.loads(tally(path, "--rule", "greedy", "--json").stdout)


def test_a_damaged_file_says_where_and_what(tmp_path: Path) -> None:
    path = tmp_path / "damaged.pb"
    path.write_bytes(b"META\nkey;value\nbudget;1\nvote_type;approval\n")
    result = tally(path, "--rule", "greedy", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "第 4 行：文件到此结束，没有 PROJECTS 部分。\n"


def test_control_signs_of_a_file_do_not_reach_the_terminal(tmp_path: Path) -> None:
    text = (FILES / "points.pb").read_text(encoding="utf-8")
    path = tmp_path / "evil.pb"
    path.write_text(
        text.replace("p3", "p\x1b[2J")
        .replace("Pump", "\x1b]0Pump\x07")
        .replace("num_votes;4", "num_votes;\x1b[31m"),
        encoding="utf-8",
    )
    result = tally(path, "--rule", "greedy-stop")
    assert result.exit_code == 0
    assert "p·[2J" in result.stdout
    assert "\x07" not in result.output
    assert len(result.stdout.splitlines()) == 7


def test_fractions_of_money_and_points_are_written_exactly(tmp_path: Path) -> None:
    text = (FILES / "points.pb").read_text(encoding="utf-8")
    path = tmp_path / "fractions.pb"
    path.write_text(
        text.replace("5,5\n", "2.5,5\n").replace("p4;100;", "p4;99,95;"), encoding="utf-8"
    )
    facts = json.loads(tally(path, "--rule", "greedy", "--json").stdout)
    assert facts["votes"]["p1"] == "11.5"
    assert facts["spent"] == "549.95"
