"""Papers drawn for the monitors, keyed a third time, and compared by the count."""

import pytest
from sqlalchemy import delete, insert, select, update

from tests.factories.accounts import make_officer, sit_down
from tests.factories.audits import refused
from tests.factories.ballots import NOW, keyring
from tests.factories.keying import key_twice, make_boxes, paper_of, take_back
from tests.factories.tally import open_by_two
from tests.visiting import read, submit, visit
from voting.audits.models import SampledPaper
from voting.audits.service import (
    AlreadySampled,
    DoubtfulSample,
    KeyerSamples,
    NoPaperEntered,
    NotSampled,
    SampleKeyed,
    UrnOpened,
    draw_papers,
    key_sample,
    sample_of,
    sample_state,
)
from voting.paper.models import Reconciliation
from voting.paper.rules.sheet_text import write_sheet
from voting.paper.service.figuring import figure
from voting.permissions import Role
from voting.tally.service import count


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path / "var")


def entered(session, keys, ticks=("1 2", "3", "4 5")):
    boxes = make_boxes(session, keys, papers=len(ticks), officers=4)
    for serial, said in zip(boxes.serials, ticks, strict=True):
        key_twice(session, keys, boxes, serial, said)
    return boxes


def draw(session, boxes, number=59):
    return draw_papers(
        session, now=NOW, actor=boxes.actors[0], round_id=boxes.round.id,
        monitor_id=boxes.monitor.id, count=number,
    )  # fmt: skip


def third(session, keys, boxes, serial, ticks, who=2):
    key_sample(
        session, now=NOW, actor=boxes.actors[who], keys=keys, round_id=boxes.round.id,
        serial=serial, ticks=ticks, blank=not ticks,
    )  # fmt: skip


def sign_for(session, boxes):
    """Only the sheet, which is none of this test's, keeps the urn closed."""
    signed = {
        "sheet": write_sheet(figure(session, boxes.round.id)), "outcome": "adds_up",
        "first_by": "o1", "first_at": NOW, "second_by": "o2", "second_at": NOW,
    }  # fmt: skip
    session.add(Reconciliation(round_id=boxes.round.id, **signed))
    session.flush()


def counted(session, keys, boxes):
    sign_for(session, boxes)
    open_by_two(session, boxes.round)
    count(session, now=NOW, keys=keys, round_id=boxes.round.id)


@pytest.mark.usefixtures("any_database")
def test_the_count_says_which_papers_differ_from_their_ballots(session, keys):
    boxes = entered(session, keys)
    assert draw(session, boxes) == 3
    for serial, ticks in zip(boxes.serials, ("2 1", "3", "4 6"), strict=True):
        third(session, keys, boxes, serial, ticks)
    counted(session, keys, boxes)
    state = sample_state(session, boxes.round.id)
    assert (state.drawn, state.keyed, state.same, state.differ) == (3, 3, 2, 1)
    (wrong,) = [one for one in sample_of(session, boxes.round.id)[0] if one.same is False]
    assert (wrong.serial, wrong.found) == (boxes.serials[2], (4, 5))
    assert set(session.scalars(select(SampledPaper.sealed))) == {None}


def test_a_paper_nobody_keyed_a_third_time_is_compared_with_nothing(session, keys):
    boxes = entered(session, keys)
    draw(session, boxes, 2)
    counted(session, keys, boxes)
    state = sample_state(session, boxes.round.id)
    assert (state.drawn, state.keyed, state.is_compared) == (2, 0, False)


def test_a_drawn_paper_that_was_keyed_anew_is_held_against_its_new_ballot(session, keys):
    boxes = entered(session, keys, ("1",))
    draw(session, boxes)
    third(session, keys, boxes, boxes.serials[0], "2")
    take_back(session, boxes, boxes.serials[0])
    key_twice(session, keys, boxes, boxes.serials[0], "2")
    counted(session, keys, boxes)
    assert sample_state(session, boxes.round.id).same == 1


