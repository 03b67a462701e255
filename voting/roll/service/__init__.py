"""The use cases of the roll: reading files into it, finding people, and the register of rights used."""

from voting.roll.service.importing import (
    ImportReport,
    KeptFault,
    NameDiffers,
    RollFrozen,
    as_kept,
    faults_of,
    get_import,
    import_roll,
    imports_of,
)
from voting.roll.service.participation import (
    HANDING_OUT,
    ElectorStruck,
    NotHandingOut,
    NothingToUndo,
    RightAlreadyUsed,
    RollCounts,
    hand_out,
    mark_participation,
    roll_counts,
    undo_hand_out,
)
from voting.roll.service.searching import Building, Found, Line, buildings, find_electors

__all__ = [
    "HANDING_OUT",
    "Building",
    "ElectorStruck",
    "Found",
    "ImportReport",
    "KeptFault",
    "Line",
    "NameDiffers",
    "NotHandingOut",
    "NothingToUndo",
    "RightAlreadyUsed",
    "RollCounts",
    "RollFrozen",
    "as_kept",
    "buildings",
    "faults_of",
    "find_electors",
    "get_import",
    "hand_out",
    "import_roll",
    "imports_of",
    "mark_participation",
    "roll_counts",
    "undo_hand_out",
]
