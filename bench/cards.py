"""Cards issued per second, and sheets laid out per second."""

import secrets
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import render_template

from tests.databases import migrate
from tests.factories.ballots import keyring, make_open_round
from voting import clock
from voting.adapters.fonts import find_fonts
from voting.adapters.pdf import render_many
from voting.app import create_app
from voting.cards.document import CardBatchFacts, CardFace, card_papers
from voting.cards.rules import derive_card
from voting.cards.service import PER_SHEET, issue_batch
from voting.config import ROOT, Config
from voting.journal.rules import COMMAND_LINE
from voting.persistence.session import Database


def issue_cards(url: str, var: Path, amount: int) -> dict[str, Any]:
    """Issue one batch; the floor makes the same secrets and hashes and stores nothing."""
    migrate(url, var)
    database, keys, now = Database(url), keyring(var), clock.now()
    with database.transaction() as session:
        round_id = make_open_round(session, keys, closes_at=now + timedelta(days=1)).id
    began = time.perf_counter()
    with database.transaction() as session:
        issue_batch(
            session, now=now, actor=COMMAND_LINE, keys=keys, round_id=round_id, count=amount
        )
    issued = time.perf_counter() - began
    seed = secrets.token_bytes(32)
    began = time.perf_counter()
    for index in range(amount):
        derive_card(seed, index)
    derived = time.perf_counter() - began
    database.engine.dispose()
    return {
        "cards issued a second": f"{amount / issued:.0f}",
        "floor: secrets derived a second": f"{amount / derived:.0f}",
        "share of the floor": f"{derived / issued:.2f}",
    }


def render_sheets(url: str, var: Path, amount: int) -> dict[str, Any]:
    """Lay out sheets of six cards, QR codes included."""
    fonts = find_fonts(None, ROOT / "var" / "fonts")
    facts = CardBatchFacts(
        round_title="南烟小区2026年第一轮“幸福微实事”", closes_at=clock.now(), max_choices=10,
        help_phone="0791-86543210", entry="vote.example.cn/c", batch=1, sheets=amount,
    )  # fmt: skip
    app = create_app(Config.from_environ({"VOTING_VAR": str(var), "VOTING_DATABASE_URL": url}))
    with app.test_request_context():
        render_many(
            card_papers(facts, _faces(PER_SHEET), render=render_template), fonts=fonts, title=""
        )
        began = time.perf_counter()
        content = render_many(
            card_papers(facts, _faces(amount * PER_SHEET), render=render_template),
            fonts=fonts,
            title=facts.title,
        )
        taken = time.perf_counter() - began
    return {
        "card sheets a second": f"{amount / taken:.1f}",
        "kB a sheet": f"{len(content) / amount / 1000:.0f}",
    }


def _faces(count: int) -> Iterator[CardFace]:
    seed = secrets.token_bytes(32)
    for index in range(count):
        card = derive_card(seed, index)
        yield CardFace(
            serial=f"01-{index // PER_SHEET + 1:04}-{index % PER_SHEET + 1}",
            url=f"HTTPS://VOTE.EXAMPLE.CN/C/{card.token}",
            code=card.short_code,
            check_code=card.check_code,
        )
