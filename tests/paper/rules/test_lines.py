import pytest

from voting.paper.rules.lines import OddLines, TooManyLines, read_lines


@pytest.mark.parametrize(("typed", "numbers"), [
    ("3", [3]), ("3,7 12-15", [3, 7, 12, 13, 14, 15]), ("5、5；4。", None), ("2—3\n9", [2, 3, 9]),
])  # fmt: skip
def test_lines_are_read_as_they_are_typed(typed, numbers):
    if numbers is None:
        with pytest.raises(OddLines):
            read_lines(typed)
    else:
        assert read_lines(typed) == numbers


@pytest.mark.parametrize(("typed", "refusal"), [
    ("x", OddLines), ("5-3", OddLines), ("0", OddLines), ("1-999999", TooManyLines),
    ("1-400 500-700", TooManyLines),
])  # fmt: skip
def test_odd_lines_are_refused(typed, refusal):
    with pytest.raises(refusal):
        read_lines(typed)
