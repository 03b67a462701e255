"""What later stages know of a candidate: they tell it here, since no stage may ask a later one."""

from collections.abc import Callable

from flask import Flask, current_app
from sqlalchemy.orm import Session

from voting.proposals.models import Candidate
from voting.proposals.rules.sequel import Sequel

FindSequel = Callable[[Session, Candidate], Sequel]


def tell_sequels(app: Flask, find: FindSequel) -> None:
    """Let the app's proposals say what came of them after the vote."""
    app.extensions["voting.sequel"] = find


def find_sequel(session: Session, candidate: Candidate) -> Sequel:
    """Return what came of a candidate, as far as anybody may know."""
    find: FindSequel | None = current_app.extensions.get("voting.sequel")
    return find(session, candidate) if find else Sequel()
