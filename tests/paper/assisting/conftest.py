"""Two officers with a browser each, in a round in which somebody wants help."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from tests.factories.accounts import sit_down
from tests.factories.assisting import Helped, make_helped
from tests.factories.ballots import NOW


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
def pair(app, database, keys) -> Pair:
    with database.transaction() as session:
        helped = make_helped(session, keys)
    first, second = app.test_client(), app.test_client()
    sit_down(first, database, helped.first, now=NOW)
    sit_down(second, database, helped.second, now=NOW)
    return Pair(helped, first, second)
