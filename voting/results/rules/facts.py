"""The figures of a round as they are shown, declared and printed: plain values, money in cents.

Turnout has one definition (design: defaults): people marked on the roll divided by people on the roll when
voting closed. Ballots are counted apart from it: what came out of the urn, not what was handed out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from voting.audits.rules import NO_TESTS, Compared
from voting.figures import LEAST_SHOWN
from voting.roll.rules.days import MarkedDays
from voting.rounds.rules import Allocation
from voting.tally.rules.phrases import Phrase, rule_phrases, tie_names, tie_phrases
from voting.tally.rules.reasons import SENTENCES, Reason
from voting.tally.rules.ties import TieStep

OFFICE_HOURS = "工作日9:00—12:00，14:00—17:00"

# Short enough for a column of the printed table.
_SHORT_REASONS = {
    Reason.FUNDED: "入选",
    Reason.NO_VOTES: "没有得票",
    Reason.BELOW_THRESHOLD: "得票少于%(least_votes)s票",
    Reason.DOES_NOT_FIT: "当时只剩%(left_before)s，不够",
    Reason.AFTER_STOP: "%(stopped_by)s号资金不够，到此为止",
    Reason.BEYOND_K: "只取前%(k)s名",
    Reason.WITHDRAWN: "已撤回",
}
CHANNEL_NAMES = {
    "card": "投票卡",
    "poster": "海报码",
    "paper": "纸质票",
    "assisted": "协助投票",
}
_TIE = "%(numbers)s号得票都是%(votes)s票，先后由%(steps)s决定"
_DOUBT = "未含%(years)s年节假日安排，以街道核定为准"


@dataclass(frozen=True, kw_only=True)
class ProjectLine:
    """One project of the result; ``rank`` is None for a withdrawn one, ``stopped_by`` a ballot number."""

    number: int
    title: str
    category: str
    place: str
    cost: int
    beneficiaries: int
    votes: int
    rank: int | None
    reason: Reason
    left_before: int | None = None
    least_votes: int | None = None
    k: int | None = None
    stopped_by: str | None = None

    @property
    def funded(self) -> bool:
        """Whether the project gets its money."""
        return self.reason is Reason.FUNDED

    def sentence(self, money: Callable[[int], str]) -> Phrase:
        """Return why the project was funded or not, as one sentence."""
        values = self._values(money)
        if self.stopped_by is not None:
            values["stopped_by"] = f"{self.stopped_by} 号"
        return Phrase(SENTENCES[self.reason], values)

    def short_reason(self, money: Callable[[int], str]) -> str:
        """Return why the project was not funded, in the few words of a printed table."""
        return _SHORT_REASONS[self.reason] % self._values(money)

    def _values(self, money: Callable[[int], str]) -> dict[str, object]:
        return {
            "place": self.rank,
            "votes": self.votes,
            "cost": money(self.cost),
            "left_before": None if self.left_before is None else money(self.left_before),
            "least_votes": self.least_votes,
            "k": self.k,
            "stopped_by": self.stopped_by,
        }


@dataclass(frozen=True)
class TieLine:
    """Projects with equal votes, by ballot number in the order they were put in, and what decided."""

    votes: int
    numbers: tuple[str, ...]
    decided_by: tuple[TieStep, ...]

    @property
    def phrase(self) -> Phrase:
        """How the order came about; ``numbers`` and ``steps`` are lists joined by 、."""
        values = {
            "numbers": "、".join(self.numbers),
            "votes": self.votes,
            "steps": "、".join(tie_names(self.decided_by)),
        }
        return Phrase(_TIE, values)


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
    has no paper. ``days`` tells when people were marked, small days together; a result declared before
    this was kept has none.
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
    projects: tuple[ProjectLine, ...]
    ties: tuple[TieLine, ...]
    urn_digest: str
    draw_seed: str
    publicity_days: int
    posting_day_counts: bool
    answer_days: int
    office_name: str
    office_address: str
    office_contact: str
    help_number: str
    issuer: str
    is_rehearsal: bool

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
        return rule_phrases(
            self.allocation, funded_count=self.funded_count, least_votes=self.least_votes
        )

    @property
    def tie_rule(self) -> tuple[Phrase, ...]:
        """What decides among equal votes, in its order."""
        return tie_phrases(self.tie_steps)


def _category(name: str, projects: tuple[ProjectLine, ...]) -> CategoryLine:
    mine = [line for line in projects if line.category == name]
    funded = [line for line in mine if line.funded]
    return CategoryLine(name, len(mine), len(funded), sum(line.cost for line in funded))
