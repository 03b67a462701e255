"""S6: nobody, in no role, on no address, sees what was voted for before the count; afterwards it is there."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.accounts import make_officer, sit_down
from tests.factories.ballots import keyring, make_cards, make_listed_elector
from tests.factories.cards import make_tested_address
from tests.factories.tally import REAL, fill, make_real_round
from tests.secrecy.crawling import addresses, crawl, numbers
from voting.areas.models import Area
from voting.ballots.models import UrnEntry
from voting.ballots.rules import receipt_code
from voting.cards.models import CardBatch
from voting.conduct.rules import STEPS
from voting.conduct.service import appoint
from voting.journal.rules import COMMAND_LINE
from voting.ledger.service import make_checkpoint
from voting.permissions import Role
from voting.proposals.models import Candidate
from voting.tally.service import approve_opening, count

BALLOTS = 200
# Votes by ballot number; the order of the first seven is no rotation of the list, either way.
VOTES = {7: 137, 3: 131, 11: 113, 5: 109, 1: 97, 9: 83, 12: 61, 2: 5, 10: 4, 4: 3, 8: 2, 6: 1}
TELLING = {"137", "131", "113", "109"}
ORDER = [REAL[number - 1][0] for number in VOTES][:7]


def ballots():
    """Spread the votes over the ballots, at most four on each."""
    chosen: list[list[int]] = [[] for _ in range(BALLOTS)]
    for number, votes in VOTES.items():
        for one in sorted(chosen, key=len)[:votes]:
            one.append(number)
    assert max(map(len, chosen)) <= 4
    return [sorted(one) for one in chosen]


class House:
    """A round full of ballots, one visitor of every kind, and what is known of its addresses."""

    def __init__(self, app, database, keys, clock):
        self.app, self.database, self.keys, self.clock = app, database, keys, clock
        now = clock.now
        with database.transaction() as session:
            make_tested_address(session)
            round = make_real_round(session, keys, closes_at=now + timedelta(hours=1))
            session.flush()
            fill(session, round.id, ballots())
            cards = make_cards(session, keys, round.id, 3)
            elector = make_listed_elector(session, round.id)
            self.slip = appoint(
                session, now=now, actor=COMMAND_LINE, keys=keys, round_id=round.id,
                duty="monitor", name="吴国强",
            )  # fmt: skip
            make_checkpoint(session, now=now, keys=keys, round_id=round.id)
            district = session.get_one(Area, round.area.path.split("/")[0])
            self.officers = {role: make_officer(session, area=district, role=role) for role in Role}
            slot = session.scalars(select(UrnEntry.slot)).first()
            candidate = session.scalars(select(Candidate.id)).first()
            batch = session.scalars(select(CardBatch.id)).first()
            self.known = {
                "round_id": round.id, "area_id": round.area_id, "token": cards[0].token,
                "code": receipt_code(slot), "elector_id": elector, "candidate_id": candidate,
                "batch_id": batch, "appointment_id": self.slip.appointment.id,
                "steps": " ".join(sorted({step.key for step in STEPS})),
            }  # fmt: skip
        self.round_id, self.closes_at, self.card = round.id, round.closes_at, cards[1]

    def visitors(self, roles):
        yield "anybody", self.app.test_client()
        holder = self.app.test_client()
        assert holder.get(f"/c/{self.card.token}").status_code == 303
        yield "card holder", holder
        appointed = self.app.test_client()
        assert appointed.get(f"/s/{self.slip.token}").status_code == 303
        yield "appointed", appointed
        for role in roles:
            client = self.app.test_client()
            sit_down(client, self.database, self.officers[role], now=self.clock.now)
            yield role.value, client

    def approve(self, now, *roles):
        for role in roles:
            with self.database.transaction() as session:
                approve_opening(
                    session, now=now, officer_id=self.officers[role].id, round_id=self.round_id
                )

    def count(self, now):
        self.approve(now, Role.STREET_OFFICER)
        with self.database.transaction() as session:
            count(session, now=now, keys=self.keys, round_id=self.round_id)

    def asked(self, *, roles=tuple(Role), papers=False):
        paths = addresses(self.app, self.known, papers=papers)
        return [
            answer
            for visitor, client in self.visitors(roles)
            for answer in crawl(visitor, client, paths)
        ]


def telling(answers):
    """Return where a total or the order of the outcome can be read."""
    return sorted(
        {
            (answer.visitor, answer.path)
            for answer in answers
            if numbers(answer.text) & TELLING or is_in_order(answer.text)
        }
    )


def is_in_order(text):
    places = [text.find(title) for title in ORDER]
    return min(places) >= 0 and places in (sorted(places), sorted(places, reverse=True))


@pytest.fixture
def house(app, database, config, clock):
    return House(app, database, keyring(config.var), clock)


def check_before(house, **asked):
    answers = house.asked(**asked)
    assert telling(answers) == []
    assert [answer.path for answer in answers if answer.status >= 500] == []
    return answers


def test_no_total_is_seen_before_the_count_and_it_is_afterwards(house, clock):
    few = (Role.STREET_OFFICER,)
    clock.now = house.closes_at + timedelta(minutes=5)
    house.approve(clock.now, Role.COMMUNITY_SECRETARY)
    answers = check_before(house, roles=few)
    assert len([answer for answer in answers if answer.status == 200]) > 120
    house.count(clock.now)
    officer = dict(house.visitors(few))["street_officer"]
    assert telling(crawl("officer", officer, [f"/desk/rounds/{house.round_id}/count"]))


@pytest.mark.soak
def test_no_total_is_seen_by_any_role_on_any_address_before_the_count(
    house, clock, record_property
):
    answers = check_before(house, papers=True)
    clock.now = house.closes_at + timedelta(minutes=5)
    answers += check_before(house, papers=True)
    house.approve(clock.now, Role.COMMUNITY_SECRETARY)
    answers += check_before(house, papers=True)
    house.count(clock.now)
    seen = telling(house.asked(papers=True))
    record_property("answers before the count", len(answers))
    record_property("pages among them", len([one for one in answers if one.status == 200]))
    record_property("leaks", 0)
    record_property("places that tell after the count", len(seen))
    assert seen
