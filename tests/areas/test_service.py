from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.areas import Chain, make_area, make_chain, make_installation
from voting.areas.models import FormerName, Level
from voting.areas.service import (
    NameTaken,
    WrongLevel,
    add_area,
    areas_above,
    areas_below,
    children,
    former_names,
    get_area,
    get_installation,
    levels_below,
    rename_area,
    set_help_number,
    top_area,
)
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE, Actor


@pytest.fixture
def chain(session: Session) -> Chain:
    return make_chain(session)


def _actor(path: str) -> Actor:
    return Actor(id="a" * 26, name="王芳", area_path=path)


def test_below_an_area_comes_each_parent_before_its_children(
    session: Session, chain: Chain
) -> None:
    other = make_area(session, parent=chain.district, name="八一桥街道")
    names = [area.name for area in areas_below(session, chain.district)]
    assert names == ["西湖区", "八一桥街道", "南站街道", "站南巷社区", "南烟小区"]
    assert [area.name for area in areas_below(session, other)] == ["八一桥街道"]


def test_above_an_area_lie_those_that_hold_it(session: Session, chain: Chain) -> None:
    assert areas_above(session, chain.community) == [chain.district, chain.street]
    assert areas_above(session, chain.district) == []


def test_children_are_direct(session: Session, chain: Chain) -> None:
    assert children(session, chain.district.id) == [chain.street]
    assert children(session, None) == [chain.district]
    assert top_area(session) == chain.district


@pytest.mark.parametrize("id", ["", "x", "a\x00", "../area", "a" * 500])
def test_an_unknown_area_is_not_found(session: Session, id: str) -> None:
    with pytest.raises(NotFound):
        get_area(session, id)


def test_an_added_area_lies_inside_its_parent_and_in_the_journal(
    session: Session, chain: Chain, now: datetime
) -> None:
    area = add_area(
        session,
        now=now,
        actor=_actor(chain.street.path),
        parent_id=chain.street.id,
        level="community",
        name="绳金塔社区",
        help_number="0791-86000000",
    )
    assert area.lies_in(chain.street)
    entry = session.scalars(select(JournalEntry)).one()
    assert (entry.act, entry.area_path, entry.object_id) == ("areas.add", area.path, area.id)


def test_a_level_may_be_left_out(session: Session, chain: Chain, now: datetime) -> None:
    area = add_area(
        session,
        now=now,
        actor=COMMAND_LINE,
        parent_id=chain.district.id,
        level="estate",
        name="南烟小区",
    )
    assert area.level == Level.ESTATE


@pytest.mark.parametrize("level", ["district", "street", "village", ""])
def test_a_child_lies_below_its_parent(
    session: Session, chain: Chain, now: datetime, level: str
) -> None:
    with pytest.raises(WrongLevel):
        add_area(
            session,
            now=now,
            actor=COMMAND_LINE,
            parent_id=chain.street.id,
            level=level,
            name="别处",
        )


def test_nothing_lies_below_an_estate(session: Session, chain: Chain) -> None:
    assert levels_below(chain.estate) == []


def test_two_siblings_do_not_share_a_name(session: Session, chain: Chain, now: datetime) -> None:
    with pytest.raises(NameTaken):
        add_area(
            session,
            now=now,
            actor=COMMAND_LINE,
            parent_id=chain.district.id,
            level="street",
            name="南站街道",
        )


def test_nobody_adds_an_area_beside_their_own(
    session: Session, chain: Chain, now: datetime
) -> None:
    with pytest.raises(NotFound):
        add_area(
            session,
            now=now,
            actor=_actor(chain.street.path),
            parent_id=chain.district.id,
            level="street",
            name="别处",
        )


def test_nobody_at_a_desk_adds_another_top(session: Session, chain: Chain, now: datetime) -> None:
    with pytest.raises(NotFound):
        add_area(
            session,
            now=now,
            actor=_actor(chain.district.path),
            parent_id=None,
            level="district",
            name="青山湖区",
        )


def test_a_renamed_area_keeps_its_former_names(
    session: Session, chain: Chain, now: datetime
) -> None:
    for days, name in enumerate(["桃花镇", "桃花街道"]):
        rename_area(
            session,
            now=now + timedelta(days=days),
            actor=COMMAND_LINE,
            area_id=chain.street.id,
            name=name,
        )
    assert chain.street.name == "桃花街道"
    kept = [(old.name, old.until) for old in former_names(session, chain.street.id)]
    assert kept == [("桃花镇", now + timedelta(days=1)), ("南站街道", now)]


def test_the_same_name_again_leaves_nothing_behind(
    session: Session, chain: Chain, now: datetime
) -> None:
    rename_area(session, now=now, actor=COMMAND_LINE, area_id=chain.street.id, name=" 南站街道 ")
    assert session.scalars(select(FormerName)).all() == []
    assert session.scalars(select(JournalEntry)).all() == []


def test_a_name_of_a_sibling_is_not_taken_over(
    session: Session, chain: Chain, now: datetime
) -> None:
    make_area(session, parent=chain.district, name="八一桥街道")
    with pytest.raises(NameTaken):
        rename_area(
            session, now=now, actor=COMMAND_LINE, area_id=chain.street.id, name="八一桥街道"
        )


def test_the_installation_carries_the_name_of_its_top(
    session: Session, chain: Chain, now: datetime
) -> None:
    make_installation(session)
    rename_area(session, now=now, actor=COMMAND_LINE, area_id=chain.district.id, name="新西湖区")
    assert get_installation(session).name == "新西湖区"
    rename_area(session, now=now, actor=COMMAND_LINE, area_id=chain.street.id, name="别处街道")
    assert get_installation(session).name == "新西湖区"


def test_another_area_is_neither_renamed_nor_given_a_number(
    session: Session, chain: Chain, now: datetime
) -> None:
    actor = _actor(make_area(session, parent=chain.district, name="八一桥街道").path)
    with pytest.raises(NotFound):
        rename_area(session, now=now, actor=actor, area_id=chain.street.id, name="我的")
    with pytest.raises(NotFound):
        set_help_number(session, now=now, actor=actor, area_id=chain.street.id, help_number="12345")


def test_a_help_number_is_set_and_taken_away(session: Session, chain: Chain, now: datetime) -> None:
    for typed, number in [("12345", "12345"), ("12345", "12345"), (" ", None)]:
        area = set_help_number(
            session, now=now, actor=COMMAND_LINE, area_id=chain.street.id, help_number=typed
        )
        assert area.help_number == number
    assert len(session.scalars(select(JournalEntry)).all()) == 2
