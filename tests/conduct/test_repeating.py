"""A void vote is held again, and a vote is extended: each once, whoever presses at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from tests.factories.conduct import LATER, make_standing
from tests.factories.custody import pass_gate
from tests.factories.roll import HEADER, person, rows
from tests.factories.rounds import CLOSES
from tests.factories.withdrawals import make_withdrawn
from voting.adapters.keyring import Keyring
from voting.conduct.service import advance, extend, repeat
from voting.errors import Refusal
from voting.journal.rules import COMMAND_LINE
from voting.persistence.session import Database
from voting.proposals.models import Candidate, CandidateSource
from voting.proposals.service import candidates_of
from voting.roll.models import Elector
from voting.roll.service import import_roll
from voting.rounds.models import Round
from voting.rounds.rules import Phase

AGAIN: dict[str, Any] = {
    "opens_at": LATER + timedelta(days=9),
    "closes_at": LATER + timedelta(days=15),
}
WHY: dict[str, Any] = {"actor": COMMAND_LINE, "reason": "清票不合格，重新组织。"}
MANY, FEW = 20, 5


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "secrets")


def _standing(database, keys, phase):
    with database.transaction() as session:
        return make_standing(session, keys, phase).id


def _repeated(session, keys, round_id):
    return repeat(session, now=LATER, keys=keys, round_id=round_id, **WHY, **AGAIN)


def _together(database, acts):
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


def test_the_vote_held_again_has_the_same_list_and_plan(session, keys):
    old = make_standing(session, keys, Phase.VOTE_VOID)
    before = candidates_of(session, old.id)
    make_withdrawn(session, old.id, before[1].ballot_number or 0, at=CLOSES)
    new = _repeated(session, keys, old.id)
    kept = [before[0], before[2]]
    after = candidates_of(session, new.id)
    assert [(one.ballot_number, one.title, one.cost) for one in after] == [
        (one.ballot_number, one.title, one.cost) for one in kept
    ]
    assert (new.phase, new.frozen_at, new.budget) == ("shortlisted", None, old.budget)
    assert (new.opens_at, new.closes_at) == (AGAIN["opens_at"], AGAIN["closes_at"])
    assert new.reference_day == old.reference_day
    assert old.phase == "vote_void"
    sources = session.scalars(
        select(CandidateSource.candidate_id).where(
            CandidateSource.candidate_id.in_([one.id for one in after])
        )
    ).all()
    assert set(sources) == {one.id for one in after}


def test_the_roll_of_a_vote_held_again_knows_the_same_people(session, keys):
    old = make_standing(session, keys, Phase.SHORTLISTED)
    sheet = list(rows([HEADER, person(1), person(2)]))
    act: dict[str, Any] = {"now": CLOSES, "actor": COMMAND_LINE, "keys": keys}
    assert import_roll(session, **act, round_id=old.id, rows=sheet).accepted == 2
    old.frozen_at, old.config, old.config_hash, old.phase = CLOSES, "{}", b"c", "vote_void"
    session.flush()
    new = _repeated(session, keys, old.id)
    assert new.roll_source_id == old.id
    later = {**act, "now": LATER}
    again = import_roll(session, **later, round_id=new.id, rows=[*sheet, (4, person(3))])
    assert (again.accepted, again.duplicates, again.rejected) == (1, 2, 0)
    listed = session.scalars(select(Elector).where(Elector.round_id == new.id)).all()
    assert len(listed) == 4


def test_a_vote_held_again_may_be_void_and_held_again(session, keys):
    first = make_standing(session, keys, Phase.VOTE_VOID)
    second = _repeated(session, keys, first.id)
    second.frozen_at, second.config, second.config_hash = LATER, "{}", b"c"
    second.phase = "vote_void"
    session.flush()
    third = _repeated(session, keys, second.id)
    assert (third.repeats_id, third.roll_source_id) == (second.id, first.id)
    assert third.title.count("重新投票") == 1


def test_of_many_who_hold_a_void_vote_again_one_does(any_database, database, keys):
    round_id = _standing(database, keys, Phase.VOTE_VOID)
    acts = [lambda session: _repeated(session, keys, round_id)] * MANY
    assert _together(database, acts) == ["", *["AlreadyRepeated"] * (MANY - 1)]
    with database.reading() as session:
        made = session.scalars(select(Round.id).where(Round.repeats_id == round_id)).all()
        assert len(made) == 1


def test_its_twin_without_the_unique_key_holds_it_five_times(postgres_url, keys):
    database = Database(postgres_url)
    round_id = _standing(database, keys, Phase.VOTE_VOID)
    with database.transaction() as session:
        session.execute(text("ALTER TABLE round DROP CONSTRAINT uq_round_repeats_id"))
    all_have_looked = threading.Barrier(FEW)

    def hold(session):
        found = session.scalar(select(Round.id).where(Round.repeats_id == round_id))
        all_have_looked.wait()
        assert found is None
        old = session.get_one(Round, round_id)
        values = {
            column.name: getattr(old, column.name)
            for column in Round.__table__.columns
            if column.name not in {"id", "repeats_id"}
        }
        session.add(Round(**values, repeats_id=round_id))

    assert _together(database, [hold] * FEW) == [""] * FEW
    with database.reading() as session:
        made = session.scalars(select(Round.id).where(Round.repeats_id == round_id)).all()
        assert len(made) == FEW
    database.engine.dispose()


def _extended(session, keys, round_id, days):
    act: dict[str, Any] = {
        "now": CLOSES - timedelta(hours=1),
        "keys": keys,
        "round_id": round_id,
        **WHY,
    }
    return extend(session, closes_at=CLOSES + timedelta(days=days), **act)


def test_of_many_who_extend_a_vote_one_does(any_database, database, keys):
    round_id = _standing(database, keys, Phase.VOTING)

    def act(days):
        return lambda session: _extended(session, keys, round_id, days)

    refused = _together(database, [act(1 + turn % 5) for turn in range(MANY)])
    assert refused == ["", *["ExtendedAlready"] * (MANY - 1)]


def test_its_twin_without_the_condition_extends_five_times(postgres_url, keys):
    database = Database(postgres_url)
    round_id = _standing(database, keys, Phase.VOTING)
    all_have_looked = threading.Barrier(FEW)
    closings: list[datetime] = []

    def lengthen(session):
        assert session.get_one(Round, round_id).extended_to is None
        all_have_looked.wait()
        closing = CLOSES + timedelta(days=1 + len(closings))
        closings.append(closing)
        changed = update(Round).where(Round.id == round_id).values(extended_to=closing)
        session.execute(changed.execution_options(synchronize_session=False))

    assert _together(database, [lengthen] * FEW) == [""] * FEW
    assert len(closings) == FEW
    database.engine.dispose()


def test_the_list_of_a_vote_held_again_is_its_own(session, keys):
    old = make_standing(session, keys, Phase.VOTE_VOID)
    new = _repeated(session, keys, old.id)
    (first, *_rest) = candidates_of(session, new.id)
    first.title = "改过的名字"
    session.flush()
    titles = session.scalars(select(Candidate.title).where(Candidate.round_id == old.id)).all()
    assert "改过的名字" not in titles


def test_the_vote_held_again_is_announced_like_any_other(session, keys):
    old = make_standing(session, keys, Phase.VOTE_VOID)
    new = _repeated(session, keys, old.id)
    pass_gate(session, keys, new)
    advance(
        session, now=LATER, actor=COMMAND_LINE, keys=keys, round_id=new.id, to=Phase.VOTE_ANNOUNCED
    )
    assert new.frozen_at is not None
    assert new.seal_public != old.seal_public
