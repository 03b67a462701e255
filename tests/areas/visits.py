"""What the tests of the pages of areas have in common."""

from dataclasses import dataclass

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import Chain
from tests.visiting import Page, submit
from voting.accounts.models import Officer
from voting.areas.models import Area
from voting.persistence.session import Database


@dataclass(frozen=True)
class Desk:
    """An administrator of 西湖区 who sits at the desk."""

    chain: Chain
    officer: Officer


def send(client: FlaskClient, page: Page, **changes: object) -> TestResponse:
    """Post the form of the page that leads back to its own address."""
    return submit(client, page, page.url, **changes)


def sit(client: FlaskClient, database: Database, area: Area, role: str = "administrator") -> None:
    """Seat a new officer of an area in this browser."""
    with database.transaction() as session:
        officer = make_officer(session, area=session.get_one(Area, area.id), role=role)
    sit_down(client, database, officer)
