from datetime import date, datetime, time, timedelta

import pytest

from tests.factories.roll import HEADER, Cells, identity_number, rows
from voting.roll.models import BASIS_NAMES
from voting.roll.rules.cells import (
    BASIS_WORDS,
    CellIsDate,
    CellRounded,
    CellTooLong,
    CellUnprintable,
    WrongBasis,
    WrongCell,
    read_basis,
    read_cell,
)
from voting.roll.rules.columns import (
    ColumnMissing,
    ColumnTwice,
    HeaderMissing,
    find_header,
)


def test_the_columns_may_stand_in_any_order() -> None:
    header = find_header(rows([["楼栋房号", "手机号", "备注", "类型", "证件号码", "姓名"]]))
    assert header.row == 1
    assert header.cells_of(["3栋", "138", "x", "居住", "36", "王一"]) == {
        "姓名": "王一", "证件号码": "36", "类型": "居住", "楼栋房号": "3栋", "手机号": "138",
    }  # fmt: skip


def test_the_telephone_column_may_be_absent_and_short_rows_are_filled() -> None:
    header = find_header(rows([HEADER[:4]]))
    assert "手机号" not in header.places
    assert header.cells_of(["王一"])["楼栋房号"] is None


@pytest.mark.parametrize("above", range(20))
def test_the_header_is_found_in_the_first_twenty_rows(above: int) -> None:
    title: list[Cells] = [["南烟小区名册"]]
    title += [[None]] * 30
    assert find_header(rows([*title[:above], HEADER])).row == above + 1


def test_a_header_in_row_twenty_one_is_not_looked_for() -> None:
    with pytest.raises(HeaderMissing):
        find_header(rows([*([["说明"]] * 20), HEADER]))


def test_a_title_that_names_a_column_is_not_taken_for_the_header() -> None:
    assert find_header(rows([["姓名"], HEADER])).row == 2


def test_spaces_and_remarks_in_the_header_do_no_harm() -> None:
    header = find_header(rows([["姓 名*", "证件号码（必填）", "类型：", " 楼栋房号\n"]]))
    assert set(header.places) == set(HEADER[:4])


@pytest.mark.parametrize("absent", HEADER[:4])
def test_the_refusal_names_the_column_that_is_missing(absent: str) -> None:
    with pytest.raises(ColumnMissing) as refused:
        find_header(rows([[column for column in HEADER if column != absent]]))
    assert refused.value.values == {"columns": absent}
    assert absent in str(refused.value)


def test_several_missing_columns_are_all_named() -> None:
    with pytest.raises(ColumnMissing, match="证件号码、楼栋房号"):
        find_header(rows([["姓名", "类型"]]))


def test_a_column_that_stands_there_twice_is_named() -> None:
    with pytest.raises(ColumnTwice, match="姓名"):
        find_header(rows([[*HEADER, "姓名"]]))


def test_a_sheet_without_header_is_refused_without_repeating_its_cells() -> None:
    with pytest.raises(HeaderMissing) as refused:
        find_header(rows([["王一", identity_number()]]))
    assert "王" not in str(refused.value)


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        pytest.param(None, "", id="nothing"),
        pytest.param(" 3栋 ", "3栋", id="text"),
        pytest.param(13800000000.0, "13800000000", id="telephone as float"),
        pytest.param(13800000000, "13800000000", id="telephone as whole number"),
        pytest.param(502.0, "502", id="room as float"),
        pytest.param(3.5, "3.5", id="fraction"),
        pytest.param("'3601", "3601", id="apostrophe"),
        pytest.param("\t3601", "3601", id="tab"),
        pytest.param('="3601"', "3601", id="formula that keeps text"),
        pytest.param("3栋\n502", "3栋\n502", id="line break"),
        pytest.param(360103201011220015, "360103201011220015", id="exact whole number"),
        pytest.param(float("nan"), "nan", id="not a number"),
        pytest.param(float("inf"), "inf", id="infinite"),
    ],
)
def test_a_cell_gives_the_text_that_was_typed(stored: object, text: str) -> None:
    assert read_cell(stored) == text


@pytest.mark.parametrize(
    ("stored", "refusal"),
    [
        pytest.param(3.60103201011220e17, CellRounded, id="float"),
        pytest.param(360103201011220000, CellRounded, id="cut to 15 digits"),
        pytest.param(int(float(360103201011220015)), CellRounded, id="held as float once"),
        pytest.param(-360103201011220000, CellRounded, id="negative"),
        pytest.param(1e300, CellRounded, id="huge"),
        pytest.param(datetime(2026, 3, 2), CellIsDate, id="3-2 as date and time"),  # noqa: DTZ001 -- as a sheet has it
        pytest.param(date(2026, 3, 2), CellIsDate, id="date"),
        pytest.param(time(3, 2), CellIsDate, id="time"),
        pytest.param(timedelta(hours=30), CellIsDate, id="duration"),
        pytest.param(True, WrongCell, id="truth"),
        pytest.param("王" * 201, CellTooLong, id="long"),
        pytest.param("王" * 100_000, CellTooLong, id="very long"),
        pytest.param("王\0一", CellUnprintable, id="NUL"),
        pytest.param("王\x1b[31m一", CellUnprintable, id="escape"),
        pytest.param("王\x7f一", CellUnprintable, id="delete"),
    ],
)
def test_what_a_spreadsheet_has_spoilt_is_refused(stored: object, refusal: type[WrongCell]) -> None:
    with pytest.raises(WrongCell) as refused:
        read_cell(stored)
    assert type(refused.value) is refusal


def test_the_words_of_the_template_are_those_of_the_roll() -> None:
    assert tuple(BASIS_NAMES.values()) == BASIS_WORDS
    assert [read_basis(f" {word[0]} {word[1]} ") for word in BASIS_WORDS] == list(BASIS_WORDS)


@pytest.mark.parametrize("word", ["", "住", "户籍", "居住工作", "live"])
def test_another_word_is_no_basis(word: str) -> None:
    with pytest.raises(WrongBasis):
        read_basis(word)
