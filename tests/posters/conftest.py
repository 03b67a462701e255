"""A round to which people come by the poster, in every way, and messages that are printed."""

import pytest

from tests.factories.ballots import keyring
from tests.factories.posters import poster_round


@pytest.fixture
def environ(environ):
    return environ | {"VOTING_SMS_URL": "console:"}


@pytest.fixture
def keys(config):
    return keyring(config.var)


@pytest.fixture
def made(database, keys):
    return poster_round(database, keys, factors="screen,sms,worker")
