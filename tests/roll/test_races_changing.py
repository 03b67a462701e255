"""Changes of a frozen roll from two sides at the same moment; a twin shows what the guards are for."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, true
from sqlalchemy.orm import Session

from tests.factories.roll import NOW, make_elector, make_round
from tests.roll.test_races import FEW, at_once
from voting.adapters.keyring import Keyring
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.persistence import triggers
from voting.persistence.session import Database
from voting.roll.models import RollChange
from voting.roll.service import ask_strike, confirm_change, confirming, hand_out


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "secrets")


class _Race:
    """One officer strikes a person while another hands a card out to them; neither looks first."""

    def __init__(self, database: Database, keys: Keyring) -> None:
        self.database, self.keys = database, keys
        self.handed, self.struck = threading.Event(), threading.Event()
        with database.transaction() as session:
            self.round_id = make_round(session, frozen=True).id
            self.elector_id = make_elector(session, self.round_id).elector_id
            self.change_id = ask_strike(
                session,
                now=NOW,
                actor=Actor("one", "李敏", ""),
                round_id=self.round_id,
                elector_id=self.elector_id,
                reason="died",
            ).id

    def hand_out(self) -> str:
        try:
            with self.database.transaction() as session:
                hand_out(session, now=NOW, round_id=self.round_id, elector_id=self.elector_id)
                self.handed.set()
                # Time for the other to come through, if nothing holds it.
                self.struck.wait(1)
        except Refusal as refusal:
            return type(refusal).__name__
        return "handed"

    def strike(self) -> str:
        self.handed.wait(5)
        try:
            with self.database.transaction() as session:
                confirm_change(
                    session,
                    now=NOW,
                    actor=Actor("two", "周强", ""),
                    keys=self.keys,
                    round_id=self.round_id,
                    change_id=self.change_id,
                )
        except Refusal as refusal:
            return type(refusal).__name__
        self.struck.set()
        return "struck"

    def run(self) -> set[str]:
        with ThreadPoolExecutor(2) as pool:
            return {one.result() for one in [pool.submit(self.hand_out), pool.submit(self.strike)]}


@pytest.mark.usefixtures("any_database")
def test_nobody_is_struck_while_a_card_is_handed_out_to_them(
    database: Database, keys: Keyring
) -> None:
    race = _Race(database, keys)
    assert race.run() == {"handed", "RightUsed"}


@pytest.mark.usefixtures("any_database")
def test_nobody_gets_a_card_while_they_are_struck(database: Database, keys: Keyring) -> None:
    race = _Race(database, keys)
    begun = threading.Event()

    def strike() -> str:
        with database.transaction() as session:
            confirm_change(
                session,
                now=NOW,
                actor=Actor("two", "周强", ""),
                keys=keys,
                round_id=race.round_id,
                change_id=race.change_id,
            )
            begun.set()
            race.handed.wait(1)
        return "struck"

    def hand() -> str:
        begun.wait(5)
        return race.hand_out()

    race.struck.set()
    with ThreadPoolExecutor(2) as pool:
        outcomes = [pool.submit(strike), pool.submit(hand)]
        assert [one.result() for one in outcomes] == ["struck", "ElectorStruck"]


@pytest.mark.usefixtures("any_database")
def test_without_lock_and_guards_somebody_is_struck_who_holds_a_card(
    database: Database, keys: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    race = _Race(database, keys)
    names = {"elector_used_stays", "participation_listed"}
    with database.engine.begin() as connection:
        triggers.drop(connection, [one for one in triggers.GUARDS if one.name in names])
    monkeypatch.setattr(confirming, "hold_right", lambda _session, _change: None)
    monkeypatch.setattr(confirming, "_unused", lambda _change: true())
    assert race.run() == {"handed", "struck"}


@pytest.mark.usefixtures("any_database")
def test_of_two_who_decide_one_change_one_does(database: Database, keys: Keyring) -> None:
    race = _Race(database, keys)
    race.handed.set()

    def confirm(session: Session) -> str:
        confirm_change(
            session,
            now=NOW,
            actor=Actor("two", "周强", ""),
            keys=keys,
            round_id=race.round_id,
            change_id=race.change_id,
        )
        return "made"

    assert at_once(database, confirm, FEW) == {"made": 1, "ChangeDecided": FEW - 1}


@pytest.mark.usefixtures("any_database")
def test_changes_made_at_once_count_one_after_the_other(database: Database, keys: Keyring) -> None:
    with database.transaction() as session:
        round_id = make_round(session, frozen=True).id
        people = [make_elector(session, round_id).elector_id for _ in range(FEW)]
        first = Actor("one", "李敏", "")
        asked = [
            ask_strike(
                session, now=NOW, actor=first, round_id=round_id, elector_id=one, reason="died"
            ).id
            for one in people
        ]
    waiting = iter(asked)
    lock = threading.Lock()

    def confirm(session: Session) -> str:
        with lock:
            mine = next(waiting)
        made = confirm_change(
            session,
            now=NOW,
            actor=Actor("two", "周强", ""),
            keys=keys,
            round_id=round_id,
            change_id=mine,
        )
        return str(made.count)

    assert at_once(database, confirm, FEW) == {str(count): 1 for count in range(FEW)}
    with database.reading() as session:
        counts = session.scalars(select(RollChange.count).order_by(RollChange.second_at)).all()
    assert counts == [4, 3, 2, 1, 0]
