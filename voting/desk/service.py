"""What waits at the desk, and handing over what a retiring officer holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.accounts.service import get_officer, receivers, retire_officer
from voting.areas.models import Area
from voting.cards.service import BatchLine, batches_held_by, charge_batch
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.permissions import Permission
from voting.rounds.models import Appointment, Round
from voting.rounds.rules import Phase
from voting.rounds.service import in_order
from voting.tally.models import UrnOpening

_OPEN = frozenset({Phase.DRAFT, Phase.PENDING_APPROVAL})
_OVER = frozenset({Phase.CLOSED, Phase.ARCHIVED, Phase.TERMINATED})
_MOST = 200

# Who takes the next step of a round, by the phase it stands in (practice.md §1.9, 谁推进), and what it is.
STEPS: dict[Phase, tuple[Permission, str]] = {
    Phase.DRAFT: (Permission.ROUND_EDIT, "填好方案，提交街道审批"),
    Phase.PENDING_APPROVAL: (Permission.ROUND_APPROVE, "审批方案"),
    Phase.COLLECTING: (Permission.PROPOSAL_EDIT, "录入居民的建议"),
    Phase.SCREENING: (Permission.PROPOSAL_EDIT, "审核整理建议"),
    Phase.DELIBERATING: (Permission.PROPOSAL_SHORTLIST, "确定候选项目"),
    Phase.SHORTLISTED: (Permission.ROUND_APPROVE, "发布投票公告"),
    Phase.VOTE_ANNOUNCED: (Permission.CARD_ISSUE, "印投票卡，准备投票"),
    Phase.VOTING: (Permission.CARD_HAND_OUT, "发放投票卡"),
    Phase.COUNTING: (Permission.URN_OPEN, "开箱计票"),
    Phase.RESULT_REVIEW: (Permission.RESULT_DECLARE, "审定结果"),
    Phase.PUBLICITY: (Permission.NOTICE_ISSUE, "张贴公示，等候期满"),
    Phase.OBJECTION: (Permission.RESULT_DECLARE, "处理异议"),
    Phase.CONFIRMED: (Permission.RESULT_DECLARE, "转入实施"),
    Phase.PAUSED: (Permission.ROUND_APPROVE, "恢复或终止"),
    Phase.VOTE_VOID: (Permission.ROUND_APPROVE, "重新组织投票或终止"),
}


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
class Task:
    """A round on the desk: its phase now and the step that comes next."""

    round: Round
    phase: Phase
    step: str
    is_mine: bool


@dataclass(frozen=True)
class Holdings:
    """What an officer holds: cards, drafts, half-approved openings, and the people they appointed."""

    batches: Sequence[BatchLine]
    drafts: Sequence[Round]
    openings: Sequence[Round]
    appointments: Sequence[Appointment]

    @property
    def permissions(self) -> frozenset[Permission]:
        """What a receiver must be allowed to do with it."""
        needed = {
            Permission.CARD_HAND_OUT: self.batches,
            Permission.ROUND_EDIT: self.drafts,
            Permission.URN_OPEN: self.openings,
            Permission.APPOINTMENT_MANAGE: self.appointments,
        }
        return frozenset(permission for permission, held in needed.items() if held)


def tasks(session: Session, officer: Officer, *, now: datetime) -> list[Task]:
    """Return the rounds of an officer's area that are under way, those that wait for this officer first."""
    rounds = session.scalars(
        in_order(
            select(Round)
            .join(Round.area)
            .where(
                Area.path.startswith(officer.area.path),
                Round.phase.not_in([phase.value for phase in _OVER]),
                Round.kind != "loaded",
            ),
            now,
        ).limit(_MOST)
    )
    found = [_task(round, officer, now) for round in rounds]
    return sorted(found, key=lambda task: not task.is_mine)


def _task(round: Round, officer: Officer, now: datetime) -> Task:
    phase = round.phase_at(now)
    permission, step = STEPS.get(phase, (None, ""))
    is_mine = permission is not None and officer.may(permission, round.area)
    return Task(round=round, phase=phase, step=step, is_mine=is_mine)


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
