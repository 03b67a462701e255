"""What the pages about projects share."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.blueprints import BlueprintSetupState

from voting.delivery.holder import PAPERS
from voting.notices.holder import offer

bp = Blueprint("delivery", __name__)


@bp.record_once
def _offer(state: BlueprintSetupState) -> None:
    for kind in PAPERS:
        offer(state.app, kind)


def to(page: str, sentence: str, **values: Any) -> Any:
    """Say that something is done, and lead to a page of ours."""
    flash(sentence, "success")
    return redirect(url_for(f"delivery.{page}", **values), 303)
