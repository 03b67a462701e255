"""The figures of a round as they are shown, declared and printed: plain values, money in cents.

Turnout has one definition (design: defaults): people marked on the roll divided by people on the roll when
voting closed. Ballots are counted apart from it: what came out of the urn, not what was handed out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from voting.audits.rules import NO_TESTS, Compared
from voting.figures import LEAST_SHOWN
from voting.results.rules.lines import ProjectLine, TieLine
from voting.roll.rules.days import MarkedDays
from voting.rounds.rules import Allocation, CategoryQuota
from voting.tally.rules.lots import DrawnLot
from voting.tally.rules.phrases import Phrase, declared_phrases, tie_phrases
from voting.tally.rules.reasons import Reason
from voting.tally.rules.situations import situation_phrase, situations_among
from voting.tally.rules.thresholds import Turnout

OFFICE_HOURS = "工作日9:00—12:00，14:00—17:00"

CHANNEL_NAMES = {
    "card": "投票卡",
    "poster": "海报码",
    "paper": "纸质票",
    "assisted": "协助投票",
}
_DOUBT = "未含%(years)s年节假日安排，以街道核定为准"


@dataclass(frozen=True)
class CategoryLine:
    """The projects of one category: how many stood, how many were funded, what these cost in cents."""

    name: str
    candidates: int
    funded: int
    spent: int


@dataclass(frozen=True)
class ChannelLine:
    """How many ballots came by a channel, or by small ones together; None where even these are too few."""

    channel: str
    name: str
    ballots: int | None


@dataclass(frozen=True)
class Publicity:
    """The first and the last day of publicity, and the years whose holidays nobody knew."""

    first: date
    last: date
    doubtful_years: tuple[int, ...] = ()

    @property
    def note(self) -> str:
        """What is said where holidays were not known; empty otherwise."""
        years = "、".join(map(str, self.doubtful_years))
        return _DOUBT % {"years": years} if years else ""


def channel_name(names: str) -> str:
    """Return what channels that are put together are called (``assisted+card``)."""
    said = [CHANNEL_NAMES.get(name, name) for name in names.split("+")]
    return "、".join(said) + ("合计" if len(said) > 1 else "")


@dataclass(frozen=True, kw_only=True)
class PaperFigures:
    """Paper ballots as the signed sheet has them: handed out, out of a box, in the urn, invalid."""

    issued: int
    returned: int
    valid: int
    invalid: int


@dataclass(frozen=True, kw_only=True)
class ResultFacts:
    """Everything a result says. Money in cents; ``projects`` by rank, withdrawn ones last.

    ``roll`` is the number of people on the roll, ``marked`` how many of them used their right; ``ballots``
    is what came out of the urn: valid, blank and invalid ones, but no revealed test ballots, of which
    ``tests`` tells. ``channels`` tells how they came, small ones together; ``paper`` is None where a round
    has no paper. ``spending`` says to what a ballot inside a budget keeps. ``days`` tells when people were
    marked, small days together; a result declared before this was kept has none.
    """

    round_id: str
    round_title: str
    area_name: str
    scope: str
    min_age: int
    reference_day: date
    opens_at: datetime
    closes_at: datetime
    counted_at: datetime
    min_choices: int
    max_choices: int
    proposals: int
    merged: int
    roll: int
    marked: int
    ballots: int
    valid: int
    blank: int
    invalid: int
    channels: Mapping[str, int]
    days: tuple[MarkedDays, ...] = ()
    tests: Compared = NO_TESTS
    paper: PaperFigures | None = None
    budget: int
    allocation: Allocation
    funded_count: int | None
    least_votes: int
    tie_steps: str
    least_share: int = 0
    least_turnout: int = 0
    quotas: tuple[CategoryQuota, ...] = ()
    rivals: tuple[tuple[int, ...], ...] = ()
    projects: tuple[ProjectLine, ...]
    ties: tuple[TieLine, ...]
    urn_digest: str
    draw_seed: str
    draw_source: str = ""
    draw: DrawnLot | None = None
    publicity_days: int
    posting_day_counts: bool
    answer_days: int
    office_name: str
    office_address: str
    office_contact: str
    help_number: str
    issuer: str
    is_rehearsal: bool
    spending: str = ""

    @property
    def funded(self) -> list[ProjectLine]:
        """The funded projects, in the order in which they were chosen."""
        return [line for line in self.projects if line.funded]

    @property
    def unfunded(self) -> list[ProjectLine]:
        """The projects that were not funded."""
        return [line for line in self.projects if not line.funded]

    @property
    def spent(self) -> int:
        """What the funded projects cost together."""
        return sum(line.cost for line in self.funded)

    @property
    def most_votes(self) -> int:
        """The votes of the first project, at least 1: the length of the longest bar."""
        return max((line.votes for line in self.projects), default=1) or 1

    @property
    def by_category(self) -> list[CategoryLine]:
        """The categories in the order of what they were given."""
        names = dict.fromkeys(line.category for line in self.projects if line.category)
        lines = [_category(name, self.projects) for name in names]
        return sorted(lines, key=lambda line: (-line.spent, line.name))

    @property
    def by_channel(self) -> list[ChannelLine]:
        """The channels by which ballots came, small ones together."""
        return [
            ChannelLine(names, channel_name(names), number if number >= LEAST_SHOWN else None)
            for names, number in self.channels.items()
        ]

    @property
    def rule(self) -> tuple[Phrase, ...]:
        """How the money was given out."""
        return declared_phrases(self, rivals=self.rivals)

    @property
    def is_turnout_too_low(self) -> bool:
        """Whether too few took part for anything to be funded."""
        return any(line.reason is Reason.TURNOUT_TOO_LOW for line in self.projects)

    @property
    def situations(self) -> tuple[Phrase, ...]:
        """What a reader would wonder about, as sentences."""
        standing = [(one.votes, one.reason) for one in self.projects if one.rank is not None]
        turnout = (
            Turnout(self.marked, self.roll, self.least_turnout) if self.least_turnout else None
        )
        found = situations_among(standing, valid_ballots=self.valid)
        return tuple(situation_phrase(one, turnout) for one in found)

    @property
    def tie_rule(self) -> tuple[Phrase, ...]:
        """What decides among equal votes, in its order."""
        return tie_phrases(self.tie_steps, self.draw_source)


def _category(name: str, projects: tuple[ProjectLine, ...]) -> CategoryLine:
    mine = [line for line in projects if line.category == name]
    funded = [line for line in mine if line.funded]
    return CategoryLine(name, len(mine), len(funded), sum(line.cost for line in funded))
