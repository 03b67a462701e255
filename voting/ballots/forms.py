"""What a voter's forms send."""

from collections.abc import Iterable

from voting.ballots.rules import UnknownChoice

_LONGEST = 4
_MOST = 1000


def read_choices(values: Iterable[str]) -> list[int]:
    """Return the ticked ballot numbers; raise UnknownChoice for whatever is not a number."""
    ticked = list(values)
    if len(ticked) > _MOST or not all(
        value.isascii() and value.isdigit() and len(value) <= _LONGEST for value in ticked
    ):
        raise UnknownChoice
    return [int(value) for value in ticked]
