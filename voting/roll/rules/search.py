"""What a worker types to find somebody on the roll: a building, a room, a surname, the end of a number."""

import re
import unicodedata
from dataclasses import dataclass

from voting.roll.rules.cells import BASIS_WORDS
from voting.roll.rules.rooms import split, tidy

LONGEST_SEARCH = 40
# What to type for people whose building is not known: they work or study here.
NO_BUILDING = "没有填楼栋"
_LAST_FOUR = re.compile(r"[0-9]{3}[0-9X]\Z")
_FIGURES = re.compile(r"[0-9]{1,4}[A-Z]?(?:室|房)?\Z")


@dataclass(frozen=True)
class Search:
    """What is looked for; whoever fits one of what is given here is found.

    ``room`` narrows ``building`` where both are given, and stands alone otherwise.
    """

    building: str = ""
    room: str = ""
    name: str = ""
    last_four: str = ""
    without_building: bool = False
    basis: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is looked for."""
        return self == Search()


def read_search(text: str) -> Search:
    """Return what a worker means; 1203 may be a room or the end of a number."""
    plain = tidy(text[:LONGEST_SEARCH])
    if not plain:
        return Search()
    if plain == NO_BUILDING:
        return Search(without_building=True)
    if plain in BASIS_WORDS:
        return Search(basis=plain)
    if _FIGURES.match(plain) or _LAST_FOUR.match(plain):
        return Search(room=plain, last_four=plain if _LAST_FOUR.match(plain) else "")
    if any(char.isdigit() for char in plain):
        building, room = split(plain)
        return Search(building=building, room=room)
    name = " ".join(unicodedata.normalize("NFKC", text[:LONGEST_SEARCH]).split()).rstrip("*")
    return Search(building=plain, name=name) if name else Search()


def is_same_building(asked: str, kept: str) -> bool:
    """Tell whether 3栋 is meant by a building: 幸福里3栋 is, 13栋 is not."""
    if not asked or not kept.endswith(asked):
        return False
    before = kept[: -len(asked)]
    return not (asked[0].isdigit() and before[-1:].isdigit())


def natural(text: str) -> list[tuple[int, str]]:
    """Return a sort key that puts 2栋 before 10栋."""
    return [
        (int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"([0-9]+)", text)
    ]
