"""What a step of a round is: between which phases, who takes it, and what it asks for.

The steps themselves stand in ``path``. The end of collecting and the opening and closing of the vote need
nobody: the clock brings them (``rounds.rules.phase_at``).
"""

from dataclasses import dataclass
from typing import Literal

from voting.permissions import Permission
from voting.rounds.rules import Phase

FileNeed = Literal["no", "may", "must"]
SHORT, LONG = 200, 2000


@dataclass(frozen=True)
class Step:
    """One step an officer takes; ``label`` is what the button says, ``act`` what the journal says.

    ``key`` is its address among the steps from one phase. ``asks_times`` marks the two acts that ask for
    voting times and have use cases of their own: the extension, and the vote held again.
    """

    before: Phase
    after: Phase
    act: str
    permission: Permission
    label: str
    key: str = ""
    needs_reason: bool = False
    needs_day: bool = False
    needs_person: bool = False
    needs_file: FileNeed = "no"
    is_final: bool = False
    asks_times: bool = False
    reason_label: str = "理由"
    reason_most: int = SHORT
    day_label: str = "日期"
    person_label: str = "经办人"
    file_label: str = "附件"

    def __post_init__(self) -> None:
        """Let the address default to the phase the step leads to."""
        if not self.key:
            object.__setattr__(self, "key", self.after.value.replace("_", "-"))
