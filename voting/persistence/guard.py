"""What a guard is: it stands on one table for one kind of statement."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LOOKED_INTO = re.compile(r"(?:FROM|JOIN) (\w+)")


@dataclass(frozen=True)
class Guard:
    """Refuse ``event`` on ``table`` (of ``columns``, if any) when ``condition`` holds; say ``message``."""

    name: str
    table: str
    event: str
    message: str
    condition: str = "true"
    columns: Sequence[str] = ()

    @property
    def tables(self) -> set[str]:
        """The tables it stands on and looks into."""
        return {self.table, *_LOOKED_INTO.findall(self.condition)}

    @property
    def statement(self) -> str:
        """The part both databases spell alike."""
        of = f" OF {', '.join(self.columns)}" if self.columns else ""
        return f"BEFORE {self.event}{of} ON {self.table} FOR EACH ROW"
