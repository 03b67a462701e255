import pytest

from tests.factories.proposals import make_nominated, make_proposal
from tests.visiting import read, submit, visit
from voting.proposals.service import off_list
from voting.rounds.models import Round

GOOD = {
    "title": "加装无障碍扶手",
    "sentence": "给两栋楼装扶手，老人上下楼有地方扶。",
    "category": "engineering",
    "place": "3栋、4栋楼道",
    "cost": "4.8",
    "beneficiaries": "１２０",
    "ballot_number": "",
    "description": "",
}


@pytest.fixture
def chosen(desk, database, keys):
    """The address of the form in which two ticked proposals become a candidate."""
    with database.transaction() as session:
        round = session.get_one(Round, desk.round_id)
        ids = [make_proposal(session, keys, round, title=f"扶手{n}").id for n in range(2)]
    return f"{desk.url}/candidates/new?proposal={ids[0]}&proposal={ids[1]}"


def _nominated(database, desk):
    with database.reading() as session:
        return off_list(session, desk.round_id)


def test_the_name_is_that_of_the_first_or_of_whichever_is_picked(desk, database, keys):
    with database.transaction() as session:
        round = session.get_one(Round, desk.round_id)
        ids = [
            make_proposal(session, keys, round, title=title).id
            for title in ("甲", "乙", "丙", "乙")
        ]
    url = f"{desk.url}/candidates/new?" + "&".join(f"proposal={id}" for id in reversed(ids))
    page = visit(desk.client, url)
    form = f"{desk.url}/candidates/new"
    assert page.form(form).values["title"] == ["乙"]
    picked = next(link for link in page.links if f"named={ids[2]}" in link)
    assert visit(desk.client, picked).form(form).values["title"] == ["丙"]


def test_ticked_proposals_join_a_candidate_that_is_there(desk, database, keys, chosen):
    with database.transaction() as session:
        there = make_nominated(session, keys, session.get_one(Round, desk.round_id), title="路灯")
    page = visit(desk.client, chosen)
    join = f"{desk.url}/candidates/join"
    empty = read(submit(desk.client, page, join), status=422)
    assert "请选择候选项目。" in empty.text
    assert "请写理由" in empty.text
    data = {"join-candidate": there.id, "join-reason": "说的是同一件事。"}
    response = submit(desk.client, page, join, **data)
    assert response.location == f"{desk.url}/candidates/{there.id}"
    shown = visit(desk.client, response.location)
    assert "由 3 条建议合成" in shown.text
    assert "说的是同一件事。" in shown.text
    assert read(submit(desk.client, page, join, **data), status=422).text.count("已经列入候选项目")


def test_proposals_that_were_merged_meanwhile_are_not_merged_again(desk, database, chosen):
    page = visit(desk.client, chosen)
    form = f"{desk.url}/candidates/new"
    assert submit(desk.client, page, form, **GOOD).status_code == 303
    again = read(submit(desk.client, page, form, **GOOD), status=422)
    assert "已经列入候选项目" in again.text
    assert len(_nominated(database, desk)) == 1
