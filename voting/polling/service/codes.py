"""The code of the minute: it shows that somebody stands before the screen of a polling place."""

import hmac
from collections.abc import Sequence
from datetime import datetime

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import keyed_hash
from voting.polling.rules import code_of, minute_of


def minute_code(keys: Keyring, round_id: str, place_id: str, at: datetime) -> str:
    """Return the six digits that the screen of a place shows in the minute of ``at``."""
    return _code(keys, round_id, place_id, minute_of(at))


def is_minute_code(
    keys: Keyring, round_id: str, place_ids: Sequence[str], code: str, at: datetime
) -> bool:
    """Tell whether a code is that of one of the places, in this minute or the one before.

    Every place is compared, whatever was found already: the time says nothing about the code.
    """
    minute, found = minute_of(at), False
    for place_id in place_ids:
        for tried in (minute, minute - 1):
            right = _code(keys, round_id, place_id, tried)
            found |= hmac.compare_digest(right.encode(), code.encode())
    return found


def _code(keys: Keyring, round_id: str, place_id: str, minute: int) -> str:
    mac = keyed_hash(keys.card_key(), "minute code", round_id, place_id, str(minute))
    return code_of(mac)
