from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.accounts import make_officer
from tests.factories.areas import Chain, make_area, make_chain
from tests.factories.ballots import keyring
from tests.factories.cards import make_batch
from tests.factories.rounds import CLOSES, OPENS, make_round
from voting.accounts.models import Officer
from voting.accounts.service import AlreadyRetired, LastAdministrator
from voting.cards.models import CardBatch
from voting.desk.service import (
    STEPS,
    ReceiverNeeded,
    ReceiverUnfit,
    fit_receivers,
    holdings,
    retire,
    tasks,
)
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE
from voting.permissions import Permission, Role
from voting.persistence.base import new_id
from voting.rounds.models import Appointment, Round
from voting.rounds.rules import Phase
from voting.tally.models import UrnOpening


@pytest.fixture
def chain(session: Session) -> Chain:
    return make_chain(session)


@pytest.fixture
def leaving(session: Session, chain: Chain) -> Officer:
    return make_officer(session, area=chain.community, role=Role.COMMUNITY_SECRETARY, name="离任的")


@pytest.fixture
def receiver(session: Session, chain: Chain) -> Officer:
    return make_officer(session, area=chain.community, role=Role.COMMUNITY_SECRETARY, name="接手的")


def _batch(session: Session, tmp_path: Path, holder: Officer, round: Round) -> CardBatch:
    # Cards are made in a round of their own, whose vote is open.
    batch = make_batch(session, keyring(tmp_path), round, count=6)
    batch.holder_id = holder.id
    session.flush()
    return batch


def _open_round(session: Session, chain: Chain) -> Round:
    return make_round(session, area=chain.estate, phase=Phase.VOTE_ANNOUNCED)


def _appoint(session: Session, round: Round, by: Officer, now: datetime) -> Appointment:
    appointment = Appointment(
        round_id=round.id,
        duty="monitor",
        name="陈监票",
        person_key=b"p",
        slip_hash=new_id().encode(),
        appointed_at=now,
        appointed_by=by.id,
    )
    session.add(appointment)
    session.flush()
    return appointment


def _retire(session: Session, leaving: Officer, receiver: Officer | None, now: datetime) -> None:
    retire(
        session,
        now=now,
        actor=COMMAND_LINE,
        officer_id=leaving.id,
        receiver_id=receiver.id if receiver else None,
    )


def test_what_waits_for_an_officer_comes_first(
    session: Session, chain: Chain, leaving: Officer, now: datetime
) -> None:
    make_round(session, area=chain.estate, phase=Phase.PENDING_APPROVAL)
    make_round(session, area=chain.estate, phase=Phase.DELIBERATING)
    found = tasks(session, leaving, now=now)
    assert [(task.phase, task.is_mine) for task in found] == [
        (Phase.DELIBERATING, True),
        (Phase.PENDING_APPROVAL, False),
    ]
    assert found[0].step == STEPS[Phase.DELIBERATING][1]


def test_the_clock_moves_a_task_on(
    session: Session, chain: Chain, leaving: Officer, now: datetime
) -> None:
    _open_round(session, chain)
    at = {
        moment: tasks(session, leaving, now=moment)[0].phase
        for moment in (now, OPENS, CLOSES - timedelta(seconds=1), CLOSES)
    }
    assert list(at.values()) == [
        Phase.VOTE_ANNOUNCED,
        Phase.VOTING,
        Phase.VOTING,
        Phase.COUNTING,
    ]


def test_other_areas_ended_rounds_and_loaded_ones_are_no_task(
    session: Session, chain: Chain, leaving: Officer, now: datetime
) -> None:
    other = make_area(session, parent=chain.street, level="community")
    make_round(session, area=other)
    make_round(session, area=chain.estate, phase=Phase.TERMINATED)
    make_round(session, area=chain.estate, phase=Phase.COUNTING, kind="loaded")
    assert tasks(session, leaving, now=now) == []


def test_who_only_reads_has_no_task_of_their_own(
    session: Session, chain: Chain, now: datetime
) -> None:
    make_round(session, area=chain.estate)
    auditor = make_officer(session, area=chain.district, role=Role.AUDITOR)
    assert [task.is_mine for task in tasks(session, auditor, now=now)] == [False]


def test_every_step_names_a_permission_somebody_holds() -> None:
    assert {permission for permission, _ in STEPS.values()} <= set(Permission)
    assert set(STEPS) >= set(Phase) - {
        Phase.IMPLEMENTING,
        Phase.CLOSED,
        Phase.ARCHIVED,
        Phase.TERMINATED,
    }


def test_an_officer_who_holds_nothing_leaves_without_a_receiver(
    session: Session, leaving: Officer, now: datetime
) -> None:
    assert not holdings(session, leaving.id).permissions
    _retire(session, leaving, None, now)
    session.refresh(leaving)
    assert (leaving.retired_at, leaving.receiver_id) == (now, None)


def test_everything_an_officer_holds_is_listed(
    session: Session, chain: Chain, leaving: Officer, now: datetime, tmp_path: Path
) -> None:
    draft = make_round(session, area=chain.estate)
    draft.created_by = leaving.id
    counted = make_round(session, area=chain.estate, phase=Phase.COUNTING)
    session.add(UrnOpening(round_id=counted.id, first_officer=leaving.id, first_at=now))
    open_round = _open_round(session, chain)
    batch = _batch(session, tmp_path, leaving, open_round)
    appointment = _appoint(session, open_round, leaving, now)
    held = holdings(session, leaving.id)
    assert [line.batch.id for line in held.batches] == [batch.id]
    assert held.batches[0].counts.unused == 6
    assert (list(held.drafts), list(held.openings)) == ([draft], [counted])
    assert list(held.appointments) == [appointment]
    assert held.permissions == {
        Permission.CARD_HAND_OUT,
        Permission.ROUND_EDIT,
        Permission.URN_OPEN,
        Permission.APPOINTMENT_MANAGE,
    }


