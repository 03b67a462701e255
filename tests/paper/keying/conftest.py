"""A round whose boxes are open."""

import pytest

from tests.factories.ballots import keyring


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path / "var")
