"""R3 and R18: who sends a ballot again, or loses the answer on the way, has one ballot and one receipt."""

import http.client
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.concurrency.cut_lines import answering, cutting
from tests.concurrency.racing import phone_at
from tests.factories.ballots import NOW, keyring, open_round_with_cards
from tests.factories.tally import open_by_two
from voting.ballots import service
from voting.ballots.models import UrnEntry
from voting.rounds.models import Round
from voting.tally.models import OpenedBallot
from voting.tally.service import count

AGAIN: tuple[list[int], ...] = ([2], [3], [1, 2, 3], [], [6])


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path / "var")


def ballots(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(UrnEntry))


def contents(database, keys, round_id):
    """Count the round, and return what its ballots say."""
    later = NOW + timedelta(days=7)
    with database.transaction() as session:
        open_by_two(session, session.get_one(Round, round_id), now=later)
        count(session, now=later, keys=keys, round_id=round_id)
        rows = session.scalars(select(OpenedBallot)).all()
        return [(json.loads(row.ballot)["choices"], row.number) for row in rows]


def test_a_ballot_sent_again_with_other_choices_stays_the_first(
    client, database, keys, any_database
):
    round_id, (card,) = open_round_with_cards(database, keys)
    client.get(f"/c/{card.token}")
    found = re.search(r'name="form" value="(\w+)"', client.get("/ballot").get_data(as_text=True))
    assert found
    shown = set()
    for choices in ([1, 4], *AGAIN):
        form = {"form": found[1], "choice": choices, "check_code": card.check_code}
        answer = client.post("/ballot/cast", data=form)
        assert answer.status_code == 303
        shown.add(answer.location)
    assert len(shown) == 1
    assert ballots(database) == 1
    assert contents(database, keys, round_id) == [([1, 4], 1)]


def send_through(line, card, choice):
    """Scan, then confirm again and again until an answer comes back; return it and how many were lost."""
    phone = phone_at(line.url)
    phone.scan(card)
    for lost in range(50):
        try:
            return *phone.confirm(card, choice=choice), lost
        except (http.client.HTTPException, OSError):
            choice = choice % 6 + 1
        finally:
            phone.connection.close()
    raise AssertionError("no answer came back")


def cast_over_a_cut_line(app, cards, *, lost_each):
    answers = []
    with answering(app) as port:
        for card in cards:
            with cutting(port, cut=lost_each) as line:
                answers.append(send_through(line, card, choice=5))
                assert line.swallowed == lost_each
    return answers


def test_who_loses_the_answer_on_the_way_has_one_ballot_and_one_receipt(
    app, database, keys, any_database
):
    round_id, cards = open_round_with_cards(database, keys, 5)
    answers = cast_over_a_cut_line(app, cards, lost_each=2)
    assert {(status, lost) for status, _, lost in answers} == {(303, 2)}
    assert len({place for _, place, _ in answers}) == len(cards) == ballots(database)
    assert contents(database, keys, round_id) == [([5], 5)]


def test_a_lost_answer_is_seen_when_the_slot_is_not_looked_up(app, database, keys, monkeypatch):
    """The twin: without the look at its own slot a browser is told that its card was used by another."""
    monkeypatch.setattr(service, "is_in_urn", lambda *_: False)
    monkeypatch.setattr("voting.ballots.views.choosing.is_in_urn", lambda *_: False)
    _, cards = open_round_with_cards(database, keys, 2)
    answers = cast_over_a_cut_line(app, cards, lost_each=1)
    assert {status for status, _, _ in answers} == {409}


@pytest.mark.soak
def test_two_hundred_voters_who_lose_five_answers_each_have_one_ballot_each(
    app, database, keys, any_database, record_property, scaled
):
    voters = scaled(200)
    _, cards = open_round_with_cards(database, keys, voters)
    answers = cast_over_a_cut_line(app, cards, lost_each=5)
    assert {(status, lost) for status, _, lost in answers} == {(303, 5)}
    assert len({place for _, place, _ in answers}) == voters == ballots(database)
    record_property("voters", voters)
    record_property("answers lost", voters * 5)
    record_property("ballots", ballots(database))
