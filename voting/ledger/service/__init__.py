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
    first_over,
    get_checkpoint,
    get_ledger,
    leaves_of,
    place_of_ballot,
    shown_head,
)
from voting.ledger.service.noting import note_for_ledger
from voting.ledger.service.proving import (
    checkpoints_after,
    count_checkpoints,
    find_checkpoint_by_head,
    get_body,
    slot_of_receipt,
)
from voting.ledger.service.receipts import signed_receipt
from voting.ledger.service.witnesses import (
    Dispatch,
    TooManyWitnesses,
    WitnessThere,
    add_witness,
    dispatches_due,
    note_sent,
    remove_witness,
    witnesses_of,
)

__all__ = [
    "Dispatch",
    "LedgerDamaged",
    "LedgerKeyMissing",
    "NotFrozenYet",
    "Prefix",
    "TooManyWitnesses",
    "WitnessThere",
    "add_witness",
    "checkpoints_after",
    "checkpoints_of",
    "count_checkpoints",
    "count_entries",
    "dispatches_due",
    "due_rounds",
    "entries_of",
    "find_checkpoint_by_head",
    "find_head",
    "find_ledger",
    "first_over",
    "get_body",
    "get_checkpoint",
    "get_ledger",
    "leaves_of",
    "make_checkpoint",
    "note_for_ledger",
    "note_sent",
    "place_of_ballot",
    "prefix_of",
    "remove_witness",
    "shown_head",
    "signed_receipt",
    "slot_of_receipt",
    "witnesses_of",
]
