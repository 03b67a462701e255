import csv
import io

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api.conftest import BASE, as_xlsx
from tests.factories.open_data import Opened
from voting.api.service import asking
from voting.api.views.sheets import ENDINGS

MARK = b"\xef\xbb\xbf"


def tables(opened: Opened) -> list[str]:
    return [
        f"{BASE}/rounds/{opened.round}/candidates", f"{BASE}/rounds/{opened.round}/result",
        f"{BASE}/rounds/{opened.round}/turnout", f"{BASE}/projects", f"{BASE}/notices",
    ]  # fmt: skip


def as_csv(response: TestResponse) -> list[list[str]]:
    assert response.data.startswith(MARK)
    return list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))


def test_both_kinds_of_file_hold_the_same_table(opened: Opened, client: FlaskClient) -> None:
    for address in tables(opened):
        one, other = client.get(f"{address}.csv"), client.get(f"{address}.xlsx")
        assert (one.mimetype, other.mimetype) == tuple(ENDINGS.values())
        assert "attachment" in one.headers["Content-Disposition"]
        rows = as_csv(one)
        assert len(rows) > 1, address
        unguarded = [[cell.removeprefix("'") for cell in row] for row in rows]
        assert unguarded == as_xlsx(other)


def test_a_table_says_what_the_json_says(opened: Opened, client: FlaskClient) -> None:
    rows = as_csv(client.get(f"{BASE}/rounds/{opened.round}/result.csv"))
    result = client.get(f"{BASE}/rounds/{opened.round}/result").get_json()
    told = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    for line, row in zip(result["projects"], told, strict=True):
        assert row["名称"] == line["title"]
        assert row["得票数"] == str(line["votes"])
        assert row["预算（元）"] == line["cost"]["yuan"]
        assert row["原因"] == line["sentence"]


def test_no_cell_is_a_formula(opened: Opened, client: FlaskClient) -> None:
    rows = as_csv(client.get(f"{BASE}/notices.csv"))
    assert "'=关于“甲”的通告" in [row[1] for row in rows]


def test_a_table_that_no_spreadsheet_should_open_is_refused(
    opened: Opened, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_ROWS", 1)
    response = client.get(f"{BASE}/notices.csv")
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert "最多 1 行" in response.get_json()["detail"]
    assert client.get(f"{BASE}/notices.csv?round={opened.round}").status_code == 200
