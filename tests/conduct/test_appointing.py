from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.areas import NOW, make_area
from tests.factories.proposals import make_candidate
from tests.factories.rounds import make_round
from voting.conduct.rules import ProposerCounts
from voting.conduct.service import (
    AlreadyAppointed,
    AppointmentEnded,
    ProposesACandidate,
    advance,
    appoint,
    appointments_of,
    end,
    find_by_slip,
    find_running,
    get_appointment,
    note_entry,
    replace,
    slip_hash,
    valid_until,
)
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE, Actor
from voting.rounds.models import Appointment
from voting.rounds.rules import Phase
from voting.rounds.service import RoundOver

ACT: dict[str, Any] = {"now": NOW, "actor": COMMAND_LINE}


@pytest.fixture
def round(session):
    return make_round(session, phase="deliberating")


@pytest.fixture
def by(keys, round):
    return {**ACT, "keys": keys, "round_id": round.id}


def test_a_person_is_appointed_and_only_the_hash_of_the_slip_is_kept(session, by):
    made = appoint(session, **by, duty="monitor", name="吴国强", phone="13870001234")
    assert len(made.token) == 26
    row = session.execute(select(Appointment.__table__)).one()
    stored = "".join(str(value) for value in row)
    assert made.token not in stored
    assert "13870001234" not in stored
    assert row.slip_hash == slip_hash(made.token)
    entry = session.scalars(
        select(JournalEntry).where(JournalEntry.act == "appointment.appoint")
    ).one()
    assert "吴国强" not in entry.details


def test_every_slip_is_another(session, by):
    tokens = {appoint(session, **by, duty="teller", name=f"计票人{n}").token for n in range(20)}
    assert len(tokens) == 20


def test_a_slip_opens_its_own_appointment_and_the_first_time_is_kept(session, by):
    made = appoint(session, **by, duty="monitor", name="吴国强")
    assert find_by_slip(session, made.token, now=NOW) is made.appointment
    assert find_by_slip(session, made.token.upper(), now=NOW) is made.appointment
    note_entry(session, made.appointment.id, now=NOW)
    note_entry(session, made.appointment.id, now=NOW.replace(year=2027))
    session.expire_all()
    assert made.appointment.entered_at == NOW


@pytest.mark.parametrize("token", ["", "x", "a" * 26, "票" * 26, "\x00" * 26, "a" * 10_000])
def test_a_strange_slip_opens_nothing(session, by, token):
    appoint(session, **by, duty="monitor", name="吴国强")
    assert find_by_slip(session, token, now=NOW) is None


def test_a_replaced_persons_slip_is_dead(session, by):
    old = appoint(session, **by, duty="monitor", name="吴国强")
    new = replace(session, **by, appointment_id=old.appointment.id, name="孙丽")
    assert find_by_slip(session, old.token, now=NOW) is None
    assert find_by_slip(session, new.token, now=NOW) is new.appointment
    assert new.appointment.replaces_id == old.appointment.id
    assert new.appointment.duty == "monitor"
    names = [(one.name, one.ended_at is None) for one in appointments_of(session, by["round_id"])]
    assert names == [("孙丽", True), ("吴国强", False)]


def test_a_lost_slip_is_made_anew_for_the_same_person(session, by):
    old = appoint(session, **by, duty="monitor", name="吴国强", phone="13870001234")
    new = replace(session, **by, appointment_id=old.appointment.id, name="吴国强")
    assert new.token != old.token
    assert find_by_slip(session, old.token, now=NOW) is None


def test_an_ended_duty_is_over(session, by, round):
    made = appoint(session, **by, duty="teller", name="吴国强")
    end(session, **ACT, round_id=round.id, appointment_id=made.appointment.id)
    assert find_by_slip(session, made.token, now=NOW) is None
    session.expire_all()
    assert find_running(session, made.appointment.id, made.appointment.slip_hash, now=NOW) is None
    for act in (
        lambda: end(session, **ACT, round_id=round.id, appointment_id=made.appointment.id),
        lambda: replace(session, **by, appointment_id=made.appointment.id, name="孙丽"),
    ):
        with pytest.raises(AppointmentEnded):
            act()


