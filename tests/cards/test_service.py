from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories.accounts import make_officer
from tests.factories.ballots import NOW, keyring, make_open_round
from tests.factories.cards import ADDRESS, make_batch, make_tested_address, printed
from voting.adapters.keyring import Keyring
from voting.areas.models import Installation
from voting.cards.models import BallotCard, CardBatch
from voting.cards.service import (
    AddressNotTested,
    BatchSize,
    RoundPaused,
    SeedForgotten,
    VoteNotAnnounced,
    VotingOver,
    cards_of,
    find_by_serial,
    find_card,
    find_card_by_short_code,
    issue_batch,
)
from voting.config import Config
from voting.errors import Refusal
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE
from voting.persistence.session import Database
from voting.rounds.models import Round

WORKER = "community_worker"


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return keyring(tmp_path / "var")


@pytest.fixture
def round(session: Session, keys: Keyring) -> Round:
    make_tested_address(session)
    return make_open_round(session, keys)


def test_a_batch_holds_as_many_cards_as_were_asked_for(
    any_database: str, session: Session, keys: Keyring, round: Round
) -> None:
    batch = make_batch(session, keys, round, 20)
    cards = session.scalars(select(BallotCard).where(BallotCard.batch_id == batch.id)).all()
    assert (batch.state, batch.count, batch.sheets, len(cards)) == ("ready", 20, 4, 20)
    assert {card.state for card in cards} == {"printed"}
    assert max((card.sheet, card.place) for card in cards) == (4, 2)


def test_what_is_printed_is_found_in_the_database_by_hashes_only(
    any_database: str, session: Session, keys: Keyring, round: Round
) -> None:
    batch = make_batch(session, keys, round, 7)
    for stub, card in cards_of(batch, keys):
        found = find_card(session, card.token)
        assert found
        assert found == find_card_by_short_code(session, keys.card_key(), card.short_code)
        assert find_by_serial(session, round.id, stub).cred_hash == found.cred_hash
    columns = session.execute(select(BallotCard.__table__).limit(1)).one()
    assert not any(isinstance(value, bytes) and len(value) < 32 for value in columns)


def test_the_same_seed_prints_the_same_cards_again(
    session: Session, keys: Keyring, round: Round
) -> None:
    batch = make_batch(session, keys, round)
    assert printed(batch, keys) == printed(batch, keys)
    assert len({card.token for card in printed(batch, keys).values()}) == batch.count


def test_a_forgotten_seed_prints_nothing(session: Session, keys: Keyring, round: Round) -> None:
    batch = make_batch(session, keys, round)
    keys.forget_batch_seed(batch.id)
    with pytest.raises(SeedForgotten):
        cards_of(batch, keys)


def test_batches_are_numbered_round_by_round(
    any_database: str, session: Session, keys: Keyring, round: Round
) -> None:
    numbers = [make_batch(session, keys, round, 1).number for _ in range(3)]
    other = make_batch(session, keys, make_open_round(session, keys), 1)
    assert (numbers, other.number) == ([1, 2, 3], 1)


def test_what_no_number_can_mend_is_not_tried_for_ever(
    any_database: str, session: Session, keys: Keyring, round: Round
) -> None:
    facts = {"now": NOW, "actor": COMMAND_LINE, "keys": keys, "round_id": round.id, "count": 1}
    with pytest.raises(IntegrityError):
        issue_batch(session, **facts, mode="gift")  # type: ignore[arg-type]  # keywords in a dict


@pytest.mark.parametrize("count", [0, -1, 20_001])
def test_a_batch_has_one_to_twenty_thousand_cards(
    session: Session, keys: Keyring, round: Round, count: int
) -> None:
    with pytest.raises(BatchSize, match="最多 20000 张") as refused:
        make_batch(session, keys, round, count)
    assert refused.value.field == "count"


def test_a_round_without_check_codes_keeps_none(session: Session, keys: Keyring) -> None:
    batch = make_batch(session, keys, make_open_round(session, keys, check_code=False), 1)
    card = session.scalars(select(BallotCard).where(BallotCard.batch_id == batch.id)).one()
    assert card.check_hmac is None


