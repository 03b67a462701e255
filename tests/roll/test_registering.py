"""The printed register: a line stays the same person's."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.factories.roll import NOW, freeze, make_elector, make_round, person
from tests.roll.office import FIRST, WANG, Office
from voting.adapters.keyring import Keyring
from voting.roll.service import enter_person, register


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "secrets")


def test_a_line_of_the_register_stays_the_same_persons(session, keys, any_database):
    round = make_round(session)
    ids = {}
    for number, room in enumerate(("1栋101", "1栋102", "2栋101", "2栋102")):
        facts = replace(
            WANG, name=f"王{'一二三四'[number]}", place=room, number=str(person(number)[1])
        )
        entered = enter_person(
            session, now=NOW, actor=FIRST, keys=keys, round_id=round.id, facts=facts
        )
        ids[room] = entered.elector_id
    gone = make_elector(session, round.id, struck_at=NOW, struck_reason="died")
    freeze(round)
    session.flush()
    office = Office(session, keys, round)

    def lines() -> list[str]:
        return [line.elector_id for line in register(session, keys=keys, round_id=round.id)]

    printed = lines()
    assert printed == [ids["1栋101"], ids["1栋102"], ids["2栋101"], ids["2栋102"]]
    added = office.confirm(office.add(replace(WANG, place="1栋101")))
    office.confirm(office.strike(ids["1栋102"]))
    office.confirm(office.correct(ids["1栋101"], "9栋909"))
    office.confirm(office.correct(ids["1栋101"], "8栋808"))
    back = office.confirm(office.restore(gone.elector_id))
    assert lines() == [*printed, added.elector_id, back.elector_id]
    struck = [line.is_struck for line in register(session, keys=keys, round_id=round.id)]
    assert struck == [False, True, False, False, False, False]
