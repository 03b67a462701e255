import hashlib
import json
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, text, update
from sqlalchemy.exc import IntegrityError

from tests.factories.accounts import make_officer
from tests.factories.areas import make_area
from tests.factories.ballots import NOW, keyring, make_cards
from tests.factories.tally import (
    CLOSED,
    drop_raw,
    fill,
    make_closed_round,
    make_counted_round,
    make_openers,
    make_real_round,
    open_by_two,
)
from voting.adapters.keyring import Keyring
from voting.ballots.models import UrnEntry
from voting.ballots.rules import slot_of
from voting.ballots.service import VotingClosed, cast, load_paper
from voting.cards.service import check_code_hmac
from voting.errors import NotAllowed, NotFound
from voting.journal.models import JournalEntry
from voting.permissions import Role
from voting.proposals.models import Candidate
from voting.rounds.models import PhaseChange, Round
from voting.rounds.rules import Phase
from voting.tally.models import OpenedBallot, Tally, UrnOpening
from voting.tally.service import (
    AlreadyOpened,
    DamagedEntry,
    ForeignEntry,
    LeafChanged,
    NotCountedYet,
    NotCounting,
    NotOpenedByTwo,
    OpensByItself,
    RoundChanged,
    SameOfficer,
    SealKeyMissing,
    TallyDiffers,
    UrnGrew,
    VotingStillOn,
    WrongLength,
    approve_opening,
    checked_count,
    count,
    find_opening,
    get_tally,
    order_count,
    urn,
    urn_size,
    verify,
)


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path)


@pytest.fixture
def closed(session, keys, any_database):
    return make_closed_round(session, keys)


def approve(session, officer, round, *, now=NOW):
    return approve_opening(session, now=now, officer_id=officer.id, round_id=round.id)


def counting(session, keys, round, *, now=NOW):
    return count(session, now=now, keys=keys, round_id=round.id)


def same(session):
    """Give ``session`` to a step that opens its own."""
    return lambda: nullcontext(session)


# Opening


def test_one_officer_asks_and_another_confirms(session, closed):
    first, second = make_openers(session, closed.area)
    assert approve(session, first, closed).second_officer is None
    opening = approve(session, second, closed, now=NOW + timedelta(minutes=1))
    assert (opening.first_officer, opening.second_officer) == (first.id, second.id)
    assert opening.second_at == NOW + timedelta(minutes=1)


def test_the_same_officer_cannot_confirm(session, closed):
    first, _second = make_openers(session, closed.area)
    approve(session, first, closed)
    with pytest.raises(SameOfficer):
        approve(session, first, closed)
    opening = find_opening(session, closed.id)
    assert opening is not None
    assert opening.second_officer is None


def test_a_third_officer_hears_that_it_is_open(session, closed):
    open_by_two(session, closed)
    third = make_openers(session, closed.area, 3)[2]
    with pytest.raises(AlreadyOpened):
        approve(session, third, closed)


