"""Laying out a batch of papers, apart from any request."""

from voting.adapters.jobs import Work
from voting.paper.document.making import ballots_pdf, put_in_place
from voting.paper.service import SHEETS


def lay_out(work: Work) -> None:
    """Make the PDF of a batch and put it where the batch's page finds it.

    Nothing is held while the pages are set: on SQLite an open reader would stop every vote. Whether the
    batch still may be printed is asked again, under its lock, before the file appears.
    """
    put_in_place(work.subject_id, ballots_pdf(work.subject_id, progress=work.progress))


HANDLERS = {SHEETS: lay_out}
