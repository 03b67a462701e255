"""What tests of the roll's pages do with a browser."""

import io
from urllib.parse import urlsplit

from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.roll.conftest import Desk
from tests.visiting import Page, submit, visit
from voting.persistence.session import Database
from voting.roll.models import Elector


def upload(desk: Desk, content: bytes, name: str = "名册.xlsx") -> TestResponse:
    """Send a file; where it can be read, the answer leads to its columns."""
    page = desk.visit("/import")
    token = page.form(page.url).values["csrf_token"][0]
    return post_file(desk, page.url, content, name, csrf_token=token)


def check(desk: Desk, content: bytes, name: str = "名册.xlsx", **columns: str) -> TestResponse:
    """Send a file, say which column holds what, and have it looked at."""
    return name_columns(desk, upload(desk, content, name).location, **columns)


def name_columns(desk: Desk, address: str, **columns: str) -> TestResponse:
    return submit(desk.client, visit(desk.client, address), address, **columns)


def send(desk: Desk, content: bytes, name: str = "名册.xlsx", **columns: str) -> TestResponse:
    """Go through all three pages; the answer leads to what became of the file."""
    result = check(desk, content, name, **columns)
    page = visit(desk.client, result.location)
    read = submit(desk.client, page, f"{result.location}/import")
    return desk.client.get(read.location)


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
