import hashlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.audits.rules import (
    UNREADABLE,
    Answers,
    Compared,
    call_order,
    call_seed,
    drawn_hash,
    missed,
    power,
    read_found,
    read_public_number,
    says_the_same,
    share_text,
    unknown_slot,
    written_found,
)
from voting.ballots.rules import receipt_code

SHARES = st.fractions(min_value=0, max_value=1, max_denominator=1000)
SAMPLES = st.integers(min_value=0, max_value=200)


@pytest.mark.parametrize(
    ("sample", "share", "text"),
    [
        (30, Fraction(10, 100), "4.2%"),
        (60, Fraction(5, 100), "4.6%"),
        (30, Fraction(5, 100), "21.5%"),
        (30, Fraction(20, 100), "0.1%"),
        (60, Fraction(20, 100), "不到 0.1%"),
        (0, Fraction(20, 100), "100%"),
        (1, Fraction(1), "0%"),
    ],
)
def test_what_a_sample_can_show_is_exact(sample, share, text):
    assert share_text(missed(sample, share)) == text


@given(SAMPLES, SHARES)
def test_one_more_in_the_sample_never_misses_more_often(sample, share):
    before, after = missed(sample, share), missed(sample + 1, share)
    assert 0 <= after <= before <= 1
    assert after == before * (1 - share)


@given(SAMPLES, SHARES, SHARES)
def test_the_more_is_false_the_less_often_it_is_missed(sample, one, other):
    low, high = sorted((one, other))
    assert missed(sample, high) <= missed(sample, low)


@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 60))
def test_drawing_without_putting_back_misses_no_more_often_than_said(total, false, sample):
    false, sample = min(false, total), min(sample, total)
    exact = Fraction(1)
    for taken in range(sample):
        exact *= Fraction(max(total - false - taken, 0), total - taken)
    assert exact <= missed(sample, Fraction(false, total))


@given(SHARES)
def test_a_share_is_shown_within_half_a_tenth(share):
    text = share_text(share)
    if text == "不到 0.1%":
        assert 0 < share < Fraction(5, 10_000)
    else:
        shown = Fraction(text.removesuffix("%")) / 100
        assert abs(shown - share) <= Fraction(5, 10_000)


def test_the_table_has_five_ten_and_twenty_of_a_hundred():
    assert power(30) == [("5%", "21.5%"), ("10%", "4.2%"), ("20%", "0.1%")]


def test_the_seed_is_what_the_documents_say():
    root = bytes(range(32))
    assert call_seed(root, "20261234") == hashlib.sha256(b"calls 1\0" + root + b"20261234").digest()


@given(st.sets(st.text("abcdefg234567", min_size=5, max_size=5)), st.binary(max_size=32))
def test_whoever_has_the_ids_draws_the_same_in_whatever_order_they_come(ids, seed):
    order = call_order(seed, sorted(ids))
    assert order == call_order(seed, sorted(ids, reverse=True))
    keys = [hashlib.sha256(seed + one.encode()).digest() for one in order]
    assert keys == sorted(keys)
    assert set(order) == ids


@given(st.lists(st.binary(min_size=32, max_size=32)))
def test_the_hash_of_a_draw_does_not_tell_its_order(hashes):
    assert drawn_hash(hashes) == drawn_hash(reversed(hashes))
    assert drawn_hash(hashes) == hashlib.sha256(b"".join(sorted(hashes))).digest()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0123 4567", "01234567"),
        ("０１，０５，１２－３３", "01051233"),
        ("07、11、23", "071123"),
        ("123", None),
        ("", None),
        ("12a45", None),
        ("٣٤٥٦", None),
        ("1" * 41, None),
        ("1" * 9999, None),
    ],
)
def test_a_public_number_is_digits_and_what_stands_between_is_forgiven(typed, read):
    assert read_public_number(typed) == read


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (b'{"channel":"card","choices":[2,7]}   ', True),
        (b'{"channel":"card","choices":[2]}', False),
        (b'{"channel":"card","choices":[7,2]}', False),
        (b'{"channel":"paper","choices":[2,7]}', False),
        (b'{"channel":"card","choices":[2,7],"points":[1,1]}', False),
        (b"\xff\x00", False),
        (b"[]", False),
    ],
)
def test_a_test_ballot_says_the_same_or_not(text, same):
    assert says_the_same((7, 2), written_found(text)) is same


def test_what_cannot_be_read_is_kept_as_such_and_never_as_text():
    assert written_found(b"\x00") == UNREADABLE
    assert read_found(UNREADABLE) is None
    assert read_found(None) is None
    assert read_found('{"channel":"card","choices":[1]}') == (1,)


def test_a_receipt_that_is_nowhere_still_has_a_slot_with_its_code():
    slot = unknown_slot("ABCDEFGHABCDEFGH")
    assert len(slot) == 32
    assert receipt_code(slot) == "ABCDEFGHABCDEFGH"


def test_what_differs_and_what_was_kept_back_is_told_apart():
    figures = Compared(drawn=30, revealed=28, found=27, same=26)
    assert (figures.differ, figures.unrevealed) == (2, 2)


@pytest.mark.parametrize(
    ("answers", "marked", "estimate"),
    [
        (Answers(drawn=60, confirmed=57, denied=3), 600, 30),
        (Answers(drawn=60, confirmed=2, denied=1), 100, 34),
        (Answers(drawn=60, confirmed=60), 600, 0),
        (Answers(drawn=60), 600, 0),
    ],
)
def test_the_share_of_denials_stands_for_so_many(answers, marked, estimate):
    assert answers.estimate(marked) == estimate


def test_those_nobody_reached_are_no_part_of_the_sample():
    answers = Answers(drawn=60, confirmed=40, denied=2, unreached=8)
    assert (answers.reached, answers.open) == (42, 10)
