"""Making the file of a batch, and putting it where the batch's page finds it."""

from collections.abc import Callable, Sequence

from voting.adapters.fonts import find_fonts
from voting.adapters.pdf import Typesetter, render_many
from voting.adapters.pdf_press import press
from voting.cards.service import tested_address
from voting.paper.document.ballots import (
    BallotFacts,
    Cover,
    Printed,
    copies,
    cover_papers,
    form_paper,
    glyph_paper,
)
from voting.paper.document.facts import ballot_facts
from voting.paper.service import (
    BatchNotReady,
    draft_file,
    faces_of,
    get_batch,
    lock_ready,
    paper_address,
    sheets_file,
)
from voting.rounds.service import get_round
from voting.web.apart import render_apart
from voting.web.db import current_config, current_database, current_keys


def ballots_pdf(batch_id: str, *, progress: Callable[[int], None]) -> bytes:
    """Return covers and ballots of a batch that waits to be printed; ``progress`` hears of each hundred.

    Raises NotFound, BatchNotReady, AddressNotTested or ListTooLong.
    """
    config, card_key = current_config(), current_keys().card_key()
    with current_database().reading() as session:
        batch = get_batch(session, batch_id)
        if batch.state != "ready":
            raise BatchNotReady
        round_id = batch.round_id
        facts = ballot_facts(session, get_round(session, round_id), batch)
        address = tested_address(session, config)
        faces = faces_of(session, batch)
    papers = [
        Printed(face.serial, face.version, face.bundle, paper_address(
            card_key, address, round_id=round_id, version=face.version, serial=face.serial
        ))
        for face in faces
    ]  # fmt: skip
    sheets = facts.layout.sides * (len(papers) + papers[-1].bundle)
    sources, glyphs = _sources(facts, papers)
    return press(
        sources,
        glyphs,
        copies(facts, papers),
        progress=lambda done: progress(done * len(papers) // sheets),
    )


def put_in_place(batch_id: str, content: bytes) -> None:
    """Put a finished file where its batch's page finds it, if the batch still waits to be printed."""
    config = current_config()
    with current_database().reading() as session:
        path = sheets_file(config.var, get_batch(session, batch_id))
    draft = draft_file(path, content)
    try:
        with current_database().transaction() as session:
            lock_ready(session, batch_id)
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _sources(facts: BallotFacts, papers: Sequence[Printed]) -> tuple[list[bytes], bytes]:
    """Return the covers and the form of each version, and the figures."""
    config = current_config()
    fonts = find_fonts(config.font_dir, config.var / "fonts")
    counts: dict[int, int] = {}
    for paper in papers:
        counts[paper.bundle] = counts.get(paper.bundle, 0) + 1
    covers = [Cover(bundle, count) for bundle, count in counts.items()]
    cover_pages = render_many(
        cover_papers(facts, covers, render=render_apart), fonts=fonts, title=facts.title
    )
    with Typesetter(fonts) as typesetter:
        forms = [
            typesetter.typeset(form_paper(facts, version=version, render=render_apart))
            for version in range(1, facts.versions + 1)
        ]
        return [cover_pages, *forms], typesetter.typeset(glyph_paper(facts, render=render_apart))
