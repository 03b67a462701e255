"""Comparing rules for a large urn, apart from any request."""

from voting.accounts.service import get_officer
from voting.adapters.jobs import Work
from voting.comparing.holder import compare_apart
from voting.comparing.service import COMPARE, latest_comparison, store_comparison
from voting.web.db import current_database, now, transaction

_PERCENT = 100


def make_comparison(work: Work) -> None:
    """Make and store the comparison of the round the job is about."""

    def heard(raises: int, most: int) -> None:
        work.progress(raises * _PERCENT // most)

    found = compare_apart(work.subject_id, heard)
    with current_database().reading() as session:
        job = latest_comparison(session, work.subject_id)
        assert job is not None  # noqa: S101 -- the job that runs this
        actor = get_officer(session, job.officer_id).actor
    with transaction() as session:
        store_comparison(session, now=now(), actor=actor, round_id=work.subject_id, found=found)


HANDLERS = {COMPARE: make_comparison}
