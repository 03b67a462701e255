"""Makes a comparison without holding the database while every rule is applied."""

import time

from voting.comparing.rules.alternatives import Progress, Votes, compare
from voting.comparing.rules.facts import Comparison
from voting.comparing.service import votes_of
from voting.web.db import current_database

_PATIENCE = 2.0


class TakesLong(Exception):
    """It takes longer than somebody waits for a page; nothing was stored."""


def compare_apart(round_id: str, progress: Progress) -> Comparison:
    """Return the comparison of a round; raise what ``votes_of`` raises."""
    return compare(_votes(round_id), progress)


def compare_quickly(round_id: str) -> Comparison:
    """Return the comparison of a round in two seconds or so; raise TakesLong, or what ``votes_of`` raises."""
    votes = _votes(round_id)
    end = time.monotonic() + _PATIENCE

    def heard(_raises: int, _most: int) -> None:
        if time.monotonic() > end:
            raise TakesLong

    return compare(votes, heard)


def _votes(round_id: str) -> Votes:
    with current_database().reading() as session:
        return votes_of(session, round_id)
