"""The record of adjudications (裁定记录), to be signed and filed. Plain values."""

from dataclasses import dataclass
from datetime import datetime

from voting.adapters.pdf import Paper
from voting.notices.document import Render, heading_lines

_TITLE_WIDTH = 36


@dataclass(frozen=True)
class DecisionRow:
    """One decision on the record."""

    at: datetime
    serial: str
    is_counted: bool
    reason: str
    officer: str
    monitor: str


@dataclass(frozen=True)
class Record:
    """All decisions of a round as they stood when the record was printed."""

    round_title: str
    printed_at: datetime
    rows: tuple[DecisionRow, ...]
    demo: bool = False
    rehearsal: bool = False

    @property
    def title(self) -> str:
        """The file's title."""
        return f"{self.round_title}裁定记录"

    @property
    def heading(self) -> list[str]:
        """The round's title in lines."""
        return heading_lines(self.round_title, _TITLE_WIDTH)

    @property
    def counted(self) -> int:
        """How many papers were decided to count."""
        return sum(row.is_counted for row in self.rows)


def decision_record(facts: Record, *, render: Render) -> Paper:
    """Return the record as a paper."""
    return Paper(render("paper/print/adjudication.html", facts=facts))