def test_a_round_has_one_draw_of_what_was_entered(session, keys):
    boxes = make_boxes(session, keys, officers=4)
    with pytest.raises(NoPaperEntered):
        draw(session, boxes)
    key_twice(session, keys, boxes, boxes.serials[0], "1")
    key_twice(session, keys, boxes, boxes.serials[1], "")
    assert draw(session, boxes) == 1
    with pytest.raises(AlreadySampled):
        draw(session, boxes)


def test_the_third_is_somebody_else_and_sure(session, keys):
    boxes = entered(session, keys)
    draw(session, boxes, 3)
    serial = boxes.serials[0]
    with pytest.raises(KeyerSamples):
        third(session, keys, boxes, serial, "1", who=1)
    with pytest.raises(DoubtfulSample):
        third(session, keys, boxes, serial, "1?")
    third(session, keys, boxes, serial, "1")
    with pytest.raises(SampleKeyed):
        third(session, keys, boxes, serial, "1", who=3)
    assert paper_of(session, boxes, serial).state == "entered"


def test_only_drawn_papers_are_keyed(session, keys):
    boxes = entered(session, keys)
    draw(session, boxes, 1)
    (drawn,), pages = sample_of(session, boxes.round.id, page=7)
    assert pages == 1
    other = next(one for one in boxes.serials if one != drawn.serial)
    with pytest.raises(NotSampled):
        third(session, keys, boxes, other, "1")


@pytest.mark.usefixtures("any_database")
def test_once_the_urn_is_open_nothing_is_drawn_or_keyed(session, keys):
    boxes = entered(session, keys)
    draw(session, boxes, 2)
    sign_for(session, boxes)
    open_by_two(session, boxes.round)
    with pytest.raises(UrnOpened):
        third(session, keys, boxes, boxes.serials[0], "1")
    late = {
        "round_id": boxes.round.id, "serial": boxes.serials[0], "place": 9, "drawn_at": NOW,
        "drawn_by": "a", "monitor_id": boxes.monitor.id,
    }  # fmt: skip
    refused(session, insert(SampledPaper).values(late), "the urn is open")
    refused(session, update(SampledPaper).values(keyed_by="a", sealed=b"x"), "the urn is open")
    refused(session, update(SampledPaper).values(drawn_by="x"), "never taken back")
    refused(session, delete(SampledPaper), "never taken back")


def test_the_pages_lead_from_the_draw_to_the_third_keying(app, database, keys):
    with database.transaction() as session:
        boxes = entered(session, keys)
        secretary = make_officer(
            session, area=boxes.round.area, role=Role.COMMUNITY_SECRETARY, name="周强"
        )
    client = app.test_client()
    sit_down(client, database, secretary, now=NOW)
    base = f"/desk/rounds/{boxes.round.id}/audits"
    assert f"{base}/papers" in " ".join(visit(client, base).links)
    page = visit(client, f"{base}/papers")
    assert submit(client, page, f"{base}/papers", count="0").status_code == 422
    done = submit(client, page, f"{base}/papers", count="59", monitor=boxes.monitor.id)
    assert done.status_code == 303
    page = visit(client, f"{base}/papers")
    action, serial = f"{base}/papers/key", boxes.serials[0]
    wrong = read(submit(client, page, action, serial=serial, ticks="99"), status=422)
    assert wrong.form(action).values["ticks"] == ["99"]
    assert submit(client, page, action, serial=serial, ticks="1 2").status_code == 303
    assert "已录" in visit(client, f"{base}/papers").text


def test_the_sheet_is_none_of_the_samples_business(session, keys):
    boxes = entered(session, keys)
    signed = {"sheet": "{}", "outcome": "adds_up", "first_by": "a", "first_at": NOW}
    session.add(Reconciliation(round_id=boxes.round.id, **signed, second_by="b", second_at=NOW))
    session.flush()
    assert draw(session, boxes, 2) == 2
