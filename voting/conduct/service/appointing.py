"""Monitors, tellers and supervisors of a round: appointed, replaced, ended; their slips."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.proposals.service import conflicts_of, person_key, phone_key
from voting.rounds.models import Appointment, Round
from voting.rounds.rules import Phase
from voting.rounds.service import RoundOver, hold_round

DUTY_NAMES = {"monitor": "监票人", "teller": "计票人", "supervisor": "监督员"}
DUTY_TASKS = {
    "monitor": (
        "投票截止后到场，看着两名工作人员开箱。",
        "看着计票，有疑问当场提出来。",
        "核对公布的结果和计票的一样。",
    ),
    "teller": ("投票截止后到场清点、计票。", "两个人一组，一个念、一个记，互相核对。"),
    "supervisor": ("入选项目开工后到现场看进度、看质量。", "发现问题告诉社区，参加验收。"),
}
SLIP_LIFE = timedelta(days=60)
_TOKEN_BYTES = 16
_TOKEN_LENGTH = 26
_OVER = frozenset({Phase.TERMINATED, Phase.CLOSED, Phase.ARCHIVED})


class ProposesACandidate(Refusal):
    """A candidate's proposer never monitors or tells."""

    msgid = (
        "%(number)d 号“%(title)s”的建议人也叫%(name)s，建议人不能做监票人、计票人。"
        "如果只是同名，请填上这个人的电话；建议人也留了电话，系统才能分清。"
    )
    status = 422
    field = "name"


class AlreadyAppointed(Refusal):
    """The person has this duty already."""

    msgid = "%(name)s已经是%(duty)s。凭条丢了，请用“换人或补凭条”。"
    status = 422
    field = "name"


class AppointmentEnded(Refusal):
    """Somebody else has taken over, or the duty is over."""

    msgid = "这项委任已经结束。请刷新名单再看。"


@dataclass(frozen=True)
class Appointed:
    """A new appointment, and the token of its slip: shown once, kept nowhere."""

    appointment: Appointment
    token: str


def slip_hash(token: str) -> bytes:
    """Return SHA-256 of a slip's token: 128 random bits need no key."""
    return hashlib.sha256(token.encode()).digest()


def appointments_of(session: Session, round_id: str) -> list[Appointment]:
    """Return the appointments of a round, the running ones first, in the order they were made."""
    ours = select(Appointment).where(Appointment.round_id == round_id)
    order = (Appointment.ended_at.is_not(None), Appointment.appointed_at, Appointment.id)
    return list(session.scalars(ours.order_by(*order)))


def get_appointment(session: Session, appointment_id: str, *, round_id: str) -> Appointment:
    """Return an appointment of this round; raise NotFound for another round's as for none."""
    found = session.get(Appointment, appointment_id) if appointment_id.isalnum() else None
    if found is None or found.round_id != round_id:
        raise NotFound
    return found


def appoint(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    duty: str,
    name: str,
    phone: str = "",
) -> Appointed:
    """Appoint a person; raise NotFound, RoundOver, AlreadyAppointed or ProposesACandidate."""
    round = _open_round(session, actor, round_id)
    made = _make(session, now, actor, keys, round, Person(duty, name, phone))
    _note(session, actor, "appointment.appoint", now, round, made.appointment)
    return made


def replace(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    appointment_id: str,
    name: str,
    phone: str = "",
) -> Appointed:
    """Put another person, or the same one with a new slip, in a duty; the old slip dies with this act."""
    round = _open_round(session, actor, round_id)
    old = get_appointment(session, appointment_id, round_id=round_id)
    _end(session, old, now)
    made = _make(session, now, actor, keys, round, Person(old.duty, name, phone), replaces=old)
    _note(session, actor, "appointment.replace", now, round, made.appointment)
    return made


def end(
    session: Session, *, now: datetime, actor: Actor, round_id: str, appointment_id: str
) -> Appointment:
    """End an appointment; its slip dies. Raises NotFound or AppointmentEnded."""
    round = hold_round(session, round_id)
    if not round.area.path.startswith(actor.area_path):
        raise NotFound
    appointment = get_appointment(session, appointment_id, round_id=round_id)
    _end(session, appointment, now)
    _note(session, actor, "appointment.end", now, round, appointment)
    return appointment


