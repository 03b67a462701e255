"""R11: a round stays whole under any sequence of acts; without its guard the machine finds the fault."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import event, text, update

from tests.factories.ballots import keyring
from tests.stateful.machine import RoundMachine
from voting.cards.service import spending
from voting.ledger.service import pulling


@pytest.fixture
def run(database, tmp_path, monkeypatch):
    """Run the machine on this test's database, with so few ballots in a checkpoint that some are made."""
    monkeypatch.setattr(pulling, "LEAST_TOGETHER", 3)
    if database.engine.dialect.name == "sqlite":
        # Thousands of rounds need no power cut to survive; the durability tests are elsewhere.
        event.listen(database.engine, "connect", _careless)
    keys = keyring(tmp_path / "var")

    def go(examples: int, steps: int) -> None:
        run_state_machine_as_test(
            lambda: RoundMachine(database, keys),  # type: ignore[arg-type]  # anything that makes one
            settings=settings(
                max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
                suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
                phases=(Phase.generate,),
            ),
        )  # fmt: skip

    return go


def _careless(connection, _record):
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA journal_mode=MEMORY")


def test_a_round_stays_whole_whatever_happens_to_it(run, any_database):
    run(examples=6, steps=30)


@pytest.mark.soak
def test_a_round_stays_whole_in_a_thousand_runs_of_fifty_steps(
    run, any_database, record_property, scaled
):
    runs = scaled(1000)
    run(examples=runs, steps=50)
    record_property("runs", runs)
    record_property("steps each", 50)


def test_the_machine_finds_the_fault_when_the_guard_is_removed(run, database, monkeypatch):
    """The twin: the update of the card no longer asks whether the card is still unused."""
    unconditional = (
        update(spending._CARD)
        .where(spending._MINE)
        .values(dict(spending._SPEND_CHECKED._values or {}))
        .returning(spending._CARD.c.state, spending._CARD.c.fails)
    )
    monkeypatch.setattr(spending, "_SPEND_CHECKED", unconditional)
    with database.transaction() as session:
        session.execute(text("DROP TRIGGER ballot_card_one_way"))
    with pytest.raises(AssertionError, match=r"came (ok|WrongCheckCode), wanted Card"):
        run(examples=2000, steps=50)
