"""Rounds with test cards that monitors have voted with, and people drawn for a call-back."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Executable, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.factories.accounts import sit_down
from tests.factories.ballots import NOW, make_cards, make_listed_elector, make_open_round
from tests.factories.tally import make_openers
from tests.visiting import Page, submit, visit
from voting.adapters.keyring import Keyring
from voting.areas.models import Area
from voting.audits.service import draw_by_system, reveal, write_down
from voting.ballots.service import cast, load_paper
from voting.cards.models import DrawnCard
from voting.journal.rules import COMMAND_LINE
from voting.ledger.models import LedgerNote
from voting.ledger.service import make_checkpoint
from voting.persistence.base import new_id
from voting.persistence.session import Database
from voting.roll.models import Channel
from voting.roll.service import mark_participation
from voting.rounds.models import Appointment, Round

CLOSED = NOW + timedelta(days=7)
"""A moment after the voting of ``make_open_round``."""


def make_monitor(
    session: Session, round: Round, *, name: str = "陈枫", **changes: Any
) -> Appointment:
    """Appoint a monitor to a round."""
    facts: dict[str, Any] = {"duty": "monitor", "name": name, "person_key": name.encode()}
    facts |= {"slip_hash": new_id().encode(), "appointed_at": NOW, "appointed_by": "factory"}
    monitor = Appointment(round_id=round.id, **(facts | changes))
    session.add(monitor)
    session.flush()
    return monitor


def make_watched_round(
    session: Session, keys: Keyring, *, cards: int = 6, **changes: Any
) -> tuple[Round, Appointment]:
    """Make an open round with bearer cards and a monitor."""
    round = make_open_round(session, keys, check_code=False, least=0, **changes)
    make_cards(session, keys, round.id, cards)
    return round, make_monitor(session, round)


def vote(session: Session, round: Round, cred_hash: bytes, choices: Sequence[int]) -> str:
    """Vote with a card as its holder would, and return the receipt."""
    receipt = cast(
        session, now=NOW, paper=load_paper(session, round.id), cred_hash=cred_hash,
        nonce=secrets.token_bytes(16), choices=choices, check_hmac=None,
    )  # fmt: skip
    return receipt.code


def drawn_of(session: Session, round: Round) -> list[DrawnCard]:
    """Return the test cards of a round by number."""
    query = select(DrawnCard).where(DrawnCard.round_id == round.id).order_by(DrawnCard.number)
    return list(session.scalars(query.execution_options(populate_existing=True)))


@dataclass
class Checked:
    """A round whose monitors have voted with some of their test cards, and what they wrote down."""

    round: Round
    monitor: Appointment
    written: list[tuple[int, str, tuple[int, ...]]] = field(default_factory=list)


def make_tested_round(
    session: Session,
    keys: Keyring,
    *,
    drawn: int = 3,
    votes: Sequence[tuple[int, ...]] = ((1,), (2, 3)),
    real: Sequence[tuple[int, ...]] = ((1, 2), (1,), (2,), (4,)),
    **changes: Any,
) -> Checked:
    """Make a round in which residents vote ``real`` and monitors ``votes`` with their first test cards."""
    round, monitor = make_watched_round(session, keys, cards=drawn + len(real) + 2, **changes)
    tested = Checked(round, monitor)
    draw_by_system(
        session, now=NOW, actor=COMMAND_LINE, round_id=round.id, monitor_id=monitor.id, count=drawn
    )
    lines = drawn_of(session, round)
    for line, choices in zip(lines, votes, strict=False):
        tested.written.append((line.number, vote(session, round, line.cred_hash, choices), choices))
    for card, choices in zip(make_cards(session, keys, round.id, len(real)), real, strict=True):
        vote(session, round, card.cred_hash, choices)
    return tested


def write_all(session: Session, tested: Checked) -> None:
    """Type what the monitors wrote down, after voting has ended."""
    for number, code, choices in tested.written:
        write_down(
            session, now=CLOSED, actor=COMMAND_LINE, round_id=tested.round.id, number=number,
            code=code, choices=choices,
        )  # fmt: skip


def reveal_all(session: Session, tested: Checked) -> None:
    """Type and reveal."""
    write_all(session, tested)
    reveal(
        session, now=CLOSED, actor=COMMAND_LINE, round_id=tested.round.id,
        monitor_id=tested.monitor.id,
    )  # fmt: skip


def make_marked_round(
    session: Session, keys: Keyring, *, marked: int = 8, **changes: Any
) -> tuple[Round, Appointment]:
    """Make a round that is over, with people marked as having voted and a signed ledger."""
    round, monitor = make_watched_round(session, keys, **changes)
    for _ in range(marked):
        mark_participation(
            session, round_id=round.id, elector_id=make_listed_elector(session, round.id),
            channel=Channel.CARD_HANDED, day=NOW.date(),
        )  # fmt: skip
    make_checkpoint(session, now=CLOSED, keys=keys, round_id=round.id)
    return round, monitor


def call_facts(round: Round, monitor: Appointment, **changes: Any) -> dict[str, Any]:
    """Return what a draw of people is asked with."""
    facts: dict[str, Any] = {
        "now": CLOSED, "actor": COMMAND_LINE, "round_id": round.id, "monitor_id": monitor.id,
        "public_number": "0123 4567", "source": "双色球第2026137期", "count": 5,
    }  # fmt: skip
    return facts | changes


def notes_of(session: Session, round: Round, kind: str) -> list[dict[str, Any]]:
    """Return what waits for the ledger of one kind, in the order in which it was noted."""
    query = select(LedgerNote.body).where(LedgerNote.round_id == round.id, LedgerNote.kind == kind)
    return [json.loads(body) for body in session.scalars(query)]


def refused(session: Session, statement: Executable, message: str) -> None:
    """Fail unless the database itself refuses a statement with this message."""
    with pytest.raises(DatabaseError, match=message), session.begin_nested():
        session.execute(statement)


class Desk:
    """A round, and a browser of an officer who may open its urn.

    ``written`` is what its monitors wrote down of their test ballots.
    """

    def __init__(
        self,
        app: Flask,
        database: Database,
        clock: Any,
        round_id: str,
        area: Area,
        monitor: str = "",
        checked: Checked | None = None,
    ) -> None:
        self.app, self.database, self.clock, self.round_id = app, database, clock, round_id
        self.base = f"/desk/rounds/{round_id}/audits"
        self.monitor, self.checked = monitor, checked
        self.written = checked.written if checked else []
        with database.transaction() as session:
            officer = make_openers(session, session.merge(area))[1]
        self.client = app.test_client()
        sit_down(self.client, database, officer, now=clock.now)

    def page(self, path: str = "", *, status: int = 200) -> Page:
        """Visit a page below the spot checks of the round."""
        return visit(self.client, self.base + path, status=status)

    def send(self, path: str, *, page: Page | None = None, **fields: object) -> TestResponse:
        """Post the form of a page with these changes."""
        page = page or self.page(path)
        return submit(self.client, page, self.base + path, **fields)

    def count(self, kind: type[Any]) -> int:
        """Return how many rows of a kind there are."""
        with self.database.reading() as session:
            return len(session.scalars(select(kind)).all())
