"""A desk at which somebody of 南站街道 sits, and the areas around it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import Chain, make_chain, make_installation
from voting.permissions import Role
from voting.persistence.session import Database


@dataclass(frozen=True)
class Desk:
    """A browser in which an officer is signed in, and where the officer works."""

    client: FlaskClient
    chain: Chain
    officer_id: str


Sit = Callable[..., Desk]


@pytest.fixture
def sit(client: FlaskClient, database: Database) -> Sit:
    """Sit somebody down: ``sit(Role.STREET_OFFICER)``; at the level of their role's usual area."""

    def seat(role: Role = Role.STREET_OFFICER, *, level: str = "street") -> Desk:
        with database.transaction() as session:
            make_installation(session)
            chain = make_chain(session)
            officer = make_officer(session, area=getattr(chain, level), role=role, name="李敏")
        sit_down(client, database, officer)
        return Desk(client, chain, officer.id)

    return seat


@pytest.fixture
def desk(sit: Sit) -> Desk:
    """A street officer's desk."""
    return sit()
