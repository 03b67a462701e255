from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.ballots import NOW
from tests.factories.cards import make_batch
from voting.adapters.keyring import KeyMissing, Keyring
from voting.cards.models import BallotCard, CardBatch
from voting.cards.service import (
    Card,
    SeedForgotten,
    Spending,
    counts_of,
    draft_sheets,
    find_by_serial,
    forget_batch,
    latest_sheets,
    lock_ready,
    note_download,
    order_sheets,
    replace_card,
    reprint_from,
    settled_batches,
    sheets_file,
    spend,
    void_batch,
    void_card,
)
from voting.errors import NotFound, Refusal
from voting.journal.rules import COMMAND_LINE
from voting.persistence.jobs import Job
from voting.rounds.models import Round


def order(session: Session, batch: CardBatch, *, served: bool = True) -> Job:
    return order_sheets(session, now=NOW, actor=COMMAND_LINE, batch_id=batch.id, served=served)


def test_a_file_is_ordered_once_however_often_the_button_is_pressed(
    any_database: str, session: Session, keys: Keyring, round: Round
) -> None:
    batch = make_batch(session, keys, round, 13)
    job = order(session, batch)
    assert (job.state, job.total, job.done) == ("waiting", 3, 0)
    assert order(session, batch).id == job.id
    job.state = "running"
    session.flush()
    assert order(session, batch).id == job.id


@pytest.mark.parametrize("ended", ["failed", "done"])
def test_a_file_can_be_ordered_again_when_the_first_order_has_ended(
    session: Session, keys: Keyring, round: Round, ended: str
) -> None:
    batch = make_batch(session, keys, round)
    job = order(session, batch)
    job.state = ended
    session.flush()
    assert order(session, batch).id != job.id


def test_a_running_job_that_nobody_runs_is_given_up(
    any_database: str, session: Session, keys: Keyring, round: Round
) -> None:
    batch = make_batch(session, keys, round)
    dead = order(session, batch)
    dead.state = "running"
    session.flush()
    again = order(session, batch, served=False)
    session.refresh(dead)
    assert (dead.state, again.state) == ("failed", "waiting")
    assert "中途停了" in (dead.message or "")
    found = session.scalars(select(Job).where(Job.subject_id == batch.id)).all()
    assert len(found) == 2


def test_nothing_is_ordered_or_taken_for_a_settled_batch(
    session: Session, keys: Keyring, round: Round
) -> None:
    batch = make_batch(session, keys, round)
    void_batch(session, now=NOW, actor=COMMAND_LINE, batch_id=batch.id, reason="印错")
    with pytest.raises(SeedForgotten):
        order(session, batch)
    with pytest.raises(SeedForgotten):
        note_download(session, now=NOW, actor=COMMAND_LINE, batch_id=batch.id)
    assert latest_sheets(session, batch.id) is None
    assert settled_batches(session) == [batch.id]


def test_an_unknown_batch_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        lock_ready(session, "nothing")


def test_the_file_is_for_its_owner_only_and_goes_with_the_seed(
    session: Session, keys: Keyring, round: Round, tmp_path: Path
) -> None:
    batch = make_batch(session, keys, round)
    path = sheets_file(tmp_path, batch.id)
    draft_sheets(tmp_path, batch.id, b"%PDF").replace(path)
    left = draft_sheets(tmp_path, batch.id, b"%PDF")
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    forget_batch(keys, tmp_path, batch.id)
    assert not path.exists()
    assert not left.exists()
    with pytest.raises(KeyMissing):
        keys.batch_seed(batch.id)
    forget_batch(keys, tmp_path, batch.id)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["issue", "spend", "void", "replace", "reprint", "void_batch"]),
        st.integers(0, 60),
    ),
    max_size=14,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_printed_is_spent_and_void_and_unused_whatever_happens(
    session: Session, keys: Keyring, round: Round, steps: list[tuple[str, int]]
) -> None:
    with session.begin_nested() as example:
        make_batch(session, keys, round, 9)
        spent = sum(step(session, keys, round, *chosen) for chosen in steps)
        batches = session.scalars(select(CardBatch)).all()
        counts = [counts_of(session, batch.id) for batch in batches]
        assert [count.printed for count in counts] == [batch.count for batch in batches]
        assert all(min(count.spent, count.void, count.unused) >= 0 for count in counts)
        assert sum(count.spent for count in counts) == spent
        assert [unused(session, batch) for batch in batches] == [count.unused for count in counts]
        example.rollback()


def unused(session: Session, batch: CardBatch) -> int:
    cards = session.scalars(select(BallotCard).where(BallotCard.batch_id == batch.id))
    return sum(card.state == "printed" for card in cards)


def step(session: Session, keys: Keyring, round: Round, act: str, pick: int) -> bool:
    """Do one thing to a card or batch picked by number; return whether a ballot was cast."""
    cards = session.execute(
        select(CardBatch, BallotCard.sheet, BallotCard.place)
        .join(BallotCard, BallotCard.batch_id == CardBatch.id)
        .order_by(CardBatch.number, BallotCard.sheet, BallotCard.place)
    ).all()
    batch, sheet, place = cards[pick % len(cards)]
    card = find_by_serial(session, round.id, f"{batch.number}-{sheet}-{place}")
    try:
        return _do(session, keys, round, act, batch, card, pick)
    except Refusal:
        return False


def _do(
    session: Session,
    keys: Keyring,
    round: Round,
    act: str,
    batch: CardBatch,
    card: Card,
    pick: int,
) -> bool:
    if act == "spend":
        cast = spend(session, round_id=round.id, cred_hash=card.cred_hash, check_hmac=None)
        return cast.outcome is Spending.SPENT
    if act == "issue":
        make_batch(session, keys, round, pick % 7 + 1)
    elif act == "void":
        void_card(session, now=NOW, actor=COMMAND_LINE, card=card, reason="其他")
    elif act == "replace":
        replace_card(session, now=NOW, actor=COMMAND_LINE, keys=keys, card=card, reason="遗失")
    elif act == "reprint":
        last_good = int(card.serial.split("-")[1]) - 1
        reprint_from(
            session,
            now=NOW,
            actor=COMMAND_LINE,
            keys=keys,
            batch_id=batch.id,
            last_good=last_good,
        )
    else:
        void_batch(session, now=NOW, actor=COMMAND_LINE, batch_id=batch.id, reason="印错")
    return False
