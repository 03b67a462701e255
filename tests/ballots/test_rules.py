import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.ballots import NOW
from voting.adapters.keyring import Keyring
from voting.adapters.sealing import CannotOpen, seal, unseal
from voting.ballots.rules import (
    Ballot,
    BallotPaper,
    NothingChosen,
    PaperCandidate,
    TooFewChosen,
    TooManyChosen,
    UnknownChoice,
    WithdrawnChoice,
    check_choices,
    decode,
    encode,
    leaf_of,
    pad,
    padded_length,
    receipt_code,
    seal_info,
    slot_of,
    slot_range,
)
from voting.rounds.rules import BallotKind, Phase


def paper(*, least: int = 1, most: int = 2, withdrawn: frozenset[int] = frozenset()) -> BallotPaper:
    candidates = tuple(
        PaperCandidate(
            number=number, title=f"第{number}项", category_code="engineering", category="工程类",
            place="门口", sentence="好走",
            description="", cost=1, beneficiaries=1, picture=None, withdrawn=number in withdrawn,
        )
        for number in range(1, 5)
    )  # fmt: skip
    return BallotPaper(
        round_id="r" * 26, title="一轮", kind=BallotKind.APPROVAL, min_choices=least, max_choices=most,
        check_code=False, config_hash=bytes(32), seal_public=bytes(32), ballot_length=80,
        help_number="0791-1", phase=Phase.VOTING, opens_at=NOW, closing=NOW + timedelta(days=1),
        withdrawn=withdrawn, candidates=candidates, by_number={c.number: c for c in candidates},
    )  # fmt: skip


def test_choices_are_put_in_the_order_of_the_list_so_that_the_order_of_ticking_is_lost():
    assert check_choices(paper(), [4, 2]) == (2, 4)


def test_a_candidate_ticked_twice_counts_once():
    assert check_choices(paper(), [3, 3, 3]) == (3,)


@pytest.mark.parametrize(
    ("choices", "refusal"),
    [([], NothingChosen), ([1, 2, 3], TooManyChosen), ([9], UnknownChoice), ([0], UnknownChoice)],
    ids=["nothing", "too many", "not on the list", "zero"],
)
def test_choices_that_are_refused(choices, refusal):
    with pytest.raises(refusal):
        check_choices(paper(), choices)


def test_too_few_are_refused_where_the_round_asks_for_more():
    with pytest.raises(TooFewChosen):
        check_choices(paper(least=2), [1])


def test_a_blank_ballot_is_taken_where_the_round_asks_for_none():
    assert check_choices(paper(least=0), []) == ()


def test_a_withdrawn_candidate_is_named():
    with pytest.raises(WithdrawnChoice, match="3"):
        check_choices(paper(withdrawn=frozenset({3})), [1, 3])


def test_a_ballot_is_canonical_json():
    assert encode(Ballot("card", (3, 7))) == b'{"channel":"card","choices":[3,7]}'


@given(
    choices=st.lists(st.integers(1, 999), max_size=10).map(tuple),
    channel=st.sampled_from(["card", "poster", "paper", "assisted"]),
)
def test_every_ballot_of_a_round_has_the_same_length_and_reads_back(choices, channel):
    length = padded_length(kind="approval", max_choices=10, highest_number=999, max_points=None)
    ballot = Ballot(channel, choices)
    padded = pad(encode(ballot), length)
    assert len(padded) == length
    assert decode(padded) == ballot


def test_points_make_room_for_themselves():
    length = padded_length(kind="cumulative", max_choices=5, highest_number=39, max_points=100)
    assert len(encode(Ballot("assisted", (39,) * 5, (100,) * 5))) <= length


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{}", b'{"channel":"card"}', b'{"channel":"x","choices":[]}',
     b'{"channel":"card","choices":["1"]}', b'{"channel":"card","choices":[true]}',
     b'{"channel":"card","choices":[1],"name":"z"}'],
    ids=["empty", "list", "no keys", "no choices", "channel", "text", "truth", "other key"],
)  # fmt: skip
def test_what_is_no_ballot_is_refused(raw):
    with pytest.raises(ValueError, match=r"not a ballot|Expecting"):
        decode(raw)


@pytest.mark.parametrize(
    "raw",
    [b'{"choices":[1],"channel":"card"}', b'{"channel": "card","choices":[1]}',
     b' {"channel":"card","choices":[1]}', b'{"channel":"card","choices":[1]}\n',
     b'{"channel":"card","choices":[1],"choices":[1]}', b'{"channel":"card","choices":[],"points":[]}',
     '{"channel":"card","choices":[1]}'.encode("utf-16")],
    ids=["order", "space inside", "space before", "line feed", "twice", "no points", "utf-16"],
)  # fmt: skip
def test_a_ballot_is_written_in_one_way_only(raw):
    with pytest.raises(ValueError, match="not written as a ballot is"):
        decode(raw)


def test_a_ballot_too_long_for_its_round_is_refused():
    with pytest.raises(ValueError, match="longer"):
        pad(b"x" * 11, 10)


def test_a_receipt_leads_back_to_its_slot():
    slot = slot_of(b"n" * 16)
    first, last = slot_range(receipt_code(slot))
    assert first <= slot <= last
    assert len(receipt_code(slot)) == 16


def test_a_leaf_changes_with_everything_it_is_bound_to():
    base = ("r" * 26, bytes(32), bytes(32), bytes(16), b"ballot")
    others = [
        ("s" * 26, *base[1:]),
        (base[0], b"\x01" * 32, *base[2:]),
        (*base[:2], b"\x01" * 32, *base[3:]),
        (*base[:3], b"\x01" * 16, base[4]),
        (*base[:4], b"bellot"),
    ]
    assert len({leaf_of(*base), *(leaf_of(*other) for other in others)}) == 6


def test_a_sealed_ballot_opens_only_where_it_belongs(tmp_path):
    keys = Keyring(tmp_path)
    public = keys.make_seal_key("r" * 26)
    here = seal_info("r" * 26, bytes(32), bytes(32))
    elsewhere = seal_info("r" * 26, bytes(32), b"\x01" * 32)
    sealed = seal(public, json.dumps({}).encode(), here)
    assert unseal(keys.seal_key("r" * 26), sealed, here) == b"{}"
    with pytest.raises(CannotOpen):
        unseal(keys.seal_key("r" * 26), sealed, elsewhere)
