"""What is said of a lot that was drawn in public."""

from dataclasses import dataclass
from datetime import datetime

from voting.figures import day_clock
from voting.tally.rules.phrases import Phrase

_LOT = (
    "抽签用的公开号码是%(number)s（%(source)s，%(issue)s，%(came)s开出），"
    "%(at)s由两名工作人员录入，在场监票人：%(present)s"
)


@dataclass(frozen=True, kw_only=True)
class DrawnLot:
    """A lot among equal votes that was drawn in public; ``root`` in hex, of the checkpoint of ``size``."""

    public_number: str
    source: str
    issue: str
    came_at: datetime
    at: datetime
    present: str
    size: int
    root: str

    @property
    def phrase(self) -> Phrase:
        """What was drawn with, as a sentence without its full stop."""
        values = {
            "number": self.public_number,
            "source": self.source,
            "issue": self.issue,
            "came": day_clock(self.came_at),
            "at": day_clock(self.at),
            "present": self.present,
        }
        return Phrase(_LOT, values)
