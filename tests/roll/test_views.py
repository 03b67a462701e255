import io
import logging
from datetime import date
from urllib.parse import urlsplit

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.factories.roll import (
    HEADER,
    csv_file,
    freeze,
    identity_number,
    make_elector,
    person,
    sheet,
    xlsx,
)
from tests.roll.conftest import Desk, sit
from tests.visiting import Page, read, submit
from voting.permissions import Role
from voting.persistence.session import Database
from voting.roll.models import Elector, RollImport
from voting.rounds.models import Round

BAD = ["王1", *person(1)[1:]]


def send(desk: Desk, content: bytes, name: str = "名册.xlsx", **more: str) -> TestResponse:
    page = desk.visit("/import")
    token = page.form(page.url).values["csrf_token"]
    return post_file(desk, page.url, content, name, csrf_token=token, **more)


def post_file(
    desk: Desk, address: str, content: bytes, name: str = "名册.xlsx", **more: str
) -> TestResponse:
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(content), name), **more})
    kind = f"multipart/form-data; boundary={boundary}"
    return desk.client.post(address, data=body, content_type=kind)


def listed(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Elector)) or 0


def look_for(desk: Desk, path: str, text: str, round_id: str = "") -> Page:
    """Type into the search form of a page and follow where it leads."""
    page = desk.visit(path, round_id=round_id)
    form = next(form for form in page.forms if "text" in form.values)
    response = desk.client.post(form.action, data={**form.values, "text": text})
    assert response.status_code == 303
    assert urlsplit(response.location).query == ""
    return desk.visit(path, round_id=round_id)


# the roll


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


# files


def test_a_file_is_read_and_its_result_shown_on_a_page_of_its_own(
    desk_of_worker: Desk, database: Database
) -> None:
    response = send(desk_of_worker, xlsx([HEADER, person(0), BAD, person(0)]))
    assert response.status_code == 303
    page = desk_of_worker.visit(response.location.partition("/roll")[2])
    assert "新列入名册1人" in page.text
    assert "重复，未再列入1行" in page.text
    assert "第 3 行姓名姓名里有数字或符号。" in page.text
    assert listed(database) == 1


def test_the_result_can_be_downloaded_and_repeats_nothing_of_the_people(
    desk_of_worker: Desk,
) -> None:
    response = send(desk_of_worker, xlsx([HEADER, person(0), BAD]))
    report = desk_of_worker.client.get(f"{response.location}/faults.csv")
    text = report.get_data().decode("utf-8-sig")
    assert text.splitlines() == ["行,列,原因", "3,姓名,姓名里有数字或符号。请填证件上的姓名。"]
    assert report.headers["Content-Disposition"].startswith("attachment")
    for secret in ("王1", str(BAD[1]), str(BAD[1])[:6], str(BAD[4])):
        assert secret not in text


def test_many_faults_are_paged(desk_of_worker: Desk) -> None:
    bad = [["", *person(index)[1:]] for index in range(60)]
    response = send(desk_of_worker, xlsx([HEADER, *bad]))
    result = response.location.partition("/roll")[2]
    assert "第 1 页，共 2 页" in desk_of_worker.visit(result).text
    assert "第 61 行" in desk_of_worker.visit(f"{result}?page=2").text
    for page in ("3", "0", "-1"):
        desk_of_worker.visit(f"{result}?page={page}", status=404)


def test_a_file_may_be_looked_at_without_changing_the_roll(
    desk_of_worker: Desk, database: Database
) -> None:
    page = read(send(desk_of_worker, xlsx([HEADER, person(0), BAD]), check="1"))
    assert "名册没有改动" in page.text
    assert "第 3 行" in page.text
    assert listed(database) == 0
    with database.reading() as session:
        assert session.scalar(select(RollImport)) is None


def test_earlier_files_are_listed(desk_of_worker: Desk) -> None:
    send(desk_of_worker, csv_file(sheet()), "南烟.csv")
    page = desk_of_worker.visit("/import")
    assert "2026年11月23日 10:00 南烟.csv100" in page.text


def test_ages_above_105_need_the_tick(desk_of_worker: Desk, database: Database) -> None:
    old = xlsx([HEADER, ["王一", identity_number(date(1918, 1, 1)), "居住", "3栋1", ""]])
    send(desk_of_worker, old)
    assert listed(database) == 0
    send(desk_of_worker, old, old_ages_checked="y")
    assert listed(database) == 1


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        pytest.param(b"", "名册.xlsx", "文件是空的", id="0 bytes"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0", "名册.xlsx", "不是能读的表格", id="PNG"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "名册.xls", "取消密码", id="xls"),
        pytest.param(b"a" * (5 * 1024 * 1024 + 1), "名册.csv", "表格太大", id="large"),
        pytest.param(csv_file([HEADER]), "名册.csv", "没有一行内容", id="header only"),
        pytest.param(csv_file([person(0)]), "名册.csv", "没有找到表头", id="no header"),
        pytest.param(
            csv_file([["姓名", "证件号码", "类型"], person(0)]),
            "名册.csv",
            "缺少这一列：楼栋房号",
            id="missing column",
        ),
    ],
)
def test_a_file_that_is_no_roll_is_refused_with_a_sentence(
    desk_of_worker: Desk, database: Database, content: bytes, name: str, sentence: str
) -> None:
    page = read(send(desk_of_worker, content, name), status=422)
    assert sentence in page.text
    assert listed(database) == 0


def test_no_file_at_all_is_refused_with_a_sentence(desk_of_worker: Desk) -> None:
    page = desk_of_worker.visit("/import")
    answer = submit(desk_of_worker.client, page, page.url)
    assert "请先选择填好的名册文件" in read(answer, status=422).text


def test_a_file_above_the_servers_limit_is_answered_with_413(desk_of_worker: Desk) -> None:
    response = send(desk_of_worker, b"a" * (21 * 1024 * 1024))
    assert response.status_code == 413


def test_a_frozen_roll_takes_no_file(desk_of_worker: Desk) -> None:
    page = desk_of_worker.visit("/import", round_id=desk_of_worker.voting, status=409)
    assert "名册已经封存" in page.text
    page = desk_of_worker.visit("/import")
    token = page.form(page.url).values["csrf_token"]
    address = f"/desk/rounds/{desk_of_worker.voting}/roll/import"
    answer = post_file(desk_of_worker, address, xlsx(sheet()), csrf_token=token)
    assert answer.status_code == 409


def test_a_post_without_the_forms_token_is_refused(
    desk_of_worker: Desk, database: Database
) -> None:
    address = f"/desk/rounds/{desk_of_worker.draft}/roll/import"
    assert post_file(desk_of_worker, address, xlsx(sheet())).status_code == 400
    assert listed(database) == 0


def test_the_template_can_be_filled_in_and_sent_back(
    desk_of_worker: Desk, database: Database
) -> None:
    address = f"/desk/rounds/{desk_of_worker.draft}/roll/template.xlsx"
    content = desk_of_worker.client.get(address).get_data()
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["名册"].append(person(0))
    filled = io.BytesIO()
    book.save(filled)
    assert send(desk_of_worker, filled.getvalue()).status_code == 303
    assert listed(database) == 1


# who may


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