def test_the_database_itself_knows_no_single_opener(session, closed):
    officer = make_openers(session, closed.area, 1)[0]
    session.add(
        UrnOpening(
            round_id=closed.id, first_officer=officer.id, first_at=NOW,
            second_officer=officer.id, second_at=NOW,
        )
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_officer_of_another_area_finds_no_round(session, closed):
    stranger = make_openers(session, make_area(session), 1)[0]
    with pytest.raises(NotFound):
        approve(session, stranger, closed)


@pytest.mark.parametrize(
    "role", [Role.COMMUNITY_WORKER, Role.ADMINISTRATOR, Role.AUDITOR, Role.DISTRICT_OBSERVER]
)
def test_only_some_roles_open_urns(session, keys, role):
    round = make_closed_round(session, keys)
    officer = make_officer(session, area=round.area, role=role)
    with pytest.raises(NotAllowed):
        approve(session, officer, round)


def test_a_retired_officer_opens_nothing(session, keys):
    round = make_closed_round(session, keys)
    officer = make_openers(session, round.area, 1)[0]
    officer.retired_at = NOW
    session.flush()
    with pytest.raises(NotAllowed):
        approve(session, officer, round)


def test_nobody_opens_before_voting_has_ended(session, closed):
    officer = make_openers(session, closed.area, 1)[0]
    with pytest.raises(VotingStillOn):
        approve(session, officer, closed, now=CLOSED - timedelta(seconds=1))
    approve(session, officer, closed, now=CLOSED)


@pytest.mark.parametrize("phase", ["paused", "terminated", "publicity", "vote_void"])
def test_a_round_that_is_not_counting_is_not_opened(session, keys, phase):
    round = make_closed_round(session, keys, phase=phase)
    officer = make_openers(session, round.area, 1)[0]
    with pytest.raises(NotCounting):
        approve(session, officer, round)


def test_loaded_data_has_no_officers(session, keys):
    round = make_closed_round(session, keys, phase="counting")
    session.execute(text("DROP TRIGGER round_frozen"))
    round.kind = "loaded"
    session.flush()
    with pytest.raises(OpensByItself):
        approve(session, make_openers(session, round.area, 1)[0], round)


def test_asking_writes_the_end_of_voting_down_so_that_late_ballots_are_refused(
    session, keys, closed
):
    card = make_cards(session, keys, closed.id)[0]
    approve(session, make_openers(session, closed.area, 1)[0], closed)
    session.expire_all()
    assert session.get_one(Round, closed.id).phase == Phase.COUNTING
    late = CLOSED - timedelta(seconds=1)  # a request that began in time and comes through too late
    with pytest.raises(VotingClosed):
        cast(
            session, now=late, paper=load_paper(session, closed.id), cred_hash=card.cred_hash,
            nonce=b"n" * 16, choices=[1],
            check_hmac=check_code_hmac(keys.card_key(), card.cred_hash, card.check_code),
        )  # fmt: skip
    assert urn_size(session, closed.id) == 5


def test_who_agreed_and_the_count_stand_in_the_journal(session, keys, closed):
    first, second = open_by_two(session, closed)
    counting(session, keys, closed)
    entries = session.execute(
        select(JournalEntry.act, JournalEntry.actor_id).order_by(JournalEntry.idx)
    ).all()
    assert [tuple(entry) for entry in entries] == [
        ("tally.approve", first.id), ("tally.approve", second.id), ("tally.count", second.id),
    ]  # fmt: skip


# Counting


def test_the_urn_is_counted_after_two_have_agreed(session, keys, closed):
    open_by_two(session, closed)
    tally = counting(session, keys, closed)
    facts = json.loads(tally.outcome)
    assert (tally.ballots, tally.blank, tally.invalid) == (5, 0, 0)
    assert facts["votes"] == {"1": 4, "2": 3, "3": 1, "4": 1, "5": 1, "6": 0}
    assert facts["funded"] == ["1", "2", "5", "4", "3"]
    assert facts["channels"] == {"card": 5}


def test_without_two_officers_nothing_is_counted(session, keys, closed):
    with pytest.raises(NotOpenedByTwo):
        counting(session, keys, closed)
    approve(session, make_openers(session, closed.area, 1)[0], closed)
    with pytest.raises(NotOpenedByTwo):
        counting(session, keys, closed)
    assert session.get(Tally, closed.id) is None


def test_a_second_count_answers_what_is_stored(session, keys, closed):
    open_by_two(session, closed)
    first = counting(session, keys, closed)
    outcome, at = first.outcome, first.counted_at
    again = counting(session, keys, closed, now=NOW + timedelta(days=1))
    assert (again.outcome, again.counted_at) == (outcome, at)
    assert session.scalar(select(func.count()).select_from(Tally)) == 1


def test_equal_ballots_are_one_row_with_a_number_and_no_slot(session, keys, any_database):
    round = make_closed_round(session, keys, votes=[(1, 2)] * 40 + [(3,)] * 2)
    slots = set(session.scalars(select(UrnEntry.slot)))
    open_by_two(session, round)
    counting(session, keys, round)
    rows = session.scalars(select(OpenedBallot).order_by(OpenedBallot.number)).all()
    assert [(row.ballot, row.number) for row in rows] == [
        ('{"choices":[3]}', 2), ('{"choices":[1,2]}', 40),
    ]  # fmt: skip
    assert not slots & {row.digest for row in rows}
    assert set(OpenedBallot.__table__.c.keys()) == {"round_id", "digest", "ballot", "number"}


def test_invalid_ballots_are_counted_and_reported(session, keys, any_database):
    round = make_closed_round(session, keys)
    fill(session, round.id, [(7,), (1, 1, 2)])
    drop_raw(session, round.id, b'{"channel":"card","choices":[1,2,3,4]}')
    drop_raw(session, round.id, b"nonsense")
    drop_raw(session, round.id, b'{"channel":"paper","choices":[]}')
    open_by_two(session, round)
    tally = counting(session, keys, round)
    facts = json.loads(tally.outcome)
    assert (tally.ballots, tally.blank, tally.invalid) == (10, 1, 3)
    assert facts["flaws"] == {"too_many": 1, "unknown_candidate": 1, "unreadable": 1}
    assert facts["votes"]["1"] == 5


def test_ticks_for_a_withdrawn_candidate_do_not_count(session, keys, any_database):
    round = make_closed_round(session, keys, votes=[(1, 2)] * 3 + [(2,)])
    withdraw(session, round, 2, at=NOW - timedelta(days=2))
    open_by_two(session, round)
    facts = json.loads(counting(session, keys, round).outcome)
    assert facts["funded"] == ["1"]
    two = next(project for project in facts["projects"] if project["id"] == "2")
    assert (two["place"], two["reason"], two["votes"]) == (None, "withdrawn", 4)
    assert facts["invalid"] == 0


def withdraw(session, round, number, *, at):
    session.execute(
        update(Candidate)
        .where(Candidate.round_id == round.id, Candidate.ballot_number == number)
        .values(withdrawn_at=at, withdrawn_reason="管线冲突")
    )


def test_a_withdrawal_after_the_count_does_not_change_what_was_counted(session, keys):
    round = make_counted_round(session, keys)
    withdraw(session, round, 1, at=NOW + timedelta(days=2))
    assert "1" in checked_count(session, round.id).outcome.funded


def test_the_draw_can_be_recomputed_from_what_is_published(session, keys, any_database):
    # Equal votes, equal beneficiaries, equal cost: only the lot can decide.
    round = make_closed_round(session, keys, votes=[(1, 2), (1, 2)])
    session.execute(text("DROP TRIGGER candidate_frozen_update" + on_table(session, "candidate")))
    session.execute(update(Candidate).values(cost=1, beneficiaries=1))
    open_by_two(session, round)
    facts = json.loads(counting(session, keys, round).outcome)
    leaves = sorted(session.scalars(select(UrnEntry.leaf)))
    digest = hashlib.sha256(b"".join(leaves)).digest()
    assert facts["urn_digest"] == digest.hex()
    seed = hashlib.sha256(b"draw 1\x00" + (round.config_hash or b"") + digest).digest()
    order = sorted("12", key=lambda id: hashlib.sha256(seed + b"\x00" + id.encode()).digest())
    assert facts["funded"][:2] == order
    assert facts["ties"][0]["decided_by"] == ["draw"]


def on_table(session, table):
    return f" ON {table}" if session.get_bind().dialect.name == "postgresql" else ""


def test_an_empty_urn_is_counted_too(session, keys, any_database):
    round = make_closed_round(session, keys, votes=[])
    open_by_two(session, round)
    facts = json.loads(counting(session, keys, round).outcome)
    assert (facts["ballots"], facts["funded"]) == (0, [])
    assert set(facts["votes"].values()) == {0}


def test_the_urn_is_read_in_pieces(session, keys, any_database, monkeypatch):
    monkeypatch.setattr(urn, "_AT_ONCE", 3)
    round = make_closed_round(session, keys, votes=[(1,)] * 10)
    open_by_two(session, round)
    heard: list[int] = []
    tally = count(session, now=NOW, keys=keys, round_id=round.id, progress=heard.append)
    assert tally.ballots == 10
    assert heard == [3, 6, 9, 10]


def test_the_statements_of_a_count_do_not_grow_with_its_candidates(session, keys):
    def statements(candidates):
        round = make_closed_round(session, keys, candidates=candidates)
        open_by_two(session, round)
        seen = []
        bind = session.get_bind()
        event.listen(bind, "before_cursor_execute", lambda *args: seen.append(args[2]))
        counting(session, keys, round)
        return len(seen)

    few = statements(3)
    assert statements(30) <= few + few  # the second listener hears each statement twice


# What must not be counted


DAMAGE: dict[str, tuple[dict[str, Any], type[DamagedEntry]]] = {
    "another leaf": ({"text": b'{"channel":"card","choices":[1]}', "leaf": b"l" * 32}, LeafChanged),
    "another key": ({"text": b'{"channel":"card","choices":[1]}', "public": "other"}, ForeignEntry),
    "too long": ({"text": b'{"channel":"card","choices":[1]}', "length": 90}, WrongLength),
    "too short": ({"text": b'{"channel":"card","choices":[1]}', "length": 38}, WrongLength),
    "a short leaf": ({"text": b'{"channel":"card","choices":[1]}', "leaf": b"l"}, WrongLength),
    "a short slot": ({"text": b'{"channel":"card","choices":[1]}', "slot": b"s" * 12}, WrongLength),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_entry_stops_the_count_by_name_and_nothing_is_stored(
    session, keys, tmp_path, any_database, damage
):
    changes, refusal = DAMAGE[damage]
    if "public" in changes:
        changes = changes | {"public": Keyring(tmp_path / "other").make_seal_key("x")}
    round = make_closed_round(session, keys)
    drop_raw(session, round.id, **changes)
    open_by_two(session, round)
    with pytest.raises(refusal, match=r"回执号 [A-Z2-7]{16}"):
        counting(session, keys, round)
    assert session.get(Tally, round.id) is None
    assert session.scalar(select(func.count()).select_from(OpenedBallot)) == 0


def test_a_ballot_moved_to_another_slot_is_foreign(session, keys, any_database):
    round = make_closed_round(session, keys)
    row = session.scalars(select(UrnEntry)).first()
    session.add(
        UrnEntry(
            round_id=round.id, slot=slot_of(b"elsewhere"), sealed=row.sealed, leaf=row.leaf,
            batch_no=None,
        )
    )  # fmt: skip
    session.flush()
    open_by_two(session, round)
    with pytest.raises(ForeignEntry):
        counting(session, keys, round)


def test_a_ballot_of_another_round_is_foreign(session, keys, any_database):
    round, other = make_closed_round(session, keys), make_closed_round(session, keys)
    row = session.scalars(select(UrnEntry).where(UrnEntry.round_id == other.id)).first()
    session.add(
        UrnEntry(round_id=round.id, slot=row.slot, sealed=row.sealed, leaf=row.leaf, batch_no=None)
    )
    session.flush()
    open_by_two(session, round)
    with pytest.raises(ForeignEntry):
        counting(session, keys, round)


def test_without_the_key_nothing_opens(session, keys, tmp_path):
    round = make_closed_round(session, keys)
    open_by_two(session, round)
    with pytest.raises(SealKeyMissing):
        counting(session, Keyring(tmp_path / "empty"), round)


def test_rules_that_do_not_fit_their_digest_stop_the_count(session, keys):
    round = make_closed_round(session, keys)
    open_by_two(session, round)
    session.execute(text("DROP TRIGGER round_frozen"))
    round.config = '{"changed":true}'
    session.flush()
    with pytest.raises(RoundChanged):
        counting(session, keys, round)


def test_a_ballot_that_comes_while_counting_stops_the_count(session, keys):
    round = make_closed_round(session, keys)
    open_by_two(session, round)
    first = bytes(32)  # a slot before all others: the reading has passed it

    def late(_done):
        drop_raw(session, round.id, b"late", slot=first)

    with pytest.raises(UrnGrew):
        count(session, now=NOW, keys=keys, round_id=round.id, progress=late)


# Recounting


def test_a_recount_gives_what_is_stored(session, keys, any_database):
    round = make_counted_round(session, keys)
    assert verify(same(session), keys=keys, round_id=round.id) == 5


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE tally SET ballots = 6", "选票数"),
        ("UPDATE tally SET invalid = 1", "无效票数"),
        (
            'UPDATE tally SET outcome = replace(outcome, \'"votes":{"1":4\', \'"votes":{"1":5\')',
            "votes",
        ),
        ("UPDATE opened_ballot SET number = 2 WHERE ballot = '{\"choices\":[1]}'", '"choices":[1]'),
        ("DELETE FROM opened_ballot WHERE ballot = '{\"choices\":[2,4]}'", '"choices":[2,4]'),
    ],
)
def test_a_recount_names_the_first_difference(session, keys, any_database, change, named):
    round = make_counted_round(session, keys)
    session.connection().exec_driver_sql(change)
    session.expire_all()
    with pytest.raises(TallyDiffers) as differs:
        verify(same(session), keys=keys, round_id=round.id)
    assert named in str(differs.value)


