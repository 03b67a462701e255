"""Ballots inside a budget, on the phone and without a script: under, at and over the limit."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.factories.assisting import accompany, make_helped
from tests.factories.ballots import NOW, keyring, make_cards, make_open_round
from tests.factories.withdrawals import make_withdrawn
from tests.visiting import read, submit, visit
from voting.ballots.models import UrnEntry
from voting.ballots.rules import (
    NothingChosen,
    TooManyChosen,
    check_choices,
    exceeds_limit,
    total_cost,
)
from voting.ballots.service import load_paper
from voting.cards.models import BallotCard
from voting.paper.service.assisted_casting import cast_assisted
from voting.rounds.rules import MOST_LISTED, OverLimit

# Candidate n costs 8000 + 100n yuan: the first three 24,600, of which the limit pays two and a half.
LIMIT = 16_300_00
INSIDE: dict[str, Any] = {"ballot_kind": "knapsack", "spend_limit": LIMIT, "most": MOST_LISTED}


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path / "var")


@pytest.fixture
def card(database, keys):
    with database.transaction() as session:
        round = make_open_round(session, keys, **INSIDE)
        return make_cards(session, keys, round.id)[0]


def choose(client, card, *numbers, status=200):
    client.get(f"/c/{card.token}")
    page = visit(client, "/ballot")
    return read(submit(client, page, "/ballot", choice=list(map(str, numbers))), status=status)


def urn(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(UrnEntry))


@pytest.mark.parametrize(
    ("numbers", "said"),
    [((1, 2), "您选了 2 项，合计 1.63 万元"), ((6,), "您选了 1 项，合计 8600 元")],
    ids=["at the limit", "under it"],
)
def test_a_ballot_within_the_limit_is_confirmed_with_its_sum_and_cast(
    client, database, card, numbers, said
):
    page = choose(client, card, *numbers)
    assert said in page.text
    assert "（最多 1.63 万元）" in page.text
    response = submit(client, page, "/ballot/cast", check_code=card.check_code)
    assert response.status_code == 303
    assert urn(database) == 1


def test_a_hundred_yuan_too_much_is_said_with_the_sum_and_every_tick_is_kept(
    client, database, card
):
    page = choose(client, card, 1, 3, status=422)
    assert "您选了 2 项，合计 1.64 万元，超过每人可选的 1.63 万元，多了 100 元" in page.text
    assert set(re.findall(r'value="(\d+)"[^>]* checked', page.html)) == {"1", "3"}
    assert urn(database) == 0


def test_a_form_that_goes_around_the_check_casts_nothing_and_spends_nothing(client, database, card):
    page = choose(client, card, 1, 2)
    more = {"choice": ["1", "2", "3"], "check_code": [card.check_code]}
    hidden = {**page.form("/ballot/cast").values, **more}
    answer = read(client.post("/ballot/cast", data=hidden), status=422)
    assert "多了" in answer.text
    assert urn(database) == 0
    with database.reading() as session:
        assert session.scalars(select(BallotCard.state)).all() == ["printed"]


def test_the_ballot_says_the_limit_and_every_cost_without_a_script(client, card):
    client.get(f"/c/{card.token}")
    page = visit(client, "/ballot")
    assert "选的项目合计不超过 1.63 万元，可以少选" in page.text
    assert "最多" not in page.text
    assert [page.text.count(f"8{number}00 元") for number in range(1, 7)] == [1] * 6
    (form,) = [one for one in page.all("form") if one.get("data-limit")]
    assert form.get("data-limit") == str(LIMIT)


def test_a_number_may_be_limited_besides(client, database, keys):
    with database.transaction() as session:
        round = make_open_round(session, keys, **INSIDE | {"most": 1})
        card = make_cards(session, keys, round.id)[0]
    page = choose(client, card, 1, 2, status=422)
    assert "最多只能选 1 项" in page.text
    assert "合计不超过 1.63 万元，最多 1 项" in page.text


def test_choices_are_checked_by_number_and_by_cost_each_counted_once(session, keys):
    round = make_open_round(session, keys, **INSIDE | {"most": 3, "least": 1})
    paper = load_paper(session, round.id)
    assert check_choices(paper, [2, 1, 2]) == (1, 2)
    assert total_cost(paper, [2, 1, 2]) == LIMIT
    for choices, wrong in (([1, 3], OverLimit), ([1, 2, 3, 4], TooManyChosen), ([], NothingChosen)):
        with pytest.raises(wrong):
            check_choices(paper, choices)


def test_who_was_withdrawn_uses_up_nothing_of_the_sum(session, keys):
    round = make_open_round(session, keys, **INSIDE)
    make_withdrawn(session, round.id, 3, at=NOW)
    paper = load_paper(session, round.id)
    assert not exceeds_limit(paper, [1, 2, 3])
    assert exceeds_limit(paper, [1, 2, 3, 4])


def test_who_is_helped_is_held_to_the_same_limit(session, keys):
    helped = make_helped(session, keys, **INSIDE)
    accompany(session, helped)
    facts: dict[str, Any] = {
        "now": NOW, "actor": helped.first.actor, "paper": load_paper(session, helped.round.id),
        "elector_id": helped.elector_id, "nonce": bytes(16),
    }  # fmt: skip
    with pytest.raises(OverLimit):
        cast_assisted(session, choices=[1, 3], **facts)
    assert cast_assisted(session, choices=[1, 2], **facts).code
