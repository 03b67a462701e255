"""What is handed to the typesetter for an official paper: its HTML, its code, the widths of its columns."""

from collections.abc import Callable, Mapping
from typing import Any

from voting.adapters import qr
from voting.adapters.pdf import Paper
from voting.notices.rules import PlainPaper

Render = Callable[..., str]
"""``flask.render_template`` or its like: a template's name and its context to HTML."""


def official(
    template: str,
    facts: Any,
    *,
    url: str,
    render: Render,
    assets: Mapping[str, bytes] | None = None,
) -> Paper:
    """Return a paper in the official layout; ``url`` becomes the code beside the signature, if given."""
    code = {"code.png": qr.png(url, scale=8)} if url else {}
    return Paper(render(template, facts=facts), {**code, **(assets or {})})


def plain_paper(facts: PlainPaper, *, render: Render) -> Paper:
    """Return a paper of headings, paragraphs and tables."""
    assets = {"columns.css": _columns(facts).encode()}
    return official("notices/print/plain.html", facts, url=facts.url, render=render, assets=assets)


def _columns(facts: PlainPaper) -> str:
    """Return the widths of all columns as a style sheet; ``t2`` is the table of the second section."""
    return "\n".join(
        f".t{at} col:nth-child({column}) {{ width: {width}mm; }}"
        for at, section in enumerate(facts.sections, 1)
        if section.table
        for column, width in enumerate(section.table.widths, 1)
    )