def test_what_was_counted_is_checked_again_before_it_is_used(session, keys):
    round = make_counted_round(session, keys)
    assert checked_count(session, round.id).ballots == 5
    session.execute(text("UPDATE opened_ballot SET number = 9 WHERE ballot = '{\"choices\":[1]}'"))
    with pytest.raises(TallyDiffers):
        checked_count(session, round.id)


def test_what_is_not_counted_cannot_be_verified(session, keys):
    round = make_closed_round(session, keys)
    with pytest.raises(NotCountedYet):
        verify(same(session), keys=keys, round_id=round.id)
    with pytest.raises(NotCountedYet):
        get_tally(session, round.id)


# Jobs


def test_a_long_count_is_ordered_once(session, keys):
    round = make_closed_round(session, keys)
    officer = open_by_two(session, round)[0]

    def order(*, served=True):
        return order_count(session, now=NOW, actor=officer.actor, round_id=round.id, served=served)

    job = order()
    assert job.total == 5
    assert order().id == job.id
    job.state = "running"
    session.flush()
    assert order().id == job.id
    assert order(served=False).id != job.id
    session.refresh(job)
    assert job.state == "failed"


def test_the_round_keeps_the_story_of_its_closing(session, keys):
    round = make_closed_round(session, keys)
    open_by_two(session, round)
    steps = session.execute(select(PhaseChange.after, PhaseChange.by)).all()
    assert [tuple(step) for step in steps] == [("counting", "clock")]


def test_a_real_list_spends_what_the_money_allows(session, keys):
    round = make_real_round(session, keys)
    fill(session, round.id, [(1, 2, 3, 4)] * 3 + [(4, 5, 6, 7)] * 2 + [(8, 9, 10, 11)])
    open_by_two(session, round)
    facts = json.loads(counting(session, keys, round).outcome)
    assert float(facts["spent"]) <= 300_000
    assert {project["reason"] for project in facts["projects"]} == {
        "funded", "does_not_fit", "no_votes",
    }  # fmt: skip
