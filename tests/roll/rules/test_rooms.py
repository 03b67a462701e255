import pytest

from voting.roll.rules.rooms import (
    BuildingMissing,
    RoomIsDate,
    RoomTooLong,
    is_same_room,
    join,
    read_room,
)


@pytest.mark.parametrize(
    ("typed", "building", "room"),
    [
        ("3栋2单元502", "3栋", "2单元502"),
        ("3栋502室", "3栋", "502室"),
        ("3-2-502", "3栋", "2-502"),
        ("３－２－５０２", "3栋", "2-502"),
        ("3—502", "3栋", "502"),
        ("3/502", "3栋", "502"),
        ("3 栋 2 单元 502", "3栋", "2单元502"),
        ("幸福里小区3栋2单元502", "幸福里小区3栋", "2单元502"),
        ("幸福里3-502", "幸福里3栋", "502"),
        ("3号楼502", "3号楼", "502"),
        ("3#502", "3#", "502"),
        ("A座1203", "A座", "1203"),
        ("a座-1203", "A座", "1203"),
        ("十二栋502", "十二栋", "502"),
        ("12幢", "12幢", ""),
        ("桃花路12号502室", "桃花路12号", "502室"),
        ("老宿舍502", "老宿舍", "502"),
        ("老宿舍", "老宿舍", ""),
        ("2单元502", "2单元", "502"),
        ("502", "", "502"),
        ("502室", "", "502室"),
        ("", "", ""),
    ],
)
def test_the_building_is_what_stands_before_the_room(typed: str, building: str, room: str) -> None:
    assert read_room(typed) == (building, room)


def test_an_address_longer_than_any_is_refused() -> None:
    with pytest.raises(RoomTooLong):
        read_room("3栋" + "2" * 60)


def test_hostile_text_is_refused() -> None:
    for text in ("3" * 100_000, "3-" * 50_000, "栋" * 100_000, "一" * 100_000):
        with pytest.raises(RoomTooLong):
            read_room(text)


@pytest.mark.parametrize(
    ("asked", "kept", "same"),
    [
        ("1单元", "1单元502", True),
        ("1单元", "2单元101", False),
        ("单元", "1单元502", False),
        ("502", "2单元502", True),
        ("502", "502室", True),
        ("502", "1502", False),
        ("2单元502", "2-502", True),
        ("2-502", "3-502", False),
        ("1203", "2单元1203", True),
        ("502A", "502A", True),
        ("502", "502A", False),
        ("室", "502室", False),
    ],
)
def test_a_room_is_found_by_its_figures(asked: str, kept: str, *, same: bool) -> None:
    assert is_same_room(asked, kept) is same


@pytest.mark.parametrize(
    "typed", ["2026/3/2", "2026-03-02 00:00:00", "2026年3月2日", "3月2日", "2-Mar", "Mar-02"]
)
def test_a_room_that_became_a_date_is_told(typed: str) -> None:
    with pytest.raises(RoomIsDate):
        read_room(typed)


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        (("3", "2", "502"), "3栋2单元502"),
        (("3栋", "2单元", "502室"), "3栋2单元502室"),
        (("12", "", "502"), "12栋502"),
        (("", "", ""), ""),
    ],
)
def test_a_place_in_parts_is_put_together(parts: tuple[str, str, str], place: str) -> None:
    assert join(*parts) == place


def test_a_door_without_its_building_is_told() -> None:
    with pytest.raises(BuildingMissing):
        join("", "2", "502")
