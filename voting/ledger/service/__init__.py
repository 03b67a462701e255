"""The use cases of the ledger: it pulls what happened, signs its head, and proves what it holds."""

from voting.ledger.service.appending import (
    LedgerDamaged,
    LedgerKeyMissing,
    NotFrozenYet,
    Prefix,
    make_checkpoint,
    prefix_of,
)
from voting.ledger.service.finding import (
    checkpoints_of,
    count_entries,
    due_rounds,
    entries_of,
    find_head,
    find_ledger,
    get_checkpoint,
    get_ledger,
    leaves_of,
    place_of_ballot,
)
from voting.ledger.service.noting import note_for_ledger
from voting.ledger.service.receipts import signed_receipt

__all__ = [
    "LedgerDamaged",
    "LedgerKeyMissing",
    "NotFrozenYet",
    "Prefix",
    "checkpoints_of",
    "count_entries",
    "due_rounds",
    "entries_of",
    "find_head",
    "find_ledger",
    "get_checkpoint",
    "get_ledger",
    "leaves_of",
    "make_checkpoint",
    "note_for_ledger",
    "place_of_ballot",
    "prefix_of",
    "signed_receipt",
]
