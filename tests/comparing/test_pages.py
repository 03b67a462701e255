"""The comparison in a real browser: at the desk, and on a phone in every size of type."""

import hashlib
import secrets

import pytest

from tests.browser import axe, shoot
from tests.factories.accounts import make_officer
from tests.factories.ballots import keyring
from tests.factories.comparing import make_compared_round
from tests.factories.open_data import declare_result, make_comparison
from voting import clock as real_clock
from voting.accounts.models import OfficerSession
from voting.permissions import Role

pytestmark = pytest.mark.browser
SIZES = ("normal", "elder")


def carry(page, server, name, value):
    page.context.add_cookies([{"name": name, "value": value, "url": server.url}])


def sound(page, name):
    assert axe(page) == []
    assert not page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    shoot(page, name)


def test_the_comparison_is_sound_at_the_desk_and_on_a_phone(server, database, config, desk, phone):
    token = secrets.token_urlsafe(32)
    with database.transaction() as session:
        round = make_compared_round(session, keyring(config.var))
        officer = make_officer(session, area=round.area, role=Role.STREET_OFFICER)
        now = real_clock.now()
        session.add(
            OfficerSession(
                token_hash=hashlib.sha256(token.encode()).digest(), officer_id=officer.id,
                started_at=now, seen_at=now,
            )
        )  # fmt: skip
        round_id = round.id
    carry(desk, server, "desk", token)
    desk.goto(f"{server.url}/desk/rounds/{round_id}/comparison")
    sound(desk, "comparison-1-ready")
    with database.transaction() as session:
        make_comparison(session, session.merge(round))
        declare_result(session, session.merge(round))
    for size in SIZES:
        carry(desk, server, "size", size)
        desk.goto(f"{server.url}/desk/rounds/{round_id}/comparison")
        sound(desk, f"comparison-2-desk-{size}")
        carry(phone, server, "size", size)
        phone.goto(f"{server.url}/rounds/{round_id}/comparison")
        sound(phone, f"comparison-3-phone-{size}")
