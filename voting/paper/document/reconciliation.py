"""The 清票记录 on paper, to be signed by hand and filed. Plain values."""

from dataclasses import dataclass, field
from datetime import datetime

from voting.adapters.pdf import Paper
from voting.notices.document import Render, heading_lines
from voting.paper.rules.sheet import BundleFigures, Equation, Sheet, Sums, equations, sums_of
from voting.paper.rules.sheet_words import EQUATIONS

_TITLE_WIDTH = 36
SIGNERS = ("总监票人", "监票人", "监票人", "计票人", "计票人")
OUTCOMES = {
    "adds_up": "各项数字全部对上",
    "explained": "有对不上的数，原因已经逐条写明",
    "more_returned": "收回的纸质票多于发出的票，投票无效",
}


@dataclass(frozen=True)
class Signing:
    """Which officers have signed on the screen, and what they said; empty before anybody has."""

    first: str = ""
    first_at: datetime | None = None
    second: str = ""
    second_at: datetime | None = None
    outcome: str = ""
    explanation: str = ""

    @property
    def conclusion(self) -> str:
        """The outcome in words."""
        return OUTCOMES.get(self.outcome, "")


@dataclass(frozen=True)
class Record:
    """The sheet as it stood when the record was printed; ``lines`` are those that do not hold."""

    round_title: str
    printed_at: datetime
    sheet: Sheet
    lines: tuple[str, ...]
    signing: Signing = field(default_factory=Signing)
    demo: bool = False
    rehearsal: bool = False

    @property
    def title(self) -> str:
        """The file's title."""
        return f"{self.round_title}清票记录"

    @property
    def heading(self) -> list[str]:
        """The round's title in lines."""
        return heading_lines(self.round_title, _TITLE_WIDTH)

    @property
    def bundles(self) -> tuple[BundleFigures, ...]:
        """The bundles, one line each."""
        return self.sheet.bundles

    @property
    def sums(self) -> Sums:
        """The sums of all bundles."""
        return sums_of(self.sheet.bundles)

    @property
    def equations(self) -> list[tuple[str, str, Equation]]:
        """The sums of the round in words."""
        return [(*EQUATIONS[one.code], one) for one in equations(self.sheet)]

    @property
    def signers(self) -> tuple[str, ...]:
        """Who signs by hand."""
        return SIGNERS


def sheet_record(facts: Record, *, render: Render) -> Paper:
    """Return the record as a paper."""
    return Paper(render("paper/print/reconciliation.html", facts=facts))