def test_a_slip_opens_nothing_sixty_days_after_the_vote(session, by, round):
    made = appoint(session, **by, duty="monitor", name="吴国强")
    last = round.closing + timedelta(days=60)
    assert valid_until(round) == last
    assert find_by_slip(session, made.token, now=last - timedelta(seconds=1)) is made.appointment
    assert find_by_slip(session, made.token, now=last) is None
    id, digest = made.appointment.id, made.appointment.slip_hash
    assert find_running(session, id, digest, now=last) is None


def test_a_browser_holds_the_duty_of_its_own_slip_only(session, by):
    made = appoint(session, **by, duty="monitor", name="吴国强")
    id = made.appointment.id
    assert find_running(session, id, slip_hash(made.token), now=NOW) is made.appointment
    assert find_running(session, id, slip_hash("a" * 26), now=NOW) is None
    assert find_running(session, "a" * 26, slip_hash(made.token), now=NOW) is None


def test_nobody_is_appointed_twice_to_one_duty(session, by):
    appoint(session, **by, duty="monitor", name="吴国强")
    with pytest.raises(AlreadyAppointed, match="已经是监票人"):
        appoint(session, **by, duty="monitor", name="吴 国强")
    appoint(session, **by, duty="supervisor", name="吴国强")


def test_two_of_one_name_with_two_telephones_are_two(session, by):
    appoint(session, **by, duty="monitor", name="吴国强", phone="13870001234")
    appoint(session, **by, duty="monitor", name="吴国强", phone="13870009999")


@pytest.mark.parametrize("duty", ["monitor", "teller"])
def test_a_candidates_proposer_is_refused(session, keys, by, round, duty):
    make_candidate(session, keys, round, proposer="张建国", number=3, title="路灯")
    with pytest.raises(ProposesACandidate, match="3 号“路灯”的建议人也叫张建国"):
        appoint(session, **by, duty=duty, name="张建国")
    appoint(session, **by, duty="supervisor", name="张建国")


def test_a_proposer_does_not_slip_in_as_a_replacement(session, keys, by, round):
    make_candidate(session, keys, round, proposer="张建国")
    old = appoint(session, **by, duty="monitor", name="吴国强")
    with pytest.raises(ProposesACandidate):
        replace(session, **by, appointment_id=old.appointment.id, name="张建国")


def test_a_namesake_with_another_telephone_is_appointed(session, keys, by, round):
    make_candidate(session, keys, round, proposer="张建国", phone="13870001234")
    appoint(session, **by, duty="monitor", name="张建国", phone="13870009999")
    with pytest.raises(ProposesACandidate):
        appoint(session, **by, duty="teller", name="张建国", phone="13870001234")


def test_who_turns_out_to_be_a_proposer_stops_the_announcement(session, keys, ready):
    by = {**ACT, "keys": keys, "round_id": ready.id}
    made = appoint(session, **by, duty="monitor", name="吴国强")
    make_candidate(session, keys, ready, proposer="吴国强", number=9)
    with pytest.raises(ProposerCounts, match="吴国强是 9 号项目的建议人"):
        advance(session, **by, to=Phase.VOTE_ANNOUNCED)
    replace(session, **by, appointment_id=made.appointment.id, name="孙丽")
    advance(session, **by, to=Phase.VOTE_ANNOUNCED)
    assert ready.phase == "vote_announced"


def test_nobody_is_appointed_to_a_round_that_is_over(session, keys):
    round = make_round(session, phase="terminated")
    with pytest.raises(RoundOver):
        appoint(session, **ACT, keys=keys, round_id=round.id, duty="monitor", name="吴国强")


def test_another_areas_and_another_rounds_people_are_not_found(session, keys, by, round):
    made = appoint(session, **by, duty="monitor", name="吴国强")
    other = make_round(session, phase="deliberating")
    for id in (made.appointment.id, "x", "", "\x00"):
        with pytest.raises(NotFound):
            get_appointment(session, id, round_id=other.id)
    stranger = {**by, "actor": Actor("o", "别区", make_area(session).path)}
    with pytest.raises(NotFound):
        appoint(session, **stranger, duty="monitor", name="孙丽")
    with pytest.raises(NotFound):
        end(
            session,
            now=NOW,
            actor=stranger["actor"],
            round_id=round.id,
            appointment_id=made.appointment.id,
        )
