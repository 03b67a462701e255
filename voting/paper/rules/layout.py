"""Where things stand on a paper ballot, in millimetres from the upper left corner of a side.

docs/2_rules/paper.md says the same in words and figures, so that a machine can read a marked paper.
"""

from dataclasses import dataclass

from voting.errors import Refusal

ONE_SIDE = 20
"""So many candidates stand on one side; more go on to the back."""
MARK = 6.0
MARKS = ((8.0, 8.0), (196.0, 8.0), (8.0, 246.0), (196.0, 246.0))
"""Upper left corners of the four corner marks, on both sides; the first is hollow on the back."""
PERFORATION = 257.0
CODE_LEFT, CODE_TOP, CODE_SIZE = 170.0, 8.5, 24.0
SERIAL_RIGHT, SERIAL_TOP, BACK_SERIAL_TOP = 194.0, 33.4, 9.5
ROWS_TOP, BACK_ROWS_TOP, ROWS_BOTTOM = 74.0, 31.0, 240.0
BOX_CENTRE = 184.0
_FRONT, _BACK = ROWS_BOTTOM - ROWS_TOP, ROWS_BOTTOM - BACK_ROWS_TOP
_HIGHEST, _HIGHEST_OF_TWO, _LOWEST = 24.0, 10.0, 5.6
_LARGEST_BOX, _AROUND_BOX = 10.0, 1.6
MOST_CANDIDATES = int(_FRONT / _LOWEST) + int(_BACK / _LOWEST)


class ListTooLong(Refusal):
    """The list does not fit on two sides of a sheet."""

    msgid = "候选项目有 %(number)d 项，选票正反两面最多 %(most)d 项，排不下。"


@dataclass(frozen=True)
class Box:
    """The square of one line: side 1 is the front; ``left`` and ``top`` of its outer edge, and its size."""

    side: int
    left: float
    top: float
    size: float


@dataclass(frozen=True)
class Layout:
    """How a list of so many lines is laid out: height of a row, size of a square, lines on the front."""

    count: int
    row: float
    front: int

    @property
    def sides(self) -> int:
        """One, or two where the list goes on to the back."""
        return 1 if self.front == self.count else 2

    @property
    def box(self) -> float:
        """The side of a square."""
        return min(_LARGEST_BOX, _floor(self.row - _AROUND_BOX))

    def row_top(self, line: int) -> float:
        """Return where line ``line`` (from 0, in the order of the form) begins on its side."""
        if line < self.front:
            return _floor(ROWS_TOP + line * self.row)
        return _floor(BACK_ROWS_TOP + (line - self.front) * self.row)

    def box_of(self, line: int) -> Box:
        """Return the square of line ``line`` (from 0, in the order of the form)."""
        top = self.row_top(line) + (self.row - self.box) / 2
        side = 1 if line < self.front else 2
        return Box(side, _floor(BOX_CENTRE - self.box / 2), _floor(top), self.box)


def layout_of(count: int) -> Layout:
    """Return how a list of ``count`` candidates is laid out; raise ListTooLong.

    All rows are equally high, on both sides, and as high as the sheet allows.
    """
    if count > MOST_CANDIDATES:
        raise ListTooLong(number=count, most=MOST_CANDIDATES)
    if count <= ONE_SIDE:
        return Layout(count, _floor(min(_HIGHEST, _FRONT / max(count, 1))), count)
    row = _HIGHEST_OF_TWO
    while int(_FRONT / row) + int(_BACK / row) < count:
        row = _floor(row - 0.01)
    return Layout(count, row, int(_FRONT / row))


def _floor(millimetres: float) -> float:
    """Round down to hundredths, a little forgiving to what binary fractions make of them."""
    return int(millimetres * 100 + 1e-6) / 100
