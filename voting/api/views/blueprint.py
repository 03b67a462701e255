"""The blueprint of open data."""

from flask import Blueprint

bp = Blueprint("api", __name__)
BASE = "/api/v1"
KEEP = "public, max-age=60"
