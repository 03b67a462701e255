"""A real round that was counted and waits for the street, with the browser of a street officer."""

from sqlalchemy import select

from tests.factories.accounts import sit_down
from tests.factories.ballots import NOW
from tests.factories.tally import fill, make_openers, make_real_round, mark_on
from tests.visiting import submit, visit
from voting.tally.service import approve_opening, count

BALLOTS = [
    *[(1, 2, 3, 4)] * 21, *[(4, 7, 12)] * 15, *[(1, 8, 9)] * 9, *[(2, 6, 11)] * 8,
    *[(5, 10)] * 7, *[(9,)] * 2, *[(12, 4)] * 3,
]  # fmt: skip
ELECTORS = 90
# So many days ago; the vote began seven days ago.
DAYS = [6] * 3 + [5] * 8 + [3] * 20 + [2] * 4 + [1] * 24 + [0] * 6


class Street:
    """A real round that was counted and sent for review, and a street officer's browser."""

    def __init__(self, app, database, keys, *, phase="result_review"):
        self.app, self.database = app, database
        with database.transaction() as session:
            round = make_real_round(session, keys)
            fill(session, round.id, BALLOTS)
            mark_on(session, round.id, DAYS, electors=ELECTORS)
            openers = make_openers(session, round.area)
            for officer in openers:
                approve_opening(session, now=NOW, officer_id=officer.id, round_id=round.id)
            count(session, now=NOW, keys=keys, round_id=round.id)
            round.phase = phase
            self.round_id, self.area_id = round.id, round.area_id
        self.public = f"/rounds/{self.round_id}/result"
        self.desk = f"/desk/rounds/{self.round_id}/result"
        self.client = self.browser(openers[1])

    def browser(self, officer):
        client = self.app.test_client()
        sit_down(client, self.database, officer)
        return client

    def declare(self):
        response = submit(self.client, visit(self.client, self.desk), self.desk)
        assert response.status_code == 303

    def stored(self, kind):
        with self.database.reading() as session:
            return session.scalars(select(kind)).all()
