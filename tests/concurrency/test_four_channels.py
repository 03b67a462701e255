"""R2: one person comes by four channels at once, in every order, and has one ballot."""

import secrets
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories.accounts import make_officer
from tests.factories.assisting import Helped, accompany
from tests.factories.ballots import NOW, keyring, make_cards, make_listed_elector, make_open_round
from tests.factories.paper import make_paper
from voting.ballots import service as ballots
from voting.ballots.models import UrnEntry
from voting.ballots.service import cast, cast_by_claim, load_paper
from voting.errors import Refusal
from voting.paper.models import PaperBatch, PaperBundle
from voting.paper.service import assisted_casting, handing
from voting.paper.service.assisted_casting import cast_assisted
from voting.paper.service.handing import hand_paper
from voting.posters.models import PosterClaim
from voting.posters.service import claim_hash
from voting.roll.models import Participation

pytestmark = pytest.mark.usefixtures("any_database")
ORDERS = list(permutations(("card", "poster", "paper", "assisted")))
CHOICE = {"card": 1, "poster": 2, "assisted": 3}

Act = Callable[[Session], object]


@dataclass
class Crowd:
    """People of a round, each of whom may come by all four channels."""

    round_id: str
    people: list[dict[str, Act]]


@pytest.fixture
def crowd(database, tmp_path):
    """Arrange so many people."""
    keys = keyring(tmp_path / "var")

    def make(count: int) -> Crowd:
        with database.transaction() as session:
            round = make_open_round(
                session, keys, channels="card,poster,paper,assisted", check_code=False
            )
            first, second = (make_officer(session, area=round.area) for _ in range(2))
            for holder in (first, second):
                make_paper(session, round, count, holder=holder, bundle_size=count)
            electors = [make_listed_elector(session, round.id) for _ in range(count)]
            cards = make_cards(session, keys, round.id, count, electors=electors)
            paper = load_paper(session, round.id)
            round_id, actor, holder_id = round.id, first.actor, first.id
            for elector in electors:
                accompany(session, Helped(round, elector, first, second))

        def person(elector: str, card) -> dict[str, Act]:
            secret, nonce = secrets.token_bytes(16), secrets.token_bytes(16)
            with database.transaction() as session:
                session.add(
                    PosterClaim(
                        round_id=round_id, claim_hash=claim_hash(secret), elector_id=elector,
                        claimed_key=elector.encode(), way="screen", state="proven", name_fits=True,
                        expires_at=NOW + timedelta(minutes=20),
                    )
                )  # fmt: skip
            return {
                "card": lambda s: cast(
                    s, now=NOW, paper=paper, cred_hash=card.cred_hash, nonce=nonce,
                    choices=(CHOICE["card"],), check_hmac=None,
                ),
                "poster": lambda s: cast_by_claim(
                    s, now=NOW, paper=paper, claim_hash=claim_hash(secret),
                    nonce=secrets.token_bytes(16), choices=(CHOICE["poster"],),
                ),
                "paper": lambda s: hand_paper(
                    s, now=NOW, keys=keys, round_id=round_id, elector_id=elector, holder_id=holder_id
                ),
                "assisted": lambda s: cast_assisted(
                    s, now=NOW, actor=actor, paper=paper, elector_id=elector,
                    nonce=secrets.token_bytes(16), choices=(CHOICE["assisted"],),
                ),
            }  # fmt: skip

        return Crowd(round_id, [person(*one) for one in zip(electors, cards, strict=True)])

    return make


def come(database, act: Act, start: threading.Barrier | None = None) -> str:
    if start:
        start.wait()
    try:
        with database.transaction() as session:
            act(session)
    except Refusal as refusal:
        return type(refusal).__name__
    return "in"


def at_once(database, crowd: Crowd) -> list[Counter[str]]:
    """Let everybody come by all channels at the same moment, each in an order of their own."""
    came = []
    with ThreadPoolExecutor(4) as pool:
        for at, person in enumerate(crowd.people):
            start = threading.Barrier(4)
            acts = [person[name] for name in ORDERS[at % len(ORDERS)]]
            runs = [pool.submit(come, database, act, start) for act in acts]
            came.append(Counter(run.result() for run in runs))
    return came


def ballots_of(database) -> tuple[int, int, int]:
    """Return the marks on the roll, the ballots in the urn, the papers handed out."""
    with database.reading() as session:
        marks = session.scalar(select(func.count()).select_from(Participation))
        urn = session.scalar(select(func.count()).select_from(UrnEntry))
        handed = session.scalar(
            select(func.sum(PaperBundle.handed)).join(
                PaperBatch, PaperBatch.id == PaperBundle.batch_id
            )
        )
        return marks or 0, urn or 0, handed or 0


def check(database, crowd: Crowd) -> None:
    came = at_once(database, crowd)
    assert all(one["in"] == 1 for one in came), [one for one in came if one["in"] != 1][:3]
    marks, urn, handed = ballots_of(database)
    assert marks == urn + handed == len(crowd.people)


def test_whichever_of_four_channels_is_first_wins_in_every_order(database, crowd):
    made = crowd(len(ORDERS))
    for person, names in zip(made.people, ORDERS, strict=True):
        came = [come(database, person[name]) for name in names]
        assert came[0] == "in"
        assert "in" not in came[1:], (names, came)
    marks, urn, handed = ballots_of(database)
    assert marks == urn + handed == len(ORDERS)


def test_four_channels_at_once_give_one_ballot(database, crowd):
    check(database, crowd(20))


@pytest.mark.soak
def test_four_channels_at_once_give_one_ballot_each_in_24_orders_of_50(
    database, crowd, record_property, scaled
):
    made = crowd(scaled(50) * len(ORDERS))
    check(database, made)
    record_property("people", len(made.people))
    record_property("submissions", 4 * len(made.people))
    record_property("ballots", sum(ballots_of(database)[1:]))


def test_without_the_register_four_channels_give_four_ballots(database, crowd, monkeypatch):
    """The twin: nothing marks the roll."""
    for module in (ballots, assisted_casting, handing):
        monkeypatch.setattr(module, "mark_participation", lambda *_args, **_facts: None)
    came = at_once(database, crowd(5))
    assert [one["in"] for one in came] == [4] * 5