def test_what_is_over_is_not_held(
    session: Session, chain: Chain, leaving: Officer, now: datetime
) -> None:
    approved = make_round(session, area=chain.estate, phase=Phase.COLLECTING)
    approved.created_by = leaving.id
    ended = make_round(session, area=chain.estate, phase=Phase.TERMINATED)
    _appoint(session, ended, leaving, now)
    done = _appoint(session, approved, leaving, now)
    done.ended_at = now
    other = make_officer(session, area=chain.community, role=Role.COMMUNITY_SECRETARY)
    counted = make_round(session, area=chain.estate, phase=Phase.COUNTING)
    session.add(
        UrnOpening(
            round_id=counted.id,
            first_officer=leaving.id,
            first_at=now,
            second_officer=other.id,
            second_at=now,
        )
    )
    session.flush()
    assert not holdings(session, leaving.id).permissions


def test_cards_go_to_the_receiver(
    session: Session,
    chain: Chain,
    leaving: Officer,
    receiver: Officer,
    now: datetime,
    tmp_path: Path,
) -> None:
    batch = _batch(session, tmp_path, leaving, _open_round(session, chain))
    _retire(session, leaving, receiver, now)
    session.refresh(batch)
    assert batch.holder_id == receiver.id
    session.refresh(leaving)
    assert (leaving.retired_at, leaving.receiver_id) == (now, receiver.id)
    acts = session.scalars(select(JournalEntry.act).order_by(JournalEntry.idx)).all()
    assert acts[-2:] == ["cards.charge", "accounts.retire"]


def test_half_an_agreement_is_withdrawn_not_passed_on(
    session: Session, chain: Chain, leaving: Officer, receiver: Officer, now: datetime
) -> None:
    counted = make_round(session, area=chain.estate, phase=Phase.COUNTING)
    session.add(UrnOpening(round_id=counted.id, first_officer=leaving.id, first_at=now))
    session.flush()
    _retire(session, leaving, receiver, now)
    assert session.get(UrnOpening, counted.id, populate_existing=True) is None
    assert "tally.withdraw" in session.scalars(select(JournalEntry.act)).all()


def test_who_drafted_and_who_appointed_stays_written(
    session: Session, chain: Chain, leaving: Officer, receiver: Officer, now: datetime
) -> None:
    draft = make_round(session, area=chain.estate)
    draft.created_by = leaving.id
    appointment = _appoint(session, _open_round(session, chain), leaving, now)
    _retire(session, leaving, receiver, now)
    assert (draft.created_by, appointment.appointed_by) == (leaving.id, leaving.id)
    acts = set(session.scalars(select(JournalEntry.act)))
    assert {"round.hand_over", "appointment.hand_over"} <= acts


def test_who_holds_something_needs_a_receiver(
    session: Session, chain: Chain, leaving: Officer, now: datetime
) -> None:
    make_round(session, area=chain.estate).created_by = leaving.id
    session.flush()
    with pytest.raises(ReceiverNeeded):
        _retire(session, leaving, None, now)


def test_receivers_may_do_what_is_handed_over(
    session: Session, chain: Chain, leaving: Officer, receiver: Officer, now: datetime
) -> None:
    counted = make_round(session, area=chain.estate, phase=Phase.COUNTING)
    session.add(UrnOpening(round_id=counted.id, first_officer=leaving.id, first_at=now))
    worker = make_officer(session, area=chain.community, role=Role.COMMUNITY_WORKER)
    make_officer(session, area=chain.community, role=Role.ADMINISTRATOR)
    make_officer(session, area=chain.estate, role=Role.COMMUNITY_SECRETARY, name="下级的")
    above = make_officer(session, area=chain.street, role=Role.STREET_OFFICER, name="街道的")
    held = holdings(session, leaving.id)
    assert {officer.id for officer in fit_receivers(session, leaving, held)} == {
        receiver.id,
        above.id,
    }
    with pytest.raises(ReceiverUnfit):
        _retire(session, leaving, worker, now)


@pytest.mark.parametrize("receiver_id", ["a" * 26, "\x00", "own"])
def test_a_receiver_must_be_somebody_else(
    session: Session, leaving: Officer, now: datetime, receiver_id: str
) -> None:
    wanted = leaving.id if receiver_id == "own" else receiver_id
    with pytest.raises(ReceiverUnfit):
        retire(session, now=now, actor=COMMAND_LINE, officer_id=leaving.id, receiver_id=wanted)


def test_nobody_is_retired_twice_or_from_another_area(
    session: Session, chain: Chain, leaving: Officer, now: datetime
) -> None:
    other = make_officer(session, area=make_area(session, parent=chain.district))
    with pytest.raises(NotFound):
        retire(session, now=now, actor=other.actor, officer_id=leaving.id, receiver_id=None)
    _retire(session, leaving, None, now)
    session.expire_all()
    with pytest.raises(AlreadyRetired):
        _retire(session, leaving, None, now)


def test_the_last_administrator_keeps_everything(
    session: Session, chain: Chain, now: datetime
) -> None:
    admin = make_officer(session, area=chain.district)
    with pytest.raises(LastAdministrator):
        _retire(session, admin, None, now)
