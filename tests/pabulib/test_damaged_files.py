import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.pabulib.rules import records
from voting.pabulib.rules.election import read_election
from voting.pabulib.rules.refusals import DamagedFile

FILES = Path(__file__).parent / "files"
APPROVAL = (FILES / "approval.pb").read_text(encoding="utf-8")
POINTS = (FILES / "points.pb").read_text(encoding="utf-8")


def refusal_of(data: bytes) -> str:
    with pytest.raises(DamagedFile) as caught:
        read_election(io.BytesIO(data))
    sentence = str(caught.value)
    assert len(sentence.splitlines()) == 1
    return sentence


def with_change(text: str, old: str, new: str) -> bytes:
    assert text.count(old) == 1
    return text.replace(old, new).encode()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("META\nkey;value\n", "", "第 1 行：开头应当是 META，这里是 description。"),
        ("key;value\n", "", "第 2 行：META 部分没有表头，应当是 key;value。"),
        ("PROJECTS\n", "", "第 16 行：这是 PROJECTS 部分的表头，上一行应当是 PROJECTS。"),
        ("VOTES\n", "", "第 23 行：这是 VOTES 部分的表头，上一行应当是 VOTES。"),
        ("VOTES\n", "PROJECTS\n", "第 23 行：PROJECTS 部分重复出现。"),
        ("project_id;", "project;", "第 17 行：PROJECTS 部分缺少 project_id 列。"),
        (";cost;", ";price;", "第 17 行：PROJECTS 部分缺少 cost 列。"),
        ("voter_id;", "voter;", "第 24 行：VOTES 部分缺少 voter_id 列。"),
        (";vote;age", ";votes;age", "第 24 行：VOTES 部分缺少 vote 列。"),
        ("vote;age", "vote;vote", "第 24 行：VOTES 部分的 vote 列重复。"),
        ("budget;1000.00\n", "", "第 1 行：META 部分没有 budget。"),
        ("budget;1000.00", "budget;", "第 9 行：META 部分没有 budget。"),
        ("budget;1000.00", "budget", "第 9 行：缺少 value 一格，这一行不完整。"),
        ("vote_type;approval\n", "", "第 1 行：META 部分没有 vote_type。"),
        (";approval\n", ";scoring\n", "第 10 行：不能计 vote_type 为 scoring 的选票。"),
        ("unit;", "country;", "第 5 行：META 的 country 重复，第 4 行已经有了。"),
        ("unit;", ";", "第 5 行：缺少 key 一格，这一行不完整。"),
        ("A/2;500;", "A/1;500;", "第 19 行：项目编号 A/1 重复，第 18 行已经有了。"),
        ("A/2;500;", ";500;", "第 19 行：项目编号是空的。"),
        ("A/2;500;", '"A,2";500;', "第 19 行：项目编号 A,2 含有逗号，选票无法写明。"),
        ("A/2;500;3", "A/2", '第 19 行：cost 不是数字：A "quiet" bench; with a roof。'),
        ("2;10;0;Bird box;greenery;all;0", "2", "第 22 行：缺少 cost 一格，这一行不完整。"),
        ("A/2;500;", "A/2;cheap;", "第 19 行：cost 不是数字：cheap。"),
        ("A/2;500;", "A/2;;", "第 19 行：cost 不是数字：（空）。"),
        ("A/2;500;", "A/2;-500;", "第 19 行：cost 不能小于零：-500。"),
        ("A/2;500;", "A/2;1e5;", "第 19 行：cost 不是数字：1e5。"),
        ("A/2;500;", "A/2;nan;", "第 19 行：cost 不是数字：nan。"),
        ("A/2;500;", "A/2;+5;", "第 19 行：cost 不是数字：+5。"),
        ("A/2;500;", "A/2;5_0;", "第 19 行：cost 不是数字：5_0。"),
        ("A/2;500;", "A/2;٥٠٠;", "第 19 行：cost 不是数字：٥٠٠。"),
        ("A/2;500;", "A/2;1 500;", "第 19 行：cost 不是数字：1 500。"),
        ("A/2;500;", "A/2;1.500,00;", "第 19 行：cost 不是数字：1.500,00。"),
        ("A/2;500;", "A/2;.;", "第 19 行：cost 不是数字：.。"),
        ("A/2;500;", f"A/2;{'9' * 5000};", "第 19 行：cost 的数字太大或太长：9999"),
        ("budget;1000.00", "budget;plenty", "第 9 行：budget 不是数字：plenty。"),
        ("budget;1000.00", "budget;-1", "第 9 行：budget 不能小于零：-1。"),
        ("3;A/1;", "3;A/9;", "第 27 行：选票里的 A/9 不在项目表中。"),
        ("3;A/1;", "3;a/1;", "第 27 行：选票里的 a/1 不在项目表中。"),
        ("3;A/1;33", "3", "第 27 行：缺少 vote 一格，这一行不完整。"),
        ("3;A/1;33", "3;A/1;33;x", "第 27 行：有 4 格，表头只有 3 列。"),
        ("3;A/1;33", "3;A/\0;33", "第 27 行：含有空字符（NUL），不是文本文件。"),
        ("3;A/1;33", "3;A/\r1;33", "第 27 行：换行符不对，行尾应当是 LF 或 CRLF。"),
        ("3;A/1;33", '3;"A/1;33', "第 27 行：引号没有成对。"),
        ("6;;50", '6;"A/1', "第 30 行：引号没有成对。"),
        (";Ramp;", ';"Ramp;', "第 20 行：引号没有成对。"),
    ],
)
def test_a_damaged_file_is_refused_with_its_line(old: str, new: str, sentence: str) -> None:
    assert sentence in refusal_of(with_change(APPROVAL, old, new))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("vote;points", "vote;pts", "第 24 行：VOTES 部分缺少 points 列。"),
        ("3;p1,p5;5,2", "3;p1,p5;5", "第 27 行：选了 2 项，却有 1 个分数。"),
        ("3;p1,p5;5,2", "3;p1,p5", "第 27 行：选了 2 项，却有 0 个分数。"),
        ("3;p1,p5;5,2", "3;;5", "第 27 行：选了 0 项，却有 1 个分数。"),
        ("3;p1,p5;5,2", "3;p1,;5,2", "第 27 行：选票里有空的项目编号。"),
        ("3;p1,p5;5,2", "3;p1,p5;5,x", "第 27 行：points 不是数字：x。"),
        ("3;p1,p5;5,2", "3;p1,p5;5,-2", "第 27 行：points 不能小于零：-2。"),
        ("threshold;3", "threshold;some", "第 15 行：min_project_score_threshold 不是数字：some。"),
    ],
)
def test_damaged_points_are_refused_with_their_line(old: str, new: str, sentence: str) -> None:
    assert refusal_of(with_change(POINTS, old, new)) == sentence


