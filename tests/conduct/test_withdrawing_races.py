"""Officers who withdraw in one moment; beside the race its twin without the lock and the guard."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import update

from tests.conduct.conftest import ready_round
from tests.factories.areas import NOW
from voting.adapters.keyring import Keyring
from voting.conduct.rules import Given
from voting.conduct.service import advance
from voting.conduct.service.withdrawing import ask_withdrawal, confirm_withdrawal
from voting.errors import Refusal
from voting.journal.rules import COMMAND_LINE, Actor
from voting.persistence import triggers
from voting.persistence.session import Database
from voting.proposals.models import Candidate, Withdrawal
from voting.proposals.service import candidates_of
from voting.rounds.rules import Phase

ASKER = Actor(id="one", name="李敏", area_path="")
OTHERS = tuple(Actor(id=f"other{at}", name="周强", area_path="") for at in range(4))


@pytest.fixture
def keys(tmp_path):
    return Keyring(tmp_path / "secrets")


def asked(database, keys, at):
    """Announce a round of three candidates and ask that those at these places leave it."""
    with database.transaction() as session:
        round_id = ready_round(session, keys).id
        act: dict[str, Any] = {"now": NOW, "actor": COMMAND_LINE, "round_id": round_id}
        advance(session, **act, keys=keys, to=Phase.VOTE_ANNOUNCED)
        listed = candidates_of(session, round_id)
        given = Given(day=NOW.date(), person="街道办事处")
        made = [
            ask_withdrawal(
                session, now=NOW, actor=ASKER, round_id=round_id, candidate_id=listed[place].id,
                reason="管线冲突", given=given,
            ).id
            for place in at
        ]  # fmt: skip
    return round_id, made


def together(database, *acts):
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            with database.transaction() as session:
                act(session)
        except Refusal as refusal:
            return type(refusal).__name__
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def confirming(keys, round_id, asked_id, actor):
    return lambda session: confirm_withdrawal(
        session, now=NOW, actor=actor, keys=keys, round_id=round_id, withdrawal_id=asked_id
    )


def standing(database, round_id):
    with database.reading() as session:
        return [one for one in candidates_of(session, round_id) if one.withdrawn_at is None]


@pytest.mark.usefixtures("any_database")
def test_of_many_who_confirm_at_once_one_does(database, keys):
    round_id, (only,) = asked(database, keys, [1])
    acts = [confirming(keys, round_id, only, actor) for actor in OTHERS]
    assert together(database, *acts) == ["", *["WithdrawalDecided"] * 3]
    assert len(standing(database, round_id)) == 2


@pytest.mark.usefixtures("any_database")
def test_all_leave_at_once_and_one_stays(database, keys):
    round_id, made = asked(database, keys, [0, 1, 2])
    acts = [confirming(keys, round_id, one, OTHERS[at]) for at, one in enumerate(made)]
    assert together(database, *acts) == ["", "", "TooFewLeft"]
    assert len(standing(database, round_id)) == 1


def test_its_twin_without_lock_and_guard_empties_the_list(postgres_url, keys):
    database = Database(postgres_url)
    round_id, made = asked(database, keys, [0, 1, 2])
    with database.transaction() as session:
        gone = [one for one in triggers.GUARDS if one.name == "candidate_withdrawn_leaves_a_choice"]
        triggers.drop(session.connection(), gone)
    all_have_looked = threading.Barrier(3)

    def leave(asked_id):
        def do(session):
            withdrawal = session.get_one(Withdrawal, asked_id)
            listed = candidates_of(session, round_id)
            assert len([one for one in listed if one.withdrawn_at is None]) > 1
            all_have_looked.wait()
            mine = update(Withdrawal).where(Withdrawal.id == asked_id)
            session.execute(mine.values(state="done", second_by="other", second_at=NOW))
            leaving = update(Candidate).where(Candidate.id == withdrawal.candidate_id)
            session.execute(leaving.values(withdrawn_at=NOW))

        return do

    assert together(database, *(leave(one) for one in made)) == ["", "", ""]
    assert standing(database, round_id) == []
    database.engine.dispose()
