"""What an opened ballot is worth under the frozen rules: valid, blank or invalid. Plain values.

A ballot that breaks a rule is counted as invalid and reported with its flaw; it never stops a count.
The channel of a ballot is taken off before equal ballots are put together, so that nobody can tell how
the few who voted on paper chose.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from voting.ballots.rules import Ballot, decode, encode
from voting.figures import LEAST_SHOWN
from voting.journal.rules import canonical
from voting.rounds.rules import BallotKind
from voting.tally.rules import counting, knapsack

UNREADABLE = canonical({"unreadable": True})


class Flaw(StrEnum):
    """Why a ballot is invalid."""

    UNREADABLE = "unreadable"
    UNKNOWN_CANDIDATE = "unknown_candidate"
    POINTS = "points"
    TOO_MANY = "too_many"
    OVER_LIMIT = "over_limit"
    TOO_FEW = "too_few"


FLAW_NAMES = {
    Flaw.UNREADABLE: "内容无法辨认",
    Flaw.UNKNOWN_CANDIDATE: "选了选票上没有的编号",
    Flaw.POINTS: "分数不合规则",
    Flaw.TOO_MANY: "选得太多",
    Flaw.OVER_LIMIT: "合计超过规定金额",
    Flaw.TOO_FEW: "选得太少",
}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The frozen rules a ballot is held against; ``ids`` gives each ballot number its id in the count.

    ``withdrawn`` are the ballot numbers that had been taken off the list by the moment of the count.
    ``spend_limit`` is what a ballot inside a budget may spend, ``costs`` what each number costs, in whole
    smallest units.
    """

    kind: BallotKind
    least: int
    most: int
    most_points: int | None
    ids: Mapping[int, str]
    withdrawn: frozenset[int] = frozenset()
    spend_limit: int | None = None
    costs: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Contents:
    """What lay in an urn: what was said how often, without channels; and how many came by each channel.

    ``apart`` is what was said by each channel, known only while an urn is open: it is never stored.
    """

    said: Mapping[str, int]
    channels: Mapping[str, int]
    apart: Mapping[str, Mapping[str, int]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def ballots(self) -> int:
        """How many ballots there are, blank and invalid ones included."""
        return sum(self.said.values())


@dataclass(frozen=True)
class Judged:
    """The ballots of an urn, told apart: ``valid`` is the multiset that is counted, blank ones not in it.

    ``idle`` are those that name nobody but withdrawn candidates. They are among the ``blank`` ones.
    """

    valid: Mapping[counting.Ballot, int]
    blank: int
    flaws: Mapping[Flaw, int]
    idle: Mapping[counting.Ballot, int] = field(default_factory=dict)

    @property
    def naming(self) -> Mapping[counting.Ballot, int]:
        """All ballots that name anybody, valid and idle: the votes of withdrawn candidates are shown."""
        return {**self.valid, **self.idle}

    @property
    def unmarked(self) -> int:
        """How many of the blank ballots name nobody at all."""
        return self.blank - counting.ballot_count(self.idle)

    @property
    def invalid(self) -> int:
        """How many ballots are invalid."""
        return sum(self.flaws.values())

    @property
    def valid_count(self) -> int:
        """How many ballots are counted."""
        return counting.ballot_count(self.valid)


def contents_of(opened: Mapping[bytes, int]) -> Contents:
    """Put equal ballots together; ``opened`` are padded ballots as they came out of their seals."""
    said: Counter[str] = Counter()
    apart: dict[str, Counter[str]] = {}
    for raw, number in opened.items():
        ballot = _read(raw)
        text = UNREADABLE if ballot is None else _without_channel(ballot)
        said[text] += number
        if ballot is not None:
            apart.setdefault(ballot.channel, Counter())[text] += number
    channels = {name: words.total() for name, words in sorted(apart.items())}
    return Contents(dict(sorted(said.items())), channels, apart)


def _read(raw: bytes) -> Ballot | None:
    try:
        return decode(raw)
    except (ValueError, RecursionError):
        return None


def _without_channel(ballot: Ballot) -> str:
    content = json.loads(encode(ballot))
    del content["channel"]
    return canonical(content)


def judge(said: Mapping[str, int], terms: Terms) -> Judged:
    """Tell valid, blank and invalid ballots apart; a tick for a withdrawn candidate does no harm."""
    valid: Counter[counting.Ballot] = Counter()
    idle: Counter[counting.Ballot] = Counter()
    flaws: Counter[Flaw] = Counter()
    blank = 0
    for text, number in said.items():
        content = json.loads(text)
        flaw = _flaw(content, terms)
        if flaw is not None:
            flaws[flaw] += number
            continue
        ids = tuple(terms.ids[choice] for choice in content["choices"])
        ballot = counting.Ballot(ids, tuple(content.get("points", ())))
        if set(content["choices"]) - terms.withdrawn:
            valid[ballot] += number
            continue
        blank += number
        if ids:
            idle[ballot] += number
    return Judged(dict(valid), blank, dict(sorted(flaws.items())), dict(idle))


def _flaw(content: Mapping[str, list[int]], terms: Terms) -> Flaw | None:
    if "choices" not in content:
        return Flaw.UNREADABLE
    choices, points = content["choices"], content.get("points", [])
    if any(choice not in terms.ids for choice in choices):
        return Flaw.UNKNOWN_CANDIDATE
    if not _points_fit(choices, points, terms):
        return Flaw.POINTS
    # What stands is held against the most, what was given against the least: whoever had ticked enough
    # before a candidate was withdrawn loses nothing by it.
    given = set(choices)
    if len(given - terms.withdrawn) > terms.most:
        return Flaw.TOO_MANY
    if _is_over_limit(choices, terms):
        return Flaw.OVER_LIMIT
    return Flaw.TOO_FEW if 0 < len(given) < terms.least else None


def _is_over_limit(choices: Iterable[int], terms: Terms) -> bool:
    """Tell whether a ballot spends too much; who was withdrawn uses up nothing of the sum."""
    if terms.spend_limit is None:
        return False
    return not knapsack.fits(set(choices) - terms.withdrawn, terms.costs, terms.spend_limit)


def _points_fit(choices: list[int], points: list[int], terms: Terms) -> bool:
    if terms.kind is not BallotKind.CUMULATIVE:
        return not points
    within = terms.most_points is None or sum(points) <= terms.most_points
    return len(points) == len(choices) and all(point >= 0 for point in points) and within


def named(valid: Mapping[counting.Ballot, int], ids: Iterable[str]) -> dict[str, int]:
    """Return how many valid ballots name each candidate, whatever points or ranks they give."""
    return counting.scores(valid, ids, BallotKind.APPROVAL)


def shown_channels(channels: Mapping[str, int]) -> dict[str, int]:
    """Put channels with fewer than ten ballots together, and with the next larger where ten are not reached.

    ``{"card": 90, "assisted": 3}`` becomes ``{"assisted+card": 93}``: no number is left to be subtracted.
    """
    ordered = sorted(channels.items(), key=lambda item: (item[1], item[0]))
    together: list[str] = []
    number = 0
    while ordered and (ordered[0][1] < LEAST_SHOWN or 0 < number < LEAST_SHOWN):
        name, more = ordered.pop(0)
        together.append(name)
        number += more
    small = {"+".join(sorted(together)): number} if together else {}
    return dict(sorted((small | dict(ordered)).items()))
