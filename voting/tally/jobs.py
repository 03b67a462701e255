"""Counting a large urn, apart from any request."""

from voting.adapters.jobs import Work
from voting.tally.holder import count_apart
from voting.tally.service import COUNT


def count_urn(work: Work) -> None:
    """Count the round the job is about; who has been counted stays as counted."""
    count_apart(work.subject_id, work.progress)


HANDLERS = {COUNT: count_urn}
