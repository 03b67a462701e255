"""Open data as a program reads it: every answer is held against the document that promises it."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from tests.factories.ballots import keyring
from tests.factories.open_data import Opened, make_open_data
from voting.api.views.table import ENDPOINTS
from voting.config import Config
from voting.persistence.session import Database

Json = dict[str, Any]
BASE = "/api/v1"


@pytest.fixture
def opened(database: Database, config: Config) -> Opened:
    """One of everything."""
    with database.transaction() as session:
        return make_open_data(session, keyring(config.var))


@pytest.fixture
def document(client: FlaskClient) -> Json:
    """The OpenAPI document."""
    found: Json = client.get(f"{BASE}/openapi.json").get_json()
    return found


Ask = Callable[..., Json]


@pytest.fixture
def ask(app: Flask, document: Json) -> Ask:
    """Get an address below /api/v1; fail unless its answer is what the document promises for the status."""

    def get(address: str, *, status: int = 200) -> Json:
        response = app.test_client().get(BASE + address)
        assert response.status_code == status, (address, response.status_code, response.data[:300])
        body: Json = response.get_json()
        check_answer(app, document, response, body)
        return body

    return get


def check_answer(app: Flask, document: Json, response: TestResponse, body: Json) -> None:
    """Fail unless a body is what the document promises at its address."""
    with app.test_request_context(response.request.path):
        endpoint = request.endpoint or ""
    path = next(one.path for one in ENDPOINTS if f"api.{one.name}" == endpoint)
    promised = document["paths"][path]["get"]["responses"][str(response.status_code)]
    schema = promised["content"][response.mimetype]["schema"]
    whole = {**schema, "components": document["components"]}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(body)
    assert response.mimetype in promised["content"]


def addresses(opened: Opened) -> list[str]:
    """Return every address of open data, filled in."""
    return [
        BASE
        + one.path.format(
            area_id=opened.area,
            round_id=opened.round,
            project_id=opened.project,
            number=opened.number,
        )
        for one in ENDPOINTS
    ]


def as_xlsx(response: TestResponse) -> list[list[str]]:
    """Return the cells of the one sheet of a file; fail if one of them is a formula."""
    book = load_workbook(io.BytesIO(response.data))
    (sheet,) = book.worksheets
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
    return [
        ["" if value is None else str(value) for value in row]
        for row in sheet.iter_rows(values_only=True)
    ]
