from collections.abc import Callable

import pytest
from flask import Flask

from tests.architecture import route_rules as rules
from voting.web.access import UndeclaredAccess, public, require_declarations

Check = Callable[[Flask], list[str]]

CHECKS: list[Check] = [
    rules.undeclared,
    rules.not_kebab_case,
    rules.untyped_ids,
    rules.mixed_methods,
]


@public
def _view(**_values: object) -> str:
    return "ok"


def _undeclared_view() -> str:
    return "ok"


def _app(
    address: str, view: Callable[..., str] = _view, *, name: str = "view", post: bool
) -> Flask:
    app = Flask("planted", static_folder=None)
    app.add_url_rule(address, name, view, methods=["POST"] if post else ["GET"])
    return app


def _both() -> Flask:
    app = Flask("planted", static_folder=None)
    app.add_url_rule("/ballot", "ballot", _view, methods=["GET", "POST"])
    return app


PLANTED: list[tuple[Check, Flask]] = [
    (rules.undeclared, _app("/open", _undeclared_view, post=False)),
    (rules.not_kebab_case, _app("/desk/ballotCards", post=False)),
    (rules.not_kebab_case, _app("/desk/ballot_cards", post=False)),
    (rules.untyped_ids, _app("/rounds/<round_id>", post=False)),
    (rules.untyped_ids, _app("/rounds/<string:round_id>", post=False)),
    (rules.untyped_ids, _app("/rounds/<round>", post=False)),
    (rules.mixed_methods, _app("/ballot/cast", name="cast", post=True)),
    (rules.mixed_methods, _both()),
]


@pytest.mark.parametrize("check", CHECKS)
def test_the_addresses_keep_their_conventions(app: Flask, check: Check) -> None:
    found = check(app)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("check", "app"), PLANTED)
def test_a_planted_fault_is_found(check: Check, app: Flask) -> None:
    assert len(check(app)) == 1


@pytest.mark.parametrize("check", CHECKS)
def test_sound_addresses_pass(check: Check) -> None:
    app = _app("/rounds/<uuid:round_id>/paper-ballots", post=False)
    app.add_url_rule("/c/<token>", "card", _view)
    app.add_url_rule("/ballot/cast", "cast_submit", _view, methods=["POST"])
    assert check(app) == []


def test_the_app_refuses_to_start_with_an_undeclared_route() -> None:
    with pytest.raises(UndeclaredAccess):
        require_declarations(_app("/open", _undeclared_view, post=False))
