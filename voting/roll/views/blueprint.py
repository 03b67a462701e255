"""What the pages about the roll share.

What a worker types to find somebody goes by POST into the session cookie of their own browser, so that no
address and no log ever holds a name, a room or a part of a number.
"""

from flask import Blueprint, session

from voting.rounds.models import Round

bp = Blueprint("roll", __name__)


def keep_search(page: str, round: Round, text: str) -> None:
    """Remember in this browser what is looked for on a page; an empty text forgets it."""
    if text:
        session[_key(page)] = [round.id, text]
    else:
        session.pop(_key(page), None)


def kept_search(page: str, round: Round) -> str:
    """Return what this browser looks for on a page of this round."""
    round_id, text = session.get(_key(page), ["", ""])
    return text if round_id == round.id else ""


def _key(page: str) -> str:
    return f"roll.{page}"
