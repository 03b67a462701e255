from dataclasses import replace
from datetime import date

import pytest

from voting.notices.rules import (
    PaperSection,
    PaperTable,
    PlainPaper,
    Signature,
    committee_name,
    desk_number,
    read_facts,
    rehearsal_number,
    write_facts,
)

WORKS = PaperTable(
    ("编号", "项目名称", "类别", "预算（万元）"),
    (("1", "站南巷12栋至18栋之间空中弱电飞线入地", "工程", "86.40"), ("2", "感应灯", "设备", "—")),
    ("", "合计", "", "86.40"),
)
PAPER = PlainPaper(
    title="关于暂停南烟小区2026年第二轮“幸福微实事”的公告",
    opening=("有关事项公告如下。",),
    sections=(
        PaperSection("一、候选项目", (), WORKS),
        PaperSection("二、其他", ("（一）时间。另行公告。", "有事请打电话。")),
    ),
    signature=Signature(("南站街道办事处",), date(2026, 11, 23)),
    url="https://vote.example.cn/rounds/r1?x=1",
    number="2026-0001",
)


def test_a_paper_survives_being_written_and_read() -> None:
    assert read_facts(PlainPaper, write_facts(PAPER)) == PAPER
    assert read_facts(PlainPaper, write_facts(replace(PAPER, sections=()))).sections == ()


def test_what_was_written_before_a_field_came_is_read_with_its_default() -> None:
    text = write_facts(PAPER).replace(',"rehearsal":false', "")
    assert read_facts(PlainPaper, text) == PAPER


def test_columns_fill_the_type_area_and_short_words_are_never_broken() -> None:
    assert sum(WORKS.widths) == pytest.approx(156, abs=5)
    number, title, category, cost = WORKS.widths
    assert title > 2 * max(number, category, cost)
    assert number >= 4 * 2.1


@pytest.mark.parametrize("text", ["长" * 400, "x" * 400, ""])
def test_one_long_cell_does_not_push_the_others_out(text: str) -> None:
    table = PaperTable(("序号", "建议", "说明"), (("1", text, "短"), ("2", "感应灯更换", "无")))
    assert sum(table.widths) == pytest.approx(156, abs=5)
    assert min(table.widths) >= 8


def test_many_narrow_columns_share_what_there_is() -> None:
    table = PaperTable(tuple(f"列{at}" for at in range(12)), (tuple("123456789012345"[:12]),))
    assert sum(table.widths) == pytest.approx(156, abs=12)


def test_a_table_without_rows_has_widths_and_kinds() -> None:
    table = PaperTable(("身份", "签字"), ())
    assert sum(table.widths) == pytest.approx(156, abs=2)
    assert table.is_short


def test_figures_stand_right_counters_and_short_words_in_the_middle() -> None:
    assert WORKS.kinds == ["c", "", "c", "n"]
    assert WORKS.named == 1


def test_a_long_table_or_one_with_long_cells_may_be_broken() -> None:
    assert WORKS.is_short
    assert not replace(WORKS, rows=WORKS.rows * 8).is_short
    assert not replace(WORKS, rows=(("1", "长" * 60, "工程", "1.00"),)).is_short


def test_the_last_words_stay_with_the_signature() -> None:
    assert PAPER.parting == PaperSection("", ("有事请打电话。",))
    assert PAPER.body[-1] == PaperSection("二、其他", ("（一）时间。另行公告。",))
    single = replace(PAPER, sections=(PaperSection("一、说明", ("只有一段。",)),))
    assert single.parting == PaperSection("一、说明", ("只有一段。",))
    assert single.body == ()


@pytest.mark.parametrize("sections", [(), PAPER.sections[:1], (PaperSection("一、空的"),)])
def test_a_paper_that_ends_with_a_table_or_nothing_keeps_its_sections(
    sections: tuple[PaperSection, ...],
) -> None:
    paper = replace(PAPER, sections=sections)
    assert (paper.body, paper.parting) == (sections, None)


def test_a_short_first_sentence_with_its_number_is_set_apart() -> None:
    assert PAPER.sections[1].led == [("（一）时间。", "另行公告。"), ("", "有事请打电话。")]


def test_the_code_leads_to_this_site_whatever_its_address_was() -> None:
    assert PAPER.path == "/rounds/r1"
    assert replace(PAPER, url="").path == ""


def test_series_are_told_apart_by_their_numbers() -> None:
    assert (desk_number(2026, 3), rehearsal_number(2026, 3)) == ("内2026-0003", "演2026-0003")


@pytest.mark.parametrize(
    ("name", "signs"),
    [
        ("站南巷社区", "站南巷社区居民委员会"), ("桃花村", "桃花村村民委员会"),
        ("站南巷社区居委会", "站南巷社区居委会"),
    ],
)  # fmt: skip
def test_a_community_signs_as_its_committee(name: str, signs: str) -> None:
    assert committee_name(name) == signs
