"""How an entry of the journal reads: acts, details and values in words."""

import json
import re
from dataclasses import dataclass

from voting.journal.document.codes import CODE_NAMES, DETAIL_NAMES
from voting.journal.document.words import ACT_NAMES
from voting.journal.models import JournalEntry

__all__ = ["ACT_NAMES", "Line", "act_name", "line"]

# Ids and digests say nothing to a reader; the object's own page does.
_OPAQUE = re.compile(r"[a-z2-7]{26}|[0-9a-f]{64}")
_STEPS = {"before", "after"}


@dataclass(frozen=True)
class Line:
    """An entry as it is read."""

    entry: JournalEntry
    act: str
    details: list[tuple[str, str]]


def act_name(act: str) -> str:
    """Return the name of an act, or its code."""
    return str(ACT_NAMES.get(act, act))


def line(entry: JournalEntry) -> Line:
    """Return an entry as it is read."""
    details = [
        (str(DETAIL_NAMES.get(name, name)), _shown(value))
        for name, value in json.loads(entry.details).items()
        if value not in ("", None)
        and not _OPAQUE.fullmatch(str(value))
        # Between which phases a round or project moved, the act says already.
        and not (entry.act.startswith(("round.", "project.")) and name in _STEPS)
    ]
    return Line(entry, act_name(entry.act), details)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "、".join(_shown(part) for part in value)
    return str(CODE_NAMES.get(str(value), value))
