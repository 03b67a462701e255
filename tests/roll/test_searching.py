from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.factories.roll import NOW, identity_number, make_elector, make_round, rows, sheet
from voting.adapters.keyring import Keyring
from voting.journal.rules import COMMAND_LINE
from voting.roll.models import Channel
from voting.roll.service import (
    Building,
    Found,
    buildings,
    find_electors,
    import_roll,
    mark_participation,
)
from voting.roll.service.searching import PER_PAGE

PEOPLE = (
    ("张一", "3栋2单元502"),
    ("张一二", "3栋2单元1502"),
    ("李四", "3-1-101"),
    ("欧阳五", "13栋502"),
    ("赵六", "2栋1203"),
    ("MARY ANN", "10栋1"),
)


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "secrets")


@pytest.fixture
def round_id(session: Session, keys: Keyring) -> str:
    round = make_round(session)
    people = [
        [name, identity_number(order=order), "居住", room]
        for order, (name, room) in enumerate(PEOPLE, start=1)
    ]
    import_roll(
        session,
        now=NOW,
        actor=COMMAND_LINE,
        keys=keys,
        round_id=round.id,
        rows=list(rows(sheet(people))),
    )
    return round.id


def places(found: Found) -> list[tuple[str, str]]:
    return [(line.building, line.room) for line in found.lines]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("3栋", [("3栋", "1-101"), ("3栋", "2单元502"), ("3栋", "2单元1502")], id="building"),
        pytest.param("3栋502", [("3栋", "2单元502")], id="room in a building"),
        pytest.param("3-2-502", [("3栋", "2单元502")], id="with hyphens"),
        pytest.param("502", [("3栋", "2单元502"), ("13栋", "502")], id="room anywhere"),
        pytest.param("1203", [("2栋", "1203")], id="room of four digits"),
        pytest.param("张", [("3栋", "2单元502"), ("3栋", "2单元1502")], id="surname"),
        pytest.param("张*", [("3栋", "2单元502"), ("3栋", "2单元1502")], id="masked name"),
        pytest.param("张一二", [("3栋", "2单元1502")], id="whole name"),
        pytest.param("张　一", [("3栋", "2单元502")], id="name with a space"),
        pytest.param("欧阳", [("13栋", "502")], id="surname of two characters"),
        pytest.param("mary ann", [("10栋", "1")], id="foreign name"),
        pytest.param("%", [], id="a sign of the database"),
        pytest.param("张_", [], id="another"),
        pytest.param("99栋", [], id="no such building"),
        pytest.param("王", [], id="no such surname"),
    ],
)  # fmt: skip
def test_people_are_found_by_what_a_worker_types(
    session: Session, keys: Keyring, round_id: str, text: str, expected: list[tuple[str, str]]
) -> None:
    found = find_electors(session, keys=keys, round_id=round_id, text=text)
    assert places(found) == expected
    assert found.total == len(expected)


def test_people_are_found_by_the_end_of_their_number(
    session: Session, keys: Keyring, round_id: str
) -> None:
    number = identity_number(order=4)
    found = find_electors(session, keys=keys, round_id=round_id, text=number[-4:].lower())
    assert [line.name for line in found.lines] == ["欧阳*"]


def test_without_a_search_everybody_is_shown_building_by_building(
    session: Session, keys: Keyring, round_id: str
) -> None:
    found = find_electors(session, keys=keys, round_id=round_id, text="")
    assert [line.building for line in found.lines] == ["2栋", "3栋", "3栋", "3栋", "10栋", "13栋"]


def test_a_line_shows_masks_only_and_nothing_by_accident(
    session: Session, keys: Keyring, round_id: str
) -> None:
    (line,) = find_electors(session, keys=keys, round_id=round_id, text="李").lines
    assert (line.name, line.number[:4], line.basis) == ("李*", "3699", "居住")
    assert "李" not in repr(line)


def test_nobody_of_another_round_is_found(session: Session, keys: Keyring, round_id: str) -> None:
    other = make_round(session)
    make_elector(session, other.id, name_masked="张*")
    assert find_electors(session, keys=keys, round_id=other.id, text="张").total == 1
    assert find_electors(session, keys=keys, round_id=round_id, text="张").total == 2


def test_whoever_was_struck_is_not_shown(session: Session, keys: Keyring) -> None:
    round = make_round(session)
    make_elector(session, round.id, struck_at=NOW, struck_reason="迁出")
    assert find_electors(session, keys=keys, round_id=round.id, text="").total == 0
    assert buildings(session, round.id) == []


def test_pages_hold_fifty_and_a_page_that_is_not_there_is_the_nearest(
    session: Session, keys: Keyring
) -> None:
    round = make_round(session)
    for _ in range(PER_PAGE + 1):
        make_elector(session, round.id)
    last = find_electors(session, keys=keys, round_id=round.id, text="", page=99)
    assert (last.page, last.pages, len(last.lines), last.total) == (2, 2, 1, PER_PAGE + 1)
    first = find_electors(session, keys=keys, round_id=round.id, text="", page=-3)
    assert (first.page, len(first.lines)) == (1, PER_PAGE)


@pytest.mark.usefixtures("any_database")
def test_each_building_says_how_many_are_listed_and_how_many_rights_were_used(
    session: Session, keys: Keyring, round_id: str
) -> None:
    someone = find_electors(session, keys=keys, round_id=round_id, text="3栋").lines[0]
    mark_participation(
        session,
        round_id=round_id,
        elector_id=someone.elector_id,
        channel=Channel.CARD_HANDED,
        day=NOW.date(),
    )
    assert buildings(session, round_id) == [
        Building("2栋", 1, 0),
        Building("3栋", 3, 1),
        Building("10栋", 1, 0),
        Building("13栋", 1, 0),
    ]
    (again, *_) = find_electors(session, keys=keys, round_id=round_id, text="3栋").lines
    assert (again.channel, again.day) == (Channel.CARD_HANDED, NOW.date())
