"""The monitor in whose presence something is done: appointed to this round, and not ended."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.errors import Refusal
from voting.rounds.models import Appointment


class MonitorUnfit(Refusal):
    """Nobody of this id monitors the round now."""

    msgid = "请选一位现任监票人。刚换过人的，请刷新这一页再选。"
    status = 422
    field = "monitor"


def monitors_of(session: Session, round_id: str) -> list[Appointment]:
    """Return the running monitors of a round, in the order in which they were appointed."""
    query = select(Appointment).where(
        Appointment.round_id == round_id,
        Appointment.duty == "monitor",
        Appointment.ended_at.is_(None),
    )
    return list(session.scalars(query.order_by(Appointment.appointed_at, Appointment.id)))


def require_monitor(session: Session, round_id: str, monitor_id: str) -> Appointment:
    """Return a running monitor of this round; raise MonitorUnfit."""
    for monitor in monitors_of(session, round_id):
        if monitor.id == monitor_id:
            return monitor
    raise MonitorUnfit


def monitor_names(session: Session, round_id: str) -> dict[str, str]:
    """Return the names of all who monitor or monitored a round, by the id of their appointment."""
    query = select(Appointment.id, Appointment.name).where(
        Appointment.round_id == round_id, Appointment.duty == "monitor"
    )
    return {row.id: row.name for row in session.execute(query)}


def monitor_name(session: Session, monitor_id: str) -> str:
    """Return the name of somebody who was present, whether or not the appointment has ended since."""
    return session.get_one(Appointment, monitor_id).name
