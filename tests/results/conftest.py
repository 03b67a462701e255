import pytest

from tests.factories.ballots import keyring
from tests.factories.notices import let_print
from tests.results.street import Street


@pytest.fixture
def keys(config):
    return keyring(config.var)


@pytest.fixture
def street(app, database, keys, config):
    let_print(config)
    return Street(app, database, keys)
