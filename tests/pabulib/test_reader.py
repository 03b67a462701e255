import io
from pathlib import Path

import pytest

from voting.pabulib.rules.allocations import Rule, allocate
from voting.pabulib.rules.election import Election, read_election
from voting.tally.rules.counting import Ballot, BallotKind

FILES = Path(__file__).parent / "files"
APPROVAL = (FILES / "approval.pb").read_text(encoding="utf-8")
POINTS = (FILES / "points.pb").read_text(encoding="utf-8")
RANKS = (FILES / "ranks.pb").read_text(encoding="utf-8")


def read(text: str) -> Election:
    return read_election(io.BytesIO(text.encode()))


def remarks(text: str) -> list[str]:
    return [str(remark) for remark in read(text).remarks]


def replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def test_an_approval_file_is_read_exactly() -> None:
    election = read(APPROVAL)
    assert election.kind is BallotKind.APPROVAL
    assert (election.budget, election.decimals, election.rule) == (100000, 2, "greedy")
    assert [project.cost for project in election.projects] == [60050, 50000, 39950, 0, 1000]
    assert election.projects[1].name == 'A "quiet" bench; with a roof'
    assert election.projects[1].beneficiaries == "seniors,adults"
    assert election.scores() == {"A/1": 4, "A/2": 3, "A/3": 2, "02": 1, "2": 0}
    assert election.ballot_count == 6
    assert election.most_choices == 3
    assert election.official() == frozenset({"A/1", "A/3", "02"})
    assert allocate(election, Rule.GREEDY).funded == ("A/1", "A/3", "02")


@pytest.mark.parametrize(
    ("old", "new", "fits"),
    [
        ("A/3;399.5;", "A/3;399,50;", True),
        ("A/3;399.5;", "A/3;399.51;", False),
        ("A/3;399.5;", "A/3;399.500000000000000000001;", False),
        ("budget;1000.00", "budget;1000", True),
        ("budget;1000.00", "budget;999.99", False),
        ("A/1;600.50", "A/1;0600,5", True),
    ],
)
def test_money_is_compared_exactly(*, old: str, new: str, fits: bool) -> None:
    election = read(replaced(APPROVAL, old, new))
    assert ("A/3" in allocate(election, Rule.GREEDY).funded) is fits


def test_points_add_and_the_withdrawn_stops_nobody() -> None:
    election = read(POINTS)
    assert election.scores() == {"p1": 14, "p2": 9, "p3": 8, "p4": 6, "p5": 2}
    assert election.least_score == 3
    outcome = allocate(election, Rule.GREEDY_STOP)
    assert outcome.funded == ("p1",)
    assert [one.reason.value for one in outcome.standings] == [
        "funded",
        "does_not_fit",
        "after_stop",
        "below_threshold",
        "withdrawn",
    ]
    assert allocate(election, Rule.GREEDY_THRESHOLD).funded == ("p1", "p4")
    assert allocate(election, Rule.GREEDY).funded == ("p1", "p4", "p5")


def test_ranks_count_by_the_length_of_each_ranking() -> None:
    election = read(RANKS)
    assert election.scores() == {"x": 4, "y": 4, "z": 4}
    assert allocate(election, Rule.GREEDY).funded == ("z", "x")


@pytest.mark.parametrize("text", [APPROVAL, POINTS, RANKS], ids=["approval", "points", "ranks"])
def test_the_same_file_in_another_dress_says_the_same(text: str) -> None:
    plain = read(text)
    dressed = (
        "\ufeff" + text.replace("\n", "\r\n"),
        text.replace("\n", "\n\n"),
        text.replace("\n", ";;;\n"),
        text.rstrip("\n"),
        text.replace("META", "meta").replace("PROJECTS", " Projects ").replace("VOTES", "votes"),
        text.replace("project_id;", "Project_ID ;").replace("vote_type;", " vote_type ; "),
        text.replace(",", " , "),
    )
    for variant in dressed:
        election = read(variant)
        assert election.scores() == plain.scores()
        assert election.ballots == plain.ballots
        assert allocate(election, Rule.GREEDY) == allocate(plain, Rule.GREEDY)


def test_columns_come_in_any_order_and_unknown_ones_do_not_matter() -> None:
    text = """META
key;value
vote_type;choose-1
colour;blue;and;green
budget;10
VOTES
weather;vote;shoe;voter_id
rain;b;42;1
sun;a;43;2
sun;b;44;3
PROJECTS
mood;cost;project_id
good;7,50;a
bad;5.5;b
"""
    election = read(text)
    assert election.scores() == {"a": 1, "b": 2}
    assert election.meta["colour"] == "blue;and;green"
    assert (election.budget, [project.cost for project in election.projects]) == (1000, [750, 550])
    assert election.official() is None
    assert election.rule == ""


def test_beneficiaries_stand_before_target() -> None:
    text = replaced(APPROVAL, "target;selected", "beneficiaries;selected")
    assert read(text).projects[2].beneficiaries == "seniors"


def test_ids_are_text() -> None:
    text = replaced(APPROVAL, "5;A/2,02;28", "5;A/2,2;28")
    assert read(text).scores()["02"] == 0
    assert read(text).scores()["2"] == 1


def test_a_quoted_name_may_hold_a_line_break() -> None:
    text = replaced(APPROVAL, ";Ramp;", ';"Ramp\nand\nrail";')
    election = read(text)
    assert election.projects[2].name == "Ramp\nand\nrail"
    assert election.ballots == read(APPROVAL).ballots


