"""Bytes as lines to be typed: letters and digits in groups, with a checksum on each line.

docs/2_rules/custody.md describes them. A line is twenty characters of RFC 4648 base32 and four that check
them together with the line's number, so that a slip of the finger, or two lines that changed places, is
found and named.
"""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Sequence

from voting.errors import Refusal

LINE = 20
CHECK = 4
GROUP = 5
_WHOLE = LINE + CHECK
_MOST_TYPED = 4000
_NUMBER = re.compile(r"^\s*(?:第\s*)?\d{1,2}(?:\s*行)?[\s.、:)）]+")
_BETWEEN = re.compile(r"[\s\-·.,，。_]+")
# Base32 has no 0, 1 and 8; who types one means the letter that looks like it.
_MEANT = str.maketrans({"0": "O", "1": "I", "8": "B"})
_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


class NothingTyped(Refusal):
    """Neither a photograph nor lines."""

    msgid = "请拍照上传，或者逐行输入。"
    status = 422


class LineWrong(Refusal):
    """One line is not what was printed."""

    msgid = "第 %(line)d 行有误，请对照纸上重新输入这一行。"
    status = 422


class LinesMissing(Refusal):
    """Some lines are missing, or there are too many."""

    msgid = "纸上有 %(printed)d 行，这里有 %(typed)d 行。请补全，一行不多、一行不少。"
    status = 422


def to_lines(content: bytes) -> list[str]:
    """Return content as lines of 24 characters; the last one is filled up with A."""
    text = base64.b32encode(content).decode("ascii").rstrip("=")
    text += "A" * (-len(text) % LINE)
    parts = [text[at : at + LINE] for at in range(0, len(text), LINE)]
    return [part + _check(number, part) for number, part in enumerate(parts, 1)]


def from_lines(typed: str, *, printed: int) -> bytes:
    """Return the bytes of ``printed`` lines, typed or scanned; zeros fill the last.

    Raises NothingTyped, LineWrong for the first wrong line, or LinesMissing. Spaces, small letters,
    full-width letters and line numbers do no harm, nor do line breaks in the wrong place.
    """
    lines = typed_lines(typed)
    if not lines:
        raise NothingTyped
    together = "".join(lines)
    if len(together) == printed * _WHOLE:
        lines = [together[at : at + _WHOLE] for at in range(0, len(together), _WHOLE)]
    for number, line in enumerate(lines[:printed], 1):
        if not _is_right(number, line):
            raise LineWrong(line=number)
    if len(lines) != printed:
        raise LinesMissing(printed=printed, typed=len(lines))
    text = "".join(line[:LINE] for line in lines)
    whole = base64.b32decode(text + "A" * (-len(text) % 8))
    return whole[: len(text) * 5 // 8]


def lines_for(length: int) -> int:
    """Return on how many lines so many bytes stand."""
    return len(to_lines(bytes(length)))


def first_byte(typed: str) -> int | None:
    """Return the first byte of what was typed or scanned, which says what it is; None if nothing does."""
    start = "".join(typed_lines(typed))[:8]
    if len(start) < 8 or not set(start) <= _ALPHABET:  # noqa: PLR2004 -- eight characters are five bytes
        return None
    return base64.b32decode(start)[0]


def typed_lines(typed: str) -> list[str]:
    """Return the lines of what was typed, without spaces, line numbers and empty lines."""
    plain = unicodedata.normalize("NFKC", typed[:_MOST_TYPED]).upper()
    kept = (_BETWEEN.sub("", _NUMBER.sub("", line)) for line in plain.splitlines())
    return [line.translate(_MEANT) for line in kept if line]


def groups(line: str) -> Sequence[str]:
    """Return a line in groups, the last one being its checksum."""
    return [*(line[at : at + GROUP] for at in range(0, LINE, GROUP)), line[LINE:]]


def _is_right(number: int, line: str) -> bool:
    return (
        len(line) == _WHOLE
        and set(line) <= _ALPHABET
        and line[LINE:] == _check(number, line[:LINE])
    )


def _check(number: int, part: str) -> str:
    digest = hashlib.sha256(f"key line 1\x00{number}\x00{part}".encode("ascii")).digest()
    return base64.b32encode(digest[:5]).decode("ascii")[:CHECK]
