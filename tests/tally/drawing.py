"""A counted round in which two projects with equal votes wait for a lot, and the officers who draw it."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from tests.factories.accounts import sit_down
from tests.factories.ballots import NOW
from tests.factories.tally import make_closed_round, make_openers
from tests.visiting import submit, visit
from voting.persistence.session import Database
from voting.rounds.models import Round
from voting.tally.service import approve_opening, count

SOURCE = "并列公布后开出的第一期体彩“排列5”五位号码"
TIED = ((1, 2), (1, 2, 3), (1,), (2, 4), (1, 5), (2,))  # 1 and 2 have four votes each
NUMBER = "05128"


def make_tied_round(session, keys, *, now, money=9_000_00, votes=TIED, **changes) -> Round:
    """Make a counted round with money for one of two projects that only a lot can part."""
    given = {"tie_steps": "draw", "draw_way": "public", "draw_source": SOURCE} | changes
    round = make_closed_round(session, keys, votes=votes, budget=money, **given)
    for officer in make_openers(session, round.area):
        approve_opening(session, now=now, officer_id=officer.id, round_id=round.id)
    count(session, now=now, keys=keys, round_id=round.id)
    return round


@dataclass
class Hall:
    """Two officers at their desks before a counted round."""

    app: Flask
    database: Database
    round_id: str
    first: FlaskClient
    second: FlaskClient

    @property
    def base(self):
        return f"/desk/rounds/{self.round_id}"

    @property
    def path(self):
        return f"{self.base}/draw"

    @property
    def public(self):
        return f"/rounds/{self.round_id}/draw"

    def announce(self):
        page = visit(self.second, self.path)
        answer = submit(self.second, page, f"{self.path}/announcement")
        assert answer.status_code == 303

    def type(self, client, came, **changes):
        given = {
            "public_number": NUMBER, "issue": "第 26318 期", "came_day": f"{came:%Y-%m-%d}",
            "came_time": f"{came:%H:%M}", "present": "王芳",
        }  # fmt: skip
        return submit(client, visit(client, self.path), self.path, **(given | changes))

    def confirm(self, client, number=NUMBER):
        page = visit(client, self.path)
        return submit(client, page, f"{self.path}/confirm", public_number=number)


def hall(app, database, round, officers, *, now=NOW) -> Hall:
    """Let the officers sit down."""
    clients = []
    for officer in officers:
        client = app.test_client()
        sit_down(client, database, officer, now=now)
        clients.append(client)
    return Hall(app, database, round.id, *clients)
