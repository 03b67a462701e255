import pytest

from tests.factories.ballots import keyring
from tests.factories.upkeep import keep_whole


@pytest.fixture
def keys(config):
    return keyring(config.var)


@pytest.fixture
def whole(database, keys):
    """A counted round, committed."""
    return keep_whole(database, keys)
