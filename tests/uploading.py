"""Sends a page's form together with a file."""

import io

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.visiting import Page


def submit_file(
    client: FlaskClient, page: Page, field: str, content: bytes, name: str, **changes: object
) -> TestResponse:
    """Post the form of the page's own address; the body is made here: the test client leaks large files."""
    values: dict[str, object] = {
        **page.form(page.url).values,
        **changes,
        field: FileStorage(io.BytesIO(content), name),
    }
    boundary, body = encode_multipart(
        {name: value for name, value in values.items() if value is not None}
    )
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(page.url, data=body, content_type=kind)
