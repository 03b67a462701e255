"""The use cases of polling places: the places, who is on duty, the screen and its code."""

from voting.polling.service.codes import is_minute_code, minute_code
from voting.polling.service.places import (
    NameTaken,
    PlaceClosed,
    PlaceFacts,
    TooManyPlaces,
    VoteOver,
    add_place,
    change_place,
    close_place,
    get_place,
    open_places,
    places_of,
    reopen_place,
)
from voting.polling.service.screens import (
    close_screen,
    find_screen,
    open_screen,
    screens_of,
    used_on,
)
from voting.polling.service.shifts import (
    OfficerUnfit,
    ShiftTwice,
    add_shift,
    offered_for_shifts,
    remove_shift,
    shifts_of,
)

__all__ = [
    "NameTaken",
    "OfficerUnfit",
    "PlaceClosed",
    "PlaceFacts",
    "ShiftTwice",
    "TooManyPlaces",
    "VoteOver",
    "add_place",
    "add_shift",
    "change_place",
    "close_place",
    "close_screen",
    "find_screen",
    "get_place",
    "is_minute_code",
    "minute_code",
    "offered_for_shifts",
    "open_places",
    "open_screen",
    "places_of",
    "remove_shift",
    "reopen_place",
    "screens_of",
    "shifts_of",
    "used_on",
]
