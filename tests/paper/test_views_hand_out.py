from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.conftest import Clock
from tests.factories.roll import make_elector
from tests.roll.conftest import Desk, sit
from tests.visiting import Form, Page, read
from voting.permissions import Role
from voting.persistence.session import Database
from voting.roll.models import Channel, Participation
from voting.roll.service import mark_participation

PATH = "/hand-out"


@pytest.fixture
def desk_of_worker(client: FlaskClient, database: Database) -> Desk:
    """A community worker's desk."""
    return sit(client, database, Role.COMMUNITY_WORKER)


@pytest.fixture
def elector(desk_of_worker: Desk, database: Database) -> str:
    """Somebody in 3栋 who may vote."""
    with database.transaction() as session:
        return make_elector(session, desk_of_worker.voting).elector_id


def open_page(desk: Desk, text: str = "") -> Page:
    """Open the page with a search kept in the browser."""
    page = desk.visit(PATH, round_id=desk.voting)
    if text:
        form = next(form for form in page.forms if "text" in form.values)
        desk.client.post(form.action, data={**form.values, "text": text})
        page = desk.visit(PATH, round_id=desk.voting)
    return page


def act(desk: Desk, form: Form, **changes: str) -> TestResponse:
    return desk.client.post(form.action, data={**form.values, **changes})


def form_for(page: Page, end: str) -> Form:
    (form,) = [
        form for form in page.forms if form.action.endswith(end) and "elector_id" in form.values
    ]
    return form


def mark(database: Database, desk: Desk, elector: str, channel: Channel, clock: Clock) -> None:
    """Use the elector's right, yesterday."""
    with database.transaction() as session:
        mark_participation(
            session,
            round_id=desk.voting,
            elector_id=elector,
            channel=channel,
            day=clock.now.date() - timedelta(days=1),
        )


