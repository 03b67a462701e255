import hashlib
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from voting.clock import moment_text
from voting.conduct.rules import (
    NotExact,
    frozen_hash,
    frozen_text,
)
from voting.roll.rules.hashing import roll_hash


def test_the_frozen_text_is_canonical():
    text = frozen_text({"b": [1, None, True], "a": {"名".encode().hex(): '加"装\n扶手'}})
    assert text == '{"a":{"e5908d":"加\\"装\\n扶手"},"b":[1,null,true]}'
    assert frozen_hash(text) == hashlib.sha256(text.encode()).digest()


@pytest.mark.parametrize(
    "content", [{"a": 1.5}, {"a": [{"b": 0.0}]}, {"名": 1}, {"a": b"x"}, {"a": date(2026, 1, 1)}]
)
def test_what_two_programs_might_write_differently_is_not_frozen(content):
    with pytest.raises(NotExact):
        frozen_text(content)


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcz", min_size=1), inner),
)


@drawn(st.dictionaries(st.text("abcz", min_size=1), _VALUES))
@settings(max_examples=25)
def test_the_frozen_text_says_the_same_whatever_the_order(content):
    text = frozen_text(content)
    assert json.loads(text) == content
    assert frozen_text(dict(reversed(list(content.items())))) == text


def test_a_moment_is_written_in_utc_and_whole_seconds():
    assert (
        moment_text(datetime(2026, 12, 5, 1, 0, 0, 999_999, tzinfo=UTC)) == "2026-12-05T01:00:00Z"
    )


def test_the_hash_of_the_roll_can_be_worked_out_by_hand():
    electors = [("b2", bytes.fromhex("ff00")), ("a7", None)]
    by_hand = hashlib.sha256(b"a7 -\nb2 ff00\n").digest()
    assert roll_hash(electors) == by_hand
    assert roll_hash(reversed(electors)) == by_hand
    assert roll_hash([]) == hashlib.sha256(b"").digest()
    assert roll_hash([("b2", bytes.fromhex("ff01")), ("a7", None)]) != by_hand
