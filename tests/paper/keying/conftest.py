"""A round whose boxes are open."""

import pytest

from tests.browser import DESK, opened
from tests.factories.ballots import keyring


@pytest.fixture
def desk(chromium):
    """A page on an officer's desk, as everywhere but in the folder above."""
    with opened(chromium, **DESK) as page:
        yield page


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path / "var")
