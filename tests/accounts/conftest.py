"""An installation with an administrator, at the door or at the desk."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.visits import Desk, put_officer
from tests.factories.accounts import sit_down
from tests.factories.areas import Chain, make_chain, make_installation
from voting.accounts.models import Officer
from voting.persistence.session import Database


@pytest.fixture
def settled(app: Flask, database: Database) -> Chain:
    """西湖区 and what lies in it, set up and committed."""
    with database.transaction() as session:
        make_installation(session)
        return make_chain(session)


@pytest.fixture
def wangfang(settled: Chain, database: Database) -> Officer:
    """The administrator of the district."""
    return put_officer(database, settled.district, sign_in_name="wangfang")


@pytest.fixture
def desk(client: FlaskClient, database: Database, settled: Chain, wangfang: Officer) -> Desk:
    """The administrator, signed in."""
    return Desk(settled, wangfang, sit_down(client, database, wangfang))
