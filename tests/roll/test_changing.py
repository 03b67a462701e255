"""A frozen roll is changed by two: one asks, the other confirms, and only then the roll is another."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from tests.factories.roll import NOW, make_elector, make_round, person
from tests.roll.office import FIRST, PASSPORT, SECOND, WANG, Office
from voting.adapters.keyring import Keyring
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.journal.rules import Actor
from voting.roll.models import Channel, Elector, Participation, RollChange
from voting.roll.service import (
    AlreadyListed,
    AlreadyStruck,
    ChangeDecided,
    ChangeWaiting,
    ElectorStruck,
    MaybeListed,
    NameDiffers,
    NotStruck,
    RightUsed,
    RollClosed,
    RollNotFrozen,
    SameOfficer,
    asked_of,
    confirm_change,
    confirm_changes,
    hand_out,
    look,
    roll_counts,
)
from voting.rounds.models import Round


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "secrets")


@pytest.fixture
def round(session: Session, any_database: str) -> Round:
    return make_round(session, frozen=True)


@pytest.fixture
def office(session: Session, keys: Keyring, round: Round) -> Office:
    return Office(session, keys, round)


@pytest.mark.parametrize("facts", [WANG, PASSPORT], ids=["number", "passport"])
def test_somebody_is_listed_once_a_second_officer_confirms(office, facts):
    make_elector(office.session, office.round.id)
    change = office.add(facts)
    assert roll_counts(office.session, office.round.id).listed == 1
    assert change.sealed is not None
    assert facts.name.encode() not in change.sealed
    office.confirm(change)
    assert (change.state, change.second_by, change.sealed) == ("done", "two", None)
    assert roll_counts(office.session, office.round.id).listed == 2
    assert office.holds()
    kept = office.elector(change.elector_id)
    assert (kept.name_masked, kept.building) == (f"{facts.name[0]}*", "3栋")
    acts = office.session.scalars(select(JournalEntry.act).order_by(JournalEntry.idx)).all()
    assert acts == ["roll.ask_change", "roll.confirm_change"]


def test_who_asked_does_not_confirm(office):
    change = office.add()
    for act in (office.confirm, office.refuse):
        with pytest.raises(SameOfficer):
            act(change, FIRST)
    assert change.state == "waiting"
    with pytest.raises(DatabaseError):
        office.session.execute(update(RollChange).values(state="refused", second_by="one"))


def test_what_was_decided_stays(office):
    change = office.add()
    office.refuse(change)
    assert (change.state, change.sealed, change.count) == ("refused", None, None)
    for act in (office.confirm, office.refuse):
        with pytest.raises(ChangeDecided):
            act(change)
    assert roll_counts(office.session, office.round.id).listed == 0
    with pytest.raises(DatabaseError, match="a decided change stays"):
        office.session.execute(update(RollChange).values(reason="another"))


def test_of_one_person_one_change_waits(office):
    office.add()
    with pytest.raises(ChangeWaiting):
        office.add()
    elector = make_elector(office.session, office.round.id)
    waiting = office.strike(elector.elector_id)
    with pytest.raises(ChangeWaiting):
        office.correct(elector.elector_id)
    office.refuse(waiting)
    office.confirm(office.correct(elector.elector_id))


def test_who_is_listed_is_not_added_and_who_was_struck_is_restored(office):
    change = office.confirm(office.add())
    with pytest.raises(AlreadyListed):
        office.add()
    with pytest.raises(NameDiffers):
        office.add(replace(WANG, name="王二二"))
    with pytest.raises(MaybeListed):
        office.add(replace(WANG, number=str(person(6)[1])))
    office.confirm(office.strike(change.elector_id))
    again = office.add(replace(WANG, place="4栋101"))
    assert (again.act, again.elector_id) == ("restore", change.elector_id)
    office.confirm(again)
    kept = office.elector(change.elector_id)
    assert (kept.struck_at, kept.building) == (None, "4栋")
    assert office.holds()


def test_a_person_is_struck_and_restored_by_two(office):
    elector = make_elector(office.session, office.round.id)
    make_elector(office.session, office.round.id)
    with pytest.raises(NotStruck):
        office.restore(elector.elector_id)
    change = office.confirm(office.strike(elector.elector_id))
    assert (change.count, office.elector(elector.elector_id).struck_reason) == (1, "died")
    assert office.holds()
    with pytest.raises(AlreadyStruck):
        office.strike(elector.elector_id)
    with pytest.raises(AlreadyStruck):
        office.correct(elector.elector_id)
    with pytest.raises(ElectorStruck):
        hand_out(office.session, now=NOW, round_id=office.round.id, elector_id=elector.elector_id)
    assert office.confirm(office.restore(elector.elector_id)).count == 2
    assert office.holds()


def test_who_used_their_right_is_not_struck(office):
    early, late = (make_elector(office.session, office.round.id) for _ in range(2))
    hand_out(office.session, now=NOW, round_id=office.round.id, elector_id=early.elector_id)
    with pytest.raises(RightUsed):
        office.strike(early.elector_id)
    change = office.strike(late.elector_id)
    hand_out(office.session, now=NOW, round_id=office.round.id, elector_id=late.elector_id)
    with pytest.raises(RightUsed), office.session.begin_nested():
        office.confirm(change)
    office.session.refresh(change)
    assert (change.state, office.elector(late.elector_id).struck_at) == ("waiting", None)


def test_the_database_itself_keeps_who_used_their_right(office):
    elector = make_elector(office.session, office.round.id)
    office.confirm(office.correct(elector.elector_id))
    hand_out(office.session, now=NOW, round_id=office.round.id, elector_id=elector.elector_id)
    with pytest.raises(DatabaseError, match="not struck"):
        office.session.execute(update(Elector).values(struck_at=NOW))


def test_place_and_telephone_are_corrected_by_two(office):
    change = office.confirm(office.add())
    asked = office.correct(change.elector_id, "5栋303", "13900000000")
    shown = asked_of(office.session, keys=office.keys, round=office.round, change=asked)
    assert shown.before is not None
    assert shown.after is not None
    assert (shown.before.building, shown.after.building) == ("3栋", "5栋")
    assert (shown.room_differs, shown.phone_differs) == (True, True)
    office.confirm(asked)
    elector = office.elector(change.elector_id)
    contact = look(
        office.session, now=NOW, actor=FIRST, keys=office.keys, round=office.round, elector=elector
    )
    assert (elector.building, contact.room, contact.phone) == ("5栋", "303", "13900000000")
    assert office.holds()


def test_each_change_has_a_moment_and_a_count_of_its_own(office):
    people = [make_elector(office.session, office.round.id) for _ in range(4)]
    asked = [office.strike(one.elector_id) for one in people[:3]]
    made = confirm_changes(
        office.session, now=NOW, actor=SECOND, keys=office.keys, round_id=office.round.id,
        change_ids=[one.id for one in asked],
    )  # fmt: skip
    assert (made.done, list(made.refused)) == (3, [])
    assert [one.count for one in asked] == [3, 2, 1]
    assert asked[0].second_at < asked[1].second_at < asked[2].second_at
    # A clock that was set back makes no earlier change.
    last = office.confirm(office.restore(people[0].elector_id), now=NOW - timedelta(hours=1))
    assert last.second_at > asked[2].second_at
    assert office.holds()


def test_of_several_changes_each_is_made_or_not(office):
    used, free = (make_elector(office.session, office.round.id) for _ in range(2))
    changes = [office.strike(used.elector_id), office.strike(free.elector_id)]
    hand_out(office.session, now=NOW, round_id=office.round.id, elector_id=used.elector_id)
    made = confirm_changes(
        office.session, now=NOW, actor=SECOND, keys=office.keys, round_id=office.round.id,
        change_ids=[one.id for one in changes],
    )  # fmt: skip
    assert made.done == 1
    assert [(one.id, type(why)) for one, why in made.refused] == [(changes[0].id, RightUsed)]
    assert [one.state for one in changes] == ["waiting", "done"]
    assert office.holds()


def test_the_roll_lives_until_voting_ends(office):
    elector = make_elector(office.session, office.round.id)
    waiting = office.strike(elector.elector_id)
    with pytest.raises(RollClosed):
        office.add(now=office.round.closes_at)
    with pytest.raises(RollClosed):
        office.confirm(waiting, now=office.round.closes_at)
    office.round.phase, office.round.phase_before_pause = "paused", "voting"
    office.session.flush()
    office.confirm(waiting)


def test_a_roll_that_is_not_frozen_is_changed_by_one(session, keys):
    with pytest.raises(RollNotFrozen):
        Office(session, keys, make_round(session)).add()


def test_rounds_and_changes_of_others_are_not_found(office):
    change = office.add()
    other = make_round(office.session, frozen=True)
    for round_id, change_id in (
        (other.id, change.id),
        (office.round.id, "x"),
        (office.round.id, "%"),
    ):
        with pytest.raises(NotFound):
            confirm_change(
                office.session, now=NOW, actor=SECOND, keys=office.keys, round_id=round_id,
                change_id=change_id,
            )  # fmt: skip
    stranger = Actor("three", "外人", "elsewhere/")
    with pytest.raises(NotFound):
        office.confirm(change, stranger)


def test_without_a_confirmed_change_the_database_refuses(office):
    elector = make_elector(office.session, office.round.id)
    office.strike(elector.elector_id)
    with pytest.raises(DatabaseError, match="the roll is frozen"):
        office.session.execute(update(Elector).values(struck_at=NOW))


def test_a_mark_of_who_was_struck_is_refused_by_the_database(office):
    elector = make_elector(office.session, office.round.id)
    office.confirm(office.strike(elector.elector_id))
    office.session.add(
        Participation(
            round_id=office.round.id,
            elector_id=elector.elector_id,
            channel=Channel.POSTER,
            day=NOW.date(),
        )
    )
    with pytest.raises(DatabaseError, match="has no right"):
        office.session.flush()
