"""What a result says of one project and of one tie."""

from collections.abc import Callable
from dataclasses import dataclass

from voting.rounds.rules import QUOTA_NAMES
from voting.tally.rules.phrases import Parted, Phrase, parted, tie_names
from voting.tally.rules.reasons import SENTENCES, Reason
from voting.tally.rules.ties import TieStep

# Short enough for a column of the printed table.
_SHORT_REASONS = {
    Reason.FUNDED: "入选",
    Reason.NO_VOTES: "没有得票",
    Reason.BELOW_THRESHOLD: "得票少于%(least_votes)s票",
    Reason.DOES_NOT_FIT: "当时只剩%(left_before)s，不够",
    Reason.AFTER_STOP: "%(stopped_by)s号资金不够，到此为止",
    Reason.BEYOND_K: "只取前%(k)s名",
    Reason.WITHDRAWN: "已撤下",
    Reason.QUOTA_FULL: "%(quota)s的名额或资金已用完",
    Reason.EXCLUDED: "与已入选的%(rival)s号只取一个",
    Reason.TURNOUT_TOO_LOW: "投票率没有达到要求",
    Reason.CUT: "预算核减，退出",
}
_TIES = {
    Parted.ALL: "%(numbers)s号得票都是%(votes)s票，先后由%(steps)s决定",
    Parted.SOME: "%(numbers)s号得票都是%(votes)s票，先后由%(steps)s决定；仍然并列的，不影响入选",
    Parted.NONE: "%(numbers)s号得票都是%(votes)s票，并列，不影响入选",
}


@dataclass(frozen=True, kw_only=True)
class ProjectLine:
    """One project of the result; ``rank`` is None for a withdrawn one.

    ``stopped_by`` and ``rival`` are ballot numbers, ``quota`` is a category.
    """

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
    quota: str | None = None
    rival: str | None = None

    @property
    def funded(self) -> bool:
        """Whether the project gets its money."""
        return self.reason is Reason.FUNDED

    def sentence(self, money: Callable[[int], str]) -> Phrase:
        """Return why the project was funded or not, as one sentence."""
        values = self._values(money)
        for name in ("stopped_by", "rival"):
            if values[name] is not None:
                values[name] = f"{values[name]} 号"
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
            "quota": None if self.quota is None else QUOTA_NAMES[self.quota],
            "rival": self.rival,
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
        return Phrase(_TIES[parted(self.decided_by)], values)
