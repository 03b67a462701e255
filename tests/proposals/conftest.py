"""A round that takes proposals, its keys, and a desk at which somebody of its street sits."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import Chain, make_chain, make_installation
from tests.factories.rounds import make_round
from voting.adapters.keyring import Keyring
from voting.permissions import Role
from voting.persistence.session import Database


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    """The keyring that this test's app uses."""
    return Keyring(tmp_path / "var" / "secrets")


@dataclass(frozen=True)
class Desk:
    """A browser in which an officer is signed in, and a round of their area."""

    client: FlaskClient
    chain: Chain
    round_id: str

    @property
    def url(self) -> str:
        """Where the round's pages are."""
        return f"/desk/rounds/{self.round_id}"


@pytest.fixture
def sit(client: FlaskClient, database: Database) -> Callable[..., Desk]:
    """Sit somebody down before a round in a phase: ``sit(Role.COMMUNITY_WORKER, phase="draft")``."""

    def seat(role: Role = Role.STREET_OFFICER, *, phase: str = "collecting") -> Desk:
        with database.transaction() as session:
            make_installation(session)
            chain = make_chain(session)
            officer = make_officer(session, area=chain.street, role=role, name="李敏")
            round = make_round(session, area=chain.estate, phase=phase)
        sit_down(client, database, officer)
        return Desk(client, chain, round.id)

    return seat


@pytest.fixture
def desk(sit: Callable[..., Desk]) -> Desk:
    """A street officer's desk, with a round that takes proposals."""
    return sit()
