"""One right from many sides at once: every test has a twin without the guard, which must count too many."""

import secrets
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from tests.factories.assisting import accompany, exchange_for_help, make_helped
from tests.factories.ballots import NOW, make_cards
from voting.ballots import service as phone
from voting.ballots.models import UrnEntry
from voting.ballots.service import cast, load_paper
from voting.errors import Refusal
from voting.paper.models import AssistedSession
from voting.paper.service import assisted_casting
from voting.paper.service.assisted_casting import Helped, cast_assisted
from voting.paper.service.assisting import confirm_presence

CONTENDERS = 20

pytestmark = pytest.mark.usefixtures("any_database")


def at_once(database, acts):
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            with database.transaction() as session:
                act(session)
        except Refusal as refusal:
            return type(refusal).__name__
        return "cast"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


def ballots(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(UrnEntry)) or 0


def helping(database, keys, *, exchanged):
    """Arrange a person with two officers; return who it is and how the first officer casts."""
    with database.transaction() as session:
        helped = make_helped(session, keys, check_code=False)
        if exchanged:
            exchange_for_help(session, helped)
            confirm_presence(
                session, now=NOW, actor=helped.second.actor, round_id=helped.round.id,
                elector_id=helped.elector_id,
            )  # fmt: skip
        else:
            accompany(session, helped)
        paper, actor = load_paper(session, helped.round.id), helped.first.actor

    def act(session):
        cast_assisted(
            session, now=NOW, actor=actor, paper=paper, elector_id=helped.elector_id,
            nonce=secrets.token_bytes(16), choices=(1,),
        )  # fmt: skip

    return helped, paper, act


@pytest.mark.parametrize("exchanged", [False, True])
def test_of_many_casts_with_one_session_one_counts(database, keys, exchanged):
    _, _, act = helping(database, keys, exchanged=exchanged)
    assert at_once(database, [act] * CONTENDERS) == {"cast": 1, "AssistGone": CONTENDERS - 1}
    assert ballots(database) == 1


def test_a_session_that_is_looked_at_and_not_used_up_would_count_again(database, keys, monkeypatch):
    def looked_at(session, _round_id, _elector_id, _officer_id, _day):
        row = session.scalars(select(AssistedSession)).one()
        return Helped(row.first_by, row.second_by, row.place)

    monkeypatch.setattr(assisted_casting, "_use_up", looked_at)
    _, _, act = helping(database, keys, exchanged=True)
    at_once(database, [act] * 3)
    assert ballots(database) == 3


def against_card(database, keys):
    helped, paper, act = helping(database, keys, exchanged=False)
    with database.transaction() as session:
        (card,) = make_cards(session, keys, helped.round.id, electors=[helped.elector_id])

    def by_phone(session):
        cast(
            session, now=NOW, paper=paper, cred_hash=card.cred_hash, nonce=secrets.token_bytes(16),
            choices=(2,), check_hmac=None,
        )  # fmt: skip

    return at_once(database, [act, by_phone] * (CONTENDERS // 2))


def test_help_and_the_persons_own_card_give_one_ballot_together(database, keys):
    assert against_card(database, keys)["cast"] == 1
    assert ballots(database) == 1


def test_without_the_register_the_card_would_give_another(database, keys, monkeypatch):
    for module in (assisted_casting, phone):
        monkeypatch.setattr(module, "mark_participation", lambda *_args, **_facts: None)
    assert against_card(database, keys)["cast"] == 2
    assert ballots(database) == 2
