"""The small paper with the head of the ledger that hangs on the notice board on each day of a vote."""

from dataclasses import dataclass
from datetime import datetime

from voting.adapters.pdf import Paper
from voting.notices.document import Render, Signature, heading_lines, official

CHECKPOINT = "checkpoint"


@dataclass(frozen=True)
class CheckpointNotice:
    """Everything the paper says. ``head`` is in groups of four; ``entries`` is the size of the checkpoint."""

    round_title: str
    head: str
    entries: int
    ballots: int
    rights: int
    sealed_at: datetime
    help_phone: str
    signature: Signature
    url: str
    number: str = ""
    demo: bool = False
    rehearsal: bool = False

    @property
    def title(self) -> str:
        """The paper's full title."""
        return f"{self.round_title}项目票决封存公告"

    @property
    def heading(self) -> list[str]:
        """The title in lines."""
        return heading_lines(self.title)


def checkpoint_notice(facts: CheckpointNotice, *, render: Render) -> Paper:
    """Return the 封存公告 as a paper."""
    return official("ledger/print/checkpoint.html", facts, url=facts.url, render=render)
