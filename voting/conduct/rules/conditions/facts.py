"""What is known of a round when a step is asked for."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a round when a step is asked for.

    ``lost_minutes`` are those of outages about which nothing is decided; ``is_opened`` says that the urn may
    be open already. ``given_day`` is the day an officer gives with the step, where one is asked for.
    ``lacks_comparison`` says that the round promised a comparison of rules and none was made.
    ``is_tied`` says that the result waits for a lot among equal votes. ``out_of_reach`` is a candidate that
    costs more than a ballot may spend, ``least_beyond_limit`` is how many everybody must choose where even
    the cheapest so many cost more than that.
    ``sheet`` is the outcome of the sheet two have signed (清票), empty where nobody has. ``low_turnout`` is,
    where the count found it too low, how many took part, of how many, and the thousandths asked for.
    """

    now: datetime
    opens_at: datetime
    max_choices: int
    proposals: int
    candidates: int
    has_office: bool
    is_scanned: bool
    listed: int
    most_candidates: int = 60
    unresolved: int = 0
    open_appeals: int = 0
    too_dear: tuple[int, str] | None = None
    above_quota: tuple[int, str] | None = None
    out_of_reach: tuple[int, str] | None = None
    least_beyond_limit: int | None = None
    conflict: tuple[str, int] | None = None
    monitors: int = 0
    collecting_until: date | None = None
    is_counted: bool = False
    is_tied: bool = False
    is_declared: bool = False
    lacks_comparison: bool = False
    publicity_from: date | None = None
    publicity_to: date | None = None
    is_repeated: bool = False
    is_voting: bool = True
    is_extended: bool = False
    declared_on: date | None = None
    objected_on: date | None = None
    projects: int = 0
    projects_approved: int = 0
    projects_ended: int = 0
    is_rehearsal: bool = False
    lost_minutes: int = 0
    is_opened: bool = False
    seal_way: str = "server"
    is_key_proven: bool = True
    is_key_lost: bool = False
    votes_now: bool = False
    given_day: date | None = None
    sheet: str = ""
    low_turnout: tuple[int, int, int] | None = None
