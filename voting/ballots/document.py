"""The lines of the ballot and confirm pages, rendered once per process and put together for each card."""

from collections.abc import Sequence
from functools import lru_cache

from flask import render_template
from markupsafe import Markup

from voting.ballots.rules import BallotPaper

_CHECKED = " checked>"


@lru_cache(maxsize=8)
def _lines(paper: BallotPaper) -> tuple[str, ...]:
    return tuple(
        render_template("ballots/_line.html", candidate=candidate, index=index).strip()
        for index, candidate in enumerate(paper.candidates)
    )


@lru_cache(maxsize=8)
def _chosen_lines(paper: BallotPaper) -> dict[int, str]:
    return {
        candidate.number: render_template("ballots/_chosen.html", candidate=candidate).strip()
        for candidate in paper.candidates
    }


def ballot_lines(paper: BallotPaper, *, start: int, ticked: frozenset[int]) -> Markup:
    """Return all lines, beginning at a place that differs from card to card; numbers stay fixed.

    The first places of a list draw votes: a start of its own for each card spreads that gain evenly.
    """
    lines = _lines(paper)
    offset = start % len(lines)
    shown = [
        _tick(line) if candidate.number in ticked else line
        for line, candidate in zip(lines, paper.candidates, strict=True)
    ]
    return Markup("\n".join(shown[offset:] + shown[:offset]))  # noqa: S704 -- rendered by Jinja above


def _tick(line: str) -> str:
    return line.replace(">", _CHECKED, 1)


def chosen_lines(paper: BallotPaper, chosen: Sequence[int]) -> Markup:
    """Return what was ticked, as the confirm page lists it."""
    lines = _chosen_lines(paper)
    return Markup("\n".join(lines[number] for number in chosen))  # noqa: S704 -- rendered by Jinja above


def chosen_inputs(chosen: Sequence[int]) -> Markup:
    """Return the hidden fields that carry what was ticked from page to page."""
    field = Markup('<input type="hidden" name="choice" value="{}">')
    return Markup("\n").join(field.format(number) for number in chosen)