def valid_until(round: Round) -> datetime:
    """Return when the slips of a round stop opening anything: count and objections are over by then."""
    return round.closing + SLIP_LIFE


def find_by_slip(session: Session, token: str, *, now: datetime) -> Appointment | None:
    """Return the running appointment of a slip; None for a dead slip as for a strange one."""
    if len(token) != _TOKEN_LENGTH or not token.isascii():
        return None
    return _find_alive(session, slip_hash(token.lower()), now)


def note_entry(session: Session, appointment_id: str, *, now: datetime) -> None:
    """Write down when a slip was used for the first time."""
    first = (Appointment.id == appointment_id, Appointment.entered_at.is_(None))
    session.execute(update(Appointment).where(*first).values(entered_at=now))


def find_running(
    session: Session, appointment_id: str, digest: bytes, *, now: datetime
) -> Appointment | None:
    """Return the appointment a browser's cookie names, as long as its slip lives."""
    found = _find_alive(session, digest, now)
    return found if found is not None and found.id == appointment_id else None


def _find_alive(session: Session, digest: bytes, now: datetime) -> Appointment | None:
    found = session.execute(
        select(Appointment, Round)
        .join(Round, Round.id == Appointment.round_id)
        .where(Appointment.slip_hash == digest, Appointment.ended_at.is_(None))
    ).one_or_none()
    return found.Appointment if found and now < valid_until(found.Round) else None


@dataclass(frozen=True)
class Person:
    """Who is appointed to what; an empty telephone is none."""

    duty: str
    name: str
    phone: str


def _make(
    session: Session,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round: Round,
    person: Person,
    *,
    replaces: Appointment | None = None,
) -> Appointed:
    token = base64.b32encode(secrets.token_bytes(_TOKEN_BYTES)).decode().rstrip("=").lower()
    appointment = Appointment(
        round_id=round.id,
        duty=person.duty,
        name=person.name,
        person_key=person_key(keys, person.name),
        phone_key=phone_key(keys, person.phone),
        slip_hash=slip_hash(token),
        appointed_at=now,
        appointed_by=actor.id,
        replaces_id=replaces.id if replaces else None,
    )
    _check_new(session, appointment)
    session.add(appointment)
    session.flush()
    _check_conflict(session, appointment)
    return Appointed(appointment, token)


def _check_new(session: Session, new: Appointment) -> None:
    same = select(Appointment).where(
        Appointment.round_id == new.round_id,
        Appointment.duty == new.duty,
        Appointment.ended_at.is_(None),
        Appointment.person_key == new.person_key,
    )
    for other in session.scalars(same):
        if new.phone_key is None or other.phone_key is None or new.phone_key == other.phone_key:
            raise AlreadyAppointed(name=new.name, duty=DUTY_NAMES[new.duty])


def _check_conflict(session: Session, appointment: Appointment) -> None:
    for conflict in conflicts_of(session, appointment.round_id):
        if conflict.appointment_id == appointment.id:
            raise ProposesACandidate(
                number=conflict.number, title=conflict.candidate, name=appointment.name
            )


def _end(session: Session, appointment: Appointment, now: datetime) -> None:
    # Two officers may replace one person at once: the row decides who was first.
    ended = session.execute(
        update(Appointment)
        .where(Appointment.id == appointment.id, Appointment.ended_at.is_(None))
        .values(ended_at=now)
        .returning(Appointment.id)
    ).one_or_none()
    if ended is None:
        raise AppointmentEnded


def _open_round(session: Session, actor: Actor, round_id: str) -> Round:
    round = hold_round(session, round_id)
    if not round.area.path.startswith(actor.area_path):
        raise NotFound
    if round.phase in _OVER:
        raise RoundOver
    return round


def _note(
    session: Session, actor: Actor, act: str, now: datetime, round: Round, about: Appointment
) -> None:
    record(
        session, actor, act, now=now, kind="appointment", id=about.id, area_path=round.area.path,
        round=round.id, duty=about.duty,
    )  # fmt: skip
