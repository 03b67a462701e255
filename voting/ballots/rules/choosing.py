"""The ballot paper of a round, and what may be chosen on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from voting.errors import Refusal
from voting.rounds.rules import (
    MOST_LISTED,
    BallotKind,
    Phase,
    check_total,
    phase_at,
    spending_phrase,
)

_LONGEST_NUMBER, _MOST_TICKS = 4, 1000


class NothingChosen(Refusal):
    """No candidate was ticked."""

    msgid = "您还没有选。请在想支持的项目前打勾，%(limit)s。"


class TooFewChosen(Refusal):
    """Fewer were ticked than the round asks for."""

    msgid = "您选了 %(chosen)d 项，还不够。请至少选 %(least)d 项。"


class TooManyChosen(Refusal):
    """More were ticked than the round allows."""

    msgid = "您选了 %(chosen)d 项，最多只能选 %(most)d 项。请去掉 %(excess)d 项。"


class UnknownChoice(Refusal):
    """A number that is not on this ballot."""

    msgid = "有的项目不在这张选票上。请回到选票重新选择。"


class WithdrawnChoice(Refusal):
    """A candidate was withdrawn while the vote was on."""

    msgid = "%(number)d 号项目已经撤下，不能再选。请看看其余的项目，再点“下一步”。"


@dataclass(frozen=True)
class PaperCandidate:
    """One line of the ballot paper; money in whole smallest units.

    With the numbers in ``rivals`` it shares one place: only one of them is funded.
    """

    number: int
    title: str
    category_code: str
    category: str
    place: str
    sentence: str
    description: str
    cost: int
    beneficiaries: int
    picture: str | None
    withdrawn: bool = False
    rivals: tuple[int, ...] = ()
    why_withdrawn: str = ""


@dataclass(frozen=True)
class BallotPaper:
    """Everything a voter is shown and a ballot is checked against."""

    round_id: str
    title: str
    kind: BallotKind
    min_choices: int
    max_choices: int
    check_code: bool
    config_hash: bytes
    seal_public: bytes
    ballot_length: int
    help_number: str
    phase: Phase
    opens_at: datetime
    closing: datetime
    # The frozen rules' hash stands for the candidates; only withdrawals can differ under one hash.
    withdrawn: frozenset[int]
    candidates: tuple[PaperCandidate, ...] = field(compare=False)
    by_number: Mapping[int, PaperCandidate] = field(compare=False)
    is_rehearsal: bool = False
    spend_limit: int | None = None

    @property
    def spending(self) -> str:
        """To what a ballot inside a budget keeps, in words; empty where only a number is set."""
        return spending_phrase(self.spend_limit, self.max_choices)

    @property
    def is_numbered(self) -> bool:
        """Whether the number of choices is limited at all."""
        return self.max_choices < MOST_LISTED

    @property
    def standing(self) -> int:
        """How many candidates can be chosen."""
        return len(self.candidates) - len(self.withdrawn)

    def phase_at(self, now: datetime) -> Phase:
        """Return the phase in force at ``now``, as far as this copy of the paper knows."""
        return phase_at(self.phase, self.opens_at, self.closing, now)


def read_choices(values: Iterable[str]) -> list[int]:
    """Return the ticked ballot numbers; raise UnknownChoice for whatever is not a number."""
    ticked = list(values)
    if len(ticked) > _MOST_TICKS or not all(
        value.isascii() and value.isdigit() and len(value) <= _LONGEST_NUMBER for value in ticked
    ):
        raise UnknownChoice
    return [int(value) for value in ticked]


def check_choices(paper: BallotPaper, choices: Sequence[int]) -> tuple[int, ...]:
    """Return the choices of an approval ballot in the order of the list, each once; raise a Refusal."""
    chosen = tuple(sorted(set(choices)))
    for number in chosen:
        candidate = paper.by_number.get(number)
        if candidate is None:
            raise UnknownChoice
        if candidate.withdrawn:
            raise WithdrawnChoice(number=number)
    _check_number(paper, chosen)
    check_total(len(chosen), total_cost(paper, chosen), spend_limit=paper.spend_limit)
    return chosen


def _check_number(paper: BallotPaper, chosen: Sequence[int]) -> None:
    if len(chosen) > paper.max_choices:
        raise TooManyChosen(
            chosen=len(chosen), most=paper.max_choices, excess=len(chosen) - paper.max_choices
        )
    if not chosen and paper.min_choices:
        raise NothingChosen(limit=paper.spending or f"最多选 {paper.max_choices} 项")
    if len(chosen) < paper.min_choices:
        raise TooFewChosen(chosen=len(chosen), least=paper.min_choices)


def total_cost(paper: BallotPaper, choices: Iterable[int]) -> int:
    """Return what the chosen projects of the list cost together, in cents, each counted once.

    A project that was withdrawn costs nothing: nobody can get it any more.
    """
    lines = (paper.by_number.get(number) for number in set(choices))
    return sum(line.cost for line in lines if line is not None and not line.withdrawn)


def exceeds_limit(paper: BallotPaper, choices: Iterable[int]) -> bool:
    """Tell whether choices cost more than a ballot inside a budget may spend; just as much is allowed."""
    return paper.spend_limit is not None and total_cost(paper, choices) > paper.spend_limit
