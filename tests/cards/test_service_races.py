"""What two people do at the same moment; each test runs many pairs on both databases."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.factories.ballots import NOW, keyring, make_listed_elector, make_open_round
from tests.factories.cards import make_batch, make_tested_address
from voting.adapters.keyring import Keyring
from voting.cards.models import BallotCard
from voting.cards.service import (
    Spending,
    electors,
    find_by_serial,
    issue_batch,
    replace_card,
    reprint_from,
    spend,
    void_batch,
    void_card,
)
from voting.errors import Refusal
from voting.journal.rules import COMMAND_LINE
from voting.persistence.session import Database

PAIRS = 12
ACT = {"now": NOW, "actor": COMMAND_LINE}

Act = Callable[[Session], str]


@pytest.fixture
def stage(any_database: str, database: Database, tmp_path: Path) -> tuple[Keyring, str, str]:
    """Keys, a round that takes ballots, and a batch of its cards."""
    keys = keyring(tmp_path / "var")
    with database.transaction() as session:
        make_tested_address(session)
        round = make_open_round(session, keys)
        return keys, round.id, make_batch(session, keys, round, PAIRS * 6).id


def at_once(database: Database, *acts: Act) -> list[str]:
    """Let every act run in a transaction of its own, all starting together; return what came of each."""
    start = threading.Barrier(len(acts))

    def run(act: Act) -> str:
        start.wait()
        try:
            with database.transaction() as session:
                return act(session)
        except Refusal as refusal:
            return type(refusal).__name__

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def count(database: Database, *conditions: object) -> int:
    with database.reading() as session:
        query = select(func.count()).select_from(BallotCard).where(*conditions)  # type: ignore[arg-type]  # conditions of columns
        return session.scalar(query) or 0


def casting(round_id: str, stub: str) -> Act:
    def cast(session: Session) -> str:
        card = find_by_serial(session, round_id, stub)
        outcome = spend(session, round_id=round_id, cred_hash=card.cred_hash, check_hmac=None)
        return outcome.outcome.value

    return cast


def voiding(round_id: str, stub: str) -> Act:
    def void(session: Session) -> str:
        card = find_by_serial(session, round_id, stub)
        void_card(session, now=NOW, actor=COMMAND_LINE, card=card, reason="遗失")
        return "void"

    return void


def test_of_a_vote_and_a_void_exactly_one_wins(
    stage: tuple[Keyring, str, str], database: Database
) -> None:
    _keys, round_id, _batch = stage
    seen = Counter(
        tuple(at_once(database, casting(round_id, f"1-{n}-1"), voiding(round_id, f"1-{n}-1")))
        for n in range(1, PAIRS + 1)
    )
    assert set(seen) <= {("spent", "CardSpent"), ("refused", "void")}
    assert count(database, BallotCard.state == "spent") == seen["spent", "CardSpent"]
    assert count(database, BallotCard.state == "void") == seen["refused", "void"]


def test_of_two_reprints_at_once_one_makes_cards(
    stage: tuple[Keyring, str, str], database: Database
) -> None:
    keys, _round, batch_id = stage

    def reprint(session: Session) -> str:
        reprint_from(
            session, now=NOW, actor=COMMAND_LINE, keys=keys, batch_id=batch_id, last_good=4
        )
        return "reprinted"

    assert sorted(at_once(database, *[reprint] * 4)) == ["BatchSettled"] * 3 + ["reprinted"]
    assert count(database, BallotCard.state == "printed") == PAIRS * 6
    assert count(database, BallotCard.state == "void") == (PAIRS - 4) * 6


def test_a_lost_card_is_replaced_once(stage: tuple[Keyring, str, str], database: Database) -> None:
    keys, round_id, _batch = stage

    def replace(session: Session) -> str:
        card = find_by_serial(session, round_id, "1-1-1")
        replace_card(session, now=NOW, actor=COMMAND_LINE, keys=keys, card=card, reason="遗失")
        return "replaced"

    came = sorted(at_once(database, *[replace] * 4))
    assert came == ["CardVoidAlready"] * 3 + ["replaced"]
    assert count(database, BallotCard.state == "printed") == PAIRS * 6


def test_of_a_vote_and_a_void_batch_every_card_goes_one_way(
    stage: tuple[Keyring, str, str], database: Database
) -> None:
    _keys, round_id, batch_id = stage

    def void(session: Session) -> str:
        gone = void_batch(session, now=NOW, actor=COMMAND_LINE, batch_id=batch_id, reason="印错")
        return str(gone.count)

    votes = [casting(round_id, f"1-{n}-2") for n in range(1, 8)]
    voided, *cast = at_once(database, void, *votes)
    assert int(voided) == PAIRS * 6 - cast.count(Spending.SPENT.value)
    assert count(database, BallotCard.state == "printed") == 0


def test_nobody_gets_two_assigned_cards_from_two_batches_made_at_once(
    stage: tuple[Keyring, str, str], database: Database
) -> None:
    keys, round_id, _batch = stage
    with database.transaction() as session:
        people = [make_listed_elector(session, round_id) for _ in range(3)]

    def assign(session: Session) -> str:
        issue_batch(
            session,
            now=NOW,
            actor=COMMAND_LINE,
            keys=keys,
            round_id=round_id,
            count=3,
            mode="assigned",
            elector_ids=people,
        )
        return "made"

    came = sorted(at_once(database, *[assign] * 4))
    assert came == ["ElectorsUnfit"] * 3 + ["made"]
    assert count(database, BallotCard.elector_id.in_(people)) == 3


@pytest.mark.parametrize("any_database", ["postgresql"], indirect=True)
def test_the_race_is_seen_when_the_people_are_not_locked(
    stage: tuple[Keyring, str, str], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin on the database whose writers do not queue: looking first is not enough."""
    keys, round_id, _batch = stage
    with database.transaction() as session:
        person = make_listed_elector(session, round_id)
        session.execute(text("DROP INDEX uq_ballot_card_live_elector"))
    looked = threading.Barrier(2, timeout=20)

    def unlocked(session: Session, _round_id: str, wanted: set[str]) -> set[str]:
        held = session.scalars(select(BallotCard.elector_id).where(BallotCard.state == "printed"))
        fit = wanted - set(held)
        looked.wait()
        return fit

    monkeypatch.setattr(electors, "fit_among", unlocked)

    def assign(session: Session) -> str:
        issue_batch(
            session,
            now=NOW,
            actor=COMMAND_LINE,
            keys=keys,
            round_id=round_id,
            count=1,
            mode="assigned",
            elector_ids=[person],
        )
        return "made"

    assert at_once(database, assign, assign) == ["made", "made"]
    assert count(database, BallotCard.elector_id == person) == 2
