"""Hands every page what this installation is called and whom to ask.

Voters' pages show it too and must not pay a query for it: it is kept in the process for ten seconds, and
forgotten at once where it was changed.
"""

import logging
import time
from dataclasses import dataclass

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from voting.areas.service import find_installation, top_area
from voting.web.db import current_database

_SECONDS = 10.0
_KEPT = "voting.identity"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Identity:
    """What stands at the head and at the foot of every page."""

    area_name: str = ""
    help_number: str = ""
    demo: bool = False
    is_set_up: bool = False


def identity() -> Identity:
    """Return what this installation is, at most ten seconds old."""
    expires, kept = current_app.extensions.get(_KEPT, (0.0, None))
    if kept is None or time.monotonic() >= expires:
        kept = _load()
        if kept.is_set_up:
            current_app.extensions[_KEPT] = (time.monotonic() + _SECONDS, kept)
    found: Identity = kept
    return found


def forget_identity() -> None:
    """Read it anew at the next page: something of it was changed."""
    current_app.extensions.pop(_KEPT, None)


def _load() -> Identity:
    try:
        with current_database().reading() as session:
            installation, top = find_installation(session), top_area(session)
    except SQLAlchemyError as error:
        # The page that says sorry must not need the database, and the error's text may quote values.
        _LOG.error("the installation cannot be read: %s", type(error).__name__)
        return Identity()
    if installation is None:
        return Identity()
    return Identity(
        area_name=installation.name,
        help_number=(top.help_number if top else None) or "",
        demo=installation.demo,
        is_set_up=True,
    )
