"""Laying out an emergency pack, apart from any request."""

from voting.adapters.jobs import Work
from voting.paper.document.making import put_in_place
from voting.upkeep.document.packing import make_pack
from voting.upkeep.service.packing import PACK


def lay_out(work: Work) -> None:
    """Make the pack of a batch of emergency papers and put it where the pages find it."""
    put_in_place(work.subject_id, make_pack(work.subject_id, progress=work.progress))


HANDLERS = {PACK: lay_out}
