"""The slip that two sign when bundles change hands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from voting.adapters.pdf import Paper
from voting.notices.document import Render, heading_lines
from voting.notices.rules import named_round
from voting.paper.service import BundleLine

_WIDTH = 24


@dataclass(frozen=True)
class SlipFacts:
    """Which bundles of a batch lie in whose hands."""

    round_title: str
    batch: int
    holder: str
    bundles: Sequence[BundleLine]
    printed_at: datetime

    @property
    def heading(self) -> list[str]:
        """The round's name in lines."""
        return heading_lines(named_round(self.round_title), _WIDTH)

    @property
    def papers(self) -> int:
        """How many papers the bundles have together."""
        return sum(one.count for one in self.bundles)


def slip_paper(facts: SlipFacts, *, render: Render) -> Paper:
    """Return the slip."""
    return Paper(render("paper/print/slip.html", facts=facts))