@pytest.mark.parametrize(
    ("phase", "refusal"),
    [
        ("counting", VotingOver),
        ("publicity", VotingOver),
        ("vote_void", VotingOver),
        ("terminated", VotingOver),
        ("paused", RoundPaused),
    ],
)
def test_no_card_is_made_outside_the_vote(
    session: Session, keys: Keyring, phase: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        make_batch(session, keys, make_open_round(session, keys, phase=phase))


def test_no_card_is_made_before_the_rules_are_frozen(
    session: Session, keys: Keyring, round: Round
) -> None:
    draft = make_open_round(session, keys)
    session.expunge(draft)
    copy = Round(
        **{
            column.name: getattr(draft, column.name)
            for column in Round.__table__.columns
            if column.name not in {"id", "frozen_at", "config", "config_hash"}
        }
        | {"phase": "shortlisted"}
    )
    session.add(copy)
    session.flush()
    with pytest.raises(VoteNotAnnounced):
        make_batch(session, keys, copy)


def test_cards_are_made_from_the_announcement_to_the_last_moment(
    session: Session, keys: Keyring
) -> None:
    announced = make_open_round(
        session, keys, phase="vote_announced", opens_at=NOW + timedelta(days=2)
    )
    assert make_batch(session, keys, announced, 1).count == 1
    last = announced.closing - timedelta(microseconds=1)
    assert make_batch(session, keys, announced, 1, now=last).count == 1
    with pytest.raises(VotingOver):
        make_batch(session, keys, announced, 1, now=announced.closing)


def test_an_extended_round_still_gets_cards(session: Session, keys: Keyring, round: Round) -> None:
    after = round.closes_at + timedelta(hours=1)
    round.extended_to = after + timedelta(hours=1)
    session.flush()
    assert make_batch(session, keys, round, 1, now=after).count == 1


@pytest.mark.parametrize(
    ("scanned_url", "public_url"),
    [
        (None, ADDRESS),
        ("https://old.example.cn", ADDRESS),
        (ADDRESS, "https://new.example.cn"),
    ],
)
def test_no_card_carries_an_address_that_no_telephone_has_reached(
    session: Session,
    keys: Keyring,
    round: Round,
    config: Config,
    scanned_url: str | None,
    public_url: str,
) -> None:
    installation = make_tested_address(session)
    installation.public_url, installation.scanned_url = public_url, scanned_url
    session.flush()
    facts = {"now": NOW, "actor": COMMAND_LINE, "keys": keys, "round_id": round.id}
    with pytest.raises(AddressNotTested):
        issue_batch(session, **facts, count=1, config=config)  # type: ignore[arg-type]  # keywords in a dict
    assert not session.scalar(select(func.count()).select_from(CardBatch))


def test_before_the_first_set_up_there_is_no_address_to_print(
    session: Session, keys: Keyring
) -> None:
    round = make_open_round(session, keys)
    session.delete(session.get_one(Installation, 1))
    session.flush()
    with pytest.raises(AddressNotTested):
        issue_batch(session, now=NOW, actor=COMMAND_LINE, keys=keys, round_id=round.id, count=1)


def test_who_issues_a_batch_holds_it_and_is_in_the_journal(
    session: Session, keys: Keyring, round: Round
) -> None:
    keeper = make_officer(session, area=round.area, role=WORKER)
    batch = make_batch(session, keys, round, 3, actor=keeper.actor)
    entry = session.scalars(select(JournalEntry)).one()
    assert batch.holder_id == keeper.id
    assert (entry.act, entry.object_id, entry.area_path) == (
        "cards.issue",
        batch.id,
        round.area.path,
    )
    assert '"count":3' in entry.details


def test_a_batch_of_the_command_line_is_held_by_nobody(
    session: Session, keys: Keyring, round: Round
) -> None:
    assert make_batch(session, keys, round, 1).holder_id is None


def test_two_batches_made_at_once_get_two_numbers(
    any_database: str, database: Database, tmp_path: Path
) -> None:
    keys = keyring(tmp_path / "var")
    with database.transaction() as session:
        make_tested_address(session)
        round_id = make_open_round(session, keys).id

    def issue(_index: int) -> int:
        with database.transaction() as session:
            return issue_batch(
                session, now=NOW, actor=COMMAND_LINE, keys=keys, round_id=round_id, count=50
            ).number

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(issue, range(8))) == list(range(1, 9))
