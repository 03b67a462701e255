"""Which kinds of papers there are, and how one is printed and issued.

Each stage offers its own kinds, with their facts and their page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app, url_for
from flask.sansio.app import App
from sqlalchemy.orm import Session

from voting.adapters import pdf
from voting.adapters.fonts import find_fonts
from voting.adapters.pdf import Paper
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.notices.models import Notice
from voting.notices.rules import PlainPaper, read_facts
from voting.notices.service import (
    PUBLIC,
    Overtaken,
    Series,
    keep_digest,
    next_number,
    plain_paper,
    stored_pdf,
)
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


class LeftByStep(Refusal):
    """The paper comes of a step and of nothing else."""

    msgid = "“%(label)s”随办理步骤自动生成，不单独发布。"


@dataclass(frozen=True)
class PaperKind:
    """A kind of paper; ``label`` is a message id, ``page`` the template for phones.

    ``issue`` makes the paper of a round and returns it, or the one that was issued before; it opens its
    own transactions and raises refusals. Papers that a step leaves have none. ``paper`` prints the facts.
    """

    name: str
    label: str
    facts: type[Any] = PlainPaper
    page: str = "notices/plain.html"
    issue: Callable[[str, Actor], Notice] | None = None
    paper: Callable[..., Paper] = plain_paper


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
        names = sorted(kind.name for kind in kinds().values() if kind.issue)
        raise UnknownKind(kind=name[:40], names="、".join(names))
    return kind


def issue_kind(name: str, round_id: str, actor: Actor) -> Notice:
    """Issue a round's paper, or return the one that was issued; raise UnknownKind or LeftByStep."""
    kind = get_kind(name)
    if kind.issue is None:
        raise LeftByStep(label=kind.label)
    return kind.issue(round_id, actor)


def kind_of(notice: Notice) -> PaperKind:
    """Return the kind of an issued paper; one that nobody offers any more is a paper in words."""
    return kinds().get(notice.kind) or PaperKind(notice.kind, "文件")


def facts_of(notice: Notice) -> Any:
    """Return the facts of a paper as its stage knows them."""
    return read_facts(kind_of(notice).facts, notice.facts)


def page_of(notice: Notice) -> str:
    """Return the address of a paper's page: in public, or at the desk."""
    if notice.audience == PUBLIC:
        return url_for("notices.notice", number=notice.number)
    return url_for("notices.desk_notice", notice_id=notice.id)


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


def printed(notice: Notice) -> bytes:
    """Return the PDF of a paper; print it first if nobody has asked for it yet.

    The page is set outside any transaction and made of the frozen facts alone. Of two who ask at once
    both may print, but one print stands, and both get that one. Raises DamagedPaper.
    """
    digest = notice.pdf_digest
    if digest is None:
        kind, facts = kind_of(notice), facts_of(notice)
        end_reading()
        made = print_paper(kind.paper(facts, render=render))
        with transaction() as session:
            digest = keep_digest(session, notice.id, made)
    return stored_pdf(current_files(), number=notice.number, digest=digest)


def issue_printed(
    *,
    gather: Callable[[Session, str], Facts],
    paper: Callable[[Facts], Paper],
    store: Callable[[Session, Facts, str], Notice],
    series: Series = Series.PUBLIC,
    tries: int = 5,
) -> Notice:
    """Print a paper, then store it: ``store`` runs in the one transaction that makes it issued.

    ``gather`` reads the facts, the number to come among them; ``store`` receives them with the digest of
    the PDF and calls ``notices.service.issue`` with that number. Nothing is held while the pages are set;
    whoever is overtaken (by another paper, by midnight) prints anew.
    """
    end_reading()
    with current_database().reading() as session:
        facts = gather(session, next_number(session, now=now(), series=series))
    digest = print_paper(paper(facts))
    try:
        with transaction() as session:
            return store(session, facts, digest)
    except Overtaken:
        if tries <= 1:
            raise
    return issue_printed(gather=gather, paper=paper, store=store, series=series, tries=tries - 1)
