"""Papers of a test's own app are set with the project's typefaces."""

import pytest

from tests.papers import fonts


@pytest.fixture
def printing(config):
    """Let the app of this test print: its own folder gets the typefaces of the project."""
    folder = fonts().shelf.parent
    config.var.mkdir(parents=True, exist_ok=True)
    (config.var / "fonts").symlink_to(folder)
