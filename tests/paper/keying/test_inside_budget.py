"""Paper of a round whose ballots keep to a sum of money."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.browser import shoot
from tests.factories.accounts import sit_down, sit_in
from tests.factories.areas import make_installation
from tests.factories.ballots import NOW
from tests.factories.keying import decide, key, key_twice, make_boxes, paper_of
from tests.factories.withdrawals import make_withdrawn
from tests.visiting import read, visit
from voting import clock
from voting.ballots.models import UrnEntry
from voting.paper.service.keying import After
from voting.rounds.rules import MOST_LISTED

# Candidate n costs 8000 + 100n yuan: 1 and 2 cost just as much as a ballot may spend.
INSIDE: dict[str, Any] = {"ballot_kind": "knapsack", "spend_limit": 16_300_00, "most": MOST_LISTED}


def urn(session):
    return session.scalars(select(UrnEntry)).all()


@pytest.mark.parametrize(
    ("ticks", "after", "reason"),
    [("1 2", After.ENTERED, None), ("1 3", After.INVALID, "over"), ("", After.INVALID, "blank")],
    ids=["at the limit", "over it", "blank"],
)
def test_a_paper_over_the_limit_counts_for_nothing_and_stays_out_of_the_urn(
    session, keys, ticks, after, reason
):
    boxes = make_boxes(session, keys, **INSIDE)
    serial = boxes.serials[0]
    done = key_twice(session, keys, boxes, serial, ticks)
    assert (done.after, done.reason) == (after, reason)
    assert paper_of(session, boxes, serial).reason == reason
    assert len(urn(session)) == (after is After.ENTERED)


def test_a_paper_that_is_decided_keeps_to_the_limit_too(session, keys):
    boxes = make_boxes(session, keys, **INSIDE)
    serial = boxes.serials[0]
    key_twice(session, keys, boxes, serial, "1 3", "1 3?")
    assert decide(session, keys, boxes, serial, marks={3: True}) == "over"


def test_a_tick_for_who_was_withdrawn_uses_up_nothing(session, keys):
    boxes = make_boxes(session, keys, **INSIDE)
    make_withdrawn(session, boxes.round.id, 3, at=NOW)
    done = key_twice(session, keys, boxes, boxes.serials[0], "1 2 3")
    assert done.after is After.ENTERED


def test_the_keyer_is_told_in_words_that_fit(client, database, keys):
    with database.transaction() as session:
        make_installation(session)
        boxes = make_boxes(session, keys, **INSIDE)
        key(session, keys, boxes, 0, boxes.serials[0], "1 3")
    sit_down(client, database, boxes.officers[1], now=NOW)
    address = f"/desk/rounds/{boxes.round.id}/paper/keying"
    page = visit(client, address)
    typed = {"serial": [boxes.serials[0]], "ticks": ["1 3"]}
    values = {**page.form(address).values, **typed}
    answer = client.post(address, data=values, follow_redirects=True)
    assert "选得太多或超过规定金额，整张无效" in read(answer).text


@pytest.mark.browser
def test_the_keying_page_adds_up_what_is_keyed(desk, server, database, keys):
    with database.transaction() as session:
        make_installation(session)
        boxes = make_boxes(session, keys, **INSIDE)
        boxes.round.extended_to = clock.now()
    token = sit_in(database, boxes.officers[0], now=clock.now())
    desk.context.add_cookies([{"name": "desk", "value": token, "url": server.url}])
    desk.goto(f"{server.url}/desk/rounds/{boxes.round.id}/paper/keying")
    desk.fill("#ticks", "01 02")
    assert "已输 2 项，合计 1.63 万元（最多 1.63 万元）" in desk.inner_text("[data-count]")
    assert "超过了" not in desk.inner_text("[data-count]")
    desk.fill("#ticks", "01 03")
    assert "合计 1.64 万元" in desk.inner_text("[data-count]")
    assert "超过了规定金额，也照票上的录" in desk.inner_text("[data-count]")
    shoot(desk, "keying-over-the-limit")
