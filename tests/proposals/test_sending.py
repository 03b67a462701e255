"""Codes, and what a service makes of a sending; races stand in test_sending_races."""

from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.factories.areas import NOW
from tests.factories.proposals import make_proposal
from tests.factories.sending import make_collecting_round, make_sent
from voting.proposals.models import Proposal, ProposalPhoto
from voting.proposals.rules.sending import (
    ALPHABET,
    NotCollecting,
    TooManyFromPhone,
    TooManyPhotos,
    TooManyWaiting,
    read_code,
    shown_code,
    written_code,
)
from voting.proposals.service import sending
from voting.proposals.service.codes import code_of, find_by_code, give_code


@given(st.integers(min_value=0, max_value=31**10 - 1))
def test_a_code_reads_back_however_it_was_typed(number):
    code = written_code(number)
    assert len(code) == 10
    assert set(code) <= set(ALPHABET)
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code)
    for typed in (code, code.lower(), shown_code(code), f" {code[:5]} {code[5:]}\n", wide):
        assert read_code(typed) == code


def test_different_numbers_have_different_codes():
    assert len({written_code(number) for number in range(5000)}) == 5000


@pytest.mark.parametrize(
    "typed",
    ["", "ABCDE", "ABCDE-FGHJ0", "ABCDE-FGHJO", "ABCDE-FGHJ1", "A" * 11, "甲" * 10, "A" * 999],
)
def test_what_cannot_be_a_code_is_none(typed):
    assert read_code(typed) is None


def test_the_alphabet_has_nothing_that_looks_like_another():
    assert not set("01ILO") & set(ALPHABET)
    assert len(set(ALPHABET)) == 31


def test_a_proposal_is_found_by_its_code_and_the_code_stands_nowhere(session, keys):
    sent = make_sent(session, keys, make_collecting_round(session))
    assert find_by_code(session, keys, shown_code(sent.code).lower()) is sent.proposal
    assert find_by_code(session, keys, "22222-22222") is None
    assert find_by_code(session, keys, "nonsense") is None
    row = session.execute(select(Proposal.__table__)).one()
    for value in row:
        text = value if isinstance(value, bytes) else str(value).encode()
        assert sent.code.encode() not in text


def test_the_same_form_gets_the_same_code_and_another_form_another(session, keys):
    round = make_collecting_round(session)
    first = make_sent(session, keys, round)
    again = make_sent(session, keys, round)
    other = make_sent(session, keys, round, sending_key="form2")
    changed = make_sent(session, keys, round, title="门口装路灯")
    assert first.proposal is again.proposal
    assert first.code == again.code
    assert len({first.code, other.code, changed.code}) == 3


def test_one_key_in_two_rounds_is_two_proposals(session, keys):
    first = make_sent(session, keys, make_collecting_round(session))
    second = make_sent(session, keys, make_collecting_round(session))
    assert first.code != second.code


def test_photographs_keep_their_order(session, keys):
    round = make_collecting_round(session)
    sent = make_sent(session, keys, round, photos=("c" * 64, "a" * 64, "b" * 64))
    rows = session.execute(
        select(ProposalPhoto.position, ProposalPhoto.digest).order_by(ProposalPhoto.position)
    ).all()
    assert [tuple(row) for row in rows] == [(1, "c" * 64), (2, "a" * 64), (3, "b" * 64)]
    assert sent.proposal.state == "received"


def test_a_fourth_photograph_is_refused(session, keys):
    with pytest.raises(TooManyPhotos):
        make_sent(session, keys, make_collecting_round(session), photos=tuple("abcd"))


def test_ten_proposals_of_one_telephone_and_no_eleventh(session, keys):
    round = make_collecting_round(session)
    for number in range(10):
        make_sent(session, keys, round, title=f"第{number}件", state="accepted")
    with pytest.raises(TooManyFromPhone):
        make_sent(session, keys, round, title="第十一件")
    make_sent(session, keys, round, title="第十一件", phone="0791-86543210")
    make_sent(session, keys, make_collecting_round(session), title="第十一件")
    assert make_sent(session, keys, round, title="第3件", state=None).proposal.title == "第3件"


def test_only_so_many_wait_in_an_hour(session, keys, monkeypatch):
    monkeypatch.setattr(sending, "MOST_WAITING", 3)
    round = make_collecting_round(session)
    for number in range(3):
        make_sent(session, keys, round, phone=f"1387000000{number}")
    with pytest.raises(TooManyWaiting):
        make_sent(session, keys, round, phone="13870000009")
    later = NOW + timedelta(hours=1, seconds=1)
    make_sent(session, keys, round, phone="13870000009", now=later)


def test_what_the_desk_has_looked_at_does_not_wait(session, keys, monkeypatch):
    monkeypatch.setattr(sending, "MOST_WAITING", 1)
    round = make_collecting_round(session)
    make_sent(session, keys, round, phone="13870000001", state="accepted")
    make_sent(session, keys, round, phone="13870000002")


def test_the_last_day_counts_to_its_end(session, keys):
    round = make_collecting_round(session)
    end = NOW.replace(day=27, hour=15, minute=59, tzinfo=UTC)  # 23:59 in Shanghai
    make_sent(session, keys, round, now=end)
    with pytest.raises(NotCollecting):
        make_sent(session, keys, round, now=end + timedelta(minutes=1), title="太晚")
    late = make_sent(session, keys, round, now=end + timedelta(days=2))
    assert late.proposal.entered_at == end, "who sent in time and taps again gets the page"


def test_a_paper_proposal_gets_a_code_too_and_always_the_same(session, keys):
    proposal = make_proposal(session, keys, make_collecting_round(session))
    code = give_code(session, keys, proposal)
    assert give_code(session, keys, proposal) == code == code_of(keys, proposal)
    assert find_by_code(session, keys, code) is proposal
    assert session.scalar(select(func.count()).select_from(Proposal)) == 1
