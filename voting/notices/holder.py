"""Which kinds of papers there are, and how one is printed and issued.

Each stage offers its own kinds, with their facts and their page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app
from flask.sansio.app import App
from sqlalchemy.orm import Session

from voting.adapters import pdf
from voting.adapters.fonts import find_fonts
from voting.adapters.pdf import Paper
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.notices.models import Notice
from voting.notices.rules import read_facts
from voting.notices.service import Overtaken, next_number
from voting.web.db import (
    current_config,
    current_database,
    current_files,
    end_reading,
    now,
    transaction,
)

Facts = TypeVar("Facts")

_KEPT = "voting.paper_kinds"


class UnknownKind(Refusal):
    """No stage offers this kind of paper."""

    msgid = "没有名为 %(kind)s 的文件。可以发布的有：%(names)s。"
    status = 404


@dataclass(frozen=True)
class PaperKind:
    """A kind of paper; ``label`` is a message id, ``page`` the template for phones.

    ``issue`` makes the paper of a round and returns it, or the one that was issued before; it opens its
    own transactions and raises refusals.
    """

    name: str
    label: str
    facts: type[Any]
    page: str
    issue: Callable[[str, Actor], Notice]


def offer(app: App, kind: PaperKind) -> None:
    """Make a kind of paper known to an app."""
    app.extensions.setdefault(_KEPT, {})[kind.name] = kind


def kinds() -> Mapping[str, PaperKind]:
    """Return the kinds of papers by name."""
    offered: Mapping[str, PaperKind] = current_app.extensions.get(_KEPT, {})
    return offered


def get_kind(name: str) -> PaperKind:
    """Return a kind of paper; raise UnknownKind."""
    kind = kinds().get(name)
    if kind is None:
        raise UnknownKind(kind=name[:40], names="、".join(sorted(kinds())))
    return kind


def facts_of(notice: Notice) -> Any:
    """Return the facts of a paper as its stage knows them."""
    return read_facts(get_kind(notice.kind).facts, notice.facts)


def render(template: str, **context: object) -> str:
    """Render the HTML of a paper, with or without a request around it."""
    return current_app.jinja_env.get_template(template).render(**context)


def set_paper(paper: Paper) -> bytes:
    """Return a paper as PDF, set with this installation's typefaces."""
    config = current_config()
    fonts = find_fonts(config.font_dir, config.var / "fonts")
    return pdf.render(paper.html, fonts=fonts, assets=paper.assets)


def print_paper(paper: Paper) -> str:
    """Set a paper, store its PDF among the files, and return its digest."""
    return current_files().put(set_paper(paper))


def issue_printed(
    *,
    gather: Callable[[Session, str], Facts],
    paper: Callable[[Facts], Paper],
    store: Callable[[Session, Facts, str], Notice],
    tries: int = 5,
) -> Notice:
    """Print a paper, then store it: ``store`` runs in the one transaction that makes it issued.

    ``gather`` reads the facts, the number to come among them; ``store`` receives them with the digest of
    the PDF and calls ``notices.service.issue`` with that number. Nothing is held while the pages are set;
    whoever is overtaken (by another paper, by midnight) prints anew.
    """
    end_reading()
    with current_database().reading() as session:
        facts = gather(session, next_number(session, now=now()))
    digest = print_paper(paper(facts))
    try:
        with transaction() as session:
            return store(session, facts, digest)
    except Overtaken:
        if tries <= 1:
            raise
    return issue_printed(gather=gather, paper=paper, store=store, tries=tries - 1)
