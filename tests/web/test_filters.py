from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st

from voting.web import filters

MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
NEW_YEAR_IN_SHANGHAI = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cents", "shown"),
    [
        (12_500_000, "12.50"),
        (0, "0.00"),
        (800_000, "0.80"),
        (4_999, "0.00"),
        (5_000, "0.01"),
        (14_999, "0.01"),
        (100_000_000, "100.00"),
        (-1_500_000, "-1.50"),
    ],
)
def test_wan_has_two_decimals_and_rounds_half_up(cents: int, shown: str) -> None:
    assert filters.wan(cents) == shown


@pytest.mark.parametrize(
    ("cents", "shown"),
    [(800_000, "8000"), (800_050, "8000.50"), (5, "0.05"), (0, "0"), (-12_345, "-123.45")],
)
def test_yuan_shows_cents_only_where_there_are_some(cents: int, shown: str) -> None:
    assert filters.yuan(cents) == shown


@pytest.mark.parametrize(
    ("cents", "shown"),
    [
        (12_500_000, "12.50 万元"),
        (1_000_000, "1.00 万元"),
        (999_999, "9999.99 元"),
        (800_000, "8000 元"),
        (0, "0 元"),
        (-2_000_000, "-2.00 万元"),
    ],
)
def test_a_budget_below_ten_thousand_is_shown_in_yuan(cents: int, shown: str) -> None:
    assert filters.budget(cents) == shown


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (140_950, "人民币壹仟肆佰零玖元伍角"),
        (32_504, "人民币叁佰贰拾伍元零肆分"),
        (1_640_902, "人民币壹万陆仟肆佰零玖元零贰分"),
        (10_000_000, "人民币壹拾万元整"),
        (600_714, "人民币陆仟零柒元壹角肆分"),
        (5, "人民币伍分"),
        (0, "人民币零元整"),
        (50, "人民币伍角"),
        (55, "人民币伍角伍分"),
        (100, "人民币壹元整"),
        (1_004, "人民币壹拾元零肆分"),
        (100_500, "人民币壹仟零伍元整"),
        (10_700_053, "人民币壹拾万柒仟元伍角叁分"),
        (10_005_000, "人民币壹拾万零伍拾元整"),
        (10_001_000_000, "人民币壹亿零壹万元整"),
        (10_000_500_000, "人民币壹亿零伍仟元整"),
        (100_000_000_500, "人民币壹拾亿零伍元整"),
        (99_999_999_999_999, "人民币" + "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_capital_follows_the_rule_for_vouchers(cents: int, words: str) -> None:
    assert filters.capital(cents) == words


@pytest.mark.parametrize("cents", [-1, 100_000_000_000_000])
def test_capital_refuses_what_it_cannot_write(cents: int) -> None:
    with pytest.raises(ValueError, match="no capital form"):
        filters.capital(cents)


def _read_whole(words: str) -> int:
    """Read 大写 up to 元, by a way of its own: add up digit times place."""
    total, section, digit = 0, 0, 0
    for sign in words:
        if sign in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(sign)
        elif sign in "拾佰仟":
            section += digit * {"拾": 10, "佰": 100, "仟": 1000}[sign]
            digit = 0
        else:
            total += (section + digit) * {"元": 1, "万": 10_000, "亿": 100_000_000}[sign]
            section = digit = 0
    return total


@given(st.integers(min_value=1, max_value=999_999_999_999))
def test_capital_can_be_read_back(yuan: int) -> None:
    words = filters.capital(yuan * 100)
    assert "零零" not in words
    assert _read_whole(words.removeprefix("人民币").removesuffix("整")) == yuan


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2026, 11, 2), "2026年11月2日"),
        (MOMENT, "2026年11月22日"),
        (NEW_YEAR_IN_SHANGHAI, "2027年1月1日"),
    ],
)
def test_a_day_is_the_day_in_shanghai(value: date, shown: str) -> None:
    assert filters.day(value) == shown


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (date(2026, 11, 24), date(2026, 11, 30), "2026年11月24日至30日"),
        (date(2026, 11, 24), date(2026, 12, 3), "2026年11月24日至12月3日"),
        (date(2026, 12, 28), date(2027, 1, 3), "2026年12月28日至2027年1月3日"),
        (date(2026, 11, 24), date(2026, 11, 24), "2026年11月24日"),
        (MOMENT, NEW_YEAR_IN_SHANGHAI, "2026年11月22日至2027年1月1日"),
    ],
)
def test_a_range_does_not_repeat_what_both_days_share(first: date, last: date, shown: str) -> None:
    assert filters.day_range(first, last) == shown


def test_times_are_shown_in_shanghai() -> None:
    assert filters.clock(MOMENT) == "17:30"
    assert filters.clock(NEW_YEAR_IN_SHANGHAI) == "00:00"
    assert filters.day_clock(MOMENT) == "2026年11月22日 17:30"


@pytest.mark.parametrize("show", [filters.day, filters.clock, filters.day_clock, filters.short_day])
def test_a_moment_without_time_zone_is_refused(show: Callable[[datetime], str]) -> None:
    with pytest.raises(ValueError, match="time zone"):
        show(MOMENT.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2026, 11, 22), "11月22日（周日）"),
        (date(2026, 11, 23), "11月23日（周一）"),
        (NEW_YEAR_IN_SHANGHAI, "1月1日（周五）"),
    ],
)
def test_a_short_day_names_the_weekday(value: date, shown: str) -> None:
    assert filters.short_day(value) == shown


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (7, 10, "70.0%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (1, 2000, "0.1%"),
        (1, 2001, "0.0%"),
        (0, 5, "0.0%"),
        (5, 5, "100.0%"),
        (3, 2, "150.0%"),
        (3, 0, "—"),
    ],
)
def test_percent_has_one_decimal_and_rounds_half_up(
    numerator: int, denominator: int, shown: str
) -> None:
    assert filters.percent(numerator, denominator) == shown


@pytest.mark.parametrize(
    ("numerator", "denominator", "width"),
    [(3, 4, "75.0%"), (5, 4, "100.0%"), (-1, 4, "0.0%"), (1, 0, "0.0%")],
)
def test_a_bar_never_leaves_its_frame(numerator: int, denominator: int, width: str) -> None:
    assert filters.bar_width(numerator, denominator) == width


@pytest.mark.parametrize(
    ("code", "shown"),
    [("ABCD2345EFGH6789", "ABCD 2345 EFGH 6789"), ("ABCDE", "ABCD E"), ("", "")],
)
def test_a_code_is_grouped_by_four(code: str, shown: str) -> None:
    assert filters.grouped_code(code) == shown


@pytest.mark.parametrize(
    ("octets", "shown"),
    [
        (0, "0 字节"),
        (1023, "1023 字节"),
        (1024, "1.0 KB"),
        (1536, "1.5 KB"),
        (5 * 1024**2, "5.0 MB"),
        (3 * 1024**3, "3.0 GB"),
    ],
)
def test_a_file_size_is_short(octets: int, shown: str) -> None:
    assert filters.filesize(octets) == shown


def test_templates_know_every_filter() -> None:
    app = Flask(__name__)
    filters.register(app)
    with app.app_context():
        shown = render_template_string("{{ 12500000|budget }}，{{ 7|percent(10) }}")
    assert shown == "12.50 万元，70.0%"
    assert {function.__name__ for function in filters.FILTERS} <= set(app.jinja_env.filters)
