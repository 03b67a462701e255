"""What the tests of the tally's services share."""

import pytest

from tests.factories.ballots import keyring
from tests.factories.tally import make_closed_round


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path)


@pytest.fixture
def closed(session, keys, any_database):
    """A round whose voting time is over, on each database."""
    return make_closed_round(session, keys)
