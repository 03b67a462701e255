"""A desk at which a community worker sits, and rounds of their own and of others."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from tests.factories.accounts import make_officer, sit_down
from tests.factories.roll import NOW, make_round
from tests.visiting import Page, visit
from voting.areas.models import Area
from voting.permissions import Role
from voting.persistence.session import Database


@dataclass(frozen=True)
class Desk:
    """A browser in which somebody is signed in, with the rounds of their area and one of another."""

    client: FlaskClient
    draft: str
    voting: str
    foreign: str

    def visit(self, path: str, *, round_id: str = "", status: int = 200) -> Page:
        """Get a page below a round's roll; the draft's unless said otherwise."""
        address = f"/desk/rounds/{round_id or self.draft}/roll{path}"
        return visit(self.client, address, status=status)


def sit(client: FlaskClient, database: Database, role: Role) -> Desk:
    """Sit somebody down."""
    with database.transaction() as session:
        draft = make_round(session)
        area = session.get_one(Area, draft.area_id)
        voting = make_round(session, frozen=True, area_id=area.id)
        foreign = make_round(session, frozen=True)
        officer = make_officer(session, area=area, role=role)
    sit_down(client, database, officer, now=NOW)
    return Desk(client, draft.id, voting.id, foreign.id)


@pytest.fixture
def desk_of_worker(client: FlaskClient, database: Database) -> Desk:
    """A community worker's desk."""
    return sit(client, database, Role.COMMUNITY_WORKER)
