"""Open data over the web: JSON, tables, feeds, a calendar, and a result to be shown elsewhere."""

from voting.api.views import embed, page
from voting.api.views.blueprint import bp
from voting.api.views.serving import register
from voting.api.views.table import ENDPOINTS

register(bp, ENDPOINTS)

__all__ = ["bp", "embed", "page"]
