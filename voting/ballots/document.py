"""The lines of the ballot and confirm pages, rendered once per process, and the picture of a receipt."""

from collections.abc import Sequence
from functools import lru_cache

from flask import render_template
from markupsafe import Markup

from voting.adapters import drawing
from voting.adapters.drawing import Words
from voting.adapters.fonts import FontSet
from voting.adapters.pictures import thumbnail_sheet
from voting.adapters.storage import FileStore
from voting.ballots.rules import BallotPaper
from voting.figures import grouped_code
from voting.notices.rules import heading_lines
from voting.web.text import _

_CHECKED = " checked>"
# Characters on a line of the picture.
_NAME_MOST = 20


@lru_cache(maxsize=64)
def _lines(paper: BallotPaper) -> tuple[str, ...]:
    return tuple(
        render_template(
            "ballots/_line.html", candidate=candidate, index=index, says_cost=bool(paper.spending)
        ).strip()
        for index, candidate in enumerate(paper.candidates)
    )


@lru_cache(maxsize=64)
def _chosen_lines(paper: BallotPaper) -> dict[int, str]:
    return {
        candidate.number: render_template(
            "ballots/_chosen.html", candidate=candidate, says_cost=bool(paper.spending)
        ).strip()
        for candidate in paper.candidates
    }


def ballot_lines(paper: BallotPaper, *, start: int, ticked: frozenset[int]) -> Markup:
    """Return all lines, beginning at a place that differs from card to card; numbers stay fixed.

    The first places of a list draw votes: a start of its own for each card spreads that gain evenly.
    """
    lines = _lines(paper)
    offset = start % len(lines)
    shown = [
        _tick(line) if candidate.number in ticked - paper.withdrawn else line
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


def paper_style(paper: BallotPaper, sheet_url: str) -> str:
    """Return the stylesheet that places each candidate's thumbnail on the round's one sheet."""
    total = len(paper.candidates)
    rules = [f".thumb{{background-image:url({sheet_url});background-size:100% {total}00%}}"]
    for index in range(total):
        # Thousandths of a per cent, in whole numbers: positions run from 0 at the first to 100 at the last.
        place = index * 100_000 // max(total - 1, 1)
        rules.append(f".thumb-{index}{{background-position:0 {place // 1000}.{place % 1000:03}%}}")
    return "".join(rules)


@lru_cache(maxsize=64)
def paper_thumbnails(paper: BallotPaper, files: FileStore) -> bytes:
    """Return one picture with the thumbnails of all candidates, one below the other."""
    pictures = [
        files.get(candidate.picture) if candidate.picture else None
        for candidate in paper.candidates
    ]
    return thumbnail_sheet(pictures, kinds=[line.category_code for line in paper.candidates])


def receipt_address(address: str, code: str) -> str:
    """Return where a receipt is looked up, in capitals: its QR code then needs fewer points."""
    return f"{address}/receipts/{code}".upper()


def receipt_picture(paper: BallotPaper, code: str, address: str, *, fonts: FontSet) -> bytes:
    """Return a receipt as a PNG; beside the code and its QR it is the same for every ballot of a round."""
    words = Words(
        title=_("投票回执（演练）") if paper.is_rehearsal else _("投票回执"),
        name=tuple(heading_lines(paper.title, _NAME_MOST)),
        foot=(_("凭这个号可以查到选票在票箱里。"), _("查不到选了什么，别人也查不到。")),
    )
    groups = grouped_code(code).split(" ")
    return drawing.receipt_picture(words, groups, receipt_address(address, code), fonts)
