import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.reading import (
    WAN,
    YUAN,
    AmountOutOfRange,
    NotANumber,
    NotAPhone,
    TooPrecise,
    half_width,
    is_plain,
    read_money,
    read_phone,
    read_whole,
    shown,
    written_amount,
)


@pytest.mark.parametrize(
    ("text", "unit", "cents"),
    [
        ("30", WAN, 300_000_00),
        ("12.5", WAN, 125_000_00),
        ("0.000001", WAN, 1),
        ("8000.50", YUAN, 8000_50),
        ("１２．５", WAN, 125_000_00),
        (" 1,234,567 ", YUAN, 1_234_567_00),
        ("1，234", YUAN, 1_234_00),
        ("12。5", WAN, 125_000_00),
        ("1000000", WAN, 10**12),
    ],
)
def test_money_is_read_exactly(text, unit, cents):
    assert read_money(text, unit) == cents


@pytest.mark.parametrize(
    ("text", "unit", "refusal"),
    [
        ("", WAN, NotANumber),
        ("三十", WAN, NotANumber),
        ("-5", WAN, NotANumber),
        ("1e6", WAN, NotANumber),
        ("1.2.3", WAN, NotANumber),
        (".5", WAN, NotANumber),
        ("٣٠", WAN, NotANumber),
        ("NaN", WAN, NotANumber),
        ("9" * 13, YUAN, NotANumber),
        ("0.0000001", WAN, TooPrecise),
        ("0.001", YUAN, TooPrecise),
        ("0", WAN, AmountOutOfRange),
        (str(10**12), WAN, NotANumber),
        (str(10**12 - 1), WAN, AmountOutOfRange),
    ],
)
def test_what_is_no_amount_is_refused(text, unit, refusal):
    with pytest.raises(refusal):
        read_money(text, unit)


@given(st.integers(1, 10**12))
def test_an_amount_survives_the_form(cents):
    text, unit = written_amount(cents)
    assert read_money(text, unit) == cents


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("１０", 10), ("1,000", 1000), ("007", 7)])
def test_whole_numbers_are_read(text, number):
    assert read_whole(text) == number


@pytest.mark.parametrize("text", ["", "-1", "1.5", "十", "9" * 10, str(10**12), "1\x00"])
def test_what_is_no_whole_number_is_refused(text):
    with pytest.raises(NotANumber):
        read_whole(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13870001234", "13870001234"),
        ("１３８７０００１２３４", "13870001234"),
        ("138 7000 1234", "13870001234"),
        ("17000001234", "17000001234"),
        ("0791-86500000", "0791-86500000"),
        ("079186500000", "0791-86500000"),
        ("(0791) 86500000", "0791-86500000"),
        ("0791—86500000", "0791-86500000"),
        ("010-12345678", "010-12345678"),
    ],
)
def test_a_telephone_is_read_in_one_form(text, number):
    assert read_phone(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "12345", "86500000", "12870001234", "138700012345", "0791-865", "电话", "0791-8650000a"],
)
def test_what_nobody_can_dial_is_refused(text):
    with pytest.raises(NotAPhone):
        read_phone(text)


def test_a_text_without_invisible_characters_is_plain():
    assert is_plain("三单元（东）㛃䶮 No.3")
    assert is_plain("一\n二", lines=True)
    for bad in ("\x00", "\x1b[31m", "一\n二", "\u202e", "\u2028", "\ud800", "\u200b"):
        assert not is_plain(f"好{bad}")


def test_what_nobody_sees_is_shown_and_still_refused():
    assert shown("票\x00决\n㛃") == "票\ufffd决\n㛃"
    assert not is_plain(shown("票\x00决"))


def test_full_width_signs_become_ordinary_ones():
    assert half_width("ＡＢ１２（）") == "AB12()"
