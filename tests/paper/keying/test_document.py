"""The record of adjudications as a paper."""

from typing import Any

from tests.factories.ballots import NOW
from tests.papers import embedded, make, pages, render, running_text
from voting.paper.document.adjudication import DecisionRow, Record, decision_record


def record(rows=3, **changes):
    row = DecisionRow(
        at=NOW, serial="123 456 784", is_counted=True, reason="勾在两行之间", officer="吴丽",
        monitor="陈枫",
    )  # fmt: skip
    lines = tuple(
        DecisionRow(**(vars(row) | {"is_counted": bool(at)})) for at in range(rows)
    )  # fmt: skip
    facts: dict[str, Any] = {
        "round_title": "南烟小区2026年第一轮“幸福微实事”",
        "printed_at": NOW,
        "rows": lines,
    }
    return decision_record(Record(**(facts | changes)), render=render)


def test_the_record_names_paper_outcome_and_witnesses_and_no_choice():
    said = running_text(make(record()))
    for words in ("裁定记录", "123456784", "计入2张，整张无效1张", "陈枫", "总监票人签名", "10:00"):
        assert words in said
    assert "第一遍" not in said


def test_a_long_record_breaks_between_rows_and_keeps_to_our_typefaces():
    content = make(record(rows=80))
    assert len(pages(content)) > 1
    assert embedded(content) <= {"FandolHei-Regular", "FandolSong-Bold", "FandolHei-Bold"}


def test_a_record_of_a_rehearsal_says_so():
    assert "演练" in running_text(make(record(rehearsal=True)))
