"""Hands a view the round it is about, inside the officer's own area, and issues the papers of a round."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar

from flask_login import current_user
from sqlalchemy.orm import Session

from voting.adapters.pdf import Paper
from voting.errors import NotFound
from voting.journal.rules import Actor
from voting.notices.holder import issue_printed
from voting.notices.models import Notice
from voting.notices.rules import write_facts
from voting.notices.service import AlreadyIssued, Series, find_notice, issue
from voting.permissions import Permission
from voting.rounds.service import get_round
from voting.web.access import View, needs
from voting.web.db import current_database, get_session, now


class RoundPaper(Protocol):
    """The facts of a paper about a round."""

    @property
    def title(self) -> str:
        """The paper's full title."""

    @property
    def number(self) -> str:
        """The number it is issued under."""

    @property
    def rehearsal(self) -> bool:
        """Whether it belongs to a rehearsal."""


Facts = TypeVar("Facts", bound=RoundPaper)


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


def issue_paper(
    round_id: str,
    actor: Actor,
    *,
    kind: str,
    gather: Callable[[Session, str], Facts],
    paper: Callable[[Facts], Paper],
    repeatable: bool = False,
) -> Notice:
    """Print and issue a paper of a round, a rehearsal's in the series of rehearsals; raise NotFound.

    ``gather`` reads the facts with the number to come. Raises AlreadyIssued where there is one of the kind,
    unless it is ``repeatable``.
    """
    with current_database().reading() as session:
        rehearses = get_round(session, round_id).kind == "rehearsal"

    def store(session: Session, facts: Facts, digest: str) -> Notice:
        area_id = get_round(session, round_id).area_id
        return issue(
            session, now=now(), actor=actor, kind=kind, title=facts.title, area_id=area_id,
            round_id=round_id, facts=write_facts(facts), pdf_digest=digest, number=facts.number,
            repeatable=repeatable, rehearsal=facts.rehearsal,
        )  # fmt: skip

    series = Series.REHEARSAL if rehearses else Series.PUBLIC
    return issue_printed(gather=gather, paper=paper, store=store, series=series)


def issue_paper_once(
    round_id: str,
    actor: Actor,
    *,
    kind: str,
    before: Callable[[str], object],
    gather: Callable[[Session, str], Facts],
    paper: Callable[[Facts], Paper],
) -> Notice:
    """Issue the one paper of its kind, or return the one that was issued; ``before`` is done for a new one.

    Raises NotFound, or what ``before`` and ``gather`` raise.
    """
    issued = _issued(round_id, kind)
    if issued is not None:
        return issued
    before(round_id)
    try:
        return issue_paper(round_id, actor, kind=kind, gather=gather, paper=paper)
    except AlreadyIssued:
        # Two officers pressed at once: the paper of the quicker one is the paper.
        issued = _issued(round_id, kind)
        if issued is None:
            raise
        return issued


def _issued(round_id: str, kind: str) -> Notice | None:
    with current_database().reading() as session:
        get_round(session, round_id)
        return find_notice(session, round_id, kind)
