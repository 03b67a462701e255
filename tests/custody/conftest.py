"""What the tests of custody share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.custody.desks import Desk
from voting.adapters.keyring import Keyring
from voting.persistence.session import Database


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    """The keyring that this test's app uses."""
    return Keyring(tmp_path / "var" / "secrets")


@pytest.fixture
def desk(app: Flask, database: Database, clock: Any) -> Callable[..., Desk]:
    """Sit somebody down before the page of the key of a round that ``make`` makes."""
    return lambda make: Desk(app, database, clock, make)
