"""The head of a round's ledger, which stands on the poster's page: a later stage tells it here."""

from collections.abc import Callable

from flask import Flask, current_app
from sqlalchemy.orm import Session

FindHead = Callable[[Session, str], str]


def tell_heads(app: Flask, find: FindHead) -> None:
    """Let the app's posters show the newest head of a round."""
    app.extensions["voting.heads"] = find


def shown_head(session: Session, round_id: str) -> str:
    """Return the head of a round's ledger in groups of four, or nothing where there is none yet."""
    find: FindHead | None = current_app.extensions.get("voting.heads")
    return find(session, round_id) if find else ""
