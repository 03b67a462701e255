from datetime import date
from typing import Any

import icalendar

from tests.factories.areas import NOW
from voting.adapters.calendars import Event, write_calendar


def read(content: bytes) -> Any:
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return event


def test_whole_days_end_on_the_day_after_the_last() -> None:
    day = date(2026, 12, 31)
    event = read(write_calendar("甲", [Event("d/1", "乙\n丙", day, day, "https://x")], stamp=NOW))
    assert event["DTEND"].dt == date(2027, 1, 1)
    assert str(event["SUMMARY"]) == "乙\n丙"


def test_long_lines_are_broken_between_characters() -> None:
    title = "楼道，“声控；灯”" * 40
    content = write_calendar(title, [Event("d/1", title, NOW, NOW, "https://x")], stamp=NOW)
    assert max(map(len, content.split(b"\r\n"))) <= 75
    assert str(read(content)["SUMMARY"]) == title


def test_nothing_can_be_slipped_in_by_a_title() -> None:
    title = "甲\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:乙"
    event = read(write_calendar("x", [Event("d/1", title, NOW, NOW, "https://x")], stamp=NOW))
    assert "END:VEVENT" in str(event["SUMMARY"])
