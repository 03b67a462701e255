import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.paper.rules.serials import check_digit, draw_serial, grouped, is_serial, read_serial

GOOD = "123456788"
BODIES = st.text("0123456789", min_size=8, max_size=8)


def test_the_check_digit_is_that_of_iso_7064():
    # ISO 7064 MOD 11,10 worked by hand over 12345678.
    product = 10
    for digit in "12345678":
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    assert check_digit("12345678") == str((11 - product) % 10) == "8"


@given(body=BODIES, at=st.integers(0, 8), other=st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_found(body: str, at: int, other: str):
    serial = body + check_digit(body)
    wrong = serial[:at] + other + serial[at + 1 :]
    assert is_serial(wrong) is (wrong == serial)


def test_a_drawn_serial_has_nine_digits_and_its_check_digit():
    assert all(is_serial(draw_serial()) for _ in range(200))


@pytest.mark.parametrize(
    "typed",
    [
        GOOD,
        f" {GOOD}\n",
        "123 456 788",
        "123-456-788",
        "123　456　788",
        "１２３４５６７８８",
        "No.123456788",
        "№ 123 456 788",
        "ＮＯ．１２３ ４５６ ７８８",
        f"https://vote.example.cn/b/abcdefghijklmnopqrstuvwxyz-2-{GOOD}-ABCD2345",
        f"HTTPS://VOTE.EXAMPLE.CN/B/ABCDEFGHIJKLMNOPQRSTUVWXYZ-2-{GOOD}-ABCD2345",
    ],
)
def test_a_serial_is_read_however_it_was_typed_or_scanned(typed: str):
    assert read_serial(typed) == GOOD


@pytest.mark.parametrize(
    "typed",
    ["", "1234", "123456789", "1234567880", "12345678８8", "一二三四五六七八九", "1" * 100_000,
     "https://vote.example.cn/c/abc", "HTTPS://VOTE.EXAMPLE.CN/B/R-2-123456789-ABCD2345", "²23456788"],
)  # fmt: skip
def test_what_no_paper_bears_is_no_serial(typed: str):
    assert read_serial(typed) is None


def test_a_serial_is_read_aloud_in_three_groups():
    assert grouped(GOOD) == "123 456 788"
