"""What the pages about paper share."""

from flask import Blueprint

bp = Blueprint("paper", __name__)
