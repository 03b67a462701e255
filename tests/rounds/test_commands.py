import json
from datetime import timedelta

from tests.factories.rounds import CLOSES, OPENS, make_round
from voting.rounds.models import Round


def _listed(runner):
    done = runner.invoke(args=["rounds", "list", "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_no_rounds_are_an_empty_list(runner):
    assert _listed(runner) == []


def test_a_round_is_listed_with_the_phase_of_the_clock(runner, database, clock):
    with database.transaction() as session:
        round = make_round(session, phase="vote_announced")
    expected = {"id": round.id, "title": round.title, "area": "南烟小区"}
    assert _listed(runner) == [expected | {"phase": "vote_announced"}]
    clock.now = OPENS
    assert _listed(runner) == [expected | {"phase": "voting"}]
    clock.now = CLOSES
    assert _listed(runner) == [expected | {"phase": "counting"}]


def test_a_round_with_a_vote_on_is_listed_first(runner, database, clock):
    with database.transaction() as session:
        voting = make_round(session, phase="vote_announced")
        for _ in range(3):
            make_round(session, phase="collecting")
    clock.now = OPENS + timedelta(hours=1)
    assert _listed(runner)[0]["id"] == voting.id


def test_the_plain_list_is_one_line_a_round(runner, database):
    with database.transaction() as session:
        round = make_round(session)
    done = runner.invoke(args=["rounds", "list"])
    assert done.stdout.split()[:2] == [round.id, "draft"]


def test_settling_moves_what_is_due_and_says_how_many(runner, database, clock):
    with database.transaction() as session:
        round = make_round(session, phase="vote_announced")
    clock.now = CLOSES
    done = runner.invoke(args=["rounds", "settle", "--json"])
    assert json.loads(done.stdout) == {"settled": 1}
    with database.reading() as session:
        assert session.get_one(Round, round.id).phase == "counting"
    assert runner.invoke(args=["rounds", "settle"]).stdout == "0 rounds settled\n"