def test_the_line_is_that_of_the_file_even_after_a_cell_of_several_lines() -> None:
    text = APPROVAL.replace(";Ramp;", ';"Ramp\n\nand rail";')
    assert refusal_of(with_change(text, "3;A/1;", "3;A/9;")).startswith("第 29 行：")


@pytest.mark.parametrize("section", ["META", "PROJECTS", "VOTES"])
def test_a_missing_section_is_named(section: str) -> None:
    parts = {
        "META": "META\nkey;value\nbudget;1\nvote_type;approval\n",
        "PROJECTS": "PROJECTS\nproject_id;cost\na;1\n",
        "VOTES": "VOTES\nvoter_id;vote\n1;a\n",
    }
    del parts[section]
    text = "".join(parts.values())
    lines = text.count("\n")
    assert refusal_of(text.encode()) == f"第 {lines} 行：文件到此结束，没有 {section} 部分。"


def test_a_section_that_ends_before_its_header_is_named() -> None:
    text = APPROVAL[: APPROVAL.index("voter_id")]
    assert refusal_of(text.encode()) == "第 23 行：VOTES 部分没有表头，应当是 voter_id;vote。"


def test_a_list_without_projects_is_refused() -> None:
    text = "META\nkey;value\nbudget;1\nvote_type;approval\nPROJECTS\nproject_id;cost\n"
    assert refusal_of(f"{text}VOTES\nvoter_id;vote\n".encode()) == (
        "第 5 行：PROJECTS 部分没有项目。"
    )


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b";;;\r\n"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert refusal_of(data) == "第 1 行：文件是空的。"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(
            APPROVAL.replace("Ramp", "Rampę").encode("cp1250"),
            "第 20 行：不是 UTF-8 编码。",
            id="cp1250",
        ),
        pytest.param(APPROVAL.encode("utf-16"), "第 1 行：含有空字符", id="utf-16"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "第 1 行：不是 UTF-8 编码。", id="picture"),
        pytest.param(
            b'{"budget": 1}', '第 1 行：开头应当是 META，这里是 {"budget": 1}。', id="json"
        ),
        pytest.param(APPROVAL.replace("\n", "\r").encode(), "第 1 行：换行符不对", id="old Mac"),
    ],
)
def test_another_kind_of_file_is_refused(data: bytes, sentence: str) -> None:
    assert refusal_of(data).startswith(sentence)


