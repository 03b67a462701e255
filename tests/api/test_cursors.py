from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.api.rules import BadCursor, BadLimit, read_cursor, read_limit, write_cursor
from voting.api.rules.writing import moment, money

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- the zone follows
WHOLE = st.integers(-(2**63) + 1, 2**63 - 1)


@given(MOMENTS, TEXTS, WHOLE)
def test_a_cursor_gives_back_what_it_was_made_of(at: datetime, text: str, number: int) -> None:
    wrapped = write_cursor([at, text, number])
    assert read_cursor(wrapped, [datetime, str, int]) == (at, text, number)


@given(st.one_of(st.text(max_size=60), st.binary(max_size=60).map(bytes.hex)))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    for kinds in ([str], [datetime, str], [int]):
        try:
            read_cursor(text, kinds)
        except BadCursor:
            continue
        assert isinstance(text, str)


@pytest.mark.parametrize("value", [True, 2**63, 1.5, None, [1], "1"])
def test_a_number_is_a_number(value: object) -> None:
    with pytest.raises(BadCursor):
        read_cursor(write_cursor([value]), [int])


@pytest.mark.parametrize("text", ["", "-1", "1.0", " 1", "٣", "1000", "0", "101"])
def test_a_limit_is_one_to_a_hundred(text: str) -> None:
    with pytest.raises(BadLimit):
        read_limit(text)
    assert (read_limit(None), read_limit("1"), read_limit("100")) == (50, 1, 100)


def test_amounts_below_zero_keep_their_sign() -> None:
    assert money(-5) == {"cents": -5, "yuan": "-0.05"}
    assert moment(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T08:00:00+08:00"
