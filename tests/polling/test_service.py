from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.accounts import make_officer
from tests.factories.ballots import NOW, keyring, make_listed_elector, make_open_round
from tests.factories.posters import make_place
from tests.factories.rounds import make_round
from voting.clock import local_day
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.journal.rules import Actor
from voting.permissions import Role
from voting.polling.rules import MOST_PLACES, PlaceKind, ShiftEndsFirst, minute_of, seconds_left
from voting.polling.service import (
    NameTaken,
    OfficerUnfit,
    PlaceClosed,
    PlaceFacts,
    ShiftTwice,
    TooManyPlaces,
    VoteOver,
    add_place,
    add_shift,
    change_place,
    close_place,
    close_screen,
    find_screen,
    is_minute_code,
    minute_code,
    open_places,
    open_screen,
    remove_shift,
    reopen_place,
    screens_of,
    shifts_of,
    used_on,
)
from voting.roll.models import Channel
from voting.roll.service import mark_participation

ACTOR = Actor("o" * 26, "王芳", "")
HALL = PlaceFacts(kind=PlaceKind.FIXED, name="服务大厅", address="站前路1号", hours="9:00—17:00")


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path)


@pytest.fixture
def round(session, keys):
    return make_open_round(session, keys)


def _do(act, session, round, place, **more):
    return act(session, now=NOW, actor=ACTOR, round_id=round.id, place_id=place.id, **more)


def test_the_code_of_a_minute_is_good_in_its_own_minute_and_the_next(keys):
    code = minute_code(keys, "r", "p", NOW)
    assert len(code) == 6
    assert code.isdigit()
    for seconds, good in (
        (-1, False),
        (0, True),
        (59, True),
        (60, True),
        (119, True),
        (120, False),
    ):
        at = NOW + timedelta(seconds=seconds)
        assert is_minute_code(keys, "r", ["x", "p", "y"], code, at) is good, seconds
    assert not is_minute_code(keys, "r", ["x", "y"], code, NOW)
    assert not is_minute_code(keys, "other", ["p"], code, NOW)
    assert not is_minute_code(keys, "r", [], code, NOW)


def test_codes_differ_from_place_to_place_and_minute_to_minute(keys):
    codes = {
        minute_code(keys, "r", f"p{place}", NOW + timedelta(minutes=minute))
        for place in range(10)
        for minute in range(20)
    }
    assert len(codes) > 190


def test_minutes_are_counted_from_their_first_second():
    assert minute_of(NOW) + 1 == minute_of(NOW + timedelta(seconds=60))
    assert [seconds_left(NOW + timedelta(seconds=at)) for at in (0, 1, 59)] == [60, 59, 1]


def test_a_place_is_added_changed_closed_and_opened_again(session, round):
    place = add_place(session, now=NOW, actor=ACTOR, round_id=round.id, facts=HALL)
    other = PlaceFacts(kind=PlaceKind.MOBILE, name="流动车", address="1栋到5栋", hours="19:00")
    _do(change_place, session, round, place, facts=other)
    assert (place.kind, place.name) == ("mobile", "流动车")
    token = _do(open_screen, session, round, place)
    _do(close_place, session, round, place)
    assert open_places(session, round.id) == []
    with pytest.raises(NotFound):
        find_screen(session, token)
    with pytest.raises(PlaceClosed):
        _do(open_screen, session, round, place)
    _do(reopen_place, session, round, place)
    assert open_places(session, round.id) == [place]
    acts = session.scalars(select(JournalEntry.act).order_by(JournalEntry.idx)).all()
    assert acts == [
        "polling.add_place", "polling.change_place", "polling.open_screen", "polling.close_place",
        "polling.reopen_place",
    ]  # fmt: skip


def test_two_places_of_a_round_have_two_names(session, round):
    add_place(session, now=NOW, actor=ACTOR, round_id=round.id, facts=HALL)
    with pytest.raises(NameTaken):
        add_place(session, now=NOW, actor=ACTOR, round_id=round.id, facts=HALL)


def test_a_round_has_no_more_places_than_screens_can_carry(session, round):
    for number in range(MOST_PLACES):
        make_place(session, round.id, name=f"第{number}处")
    with pytest.raises(TooManyPlaces):
        add_place(session, now=NOW, actor=ACTOR, round_id=round.id, facts=HALL)


def test_after_the_vote_no_place_changes(session, round):
    place = make_place(session, round.id)
    round.phase = "counting"
    with pytest.raises(VoteOver):
        _do(change_place, session, round, place, facts=HALL)
    with pytest.raises(VoteOver):
        add_place(session, now=NOW, actor=ACTOR, round_id=round.id, facts=HALL)


def test_a_place_of_another_round_is_not_found(session, keys, round):
    place = make_place(session, round.id)
    other = make_open_round(session, keys)
    with pytest.raises(NotFound):
        _do(close_place, session, other, place)


def test_only_the_newest_address_of_a_screen_is_good(session, round):
    place = make_place(session, round.id)
    assert screens_of(session, round.id) == []
    first, second = (_do(open_screen, session, round, place) for _ in range(2))
    with pytest.raises(NotFound):
        find_screen(session, first)
    assert find_screen(session, second) is place
    assert screens_of(session, round.id) == [place.id]
    _do(close_screen, session, round, place)
    with pytest.raises(NotFound):
        find_screen(session, second)
    assert screens_of(session, round.id) == []


def test_rights_used_today_are_counted_through_whatever_channel(session, round):
    days = (local_day(NOW), local_day(NOW), local_day(NOW) - timedelta(days=1))
    for day, channel in zip(
        days, (Channel.POSTER, Channel.CARD_HANDED, Channel.POSTER), strict=True
    ):
        mark_participation(
            session, round_id=round.id, elector_id=make_listed_elector(session, round.id),
            channel=channel, day=day,
        )  # fmt: skip
    assert used_on(session, round.id, local_day(NOW)) == 2


def test_shifts_are_noted_listed_and_removed(session):
    round = make_round(session)
    worker = make_officer(session, area=round.area, role=Role.COMMUNITY_WORKER)
    place = make_place(session, round.id)
    shift = {"officer_id": worker.id, "day": local_day(NOW), "begins": "08:30", "ends": "12:00"}
    made = _do(add_shift, session, round, place, **shift)
    (line,), pages = shifts_of(session, place, page=1)
    assert (line.officer, line.begins, line.ends, pages) == (worker.name, "08:30", "12:00", 1)
    with pytest.raises(ShiftEndsFirst):
        _do(add_shift, session, round, place, **(shift | {"ends": "08:30"}))
    stranger = make_officer(session)
    with pytest.raises(OfficerUnfit):
        _do(add_shift, session, round, place, **(shift | {"officer_id": stranger.id}))
    _do(remove_shift, session, round, place, shift_id=made.id)
    assert shifts_of(session, place, page=1) == ([], 1)
    with pytest.raises(NotFound):
        _do(remove_shift, session, round, place, shift_id=made.id)


def test_nobody_begins_twice_at_the_same_time(session):
    round = make_round(session)
    worker = make_officer(session, area=round.area, role=Role.COMMUNITY_WORKER)
    place = make_place(session, round.id)
    shift = {"officer_id": worker.id, "day": local_day(NOW), "begins": "08:30", "ends": "12:00"}
    _do(add_shift, session, round, place, **shift)
    with pytest.raises(ShiftTwice):
        _do(add_shift, session, round, place, **(shift | {"ends": "13:00"}))
