import io
from datetime import date, timedelta

import openpyxl
import pytest
from sqlalchemy import select

from tests.factories.roll import (
    HEADER,
    NOW,
    csv_file,
    identity_number,
    make_round,
    person,
    sheet,
    xlsx,
)
from tests.roll.conftest import Desk
from tests.roll.sending import check, listed, post_file, send, upload
from tests.visiting import read, submit, visit
from voting.persistence.session import Database
from voting.roll.models import RollImport
from voting.rounds.models import Round

BAD = ["王1", *person(1)[1:]]


def test_a_file_is_read_and_its_result_shown_on_a_page_of_its_own(
    desk_of_worker: Desk, database: Database
) -> None:
    response = send(desk_of_worker, xlsx([HEADER, person(0), BAD, person(0)]))
    assert response.status_code == 303
    page = desk_of_worker.visit(response.location.partition("/roll")[2])
    assert "新列入名册1人" in page.text
    assert "重复，未再列入1行" in page.text
    assert "第 3 行姓名（A 列）姓名里有数字或符号。" in page.text
    assert listed(database) == 1


def test_the_result_can_be_downloaded_and_repeats_nothing_of_the_people(
    desk_of_worker: Desk,
) -> None:
    response = send(desk_of_worker, xlsx([HEADER, person(0), BAD]))
    report = desk_of_worker.client.get(f"{response.location}/faults.csv")
    text = report.get_data().decode("utf-8-sig")
    assert text.splitlines() == [
        "行,列,原因,要改吗",
        "3,姓名（A 列）,姓名里有数字或符号。请填证件上的姓名。,要改",
    ]
    assert report.headers["Content-Disposition"].startswith("attachment")
    for secret in ("王1", str(BAD[1]), str(BAD[1])[:6], str(BAD[4])):
        assert secret not in text


def test_many_faults_are_paged(desk_of_worker: Desk) -> None:
    bad = [["", *person(index)[1:]] for index in range(60)]
    response = send(desk_of_worker, xlsx([HEADER, *bad, person(60)]))
    result = response.location.partition("/roll")[2]
    assert "第 1 页，共 2 页" in desk_of_worker.visit(result).text
    assert "第 61 行" in desk_of_worker.visit(f"{result}?page=2").text
    for page in ("3", "0", "-1"):
        desk_of_worker.visit(f"{result}?page={page}", status=404)


def test_a_file_may_be_looked_at_without_changing_the_roll(
    desk_of_worker: Desk, database: Database
) -> None:
    page = visit(
        desk_of_worker.client,
        check(desk_of_worker, xlsx([HEADER, person(0), BAD])).location,
    )
    assert "名册还没有改动" in page.text
    assert "可以新列入1人" in page.text
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
    page = visit(desk_of_worker.client, check(desk_of_worker, old).location)
    assert "超过 105 岁" in page.text
    send(desk_of_worker, old, old_ages_checked="y")
    assert listed(database) == 1


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        pytest.param(b"", "名册.xlsx", "文件是空的", id="0 bytes"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0", "名册.xlsx", "不是能读的表格", id="PNG"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "名册.xls", "取消密码", id="xls"),
        pytest.param(b"a" * (5 * 1024 * 1024 + 1), "名册.csv", "表格太大", id="large"),
    ],
)
def test_a_file_that_is_no_roll_is_refused_with_a_sentence(
    desk_of_worker: Desk, database: Database, content: bytes, name: str, sentence: str
) -> None:
    page = read(upload(desk_of_worker, content, name), status=422)
    assert sentence in page.text
    assert listed(database) == 0


def test_no_file_at_all_is_refused_with_a_sentence(desk_of_worker: Desk) -> None:
    page = desk_of_worker.visit("/import")
    answer = submit(desk_of_worker.client, page, page.url)
    assert "请先选择填好的名册文件" in read(answer, status=422).text


def test_a_file_above_the_servers_limit_is_answered_with_413(desk_of_worker: Desk) -> None:
    response = upload(desk_of_worker, b"a" * (21 * 1024 * 1024))
    assert response.status_code == 413


def test_a_roll_takes_no_file_when_voting_is_over(desk_of_worker: Desk, database: Database) -> None:
    page = desk_of_worker.visit("/import", round_id=desk_of_worker.voting)
    assert "先和名册比一比" in page.text
    token = page.form(page.url).values["csrf_token"][0]
    with database.transaction() as session:
        area = session.get_one(Round, desk_of_worker.draft).area_id
        times = {"opens_at": NOW - timedelta(days=2), "closes_at": NOW}
        over = make_round(session, frozen=True, area_id=area, **times).id
    assert "名册不能再改" in desk_of_worker.visit("/import", round_id=over, status=409).text
    address = f"/desk/rounds/{over}/roll/import"
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
