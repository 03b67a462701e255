"""A desk before a project, in the area of which somebody sits."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import Chain, make_chain, make_installation
from tests.factories.delivery import make_project
from voting.permissions import Role
from voting.persistence.session import Database


@dataclass(frozen=True)
class Desk:
    """A browser in which an officer is signed in, and a project of their area."""

    client: FlaskClient
    chain: Chain
    round_id: str
    project_id: str

    @property
    def url(self) -> str:
        """Where the project's pages are."""
        return f"/desk/projects/{self.project_id}"

    @property
    def list_url(self) -> str:
        """Where the round's list is."""
        return f"/desk/rounds/{self.round_id}/projects"


@pytest.fixture
def sit(client: FlaskClient, database: Database) -> Callable[..., Desk]:
    """Sit somebody down before a project in a state: ``sit(Role.COMMUNITY_WORKER, state="approved")``."""

    def seat(role: Role = Role.STREET_OFFICER, **project: object) -> Desk:
        with database.transaction() as session:
            make_installation(session)
            chain = make_chain(session)
            officer = make_officer(session, area=chain.street, role=role, name="李敏")
            made = make_project(session, area=chain.estate, **project)  # type: ignore[arg-type]  # facts of a project
        sit_down(client, database, officer)
        return Desk(client, chain, made.round_id, made.id)

    return seat


@pytest.fixture
def desk(sit: Callable[..., Desk]) -> Desk:
    """A street officer's desk, with a project that is being built."""
    return sit(state="in_progress", is_ready=True)