def test_text_of_the_file_cannot_break_out_of_the_sentence() -> None:
    evil = '"x\n\x1b[31m' + "y" * 500 + '"'
    sentence = refusal_of(with_change(APPROVAL, "3;A/1;", f"3;{evil};"))
    assert "\x1b" not in sentence
    assert len(sentence) < 80


class _Endless(io.BytesIO):
    """A stream without line ends that counts what was taken from it."""

    taken = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size > 0
        self.taken += size
        return b"x" * size


def test_an_endless_line_is_refused_before_it_is_read() -> None:
    source = _Endless()
    tracemalloc.start()
    with pytest.raises(DamagedFile, match="第 1 行：这一行太长"):
        read_election(source)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert source.taken < 2 * records.LINE_BYTES
    assert peak < 8 * records.LINE_BYTES


def test_a_quote_that_never_closes_is_refused_where_it_opens() -> None:
    text = with_change(APPROVAL, "3;A/1;", '3;"A/1;') + b"9;A/1;20\n" * 50_000
    assert refusal_of(text) == "第 27 行：引号没有成对。"


def test_a_quote_that_would_join_two_rows_is_refused() -> None:
    text = APPROVAL.replace(";Ramp;", ';"Ramp;').replace(";Notice board;", ';"Notice board";')
    assert refusal_of(text.encode()) == "第 20 行：引号没有成对。"


def test_a_cell_of_many_thousand_signs_is_refused() -> None:
    text = with_change(APPROVAL, ";Ramp;", f";{'R' * 200_000};")
    assert refusal_of(text) == "第 20 行：有一格太长，可能是引号没有成对。"


@pytest.mark.parametrize(("limit", "value"), [("MOST_LINES", 20), ("MOST_MEGABYTES", 0)])
def test_a_file_longer_than_any_election_is_refused(
    limit: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, limit, value)
    assert "文件太大" in refusal_of(APPROVAL.encode())


def test_a_header_of_a_hundred_thousand_columns_is_read_in_no_time() -> None:
    columns = ";".join(f"c{number}" for number in range(100_000))
    text = with_change(APPROVAL, "voter_id;vote;age", f"voter_id;vote;{columns}")
    assert read_election(io.BytesIO(text)).ballot_count == 6


def _cut(data: bytes, draw: st.DataObject) -> bytes:
    return data[: draw.draw(st.integers(0, len(data)))]


def _overwritten(data: bytes, draw: st.DataObject) -> bytes:
    at = draw.draw(st.integers(0, len(data) - 1))
    piece = draw.draw(st.sampled_from([b'"', b";", b"\n", b",", b"\0", b"\xff", b"-", b"9" * 30]))
    return data[:at] + piece + data[at + 1 :]


def _line_lost(data: bytes, draw: st.DataObject) -> bytes:
    lines = data.splitlines(keepends=True)
    del lines[draw.draw(st.integers(0, len(lines) - 1))]
    return b"".join(lines)


def _read_or_refused(data: bytes) -> str:
    try:
        election = read_election(io.BytesIO(data))
    except DamagedFile as refusal:
        return str(refusal)
    assert sum(election.ballots.values()) == election.ballot_count
    return ""


@pytest.mark.parametrize("damage", [_cut, _overwritten, _line_lost])
@given(draw=st.data())
def test_whatever_happens_to_a_file_it_is_read_or_refused_in_one_line(
    damage: Callable[[bytes, st.DataObject], bytes], draw: st.DataObject
) -> None:
    source = draw.draw(st.sampled_from([APPROVAL, POINTS])).encode()
    sentence = _read_or_refused(damage(source, draw))
    assert sentence == "" or sentence.startswith("第 ")
    assert len(sentence.splitlines()) <= 1
