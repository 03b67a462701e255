"""What the tests of the pages of accounts have in common."""

from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.factories.accounts import PASSWORD, make_officer
from tests.factories.areas import Chain
from tests.visiting import Page, submit, visit
from voting.accounts.models import Officer, OfficerSession
from voting.areas.models import Area
from voting.persistence.session import Database

NEW = "南烟小区的老樟树"


@dataclass(frozen=True)
class Desk:
    """An administrator of 西湖区 who sits at the desk."""

    chain: Chain
    officer: Officer
    token: str


def put_officer(
    database: Database,
    area: Area,
    *,
    role: str = "administrator",
    sign_in_name: str | None = None,
    must_change_password: bool = False,
) -> Officer:
    """Add an officer to an area and commit."""
    with database.transaction() as session:
        return make_officer(
            session,
            area=session.get_one(Area, area.id),
            role=role,
            sign_in_name=sign_in_name,
            must_change_password=must_change_password,
        )


def send(client: FlaskClient, page: Page, **changes: object) -> TestResponse:
    """Post the form of the page that leads back to its own address."""
    return submit(client, page, page.url.partition("?")[0], **changes)


def sign_in(client: FlaskClient, **changes: object) -> TestResponse:
    """Try the door, as wangfang with the right password unless something else is said."""
    facts: dict[str, object] = {"sign_in_name": "wangfang", "password": PASSWORD, **changes}
    return send(client, visit(client, "/sign-in"), **facts)


def form_token(client: FlaskClient) -> str:
    """Return the token that this browser's forms carry at the desk."""
    return visit(client, "/password").form("/password").values["csrf_token"][0]


def sessions(database: Database) -> int:
    """Return how many sessions there are."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(OfficerSession)) or 0


def read_officer(database: Database, officer: Officer) -> Officer:
    """Return the officer as the database has them now."""
    with database.reading() as session:
        return session.get_one(Officer, officer.id)