def marks(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        found = session.execute(select(Participation.elector_id, Participation.channel))
        return [(elector_id, channel) for elector_id, channel in found]


def test_the_page_begins_with_the_buildings_and_who_has_a_card(
    desk_of_worker: Desk, elector: str
) -> None:
    page = open_page(desk_of_worker)
    assert "名册1人 已领0人 未领1人" in page.text
    assert "看这一栋" in page.text


def test_a_card_is_handed_out_with_one_tap(
    desk_of_worker: Desk, elector: str, database: Database
) -> None:
    page = open_page(desk_of_worker, "3栋")
    assert "未领" in page.text
    response = act(desk_of_worker, form_for(page, "/hand-out"))
    assert response.status_code == 303
    assert response.location.endswith(f"/hand-out#p-{elector}")
    assert marks(database) == [(elector, "card_handed")]
    page = open_page(desk_of_worker)
    assert "已登记：卡已经发给这位居民" in page.text
    assert "11月23日（周一） 领" in page.text


def test_a_second_tap_is_answered_kindly_and_counts_once(
    desk_of_worker: Desk, elector: str, database: Database
) -> None:
    form = form_for(open_page(desk_of_worker, "3栋"), "/hand-out")
    act(desk_of_worker, form)
    page = read(act(desk_of_worker, form), status=409)
    assert "已经记录这位居民领过票" in page.text
    assert len(marks(database)) == 1


def test_a_hand_out_of_today_is_undone_with_a_reason(
    desk_of_worker: Desk, elector: str, database: Database
) -> None:
    act(desk_of_worker, form_for(open_page(desk_of_worker, "3栋"), "/hand-out"))
    undo = form_for(open_page(desk_of_worker), "/undo")
    for reason in ("", "因为", "x" * 1000):
        page = read(act(desk_of_worker, undo, reason=reason), status=422)
        assert "请先选择撤销的原因" in page.text
    assert len(marks(database)) == 1
    assert act(desk_of_worker, undo, reason="returned").status_code == 303
    assert marks(database) == []
    assert "又可以领卡了" in open_page(desk_of_worker).text
    again = read(act(desk_of_worker, undo, reason="returned"), status=409)
    assert "没有可以撤销的" in again.text


def test_yesterdays_hand_out_cannot_be_undone(
    desk_of_worker: Desk, elector: str, database: Database, clock: Clock
) -> None:
    mark(database, desk_of_worker, elector, Channel.CARD_HANDED, clock)
    page = open_page(desk_of_worker, "3栋")
    assert "撤销这次发卡" not in page.text
    search = next(form for form in page.forms if "text" in form.values)
    undo = Form(f"{page.url}/undo", "post", {"csrf_token": search.values["csrf_token"]})
    assert act(desk_of_worker, undo, elector_id=elector, reason="returned").status_code == 409
    assert len(marks(database)) == 1


@pytest.mark.parametrize("channel", list(Channel))
def test_whichever_way_a_right_was_used_the_page_says_the_same_and_never_who_voted(
    desk_of_worker: Desk, elector: str, database: Database, clock: Clock, channel: Channel
) -> None:
    mark(database, desk_of_worker, elector, channel, clock)
    text = open_page(desk_of_worker, "3栋").text
    assert "11月22日（周日） 领" in text
    assert "未投" not in text
    assert "已投" not in text


def test_a_person_of_another_round_or_area_is_not_found(
    desk_of_worker: Desk, elector: str, database: Database
) -> None:
    form = form_for(open_page(desk_of_worker, "3栋"), "/hand-out")
    with database.transaction() as session:
        stranger = make_elector(session, desk_of_worker.foreign).elector_id
    for elector_id in (stranger, "nobody", "", "x" * 1000, "\0"):
        assert act(desk_of_worker, form, elector_id=elector_id).status_code == 404
    assert act(desk_of_worker, form, medium="poster").status_code == 404
    for round_id in (desk_of_worker.foreign, "nothing"):
        address = f"/desk/rounds/{round_id}/roll/hand-out"
        for path in (address, f"{address}/undo", f"{address}/search"):
            response = desk_of_worker.client.post(path, data=form.values)
            assert response.status_code == 404
    assert marks(database) == []


def test_an_undoing_for_nobody_is_not_found(desk_of_worker: Desk, elector: str) -> None:
    act(desk_of_worker, form_for(open_page(desk_of_worker, "3栋"), "/hand-out"))
    undo = form_for(open_page(desk_of_worker), "/undo")
    for elector_id in ("", "\0", "x" * 1000):
        response = act(desk_of_worker, undo, elector_id=elector_id, reason="returned")
        assert response.status_code == 404
    response = act(desk_of_worker, undo, elector_id="nobody", reason="returned")
    assert response.status_code == 409


def test_a_search_that_is_too_long_is_refused(desk_of_worker: Desk) -> None:
    page = open_page(desk_of_worker)
    form = next(form for form in page.forms if "text" in form.values)
    page = read(act(desk_of_worker, form, text="张" * 41), status=422)
    assert "查找的内容最多 40 个字" in page.text


def test_before_the_announcement_and_after_closing_nothing_can_be_handed_out(
    desk_of_worker: Desk, database: Database
) -> None:
    with database.transaction() as session:
        elector = make_elector(session, desk_of_worker.draft).elector_id
    page = desk_of_worker.visit(PATH)
    assert "现在不能登记发卡" in page.text
    form = next(form for form in page.forms if "text" in form.values)
    values = {"csrf_token": form.values["csrf_token"], "elector_id": elector}
    address = f"/desk/rounds/{desk_of_worker.draft}/roll/hand-out"
    page = read(desk_of_worker.client.post(address, data=values), status=409)
    assert "现在不能登记发卡" in page.text
    assert marks(database) == []


def test_a_post_without_the_forms_token_is_refused(
    desk_of_worker: Desk, elector: str, database: Database
) -> None:
    form = form_for(open_page(desk_of_worker, "3栋"), "/hand-out")
    assert act(desk_of_worker, form, csrf_token="").status_code == 400
    assert marks(database) == []


def test_the_page_one_stands_on_is_kept(desk_of_worker: Desk, database: Database) -> None:
    with database.transaction() as session:
        for _ in range(60):
            make_elector(session, desk_of_worker.voting)
    open_page(desk_of_worker, "3栋")
    page = desk_of_worker.visit(f"{PATH}?page=2", round_id=desk_of_worker.voting)
    form = next(form for form in page.forms if "elector_id" in form.values)
    assert "/hand-out?page=2#p-" in act(desk_of_worker, form).location
