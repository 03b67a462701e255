"""Handing over what a retiring officer holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.accounts.service import get_officer, receivers, retire_officer
from voting.cards.service import BatchLine, batches_held_by, charge_batch
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.paper.service import BundleLine, bundles_in_hand, pass_on
from voting.permissions import Permission
from voting.rounds.models import Appointment, Round
from voting.rounds.rules import Phase
from voting.tally.models import UrnOpening

_OPEN = frozenset({Phase.DRAFT, Phase.PENDING_APPROVAL})
_OVER = frozenset({Phase.CLOSED, Phase.ARCHIVED, Phase.TERMINATED})


class ReceiverNeeded(Refusal):
    """The officer holds something that somebody must take over."""

    msgid = "这位工作人员手上还有东西，请选一位接收人。"
    status = 422
    field = "receiver_id"


class ReceiverUnfit(Refusal):
    """The receiver has left, works below, or may not do what is handed over."""

    msgid = "这位接收人不合适：要在职，在同一区域或上级，并且有办理这些事的权限。"
    status = 422
    field = "receiver_id"


@dataclass(frozen=True)
class Holdings:
    """What an officer holds: cards, papers, drafts, half-approved openings, and the people they appointed."""

    batches: Sequence[BatchLine]
    bundles: Sequence[BundleLine]
    drafts: Sequence[Round]
    openings: Sequence[Round]
    appointments: Sequence[Appointment]

    @property
    def permissions(self) -> frozenset[Permission]:
        """What a receiver must be allowed to do with it."""
        needed = {
            Permission.CARD_HAND_OUT: [*self.batches, *self.bundles],
            Permission.ROUND_EDIT: self.drafts,
            Permission.URN_OPEN: self.openings,
            Permission.APPOINTMENT_MANAGE: self.appointments,
        }
        return frozenset(permission for permission, held in needed.items() if held)


def holdings(session: Session, officer_id: str) -> Holdings:
    """Return what an officer holds."""
    drafts = select(Round).where(
        Round.created_by == officer_id, Round.phase.in_([phase.value for phase in _OPEN])
    )
    openings = (
        select(Round)
        .join(UrnOpening, UrnOpening.round_id == Round.id)
        .where(UrnOpening.first_officer == officer_id, UrnOpening.second_officer.is_(None))
    )
    appointments = (
        select(Appointment)
        .join(Round, Round.id == Appointment.round_id)
        .where(
            Appointment.appointed_by == officer_id,
            Appointment.ended_at.is_(None),
            Round.phase.not_in([phase.value for phase in _OVER]),
        )
    )
    return Holdings(
        batches=batches_held_by(session, officer_id),
        bundles=bundles_in_hand(session, officer_id),
        drafts=session.scalars(drafts.order_by(Round.created_at)).all(),
        openings=session.scalars(openings.order_by(Round.created_at)).all(),
        appointments=session.scalars(appointments.order_by(Appointment.appointed_at)).all(),
    )


def fit_receivers(session: Session, officer: Officer, held: Holdings) -> list[Officer]:
    """Return who may take over what an officer holds: same area or above, with the permissions for it."""
    return [
        receiver
        for receiver in receivers(session, officer)
        if held.permissions <= receiver.permissions
    ]


def retire(
    session: Session, *, now: datetime, actor: Actor, officer_id: str, receiver_id: str | None
) -> None:
    """Hand over what an officer holds and retire the officer, in one transaction."""
    officer = get_officer(session, officer_id)
    if not officer.area.path.startswith(actor.area_path):
        raise NotFound
    held = holdings(session, officer_id)
    receiver = _receiver(session, officer, held, receiver_id)
    if receiver is not None:
        _hand_over(session, officer, receiver, held, now=now, actor=actor)
    retire_officer(
        session,
        now=now,
        actor=actor,
        officer_id=officer_id,
        receiver_id=receiver.id if receiver else None,
        handed_over={
            "batches": len(held.batches),
            "papers": len(held.bundles),
            "drafts": len(held.drafts),
            "openings": len(held.openings),
            "appointments": len(held.appointments),
        },
    )


def _receiver(
    session: Session, officer: Officer, held: Holdings, receiver_id: str | None
) -> Officer | None:
    if not receiver_id:
        if held.permissions:
            raise ReceiverNeeded
        return None
    fit = {receiver.id: receiver for receiver in fit_receivers(session, officer, held)}
    if receiver_id not in fit:
        raise ReceiverUnfit
    return fit[receiver_id]


def _hand_over(
    session: Session,
    officer: Officer,
    receiver: Officer,
    held: Holdings,
    *,
    now: datetime,
    actor: Actor,
) -> None:
    for line in held.batches:
        charge_batch(session, now=now, actor=actor, batch_id=line.batch.id, officer_id=receiver.id)
    pass_on(session, now=now, actor=actor, before=officer.id, after=receiver.id)
    # Nobody can agree to an opening in another's name: the receiver begins it anew.
    session.execute(
        delete(UrnOpening).where(
            UrnOpening.first_officer == officer.id, UrnOpening.second_officer.is_(None)
        )
    )
    # Who drafted and who appointed stays as it was; the journal says who goes on with it.
    for act, kind, tasks_held in (
        ("tally.withdraw", "round", held.openings),
        ("round.hand_over", "round", held.drafts),
        ("appointment.hand_over", "appointment", held.appointments),
    ):
        for task in tasks_held:
            record(
                session, actor, act, now=now, kind=kind, id=task.id,
                area_path=officer.area.path, officer=officer.name, receiver=receiver.id,
            )  # fmt: skip
