"""The use cases of the tally: two officers open the urn, it is counted, and anybody may recount."""

from voting.tally.service.announcing import Announcement, NotAnnounced, announcement_of
from voting.tally.service.counting import (
    NotCountedYet,
    NotOpenedByTwo,
    UrnGrew,
    begin_count,
    count,
    counted_of,
    find_tally,
    get_tally,
    sign_ledger,
    store,
)
from voting.tally.service.opening import (
    AlreadyOpened,
    NotCounting,
    OpensByItself,
    RoundChanged,
    SameOfficer,
    VotingStillOn,
    approve_opening,
    find_opening,
)
from voting.tally.service.ordering import AT_ONCE, COUNT, latest_count, order_count
from voting.tally.service.reckoning import Counted, declared_by
from voting.tally.service.urn import (
    DamagedEntry,
    ForeignEntry,
    LeafChanged,
    SealKeyMissing,
    WrongLength,
    open_urn,
    urn_size,
)
from voting.tally.service.verifying import TallyDiffers, checked_count, verify

__all__ = [
    "AT_ONCE",
    "COUNT",
    "AlreadyOpened",
    "Announcement",
    "Counted",
    "DamagedEntry",
    "ForeignEntry",
    "LeafChanged",
    "NotAnnounced",
    "NotCountedYet",
    "NotCounting",
    "NotOpenedByTwo",
    "OpensByItself",
    "RoundChanged",
    "SameOfficer",
    "SealKeyMissing",
    "TallyDiffers",
    "UrnGrew",
    "VotingStillOn",
    "WrongLength",
    "announcement_of",
    "approve_opening",
    "begin_count",
    "checked_count",
    "count",
    "counted_of",
    "declared_by",
    "find_opening",
    "find_tally",
    "get_tally",
    "latest_count",
    "open_urn",
    "order_count",
    "sign_ledger",
    "store",
    "urn_size",
    "verify",
]
