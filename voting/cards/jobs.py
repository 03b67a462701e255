"""Laying out a batch's sheets, apart from any request."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from voting.adapters.fonts import find_fonts
from voting.adapters.jobs import Work
from voting.adapters.keyring import Keyring
from voting.adapters.pdf import render_many
from voting.areas.service import get_installation
from voting.cards.document import CardBatchFacts, CardFace, card_papers
from voting.cards.models import CardBatch
from voting.cards.service import (
    SHEETS,
    SeedForgotten,
    cards_of,
    draft_sheets,
    get_batch,
    lock_ready,
    sheets_file,
    tested_address,
)
from voting.rounds.models import Round
from voting.rounds.rules import short_spending_phrase
from voting.rounds.service import get_round
from voting.web.apart import render_apart
from voting.web.db import current_config, current_database, current_keys


def lay_out(work: Work) -> None:
    """Make the PDF of a batch and put it where the batch's page finds it.

    Nothing is held while the pages are set: on SQLite an open reader would stop every vote. Whether the
    batch still may be printed is asked again, under its lock, before the file appears.
    """
    config = current_config()
    with current_database().reading() as session:
        batch = get_batch(session, work.subject_id)
        round = get_round(session, batch.round_id)
        address = tested_address(session, config)
        facts = _facts(session, round, batch, address)
        session.expunge_all()
    faces = _faces(batch, current_keys(), address, check_code=round.check_code)
    content = render_many(
        card_papers(facts, faces, render=render_apart),
        fonts=find_fonts(config.font_dir, config.var / "fonts"),
        title=facts.title,
        progress=work.progress,
    )
    _put(config.var, batch.id, content)


def _facts(session: Session, round: Round, batch: CardBatch, address: str) -> CardBatchFacts:
    return CardBatchFacts(
        round_title=round.title,
        closes_at=round.closing,
        max_choices=round.max_choices,
        help_phone=round.help_number,
        entry=f"{address.partition('://')[2]}/c",
        batch=batch.number,
        sheets=batch.sheets,
        demo=get_installation(session).demo,
        rehearsal=round.kind == "rehearsal",
        spending=short_spending_phrase(round.spend_limit, round.max_choices),
    )


def _faces(
    batch: CardBatch, keys: Keyring, address: str, *, check_code: bool
) -> Iterator[CardFace]:
    # Capitals throughout: a QR code holds them in fewer, larger points, and no part minds.
    prefix = f"{address}/c/".upper()
    for serial, card in cards_of(batch, keys):
        yield CardFace(
            serial=serial,
            url=prefix + card.token,
            code=card.short_code,
            check_code=card.check_code if check_code else None,
        )


def _put(var: Path, batch_id: str, content: bytes) -> None:
    draft = draft_sheets(var, batch_id, content)
    try:
        with current_database().transaction() as session:
            lock_ready(session, batch_id)
            draft.replace(sheets_file(var, batch_id))
    except SeedForgotten:
        draft.unlink(missing_ok=True)
        raise


HANDLERS = {SHEETS: lay_out}
