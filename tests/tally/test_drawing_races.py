"""Two officers who confirm a draw at the same moment; the twin without its guard must fail."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from tests.factories.accounts import make_officer
from tests.factories.ballots import NOW, keyring
from tests.factories.notices import make_notice
from tests.tally.drawing import NUMBER, make_tied_round
from voting.accounts.models import Officer
from voting.errors import Refusal
from voting.ledger.models import LedgerNote
from voting.permissions import Role
from voting.tally.models import TieDraw
from voting.tally.service import drawing

LATER = NOW + timedelta(minutes=20)
TOGETHER = 6


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path)


@pytest.fixture
def typed(database, keys, any_database):
    """A tie that was published, and a number that a first officer has typed; the ids of two others."""
    with database.transaction() as session:
        round = make_tied_round(session, keys, now=NOW)
        make_notice(session, area=round.area, round_id=round.id, kind=drawing.DRAW)
        make_officer(session, area=round.area, role=Role.STREET_OFFICER, name="吴丽")
        round_id = round.id
    with database.transaction() as session:
        first, *others = session.scalars(select(Officer).order_by(Officer.sign_in_name)).all()
        drawing.type_number(
            session, now=LATER, actor=first.actor, round_id=round_id,
            typed=drawing.Typed(
                public_number=NUMBER, issue="第 26318 期", came_at=LATER - timedelta(minutes=5),
                present="王芳",
            ),
        )  # fmt: skip
        return round_id, [one.id for one in others]


def together(database, keys, round_id, officers):
    """Let all of them confirm at once; return how each ended."""
    start = threading.Barrier(TOGETHER)

    def confirm(number):
        start.wait()
        try:
            with database.transaction() as session:
                actor = session.get_one(Officer, officers[number % len(officers)]).actor
                drawing.confirm_number(
                    session, now=LATER, actor=actor, keys=keys, round_id=round_id,
                    public_number=NUMBER,
                )  # fmt: skip
        except Refusal as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(confirm, range(TOGETHER)))


@pytest.fixture
def looked(monkeypatch):
    """Everybody looked before anybody confirmed."""
    monkeypatch.setattr(drawing, "_admit", lambda *_given, **_more: None)


def drawn(database):
    with database.reading() as session:
        notes = select(func.count()).where(LedgerNote.kind == "draw")
        return session.scalars(select(TieDraw)).one(), session.scalar(notes)


def test_of_many_who_confirm_at_once_one_draws(database, keys, typed, looked):
    round_id, others = typed
    ended = together(database, keys, round_id, others)
    assert ended.count(None) == 1
    assert set(ended) == {None, drawing.AlreadyDrawn}
    row, notes = drawn(database)
    assert row.second_by in others
    assert notes == 1


def unguarded(round_id, officer_id, now, number, facts):
    assert number == NUMBER
    row = update(TieDraw).where(TieDraw.round_id == round_id)
    return row.values(second_by=officer_id, second_at=now, **facts)


def test_the_race_is_seen_when_the_guards_are_removed(database, keys, typed, looked, monkeypatch):
    round_id, others = typed
    with database.transaction() as session:
        table = " ON tie_draw" if session.connection().dialect.name == "postgresql" else ""
        session.connection().exec_driver_sql(f"DROP TRIGGER tie_draw_stays{table}")
    monkeypatch.setattr(drawing, "confirmation", unguarded)
    assert together(database, keys, round_id, others).count(None) > 1
    assert drawn(database)[1] > 1


def test_the_database_itself_refuses_a_second_draw(database, keys, typed, looked, monkeypatch):
    round_id, others = typed
    assert together(database, keys, round_id, others).count(None) == 1
    monkeypatch.setattr(drawing, "confirmation", unguarded)
    with pytest.raises(IntegrityError):
        together(database, keys, round_id, others)
