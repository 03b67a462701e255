"""A round is moved, frozen, settled; people are appointed to it."""

from voting.conduct.service.appointing import (
    DUTY_NAMES,
    DUTY_TASKS,
    AlreadyAppointed,
    Appointed,
    AppointmentEnded,
    ProposesACandidate,
    appoint,
    appointments_of,
    end,
    find_by_slip,
    find_running,
    get_appointment,
    note_entry,
    replace,
    slip_hash,
    valid_until,
)
from voting.conduct.service.extending import extend, reopen
from voting.conduct.service.gathering import facts_of, find_successor, standing
from voting.conduct.service.moving import advance
from voting.conduct.service.repeating import repeat
from voting.conduct.service.watching import DutyFacts, Opening, duty_facts, names_of
from voting.rounds.service import settle

__all__ = [
    "DUTY_NAMES",
    "DUTY_TASKS",
    "AlreadyAppointed",
    "Appointed",
    "AppointmentEnded",
    "DutyFacts",
    "Opening",
    "ProposesACandidate",
    "advance",
    "appoint",
    "appointments_of",
    "duty_facts",
    "end",
    "extend",
    "facts_of",
    "find_by_slip",
    "find_running",
    "find_successor",
    "get_appointment",
    "names_of",
    "note_entry",
    "reopen",
    "repeat",
    "replace",
    "settle",
    "slip_hash",
    "standing",
    "valid_until",
]
