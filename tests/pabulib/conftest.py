"""Commands as their users run them."""

import pytest


@pytest.fixture
def run(runner):
    """Run a command of this test's app, given as words."""

    def invoke(*words):
        return runner.invoke(args=list(words))

    return invoke
