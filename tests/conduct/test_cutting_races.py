"""Officers who confirm one cut in one moment; beside the race its twin that looks and then writes."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from tests.conduct.conftest import ready_round
from tests.factories.areas import NOW
from tests.factories.conduct import result_facts
from voting.adapters.keyring import Keyring
from voting.conduct.rules import Given
from voting.conduct.service import advance
from voting.conduct.service.cutting import ask_cut, confirm_cut
from voting.errors import Refusal
from voting.journal.rules import COMMAND_LINE, Actor
from voting.ledger.models import LedgerNote
from voting.ledger.service import note_for_ledger
from voting.notices.rules import write_facts
from voting.persistence import triggers
from voting.persistence.session import Database
from voting.results.models import BudgetCut, Result
from voting.rounds.rules import Phase

ASKER = Actor(id="one", name="李敏", area_path="")
OTHERS = tuple(Actor(id=f"other{at}", name="周强", area_path="") for at in range(4))


@pytest.fixture
def keys(tmp_path):
    return Keyring(tmp_path / "secrets")


def asked(database, keys):
    """Let a result hang by which one project is funded, and ask for a cut that takes it away."""
    with database.transaction() as session:
        round = ready_round(session, keys)
        advance(
            session,
            now=NOW,
            actor=COMMAND_LINE,
            keys=keys,
            round_id=round.id,
            to=Phase.VOTE_ANNOUNCED,
        )
        facts = result_facts(session, round)
        session.add(
            Result(
                round_id=round.id, facts=write_facts(facts), digest=b"digest", prepared_at=NOW,
                declared_at=NOW, declared_by="factory",
            )
        )  # fmt: skip
        round.phase = "publicity"
        session.flush()
        made = ask_cut(
            session, now=NOW, actor=ASKER, round_id=round.id, budget=facts.spent - 1, reason="资金减少",
            given=Given(day=NOW.date(), person="街道党工委"),
        )  # fmt: skip
        return round.id, made.id


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


def entries(database, round_id):
    with database.reading() as session:
        mine = (LedgerNote.round_id == round_id, LedgerNote.kind == "cut")
        return session.scalar(select(func.count()).select_from(LedgerNote).where(*mine))


@pytest.mark.usefixtures("any_database")
def test_of_many_who_confirm_a_cut_at_once_one_does(database, keys):
    round_id, cut_id = asked(database, keys)
    acts = [
        lambda session, actor=actor: confirm_cut(
            session, now=NOW, actor=actor, keys=keys, round_id=round_id, cut_id=cut_id
        )
        for actor in OTHERS
    ]
    assert together(database, *acts) == ["", *["CutDecided"] * 3]
    assert entries(database, round_id) == 1


def test_its_twin_that_looks_and_then_writes_cuts_twice(postgres_url, keys):
    database = Database(postgres_url)
    round_id, cut_id = asked(database, keys)
    with database.transaction() as session:
        gone = [one for one in triggers.GUARDS if one.name == "budget_cut_decided"]
        triggers.drop(session.connection(), gone)
    both_have_looked = threading.Barrier(2)

    def confirm(session):
        cut = session.get_one(BudgetCut, cut_id)
        assert cut.state == "waiting"
        both_have_looked.wait()
        cut.state, cut.second_by, cut.second_at = "done", "other", NOW
        cut.funded = cut.removed = ""
        note_for_ledger(session, now=NOW, round_id=round_id, kind="cut", budget=cut.budget)

    assert together(database, confirm, confirm) == ["", ""]
    assert entries(database, round_id) == 2
    database.engine.dispose()
