"""What the tables of papers are made of: plain values, and none with a resident's name in it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ProposalRow:
    """A proposal and what became of it; ``words`` is what its proposer was told."""

    title: str
    category: str
    place: str
    state: str
    words: str = ""


@dataclass(frozen=True)
class MergeRow:
    """A candidate, the titles of the proposals it was made of, and why they were put together."""

    title: str
    parts: tuple[str, ...]
    words: str = ""


@dataclass(frozen=True)
class WorkRow:
    """A candidate; ``cost`` in cents, ``number`` 0 for one that is not on the list."""

    number: int
    title: str
    category: str
    place: str
    beneficiaries: int
    cost: int


@dataclass(frozen=True)
class ProjectRow:
    """A project as it stands; money in cents, ``final_cost`` once it is settled."""

    title: str
    category: str
    place: str
    beneficiaries: int
    budget: int
    final_cost: int | None
    unit: str
    state: str


@dataclass(frozen=True)
class StepRow:
    """That a step was taken: its act, the phase it led to, the day it was noted, the day it happened."""

    act: str
    phase: str
    noted: date
    day: date | None = None


@dataclass(frozen=True)
class PaperRow:
    """A paper of the round."""

    number: str
    kind: str
    title: str
    day: date
