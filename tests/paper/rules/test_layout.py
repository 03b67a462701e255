import re

import pytest

from voting.config import ROOT
from voting.paper.rules.layout import (
    BOX_CENTRE,
    MOST_CANDIDATES,
    ROWS_BOTTOM,
    ListTooLong,
    layout_of,
)

_ROW = re.compile(
    r"\| (\d+)(?:–(\d+))? \| ([\d.]+) \| (\w+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.–]+) \|"
)


def test_the_page_of_rules_says_where_every_square_is():
    text = (ROOT / "docs" / "2_rules" / "paper.md").read_text()
    seen = 0
    for first, last, row, front, size, left, top, back in _ROW.findall(text):
        for count in range(int(first), int(last or first) + 1):
            layout, seen = layout_of(count), seen + 1
            assert (layout.row, layout.box) == (float(row), float(size))
            assert layout.front == (count if front == "all" else int(front))
            assert (layout.box_of(0).left, layout.box_of(0).top) == (float(left), float(top))
            if layout.sides > 1:
                assert layout.box_of(layout.front).top == float(back)
    assert seen == MOST_CANDIDATES


@pytest.mark.parametrize("count", range(1, MOST_CANDIDATES + 1))
def test_squares_lie_in_their_rows_and_no_row_leaves_the_sheet(count: int):
    layout = layout_of(count)
    for line in range(count):
        box, top = layout.box_of(line), layout.row_top(line)
        assert top < box.top
        assert box.top + box.size < top + layout.row
        assert top + layout.row <= ROWS_BOTTOM + 0.01
        assert abs(box.left + box.size / 2 - BOX_CENTRE) < 0.02


def test_a_list_that_does_not_fit_is_refused():
    with pytest.raises(ListTooLong):
        layout_of(MOST_CANDIDATES + 1)
