"""What tests of paper want: a round that takes ballots, workers who hold bundles, people behind doors."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories.accounts import make_officer, sit_down
from tests.factories.assisting import Helped, make_helped
from tests.factories.ballots import NOW, keyring, make_open_round
from tests.factories.cards import make_tested_address
from tests.factories.roll import make_elector
from tests.visiting import Page, read, submit, visit
from voting.accounts.models import Officer
from voting.adapters.keyring import Keyring
from voting.persistence.session import Database
from voting.roll.service.secrecy import roll_key, seal_room
from voting.rounds.models import Round


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return keyring(tmp_path / "var")


@pytest.fixture
def round(session: Session, keys: Keyring) -> Round:
    make_tested_address(session)
    return make_open_round(session, keys)


@pytest.fixture
def worker(session: Session, round: Round) -> Officer:
    return make_officer(session, area=round.area, role="community_worker", name="李社工")


@pytest.fixture
def other(session: Session, round: Round) -> Officer:
    return make_officer(session, area=round.area, role="community_worker", name="周社工")


def make_resident(
    session: Session, keys: Keyring, round: Round, room: str = "", **changes: object
) -> str:
    """List somebody, behind a door if there is one; return the elector's id."""
    sealed = seal_room(roll_key(keys, round), room)
    return make_elector(session, round.id, room_sealed=sealed, **changes).elector_id


@dataclass(frozen=True)
class Desk:
    """A browser in which somebody is signed in, with a round that takes ballots."""

    client: FlaskClient
    officer: Officer
    round_id: str

    def url(self, path: str = "") -> str:
        """Return the address of a page of the round."""
        return f"/desk/rounds/{self.round_id}{path}"

    def visit(self, path: str = "", *, status: int = 200) -> Page:
        """Get a page of the round."""
        return visit(self.client, self.url(path), status=status)

    def send(self, path: str, action: str = "", status: int = 303, **changes: object) -> Page:
        """Fill in the form of a page that leads to ``action``; return the page that follows."""
        page = self.visit(path)
        answer = submit(self.client, page, self.url(action or path), **changes)
        if status != 303:
            return read(answer, status=status)
        assert answer.status_code == 303, read(answer, status=answer.status_code).text
        return visit(self.client, answer.location)


@pytest.fixture
def desk(client: FlaskClient, database: Database, keys: Keyring) -> Desk:
    """A community worker's desk."""
    with database.transaction() as session:
        make_tested_address(session)
        round = make_open_round(session, keys)
        officer = make_officer(session, area=round.area, role="community_worker", name="李社工")
    sit_down(client, database, officer, now=NOW)
    return Desk(client, officer, round.id)


@dataclass
class Pair:
    """A round, and the browsers of the two officers who are there."""

    helped: Helped
    first: FlaskClient
    second: FlaskClient

    @property
    def address(self) -> str:
        """Where the desk's pages about this round begin."""
        return f"/desk/rounds/{self.helped.round.id}"


@pytest.fixture
def pair(app: Flask, database: Database, tmp_path: Path) -> Pair:
    with database.transaction() as session:
        helped = make_helped(session, keyring(tmp_path / "var"))
    first, second = app.test_client(), app.test_client()
    sit_down(first, database, helped.first, now=NOW)
    sit_down(second, database, helped.second, now=NOW)
    return Pair(helped, first, second)
