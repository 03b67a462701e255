"""The app with pages that fail in every way a page can fail, in this process only."""

from flask import abort

from voting.app import create_app
from voting.web.access import public

CODES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)

app = create_app()


@app.get("/fails/<int:code>")
@public
def fails(code: int) -> str:
    """Answer with this code."""
    return abort(code)
