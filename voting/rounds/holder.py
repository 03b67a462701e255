"""Hands a view the round it is about, loaded and inside the officer's own area."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask_login import current_user

from voting.errors import NotFound
from voting.permissions import Permission
from voting.rounds.service import get_round
from voting.web.access import View, needs
from voting.web.db import get_session


def on_round(permission: Permission) -> Callable[[View], View]:
    """Declare a view that needs ``permission`` on the round of its URL and receives it as ``round``.

    A round of somebody else's area and a round that does not exist get the same answer.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def loaded(*args: Any, round_id: str, **kwargs: Any) -> Any:
            round = get_round(get_session(), round_id)
            if not round.area.lies_in(current_user.area):
                raise NotFound
            return view(*args, round=round, **kwargs)

        return needs(permission)(loaded)  # type: ignore[return-value]  # the decorated view takes an id

    return decorate
