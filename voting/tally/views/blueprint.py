"""What the pages about the count share."""

from flask import Blueprint

bp = Blueprint("tally", __name__)
