"""An administrator at the desk."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.areas.visits import Desk
from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import make_chain, make_installation
from voting.persistence.session import Database


@pytest.fixture
def desk(app: Flask, client: FlaskClient, database: Database) -> Desk:
    """The administrator of 西湖区; the public address has not been scanned."""
    with database.transaction() as session:
        make_installation(session, scanned=False)
        desk = Desk(chain := make_chain(session), make_officer(session, area=chain.district))
    sit_down(client, database, desk.officer)
    return desk
