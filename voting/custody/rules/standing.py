"""Where the custody of a round's key stands, and in which phases what may be done."""

from dataclasses import dataclass

from voting.custody.rules.sheets import NEEDED, SHEETS
from voting.rounds.rules import Phase, SealWay

# A key is made once there is a list to vote on, and never after the announcement.
MAKING = frozenset({Phase.DELIBERATING, Phase.SHORTLISTED})
# The days for objections are over: nobody needs to recount any more.
DESTROYABLE = frozenset({Phase.CONFIRMED, Phase.IMPLEMENTING, Phase.CLOSED, Phase.ARCHIVED})


@dataclass(frozen=True)
class Standing:
    """What has been done for a round's key. ``lost`` is how many sheets of the set in use are lost."""

    way: SealWay
    is_real: bool = True
    is_made: bool = False
    is_forgotten: bool = False
    is_proven: bool = False
    is_destroyed: bool = False
    set_no: int = 1
    lost: int = 0

    @property
    def by_monitors(self) -> bool:
        """Whether three monitors hold the key, and not the server."""
        return self.way is SealWay.MONITORS

    @property
    def passes_gate(self) -> bool:
        """Whether the vote may be announced: what opens the urn has been shown to open it."""
        if self.by_monitors:
            return self.is_proven and self.is_forgotten
        return self.is_proven or not self.is_real

    @property
    def is_lost(self) -> bool:
        """Whether nobody can ever open the urn: fewer than two sheets are left, no server knows the key."""
        return self.by_monitors and self.is_forgotten and SHEETS - self.lost < NEEDED
