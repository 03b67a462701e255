"""Candidates of which only one may be funded: put together at the desk, told to everybody."""

import pytest
from sqlalchemy import select, update

from tests.factories.proposals import make_candidate
from tests.rounds.statements import statements
from tests.visiting import read, submit, visit
from voting.journal.models import JournalEntry
from voting.permissions import Role
from voting.proposals.models import Candidate
from voting.proposals.service import candidates_of
from voting.rounds.models import Round


@pytest.fixture
def listed(desk, database, keys):
    """Put five candidates on the list and return their ids by ballot number."""
    with database.transaction() as session:
        round = session.get_one(Round, desk.round_id)
        made = [make_candidate(session, keys, round, title=f"项目{n}") for n in range(1, 6)]
        return {one.ballot_number: one.id for one in made}


def _url(desk):
    return f"{desk.url}/candidates/rivals"


def _group(desk, listed, *numbers):
    ids = [listed[number] for number in numbers]
    return submit(desk.client, visit(desk.client, _url(desk)), _url(desk), candidate=ids)


def _leave(desk, listed, number):
    page = visit(desk.client, _url(desk))
    return submit(desk.client, page, f"{desk.url}/candidates/{listed[number]}/leave-rivals")


def _groups(database, desk):
    with database.reading() as session:
        return {one.ballot_number: one.rival_group for one in candidates_of(session, desk.round_id)}


def test_ticked_candidates_exclude_one_another_and_the_list_says_so(desk, database, listed):
    assert _group(desk, listed, 2, 4, 5).status_code == 303
    groups = _groups(database, desk)
    assert groups[2] == groups[4] == groups[5] is not None
    assert (groups[1], groups[3]) == (None, None)
    page = visit(desk.client, f"{desk.url}/candidates")
    assert "与 4、5 号只能入选一个" in page.text
    assert "与 2、5 号只能入选一个" in page.text
    with database.reading() as session:
        entry = session.scalars(
            select(JournalEntry).where(JournalEntry.act == "candidate.group")
        ).one()
    assert "[2,4,5]" in entry.details.replace(" ", "")


def test_who_leaves_is_free_again_and_nobody_stays_alone_in_a_group(desk, database, listed):
    _group(desk, listed, 1, 2, 3)
    assert _leave(desk, listed, 2).status_code == 303
    assert _groups(database, desk)[2] is None
    assert "与 3 号只能入选一个" in visit(desk.client, f"{desk.url}/candidates").text
    assert _leave(desk, listed, 3).status_code == 303
    assert set(_groups(database, desk).values()) == {None}


@pytest.mark.parametrize("numbers", [(), (3,)])
def test_one_candidate_is_no_group(desk, database, listed, numbers):
    page = read(_group(desk, listed, *numbers), _url(desk), status=422)
    assert "请至少勾选两个候选项目" in page.text
    assert set(_groups(database, desk).values()) == {None}


def test_a_candidate_stands_in_one_group_and_what_was_ticked_stays_ticked(desk, database, listed):
    old = visit(desk.client, _url(desk))
    _group(desk, listed, 1, 2)
    before = _groups(database, desk)
    ids = [listed[2], listed[3]]
    page = read(submit(desk.client, old, _url(desk), candidate=ids), _url(desk), status=422)
    assert "2 号“项目2”已经和别的项目排在一组" in page.text
    assert f'value="{listed[3]}" checked' in page.html
    assert _groups(database, desk) == before


def test_two_groups_are_two(desk, database, listed):
    _group(desk, listed, 1, 2)
    _group(desk, listed, 3, 4)
    groups = _groups(database, desk)
    assert groups[1] == groups[2] != groups[3] == groups[4]


def test_after_the_announcement_nothing_changes_neither_by_the_page_nor_beneath_it(
    desk, database, listed
):
    _group(desk, listed, 1, 2)
    page = visit(desk.client, _url(desk))
    with database.transaction() as session:
        values = {"frozen_at": Round.created_at, "config": "{}", "config_hash": b"1" * 32}
        session.execute(update(Round).values(**values, phase="vote_announced"))
    ids = [listed[3], listed[4]]
    assert submit(desk.client, page, _url(desk), candidate=ids).status_code == 409
    leaving = f"{desk.url}/candidates/{listed[1]}/leave-rivals"
    assert submit(desk.client, page, leaving).status_code == 409
    with pytest.raises(Exception, match="frozen"), database.transaction() as session:
        session.execute(update(Candidate).where(Candidate.id == listed[3]).values(rival_group=9))
    said = visit(desk.client, f"/rounds/{desk.round_id}").text
    assert "与 2 号只能入选一个" in said
    assert "与 1 号只能入选一个" in said


def test_a_worker_does_not_group_what_is_on_the_list(sit, database, keys):
    desk = sit(Role.COMMUNITY_WORKER)
    assert desk.client.get(_url(desk)).status_code == 403


def test_the_page_asks_the_database_as_often_for_many_as_for_few(desk, database, keys, listed):
    _group(desk, listed, 1, 2)
    with statements(database.engine) as few:
        visit(desk.client, _url(desk))
    with database.transaction() as session:
        round = session.get_one(Round, desk.round_id)
        for _ in range(10):
            make_candidate(session, keys, round)
    with statements(database.engine) as many:
        visit(desk.client, _url(desk))
    assert len(many) == len(few)
