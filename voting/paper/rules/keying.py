"""What is keyed of a paper: read from what was typed, written down in one length, compared. Plain Python.

A number in doubt is keyed with ``?`` behind it, a paper in doubt with ``*`` and the letter of what is wrong
with it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from voting.errors import Refusal
from voting.reading import half_width

LONGEST_TYPED = 400
_PARTED = re.compile(r"[\s,.+;、。]+")
_SIGNS = str.maketrans({"/": "?", "×": "*"})
_TOKEN = re.compile(r"([0-9]+)(\??)")
_WHOLE = re.compile(r"\*([a-z1-3]?)\Z")
# The keys of numbers have no letters.
_LETTER_OF = str.maketrans("123", "tmf")
_NONE, _TICK, _DOUBT = ".", "x", "?"


class Whole(StrEnum):
    """What is wrong with a paper as a whole, as far as a keyer can tell."""

    NOTHING = ""
    TORN = "torn"
    MARKS = "marks"
    FOREIGN = "foreign"
    OTHER = "other"


LETTERS: Mapping[str, Whole] = {
    "t": Whole.TORN,
    "m": Whole.MARKS,
    "f": Whole.FOREIGN,
    "": Whole.OTHER,
}
"""What stands behind ``*``."""
_WRITTEN_WHOLE = {
    Whole.NOTHING: "-",
    Whole.TORN: "t",
    Whole.MARKS: "m",
    Whole.FOREIGN: "f",
    Whole.OTHER: "o",
}


class TicksUnreadable(Refusal):
    """What was typed is neither numbers nor signs."""

    msgid = "看不懂“%(typed)s”。请照页面上的说明重新输：编号之间空一格，拿不准的后面加 ?，整张有疑问加 *。"
    status = 422
    field = "ticks"


class NumberUnknown(Refusal):
    """No candidate of the list has this number."""

    msgid = "候选项目里没有 %(number)s 号。请看票再输一次。"
    status = 422
    field = "ticks"


class NumberTwice(Refusal):
    """One number was typed twice."""

    msgid = "%(number)s 号输了两次。请看票再输一次。"
    status = 422
    field = "ticks"


@dataclass(frozen=True, repr=False)
class Keyed:
    """What somebody keyed of one paper; a number in doubt is not among the ticks."""

    ticks: frozenset[int]
    doubts: frozenset[int] = frozenset()
    whole: Whole = Whole.NOTHING

    @property
    def is_doubtful(self) -> bool:
        """Tell whether anything of it stands in doubt."""
        return bool(self.doubts) or self.whole is not Whole.NOTHING

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing at all was keyed."""
        return not self.ticks and not self.is_doubtful


def read_keyed(text: str, numbers: Sequence[int]) -> Keyed:
    """Read what was typed of a paper whose list has these numbers; nothing typed is a blank paper.

    Raises TicksUnreadable, NumberUnknown or NumberTwice.
    """
    tidy = half_width(text[:LONGEST_TYPED]).translate(_SIGNS).strip().lower()
    signs = _WHOLE.search(tidy)
    letter = signs[1].translate(_LETTER_OF) if signs else ""
    if (signs and letter not in LETTERS) or len(text) > LONGEST_TYPED:
        raise TicksUnreadable(typed=_short(tidy))
    whole = LETTERS[letter] if signs else Whole.NOTHING
    left = tidy[: signs.start()] if signs else tidy
    width = len(str(max(numbers, default=1)))
    ticks: set[int] = set()
    doubts: set[int] = set()
    for number, in_doubt in _numbers(left, width):
        if number not in numbers:
            raise NumberUnknown(number=number)
        if number in ticks | doubts:
            raise NumberTwice(number=number)
        (doubts if in_doubt else ticks).add(number)
    return Keyed(frozenset(ticks), frozenset(doubts), whole)


def _numbers(text: str, width: int) -> Iterable[tuple[int, bool]]:
    """Yield numbers and whether each is in doubt; digits without a gap are read ``width`` at a time."""
    for part in filter(None, _PARTED.split(text)):
        if _TOKEN.sub("", part):
            raise TicksUnreadable(typed=_short(part))
        for digits, doubt in _TOKEN.findall(part):
            if len(digits) > width and len(digits) % width:
                raise TicksUnreadable(typed=_short(digits))
            pieces = [digits[at : at + width] for at in range(0, len(digits), width)]
            for at, piece in enumerate(pieces, 1):
                yield int(piece), bool(doubt) and at == len(pieces)


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:20] + "…"  # noqa: PLR2004 -- what a sentence may quote


def written(keyed: Keyed, numbers: Sequence[int]) -> str:
    """Write down what was keyed: a character for each line of the list, so that its length tells nothing."""
    marks = (
        _TICK if number in keyed.ticks else _DOUBT if number in keyed.doubts else _NONE
        for number in sorted(numbers)
    )  # fmt: skip
    return "".join(marks) + _WRITTEN_WHOLE[keyed.whole]


def read_written(text: str, numbers: Sequence[int]) -> Keyed:
    """Return what ``written`` wrote down; raise ValueError when it is not of this list."""
    marks = dict(zip(sorted(numbers), text[:-1], strict=True))
    whole = next((one for one, letter in _WRITTEN_WHOLE.items() if letter == text[-1]), None)
    if whole is None or not set(marks.values()) <= {_TICK, _DOUBT, _NONE}:
        raise ValueError("not what was keyed of a paper")
    return Keyed(
        ticks=frozenset(number for number, mark in marks.items() if mark == _TICK),
        doubts=frozenset(number for number, mark in marks.items() if mark == _DOUBT),
        whole=whole,
    )


def settles(first: Keyed, second: Keyed) -> bool:
    """Tell whether two keyings settle a paper: they say the same, and nothing stands in doubt."""
    return first == second and not first.is_doubtful


def open_marks(first: Keyed, second: Keyed) -> tuple[int, ...]:
    """Return the numbers about which two keyings differ or one doubts, in order."""
    doubted = first.doubts | second.doubts
    return tuple(sorted((first.ticks ^ second.ticks) | doubted))


def agreed_marks(first: Keyed, second: Keyed) -> tuple[int, ...]:
    """Return the numbers that both ticked and nobody doubts, in order."""
    return tuple(sorted(first.ticks & second.ticks))


def reason_of(
    ticks: Iterable[int],
    most: int,
    withdrawn: frozenset[int] = frozenset(),
    *,
    is_too_dear: bool = False,
) -> str | None:
    """Return why a paper with these ticks counts for nothing (``over``, ``blank``), or None if it counts.

    A tick for a withdrawn candidate uses up no choice. ``is_too_dear`` says that they cost more than a
    ballot inside a budget may spend.
    """
    given = set(ticks)
    if len(given - withdrawn) > most or is_too_dear:
        return "over"
    return None if given else "blank"


def kept_ticks(ticks: Iterable[int], most: int, withdrawn: frozenset[int]) -> tuple[int, ...]:
    """Return of a paper's ticks what its ballot says, in order: at most as many as a ballot has room for.

    Where only withdrawn candidates make them too many, those are left out, the highest number first.
    """
    given = set(ticks)
    room = most - len(given - withdrawn)
    return tuple(sorted((given - withdrawn) | set(sorted(given & withdrawn)[: max(room, 0)])))
