"""A file between its upload and the roll: what is kept of it, whose it is, and when it goes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from tests.conftest import Clock
from tests.factories.accounts import make_officer, sit_down
from tests.factories.roll import HEADER, NOW, csv_file, freeze, person, xlsx
from tests.roll.conftest import Desk
from tests.roll.messy import TITLES
from tests.roll.sending import check, listed, name_columns, post_file, send, upload
from tests.visiting import read, submit, visit
from voting.adapters.jobs import Queue
from voting.areas.models import Area
from voting.config import Config
from voting.permissions import Role
from voting.persistence.session import Database
from voting.roll.models import RollUpload
from voting.rounds.models import Round

OTHER_NAMES = ("手机号码", "身份证号", "名字", "住址")


def other(index: int) -> list[object]:
    name, number, _basis, room, phone = person(index)
    return [phone, number, name, room]


def kept_files(config: Config) -> list[Path]:
    folder = config.var / "rolls"
    return sorted(folder.iterdir()) if folder.exists() else []


def state(database: Database) -> str:
    with database.reading() as session:
        return session.scalars(select(RollUpload.state)).one()


@pytest.fixture
def columns(desk_of_worker: Desk) -> str:
    """The address at which the columns of a file that was sent are named."""
    cells = [*TITLES, OTHER_NAMES, other(0), other(1)]
    return upload(desk_of_worker, xlsx(cells)).location


def test_the_columns_are_guessed_and_the_first_rows_shown_masked(
    desk_of_worker: Desk, columns: str
) -> None:
    page = visit(desk_of_worker.client, columns)
    values = page.form(columns).values
    assert values["header_row"] == ["4"]
    assert [values[f"column_{place}"] for place in (0, 1, 3, 7)] == [["2"], ["1"], ["3"], ["0"]]
    assert "王*" in page.text
    assert "138****0000" in page.text
    assert "1栋 ***" in page.text
    for secret in (str(person(0)[1]), "王一一", "1单元101", "13800000000"):
        assert secret not in page.html


def test_a_basis_may_be_said_for_the_whole_sheet(
    desk_of_worker: Desk, columns: str, database: Database
) -> None:
    answer = name_columns(desk_of_worker, columns)
    assert "请选出“类型”在哪一列" in read(answer, status=422).text
    answer = name_columns(desk_of_worker, columns, column_2="all:居住", preview="1")
    assert "居住" in read(answer).text
    result = name_columns(desk_of_worker, columns, column_2="all:居住").location
    submit(desk_of_worker.client, visit(desk_of_worker.client, result), f"{result}/import")
    assert listed(database) == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"column_0": ""}, "请选出“姓名”在哪一列", id="no name"),
        pytest.param({"column_1": ""}, "请选出“证件号码”在哪一列", id="no number"),
        pytest.param({"column_3": ""}, "请选出“楼栋房号”在哪一列", id="no room"),
        pytest.param({"column_0": "1"}, "选了同一列", id="one column twice"),
        pytest.param({"column_0": "4"}, "有几处需要改一下", id="a column that is not there"),
        pytest.param({"column_0": "-1"}, "有几处需要改一下", id="negative"),
        pytest.param({"column_0": "²"}, "有几处需要改一下", id="no whole number"),
        pytest.param({"column_2": "all:户籍"}, "有几处需要改一下", id="another basis"),
        pytest.param({"header_row": "21"}, "有几处需要改一下", id="a row that is not there"),
        pytest.param({"header_row": "x"}, "有几处需要改一下", id="a row that is a word"),
        pytest.param({"sheet": "7"}, "有几处需要改一下", id="a sheet that is not there"),
        pytest.param({"sheet": "9" * 500}, "有几处需要改一下", id="a very long sheet"),
    ],
)
def test_columns_that_cannot_be_are_refused(
    desk_of_worker: Desk, columns: str, changes: dict[str, str], sentence: str
) -> None:
    answer = name_columns(desk_of_worker, columns, **{"column_2": "all:居住", **changes})
    assert sentence in read(answer, status=422).text


def test_another_row_of_labels_is_read_anew(desk_of_worker: Desk, columns: str) -> None:
    page = read(name_columns(desk_of_worker, columns, header_row="0"))
    assert page.form(columns).values["column_0"] == [""]
    page = read(submit(desk_of_worker.client, page, columns, header_row="4"))
    assert page.form(columns).values["column_0"] == ["2"]


def test_of_several_sheets_the_likely_one_is_offered_and_another_can_be_chosen(
    desk_of_worker: Desk, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["说明", "请看第二张表"])  # type: ignore[union-attr]  # a new book has a sheet
    for name, index in (("一期", 0), ("二期", 1)):
        page = book.create_sheet(name)
        page.append(list(HEADER))
        page.append(person(index))
    book.create_sheet("旧").sheet_state = "hidden"
    book.save(tmp_path / "book.xlsx")
    address = upload(desk_of_worker, (tmp_path / "book.xlsx").read_bytes()).location
    seen = visit(desk_of_worker.client, address)
    assert seen.form(address).values["sheet"] == ["1"]
    assert "二期（2 行）" in seen.text
    assert "旧（" not in seen.text
    other_sheet = read(submit(desk_of_worker.client, seen, address, sheet="2"))
    assert other_sheet.form(address).values["sheet"] == ["2"]


def test_nothing_of_a_kept_file_can_be_read_on_the_disk_and_it_goes_once_read(
    desk_of_worker: Desk, config: Config, database: Database
) -> None:
    result = check(desk_of_worker, csv_file([HEADER, person(0)]), "名册.csv").location
    assert len(kept_files(config)) == 2
    for path in kept_files(config):
        assert path.stat().st_mode & 0o077 == 0
        assert "王一一".encode() not in path.read_bytes()
        assert str(person(0)[1]).encode() not in path.read_bytes()
    submit(desk_of_worker.client, visit(desk_of_worker.client, result), f"{result}/import")
    assert kept_files(config) == []
    assert state(database) == "read"


def test_a_file_may_be_given_up(
    desk_of_worker: Desk, columns: str, config: Config, database: Database
) -> None:
    page = visit(desk_of_worker.client, columns)
    away = columns.replace("/columns", "/give-up")
    assert submit(desk_of_worker.client, page, away).status_code == 303
    assert kept_files(config) == []
    assert state(database) == "gone"
    page = visit(desk_of_worker.client, columns.removesuffix("/columns"))
    assert "已经不在服务器上了" in page.text
    assert desk_of_worker.client.get(columns).status_code == 409


def test_after_an_hour_a_file_is_gone_whoever_comes_next(
    desk_of_worker: Desk, columns: str, config: Config, database: Database, clock: Clock
) -> None:
    assert columns
    with database.transaction() as session:
        area = session.get_one(Area, session.get_one(Round, desk_of_worker.draft).area_id)
        colleague = make_officer(session, area=area, role=Role.COMMUNITY_WORKER)
    for minutes, left in ((59, 1), (1, 0)):
        clock.now += timedelta(minutes=minutes)
        sit_down(desk_of_worker.client, database, colleague, now=clock.now)
        desk_of_worker.visit("/import")
        assert len(kept_files(config)) == left
    assert state(database) == "gone"


def test_the_same_file_is_not_read_twice_by_a_double_click(
    desk_of_worker: Desk, database: Database
) -> None:
    result = check(desk_of_worker, xlsx([HEADER, person(0)])).location
    page = visit(desk_of_worker.client, result)
    for _click in range(2):
        answer = submit(desk_of_worker.client, page, f"{result}/import")
        assert answer.status_code == 303
    assert listed(database) == 1
    page = desk_of_worker.visit("/import")
    assert page.text.count("名册.xlsx") == 1


def test_columns_named_wrongly_can_be_named_again(desk_of_worker: Desk) -> None:
    result = check(desk_of_worker, xlsx([HEADER, person(0)]), column_8="").location
    again = f"{result}/columns"
    assert again in visit(desk_of_worker.client, result).links
    assert visit(desk_of_worker.client, again).form(again).values["column_7"] == ["4"]


def test_a_sheet_without_people_is_refused_on_a_page(desk_of_worker: Desk) -> None:
    result = check(desk_of_worker, csv_file([HEADER]), "名册.csv").location
    page = visit(desk_of_worker.client, result)
    assert "没有一行内容" in page.text


def test_other_peoples_files_and_other_rounds_are_not_found(
    desk_of_worker: Desk, columns: str, database: Database
) -> None:
    away = columns.removesuffix("/columns")
    for address in (away.replace(desk_of_worker.draft, desk_of_worker.foreign), f"{away}x"):
        for path in ("", "/columns", "/faults.csv"):
            assert desk_of_worker.client.get(address + path).status_code == 404
    with database.transaction() as session:
        area = session.get_one(Area, session.get_one(Round, desk_of_worker.draft).area_id)
        colleague = make_officer(session, area=area, role=Role.COMMUNITY_WORKER)
    sit_down(desk_of_worker.client, database, colleague, now=NOW)
    for path in ("", "/columns", "/faults.xlsx"):
        assert desk_of_worker.client.get(away + path).status_code == 404


def test_a_roll_that_froze_meanwhile_takes_nobody(desk_of_worker: Desk, database: Database) -> None:
    result = check(desk_of_worker, xlsx([HEADER, person(0)])).location
    page = visit(desk_of_worker.client, result)
    with database.transaction() as session:
        freeze(session.get_one(Round, desk_of_worker.draft))
    answer = submit(desk_of_worker.client, page, f"{result}/import")
    assert "名册已经封存" in read(answer, status=409).text
    assert listed(database) == 0


@pytest.fixture
def served(config: Config) -> Iterator[None]:
    """Somebody holds the queue, as the process that works jobs off does."""
    with Queue(config.var / "jobs").held(wait=False):
        yield


@pytest.mark.usefixtures("served")
def test_while_jobs_are_worked_off_elsewhere_the_page_waits_and_refreshes(
    desk_of_worker: Desk, database: Database
) -> None:
    result = check(desk_of_worker, xlsx([HEADER, person(0)])).location
    answer = desk_of_worker.client.get(result)
    assert answer.headers["Refresh"] == "2"
    assert "正在排队，共 2 行" in read(answer).text
    assert state(database) == "reading"


def test_a_job_that_nobody_took_can_be_done_from_the_page(
    desk_of_worker: Desk, config: Config
) -> None:
    with Queue(config.var / "jobs").held(wait=False):
        result = check(desk_of_worker, xlsx([HEADER, person(0)])).location
    page = visit(desk_of_worker.client, result)
    assert "后台服务没有运行" in page.text
    submit(desk_of_worker.client, page, f"{result}/read")
    assert "可以新列入1人" in visit(desk_of_worker.client, result).text


def test_a_report_can_be_taken_as_a_spreadsheet_without_anything_personal(
    desk_of_worker: Desk, tmp_path: Path
) -> None:
    bad = ["王1", *person(1)[1:]]
    result = send(desk_of_worker, xlsx([HEADER, person(0), bad, person(0)])).location
    content = desk_of_worker.client.get(f"{result}/faults.xlsx").get_data()
    (tmp_path / "faults.xlsx").write_bytes(content)
    page = openpyxl.load_workbook(tmp_path / "faults.xlsx").active
    assert page is not None
    told = [[cell.value for cell in row] for row in page.iter_rows()]
    assert [line[:2] for line in told] == [
        ["行", "列"],
        [3, "姓名（A 列）"],
        [4, "证件号码（B 列）"],
    ]
    assert desk_of_worker.client.get(f"{result}/faults.pdf").status_code == 404


def test_a_post_without_a_token_does_nothing(desk_of_worker: Desk, columns: str) -> None:
    for path in ("/columns", "/import", "/give-up", "/read"):
        address = columns.removesuffix("/columns") + path
        assert post_file(desk_of_worker, address, b"").status_code == 400
