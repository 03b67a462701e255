"""A round with its page of keys, and browsers before it."""

import io
from collections.abc import Callable
from typing import Any

from PIL import Image

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import make_area
from tests.visiting import submit, visit
from voting.adapters import qr
from voting.custody.service import (
    standing_of,
)
from voting.permissions import Role
from voting.rounds.models import Round


class Desk:
    """A round, and browsers of officers of its area."""

    def __init__(self, app, database, clock, make: Callable[..., Any]):
        self.app, self.database, self.clock = app, database, clock
        with database.transaction() as session:
            made = make(session)
            round, self.sheets = made if isinstance(made, tuple) else (made, [])
            self.round_id, self.area_id = round.id, round.area_id
        self.path = f"/desk/rounds/{self.round_id}/key"
        self._seats: dict[object, object] = {}

    @property
    def client(self):
        """A browser of the street, signed in anew when days have gone by."""
        if self.clock.now not in self._seats:
            self._seats[self.clock.now] = self.browser()
        return self._seats[self.clock.now]

    def browser(self, role=Role.STREET_OFFICER, *, elsewhere=False):
        with self.database.transaction() as session:
            area = make_area(session) if elsewhere else session.get_one(Round, self.round_id).area
            officer = make_officer(session, area=area, role=role)
        client = self.app.test_client()
        sit_down(client, self.database, officer, now=self.clock.now)
        return client

    def press(self, action, *, client=None, at="", **fields):
        client = client or self.client
        page = visit(client, at or self.path)
        return submit(client, page, action, **fields)

    def standing(self):
        with self.database.reading() as session:
            return standing_of(session, session.get_one(Round, self.round_id))


def photograph(text, *, turned=0):
    """A photograph of a paper with a code, as a telephone takes it."""
    code = Image.open(io.BytesIO(qr.png(text, scale=6))).convert("RGB")
    sheet = Image.new("RGB", (1200, 1600), (250, 248, 240))
    sheet.paste(code, (300, 500))
    target = io.BytesIO()
    sheet.rotate(turned, expand=True, fillcolor=(90, 80, 70)).save(target, "JPEG", quality=80)
    return io.BytesIO(target.getvalue()), "photo.jpg"