def test_a_name_with_stray_quotes_inside_its_line_is_taken_as_it_stands() -> None:
    text = replaced(APPROVAL, ";Ramp;", ';"Ramp" to the hall;')
    assert read(text).projects[2].name == "Ramp to the hall"


def test_rare_line_separators_do_not_end_a_line() -> None:
    text = replaced(APPROVAL, ";Ramp;", ";Ramp\u2028and\x85rail\x0b;")
    assert len(read(text).projects) == 5


def test_a_million_voters_who_agree_are_one_entry() -> None:
    text = APPROVAL.replace("num_votes;6", "num_votes;50005")
    text += "".join(f"{number};A/1,A/2;\n" for number in range(7, 50_006))
    election = read(text)
    assert election.ballots[Ballot(("A/1", "A/2"))] == 50_000
    assert len(election.ballots) == 6


def test_fractions_of_points_are_exact() -> None:
    text = replaced(POINTS, "1;p1,p2;5,5", "1;p1,p2;0.1,0.20")
    text = replaced(text, "3;p1,p5;5,2", "3;p1,p5;0.2,2.0")
    election = read(text)
    assert election.point_decimals == 1
    assert election.scores() == {"p1": 43, "p2": 42, "p3": 80, "p4": 60, "p5": 20}
    assert election.least_score == 30


def test_a_threshold_between_two_whole_scores_asks_for_the_higher() -> None:
    assert read(replaced(POINTS, "threshold;3", "threshold;2.5")).least_score == 3


def test_a_perfect_file_raises_no_doubt() -> None:
    assert remarks(POINTS) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            replaced(APPROVAL, "num_projects;5", "num_projects;6"),
            "文件写明项目 6 个，实际 5 个。",
            id="num_projects",
        ),
        pytest.param(
            replaced(APPROVAL, "num_votes;6", "num_votes;many"),
            "文件写明选票 many 张，实际 6 张。",
            id="num_votes",
        ),
        pytest.param(
            replaced(APPROVAL, "600.50;4", "600.50;5"),
            "项目 A/1：文件写明 5 票，重新计数是 4 票。",
            id="votes",
        ),
        pytest.param(
            replaced(POINTS, "3;14;", "3;14.5;"),
            "项目 p1：文件写明得分 14.5，重新计数是 14。",
            id="score",
        ),
        pytest.param(
            replaced(APPROVAL, "3;A/1;", "3;A/1,A/1;"),
            "有 1 张选票重复选了同一个项目，按一次计（首见第 27 行）。",
            id="repeated picks",
        ),
        pytest.param(
            replaced(POINTS, "3;p1,p5;5,2", "3;p1,p1,p5;2,3,2"),
            "有 1 张选票给同一个项目打分不止一次，分数相加（首见第 27 行）。",
            id="repeated points",
        ),
        pytest.param(APPROVAL, "有 1 张空白票，计入选票总数（首见第 30 行）。", id="blank"),
        pytest.param(
            replaced(APPROVAL, "3;A/1;", "3;A/1,,;"),
            "有 1 张选票含有多余的逗号，已略过（首见第 27 行）。",
            id="extra commas",
        ),
        pytest.param(
            replaced(APPROVAL, "2;A/1,A/2,A/3", "2;A/1,A/2,A/3,02,2"),
            "有 1 张选票多于 3 项，仍然计入（首见第 26 行）。",
            id="too many",
        ),
        pytest.param(
            replaced(APPROVAL, "\n4;A/1", "\n1;A/1"),
            "有 1 张选票的 voter_id 与别的选票相同，全部计入（首见第 28 行）。",
            id="the same voter",
        ),
        pytest.param(
            replaced(APPROVAL, "3;A/1;33", "3;A/1"),
            "有 1 行少于表头的列数，缺少的按空白计（首见第 27 行）。",
            id="short row",
        ),
        pytest.param(
            replaced(APPROVAL, "A/2;500;", "A/2;1,500;"),
            "有 1 个金额的小数多于两位，按小数计（首见第 19 行）。",
            id="a comma that may have meant thousands",
        ),
        pytest.param(
            replaced(APPROVAL, "vote;age", "vote;vote_strength"),
            "VOTES 部分的 vote_strength 列没有计入，每张选票都按一票计。",
            id="weights",
        ),
        pytest.param(
            replaced(RANKS, "rule;unknown", "scoring_fn;5-3-1"),
            "文件的 scoring_fn 是 5-3-1，这里按名次计分：第一名 k 分，最后一名 1 分。",
            id="another scoring",
        ),
    ],
)
def test_what_the_reader_should_know_is_said(text: str, expected: str) -> None:
    assert expected in remarks(text)


def test_a_file_that_differs_everywhere_says_so_in_few_lines() -> None:
    head = "META\nkey;value\nbudget;1\nvote_type;approval\nPROJECTS\nproject_id;cost;votes;score\n"
    rows = "".join(f"{number};1;7;8\n" for number in range(100))
    found = remarks(f"{head}{rows}VOTES\nvoter_id;vote\n")
    assert len(found) == 42
    assert "还有 80 个项目的票数与重新计数不同。" in found
    assert "还有 80 个项目的得分与重新计数不同。" in found


def test_no_ballot_at_all_is_an_election_without_winners() -> None:
    text = APPROVAL[: APPROVAL.index("1;A/1,A/2;70")]
    election = read(text)
    assert election.ballot_count == 0
    assert allocate(election, Rule.GREEDY).funded == ()
