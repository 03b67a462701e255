from collections.abc import Sequence
from datetime import date

import pytest

from tests.factories.roll import REFERENCE, Cells, identity_number, person, rows, sheet
from voting.roll.rules.age import AgeBand, TooYoung, UnlikelyAge
from voting.roll.rules.cells import CellIsDate, CellRounded, WrongBasis
from voting.roll.rules.columns import RollEmpty
from voting.roll.rules.doubles import TwoNames
from voting.roll.rules.entries import read_sheet
from voting.roll.rules.identity import NumberDamaged, WrongCheckDigit
from voting.roll.rules.names import NameMissing, WrongPhone
from voting.roll.rules.reading import Fault, Reading, Terms
from voting.roll.rules.rooms import RoomMissing

TERMS = Terms(reference_day=REFERENCE, min_age=15, birthday_counts=True, today=date(2026, 11, 23))
NUMBER, BASIS, ROOM, PHONE = 1, 2, 3, 4
DAMAGED = next(
    number
    for day in range(1, 29)
    if (number := identity_number(date(1981, 1, day), order=300)).endswith("000")
)


def read(people: Sequence[Cells], terms: Terms = TERMS) -> Reading:
    return read_sheet(list(rows(sheet(people))), terms)


def changed(index: int, **cells: object) -> list[object]:
    person_ = person(index)
    for place, value in cells.items():
        person_[int(place.removeprefix("at"))] = value
    return person_


def shown(faults: Sequence[Fault]) -> list[tuple[int, str, type]]:
    return [(fault.row, fault.column, type(fault.refusal)) for fault in faults]


def test_a_good_row_becomes_an_entry_with_its_building_apart_from_its_room() -> None:
    (entry,) = read([person(0)]).entries
    assert (entry.row, entry.name, entry.basis) == (2, "王一一", "居住")
    assert (entry.building, entry.room, entry.phone) == ("1栋", "1单元101", "13800000000")
    assert entry.band is AgeBand.FROM_70


def test_an_entry_shows_nothing_of_the_person_by_accident() -> None:
    (entry,) = read([person(0)]).entries
    assert repr(entry) == "Entry(row=2)"


def test_all_faults_of_a_row_are_told_at_once_with_row_and_column() -> None:
    reading = read([["", "36010", "户籍", "", "1"], person(1)])
    assert [(fault.row, fault.column) for fault in reading.faults] == [
        (2, "姓名"), (2, "证件号码"), (2, "类型"), (2, "手机号"),
    ]  # fmt: skip
    assert (reading.rows, reading.rejected, len(reading.entries)) == (2, 1, 1)
    assert isinstance(reading.faults[0].refusal, NameMissing)
    assert isinstance(reading.faults[2].refusal, WrongBasis)
    assert isinstance(reading.faults[3].refusal, WrongPhone)


def test_only_who_lives_here_must_give_a_room() -> None:
    reading = read([
        changed(0, at3=""),
        changed(1, at2="工作", at3=""),
        changed(2, at2="学习", at3=None),
    ])  # fmt: skip
    assert shown(reading.faults) == [(2, "楼栋房号", RoomMissing)]
    assert [entry.building for entry in reading.entries] == ["", ""]


def test_rows_keep_the_numbers_the_spreadsheet_shows() -> None:
    lines = [["名册"], [], sheet()[0], person(0), [], ["", None, " "], changed(1, at1="")]
    reading = read_sheet(list(rows(lines)), TERMS)
    assert [entry.row for entry in reading.entries] == [4]
    assert [fault.row for fault in reading.faults] == [7]


def test_a_sheet_with_a_header_only_is_empty() -> None:
    with pytest.raises(RollEmpty):
        read_sheet([(1, sheet()[0])], TERMS)


def test_a_row_that_stands_there_twice_counts_once() -> None:
    again = changed(0, at1=str(person(0)[NUMBER]).lower(), at2="工作")
    reading = read([person(0), person(1), again, person(0)])
    assert [entry.row for entry in reading.entries] == [2, 3]
    assert (reading.repeated, reading.faults) == (2, [])


def test_one_number_under_two_names_rejects_every_such_row() -> None:
    reading = read([person(0), person(1), changed(0, at0="李四五")])
    assert shown(reading.faults) == [(2, "姓名", TwoNames), (4, "姓名", TwoNames)]
    assert "第 2、4 行" in str(reading.faults[0].refusal)
    assert [entry.row for entry in reading.entries] == [3]


def test_a_conflict_of_very_many_rows_names_the_first_ones_only() -> None:
    people = [changed(0, at0=f"王{'一二'[index % 2]}") for index in range(2000)]
    reading = read(people)
    assert reading.rejected == 2000
    assert len(str(reading.faults[-1].refusal)) < 80


def test_ages_are_those_of_the_reference_day() -> None:
    reading = read([
        changed(0, at1=identity_number(date(2011, 11, 30))),
        changed(1, at1=identity_number(date(2011, 12, 1))),
        changed(2, at1=identity_number(date(1920, 1, 1))),
    ])  # fmt: skip
    assert [entry.band for entry in reading.entries] == [AgeBand.FROM_15]
    assert shown(reading.faults) == [(3, "证件号码", TooYoung), (4, "证件号码", UnlikelyAge)]


def test_the_round_decides_whether_the_birthday_counts() -> None:
    strict = Terms(REFERENCE, 15, birthday_counts=False, today=TERMS.today)
    born_15_years_ago = changed(0, at1=identity_number(date(2011, 11, 30)))
    assert shown(read([born_15_years_ago], strict).faults) == [(2, "证件号码", TooYoung)]


def test_numbers_and_rooms_that_a_spreadsheet_spoilt_are_told_apart_from_wrong_ones() -> None:
    reading = read([
        changed(0, at1=3.60103201011220e17),
        changed(1, at1="3.60103E+17"),
        changed(2, at1="360103201011220014"),
        changed(3, at3=date(2026, 3, 2)),
    ])  # fmt: skip
    assert shown(reading.faults) == [
        (2, "证件号码", CellRounded),
        (3, "证件号码", NumberDamaged),
        (4, "证件号码", WrongCheckDigit),
        (5, "楼栋房号", CellIsDate),
    ]


def test_a_number_that_truly_ends_in_000_is_listed_from_a_sound_sheet() -> None:
    reading = read([changed(0, at1=DAMAGED), person(1)])
    assert (len(reading.entries), reading.faults) == (2, [])


def test_a_number_that_ends_in_000_is_refused_from_a_spoilt_sheet() -> None:
    reading = read([changed(0, at1=DAMAGED), changed(1, at1="3.60103E+17"), person(2)])
    assert shown(reading.faults) == [
        (2, "证件号码", NumberDamaged),
        (3, "证件号码", NumberDamaged),
    ]
    assert [entry.row for entry in reading.entries] == [4]


def test_no_fault_repeats_what_a_cell_held() -> None:
    reading = read([
        ["王1", "360103201011220014", "户籍在此", "3" * 61, "138000000001"],
        [*person(0)[:4], "029"],
    ])  # fmt: skip
    told = " ".join(str(fault.refusal) for fault in reading.faults)
    assert len(reading.faults) == 6
    for secret in ("王1", "36010", "户籍在此", "3333", "1380", "029"):
        assert secret not in told
