import pytest

from tests.factories.areas import NOW
from tests.factories.proposals import make_candidate, make_proposal
from tests.factories.rounds import make_round
from voting.journal.rules import COMMAND_LINE
from voting.proposals.service import conflicts_of, person_key, phone_key, take_off
from voting.rounds.models import Appointment


@pytest.fixture
def round(session):
    return make_round(session, phase="collecting")


def _appoint(session, keys, round, name="张建国", phone="", duty="monitor", **facts):
    appointment = Appointment(
        round_id=round.id,
        duty=duty,
        name=name,
        person_key=person_key(keys, name),
        phone_key=phone_key(keys, phone),
        slip_hash=name.encode() + duty.encode(),
        appointed_at=NOW,
        appointed_by="o",
        **facts,
    )
    session.add(appointment)
    session.flush()
    return appointment


def test_a_proposer_who_monitors_is_found_with_the_candidate(session, keys, round):
    appointment = _appoint(session, keys, round)
    make_candidate(session, keys, round, proposer="张 建国", number=3, title="路灯")
    found = conflicts_of(session, round.id)
    assert [(one.appointment_id, one.number, one.candidate) for one in found] == [
        (appointment.id, 3, "路灯")
    ]


@pytest.mark.parametrize(
    ("proposer", "appointed", "is_conflict"),
    [
        ("", "", True),
        ("13870001234", "", True),
        ("", "13870001234", True),
        ("13870001234", "13870001234", True),
        ("13870001234", "13870009999", False),
    ],
    ids=["none known", "one known", "other known", "same", "different"],
)
def test_two_of_one_name_are_one_unless_both_telephones_differ(
    session, keys, round, proposer, appointed, is_conflict
):
    make_candidate(session, keys, round, proposer="张建国", phone=proposer)
    _appoint(session, keys, round, phone=appointed)
    assert bool(conflicts_of(session, round.id)) is is_conflict


def test_tellers_are_bound_like_monitors_and_supervisors_are_not(session, keys, round):
    make_candidate(session, keys, round)
    _appoint(session, keys, round, duty="teller")
    _appoint(session, keys, round, duty="supervisor")
    assert [one.duty for one in conflicts_of(session, round.id)] == ["teller"]


def test_any_proposal_behind_a_candidate_counts_and_no_other(session, keys, round):
    make_candidate(session, keys, round, proposer="李秀英")
    make_proposal(session, keys, round, proposer_name="张建国")
    _appoint(session, keys, round)
    assert conflicts_of(session, round.id) == []


def test_who_is_off_the_list_or_whose_duty_ended_is_no_conflict(session, keys, round):
    candidate = make_candidate(session, keys, round)
    _appoint(session, keys, round, ended_at=NOW)
    assert conflicts_of(session, round.id) == []
    _appoint(session, keys, round, duty="teller")
    assert len(conflicts_of(session, round.id)) == 1
    take_off(session, now=NOW, actor=COMMAND_LINE, round_id=round.id, candidate_id=candidate.id)
    assert conflicts_of(session, round.id) == []


def test_another_rounds_people_are_no_conflict(session, keys, round):
    make_candidate(session, keys, round)
    _appoint(session, keys, make_round(session, phase="collecting"))
    assert conflicts_of(session, round.id) == []
