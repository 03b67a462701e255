"""What the tests of comparing share."""

import pytest

from tests.factories.ballots import keyring


@pytest.fixture
def keys(config):
    return keyring(config.var)
