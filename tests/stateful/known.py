"""The cards and papers of a round as the oracle knows them."""

from dataclasses import dataclass

from tests.factories.ballots import MadeCard

OK = "ok"


@dataclass
class KnownCard:
    """A card as the oracle knows it; ``owner`` is the person of an assigned card."""

    made: MadeCard
    batch: str
    stub: str
    owner: str | None = None
    state: str = "printed"
    fails: int = 0


@dataclass
class KnownPaper:
    """A paper as the oracle knows it; ``ballot`` is the key of its ballot while it counts."""

    serial: str
    batch: str
    state: str = "printed"
    exchanged: bool = False
    ballot: str = ""
