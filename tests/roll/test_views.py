import logging
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.roll import (
    HEADER,
    NOW,
    freeze,
    make_elector,
    person,
    sheet,
    xlsx,
)
from tests.roll.conftest import Desk, sit
from tests.roll.sending import look_for, send
from tests.rounds.statements import statements
from tests.visiting import read
from voting.permissions import Role
from voting.persistence.session import Database
from voting.rounds.models import Round

BAD = ["王1", *person(1)[1:]]


def test_an_empty_roll_leads_to_the_import(desk_of_worker: Desk) -> None:
    page = desk_of_worker.visit("")
    assert "名册还是空的" in page.text
    assert f"/desk/rounds/{desk_of_worker.draft}/roll/import" in page.links


def test_the_roll_shows_its_buildings_with_their_counts(
    desk_of_worker: Desk, database: Database
) -> None:
    send(desk_of_worker, xlsx([HEADER, *(person(index) for index in range(70))]))
    page = desk_of_worker.visit("")
    assert "名册70人" in page.text
    assert "1栋60060" in page.text
    assert "2栋10010" in page.text


def test_people_are_found_by_building_and_paged(desk_of_worker: Desk) -> None:
    send(desk_of_worker, xlsx([HEADER, *(person(index) for index in range(70))]))
    page = look_for(desk_of_worker, "", "1栋")
    assert "找到 60 人" in page.text
    assert "第 1 页，共 2 页" in page.text
    second = desk_of_worker.visit("?page=2")
    assert len(second.all("tr")) == 11
    assert "找到" not in look_for(desk_of_worker, "", "").text


def test_the_roll_shows_masks_and_no_rooms(desk_of_worker: Desk) -> None:
    send(desk_of_worker, xlsx([HEADER, person(0)]))
    page = look_for(desk_of_worker, "", "王")
    number = str(person(0)[1])
    assert "王*" in page.text
    assert f"3699**********{number[-4:]}" in page.text
    for secret in (number, "王一一", "1单元101", "13800000000"):
        assert secret not in page.html


def test_a_search_of_one_round_is_not_taken_to_another(
    desk_of_worker: Desk, database: Database
) -> None:
    send(desk_of_worker, xlsx([HEADER, person(0)]))
    with database.transaction() as session:
        make_elector(session, desk_of_worker.voting)
    look_for(desk_of_worker, "", "王")
    assert "找到" not in desk_of_worker.visit("", round_id=desk_of_worker.voting).text


def test_people_without_a_building_can_be_listed(desk_of_worker: Desk) -> None:
    send(desk_of_worker, xlsx([HEADER, [*person(0)[:2], "工作", "", ""], person(1)]))
    assert "找到 1 人" in look_for(desk_of_worker, "", "没有填楼栋").text


@pytest.mark.parametrize(
    "text", ["张" * 41, "张\0", "张\x1b[31m"], ids=["too long", "NUL", "escape"]
)
def test_a_search_that_cannot_be_is_refused(desk_of_worker: Desk, text: str) -> None:
    send(desk_of_worker, xlsx([HEADER, person(0)]))
    page = desk_of_worker.visit("")
    form = next(form for form in page.forms if "text" in form.values)
    response = desk_of_worker.client.post(form.action, data={**form.values, "text": text})
    page = read(response, status=422)
    assert "查找的内容最多 40 个字" in page.text or "看不见的字符" in page.text


@pytest.mark.parametrize("path", ["", "/import", "/template.xlsx", "/hand-out", "/imports/x"])
def test_rounds_of_other_areas_and_rounds_that_are_not_there_look_alike(
    desk_of_worker: Desk, path: str
) -> None:
    for round_id in (desk_of_worker.foreign, "nothing", "%00"):
        desk_of_worker.visit(path, round_id=round_id, status=404)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DISTRICT_OBSERVER, Role.ADMINISTRATOR])
@pytest.mark.parametrize("path", ["", "/import", "/template.xlsx", "/hand-out", "/imports/x"])
def test_who_has_no_business_with_the_roll_sees_nothing_of_it(
    client: FlaskClient, database: Database, role: Role, path: str
) -> None:
    sit(client, database, role).visit(path, status=403)


def test_who_is_not_signed_in_is_sent_to_the_door(client: FlaskClient) -> None:
    response = client.get("/desk/rounds/x/roll")
    assert (response.status_code, urlsplit(response.location).path) == (303, "/sign-in")


def test_an_import_of_another_round_is_not_shown(desk_of_worker: Desk) -> None:
    result = send(desk_of_worker, xlsx(sheet())).location.partition("/roll")[2]
    desk_of_worker.visit(result, round_id=desk_of_worker.voting, status=404)
    desk_of_worker.visit(f"{result}/faults.csv", round_id=desk_of_worker.voting, status=404)


def test_nothing_personal_is_logged_or_stands_in_an_address(
    desk_of_worker: Desk, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    addresses = [send(desk_of_worker, xlsx([HEADER, person(0), BAD])).location]
    with database.transaction() as session:
        freeze(session.get_one(Round, desk_of_worker.draft))
    tail = str(person(0)[1])[-4:]
    for path, text in (("", "王一一"), ("/hand-out", "1栋101"), ("/hand-out", tail)):
        page = look_for(desk_of_worker, path, text)
        assert "找到 1 人" in page.text
        addresses += [page.url, *page.links, *(form.action for form in page.forms)]
    told = caplog.text + " ".join(addresses)
    for secret in ("王", str(person(0)[1]), str(BAD[1]), tail, "1380000", "101"):
        assert secret not in told


@pytest.mark.parametrize("path", ["", "/enter", "/struck", "/import"])
def test_a_list_asks_the_database_no_more_for_a_thousand_people_than_for_ten(
    desk_of_worker: Desk, app: Flask, database: Database, path: str
) -> None:
    engine = app.extensions["voting.database"].engine
    counts = []
    for people in (10, 990):
        with database.transaction() as session:
            for index in range(people):
                struck = {"struck_at": NOW, "struck_reason": "died"} if index % 5 == 0 else {}
                building = {"building": f"{index % 97}栋"}
                make_elector(session, desk_of_worker.draft, **building, **struck)
        with statements(engine) as seen:
            desk_of_worker.visit(path)
        counts.append(len(seen))
    assert counts[0] == counts[1]
