"""What tests of cards want: the keys of this test's app, a round that takes ballots, a desk."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories.accounts import make_officer, sit_down
from tests.factories.ballots import NOW, keyring, make_open_round
from tests.factories.cards import make_batch, make_tested_address
from tests.visiting import Page, read, submit, visit
from voting.accounts.models import Officer
from voting.adapters.keyring import Keyring
from voting.cards.models import CardBatch
from voting.cards.service import draft_sheets, get_batch, order_sheets, sheets_file
from voting.config import Config
from voting.persistence.session import Database
from voting.rounds.models import Round
from voting.rounds.service import get_round


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return keyring(tmp_path / "var")


@pytest.fixture
def round(session: Session, keys: Keyring) -> Round:
    make_tested_address(session)
    return make_open_round(session, keys)


@dataclass(frozen=True)
class Desk:
    """A browser in which somebody is signed in, with a round that takes ballots and a foreign one."""

    client: FlaskClient
    officer: Officer
    round_id: str
    foreign_id: str

    def url(self, path: str = "", *, round_id: str = "") -> str:
        """Return the address of a page below a round's cards."""
        return f"/desk/rounds/{round_id or self.round_id}/cards{path}"

    def visit(self, path: str = "", *, status: int = 200) -> Page:
        """Get a page below the round's cards."""
        return visit(self.client, self.url(path), status=status)

    def submit(self, path: str, status: int = 303, **changes: object) -> Page:
        """Fill in the form of a page; return the page it leads to, or the form with its sentences."""
        page = self.visit(path)
        answer = submit(self.client, page, page.url, **changes)
        if status != 303:
            return read(answer, status=status)
        assert answer.status_code == 303, read(answer, status=answer.status_code).text
        return visit(self.client, answer.location)

    def press(self, path: str, action: str, *, status: int = 303) -> Page:
        """Press a button of a page that has a form of its own; return the page it leads to."""
        page = self.visit(path)
        answer = submit(self.client, page, self.url(action))
        if status != 303:
            return read(answer, status=status)
        assert answer.status_code == 303, read(answer, status=answer.status_code).text
        return visit(self.client, answer.location)


def sit(client: FlaskClient, database: Database, keys: Keyring, role: str) -> Desk:
    """Sit somebody down at a desk."""
    with database.transaction() as session:
        make_tested_address(session)
        own, foreign = make_open_round(session, keys), make_open_round(session, keys)
        officer = make_officer(session, area=own.area, role=role, name="李社工")
    sit_down(client, database, officer, now=NOW)
    return Desk(client, officer, own.id, foreign.id)


@pytest.fixture
def desk(client: FlaskClient, database: Database, keys: Keyring) -> Desk:
    """A community worker's desk."""
    return sit(client, database, keys, "community_worker")


@pytest.fixture
def batch(desk: Desk, database: Database, keys: Keyring) -> CardBatch:
    """Twenty cards on four sheets, not laid out yet."""
    with database.transaction() as session:
        round = get_round(session, desk.round_id)
        return make_batch(session, keys, round, 20, actor=desk.officer.actor)


@pytest.fixture
def laid_out(batch: CardBatch, database: Database, config: Config, desk: Desk) -> CardBatch:
    """The same cards with a finished file, marked by the ledger; what is in the file does not matter here."""
    with database.transaction() as session:
        get_batch(session, batch.id).ledger_idx = 2
        job = order_sheets(
            session, now=NOW, actor=desk.officer.actor, batch_id=batch.id, served=True
        )
        job.state, job.done = "done", job.total
    draft_sheets(config.var, batch.id, b"%PDF-1.7").replace(sheets_file(config.var, batch.id))
    return batch
