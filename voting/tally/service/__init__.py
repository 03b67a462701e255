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
from voting.tally.service.destroying import destroy
from voting.tally.service.entries import (
    DamagedEntry,
    ForeignEntry,
    LeafChanged,
    OpeningLacking,
    SealKeyMissing,
    SheetsNeeded,
    WrongLength,
    urn_size,
)
from voting.tally.service.offline import (
    EntryMissing,
    NotABundle,
    SealedUrn,
    open_offline,
    read_openings,
    read_sealed_bundle,
)
from voting.tally.service.openers import by_key, by_openings
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
from voting.tally.service.openings import (
    CountUnderWay,
    Opening,
    OpeningsDamaged,
    OpeningsMissing,
    OpeningsStore,
)
from voting.tally.service.ordering import AT_ONCE, COUNT, latest_count, order_count, stopped_by
from voting.tally.service.reckoning import Counted, declared_by
from voting.tally.service.renewing import renew
from voting.tally.service.urn import Progress, open_urn
from voting.tally.service.verifying import KeyDestroyed, TallyDiffers, checked_count, verify

__all__ = [
    "AT_ONCE",
    "COUNT",
    "AlreadyOpened",
    "Announcement",
    "CountUnderWay",
    "Counted",
    "DamagedEntry",
    "EntryMissing",
    "ForeignEntry",
    "KeyDestroyed",
    "LeafChanged",
    "NotABundle",
    "NotAnnounced",
    "NotCountedYet",
    "NotCounting",
    "NotOpenedByTwo",
    "Opening",
    "OpeningLacking",
    "OpeningsDamaged",
    "OpeningsMissing",
    "OpeningsStore",
    "OpensByItself",
    "Progress",
    "RoundChanged",
    "SameOfficer",
    "SealKeyMissing",
    "SealedUrn",
    "SheetsNeeded",
    "TallyDiffers",
    "UrnGrew",
    "VotingStillOn",
    "WrongLength",
    "announcement_of",
    "approve_opening",
    "begin_count",
    "by_key",
    "by_openings",
    "checked_count",
    "count",
    "counted_of",
    "declared_by",
    "destroy",
    "find_opening",
    "find_tally",
    "get_tally",
    "latest_count",
    "open_offline",
    "open_urn",
    "order_count",
    "read_openings",
    "read_sealed_bundle",
    "renew",
    "sign_ledger",
    "stopped_by",
    "store",
    "urn_size",
    "verify",
]
