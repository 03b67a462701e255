"""Whatever a program asks, open data answers as its document says, and never with a fault of ours."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import BASE
from tests.factories.open_data import Opened

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def attack(app: Flask, opened: Opened, count: int) -> int:
    """Ask every address ``count`` times, half of the time about what is there; return how often it was."""
    # The app was made for tests: a fault must come as the answer a stranger would get.
    app.testing, app.config["PROPAGATE_EXCEPTIONS"] = False, False
    schema: Any = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", app)
    there = {
        "area_id": opened.area, "round_id": opened.round, "project_id": opened.project,
        "number": opened.number, "area": opened.area, "round": opened.round,
    }  # fmt: skip
    asked = 0
    for found in schema.get_all_operations():
        asked += _ask(found.ok(), there, count)
    return asked


def _ask(operation: Any, there: dict[str, str], count: int) -> int:
    asked = 0

    @settings(
        max_examples=count, deadline=None, phases=[Phase.generate], database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(), is_known=st.booleans(), is_narrowed=st.booleans())
    def run(case: Any, is_known: bool, is_narrowed: bool) -> None:
        nonlocal asked
        for given_to, wanted in ((case.path_parameters, is_known), (case.query, is_narrowed)):
            for name in set(given_to or {}) & set(there) if wanted else ():
                given_to[name] = there[name]
        # In process nobody unpacks what was compressed on the way.
        response = case.call(headers={"Accept-Encoding": "identity"})
        case.validate_response(response, checks=CHECKS)
        asked += response.status_code == 200

    run()
    return asked


def test_strange_questions_get_the_answers_that_are_promised(app: Flask, opened: Opened) -> None:
    assert attack(app, opened, 4) > 30


@pytest.mark.soak
def test_many_strange_questions(
    any_database: str,
    app: Flask,
    opened: Opened,
    scaled: Callable[[int], int],
    record_property: Callable[[str, object], None],
) -> None:
    answered = attack(app, opened, scaled(400))
    record_property("answered", answered)
    assert answered


def test_a_broken_promise_would_be_seen(
    app: Flask, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voting.api.views.lists.result", lambda *_args: {"spent": "1,5"})
    with pytest.raises(FailureGroup, match="failure"):
        attack(app, opened, 4)
