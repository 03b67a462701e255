"""Titles of papers in lines, and how wide a text is. Plain values."""

import re
from itertools import combinations

TITLE_WIDTH = 20
"""Characters of size 2 (22 pt) that fit on a line of 156 mm."""

_MOST_LINES = 4  # trying every way to break costs more with every line; no title is longer

# After these a title may be broken without tearing a word; quoted names stay whole.
_PIECE = re.compile(
    r"[“《][^”》]*[”》]|.+?(?:街道|社区|小区|新村|办事处|年度|年(?!度)|第.{1,3}轮|项目|票决|投票|结果|事项"
    r"|候选|的|和|及|与|(?=[“《])|$)"
)


def width(text: str) -> int:
    """Return how many half characters a text takes: ASCII one, everything else two."""
    return sum(1 if char.isascii() else 2 for char in text)


def heading_lines(title: str, limit: int = TITLE_WIDTH) -> list[str]:
    """Break a title into as few lines as possible, between words, and as equal as possible.

    GB/T 9704 wants whole words and the outline of a trapezium or a rhombus: a middle line is never
    shorter than both its neighbours.
    """
    pieces = [part for piece in _PIECE.findall(title) for part in _cut(piece, limit)]
    for count in range(1, _MOST_LINES + 1):
        fitting = [lines for lines in _splits(pieces, count) if _fits(lines, limit)]
        if fitting:
            return min(fitting, key=_unevenness)
    return _cut(title, limit)


def _cut(piece: str, limit: int) -> list[str]:
    return [piece[at : at + limit] for at in range(0, len(piece), limit)]


def _splits(pieces: list[str], count: int) -> list[list[str]]:
    return [
        ["".join(pieces[a:b]) for a, b in zip((0, *cuts), (*cuts, len(pieces)), strict=True)]
        for cuts in combinations(range(1, len(pieces)), count - 1)
    ]


def _fits(lines: list[str], limit: int) -> bool:
    return all(width(line) <= 2 * limit for line in lines)


def _unevenness(lines: list[str]) -> tuple[bool, int]:
    widths = [width(line) for line in lines]
    waists = zip(widths, widths[1:], widths[2:], strict=False)
    has_waist = any(middle < left and middle < right for left, middle, right in waists)
    return has_waist, max(widths) - min(widths)
