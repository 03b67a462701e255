"""Hands a view the project it is about, inside the officer's own area; runs its acts; keeps its papers."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask_login import current_user
from sqlalchemy.orm import Session

from voting.areas.service import find_installation, public_url
from voting.delivery.rules.steps import STEPS
from voting.delivery.service import get_project
from voting.errors import NotFound, Refusal
from voting.notices.holder import PaperKind
from voting.permissions import Permission
from voting.web.access import View, needs
from voting.web.db import current_config, get_session, transaction
from voting.web.refusing import RefusingForm

PAPERS = tuple(
    PaperKind(name=f"project-{key}", label=paper)
    for key, paper in {step.key: step.paper for step in STEPS if step.paper}.items()
)


def on_project(permission: Permission) -> Callable[[View], View]:
    """Declare a view that needs ``permission`` on the project of its URL and receives it as ``project``.

    A project of somebody else's area and one that does not exist get the same answer.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def loaded(*args: Any, project_id: str, **kwargs: Any) -> Any:
            project = get_project(get_session(), project_id, within=current_user.area)
            return view(*args, project=project, **kwargs)

        return needs(permission)(loaded)  # type: ignore[return-value]  # the decorated view takes an id

    return decorate


def carried_out(form: RefusingForm, act: Callable[[Session], object]) -> bool:
    """Run one use case in a transaction of its own; tell whether it was not refused.

    A refusal is put into the form, but for what does not exist: that has a page of its own.
    """
    try:
        with transaction() as session:
            act(session)
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True


def site() -> str:
    """Return the public address, as codes on papers carry it."""
    return public_url(find_installation(get_session()), current_config())
