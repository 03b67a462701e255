"""The page that says what open data there is, with examples to try."""

from flask import render_template

from voting.api.views.blueprint import BASE, bp
from voting.api.views.news import site
from voting.api.views.table import ENDPOINTS
from voting.web.access import public


@bp.get("/open-data")
@public
def open_data() -> str:
    """Say what open data there is and how it is read."""
    return render_template("api/open_data.html", endpoints=ENDPOINTS, base=BASE, site=site())
