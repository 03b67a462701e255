import pytest
from sqlalchemy import select, update

from tests.factories.upkeep import DURING, make_announced
from voting.journal.rules import Actor
from voting.ledger.service import make_checkpoint
from voting.persistence import triggers
from voting.persistence.guards import GUARDS
from voting.roll.models import Elector, RollChange
from voting.roll.service import ask_strike, confirm_change
from voting.upkeep.service.checking import check_everything


def faults(database):
    """Everything but what the tests' own careless server is told about."""
    return [
        one for one in check_everything(database.reading) if one.code not in {"settings", "advice"}
    ]


def test_a_round_that_went_its_way_holds_against_itself(any_database, database, whole):
    assert faults(database) == []


@pytest.fixture
def changed(database, keys, any_database):
    """A round whose frozen roll two officers changed, signed."""
    with database.transaction() as session:
        round = make_announced(session, keys)
        elector = session.scalars(select(Elector).where(Elector.round_id == round.id)).first()
        path = round.area.path
        change = ask_strike(
            session, now=DURING, actor=Actor("one", "李敏", path), round_id=round.id,
            elector_id=elector.elector_id, reason="died",
        )  # fmt: skip
        confirm_change(
            session, now=DURING, actor=Actor("two", "周强", path), keys=keys, round_id=round.id,
            change_id=change.id,
        )  # fmt: skip
        make_checkpoint(session, now=DURING, keys=keys, round_id=round.id)
        return round.id


def test_a_roll_that_two_officers_changed_holds_against_the_last_change(database, changed):
    assert faults(database) == []


@pytest.mark.parametrize(("table", "values", "codes"), [
    (Elector, {"struck_at": None}, {"roll"}),
    (RollChange, {"count": 7}, {"roll", "entry_source"}),
])  # fmt: skip
def test_a_roll_that_is_not_what_the_last_change_says_is_found(
    database, changed, table, values, codes
):
    names = {"roll_change_decided", "elector_frozen_update"}
    with database.transaction() as session:
        triggers.drop(session.connection(), [one for one in GUARDS if one.name in names])
        session.execute(update(table).where(table.round_id == changed).values(**values))
        triggers.create(session.connection(), [one for one in GUARDS if one.name in names])
    assert {one.code for one in faults(database)} == codes
