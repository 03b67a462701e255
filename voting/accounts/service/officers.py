"""Officers: add, find, give a new password, unlock, retire."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.accounts.rules import check_password, checked_sign_in_name, folded_name
from voting.accounts.service.passwords import fits, hash_password
from voting.accounts.service.signing_in import claim_try, end_sessions
from voting.areas.models import Area
from voting.areas.rules import checked_name
from voting.areas.service import get_area
from voting.config import Config
from voting.errors import CountedRefusal, NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.permissions import Role

PAGE = 50
_SEARCH_MOST = 40


class SignInNameTaken(Refusal):
    """Somebody has the name, perhaps somebody who left."""

    msgid = "登录名“%(name)s”已经有人用了（包括已离任的人），请换一个。"
    status = 422
    field = "sign_in_name"


class UnknownRole(Refusal):
    """There is no such role."""

    msgid = "没有这种角色，请重新选择。"
    status = 422
    field = "role"


class WrongPassword(CountedRefusal):
    """The present password is not right; the try has been counted."""

    msgid = "现在的密码不对。连续输错 %(tries)s 次，账号会锁定 %(minutes)s 分钟。"
    status = 422
    field = "current"


class SamePassword(Refusal):
    """The new password is the old one."""

    msgid = "新密码和现在的密码一样，请换一个。"
    status = 422
    field = "password"


class AlreadyRetired(Refusal):
    """The officer left before."""

    msgid = "这位工作人员已经离任。"


class LastAdministrator(Refusal):
    """Nobody would be left to run the accounts of the area."""

    msgid = "离任以后，这个区域就没有管理员了。请先添加另一位管理员。"


@dataclass(frozen=True)
class OfficerPage:
    """One page of a list; pages count from 1."""

    officers: list[Officer]
    page: int
    pages: int
    total: int


def get_officer(session: Session, officer_id: str, *, within: Area | None = None) -> Officer:
    """Return an officer, of an area if one is given; raise NotFound."""
    officer = session.get(Officer, officer_id) if officer_id.isalnum() else None
    if officer is None or (within is not None and not officer.area.lies_in(within)):
        raise NotFound
    return officer


def officers_in(
    session: Session, area: Area, *, page: int = 1, search: str = "", retired: bool = False
) -> OfficerPage:
    """Return the officers of an area and everything below it, by name; ``search`` looks into the names."""
    wanted: list[ColumnElement[bool]] = [
        Officer.area_id.in_(select(Area.id).where(Area.path.startswith(area.path))),
        Officer.retired_at.is_not(None) if retired else Officer.retired_at.is_(None),
    ]
    search = "".join(filter(str.isprintable, search)).strip()[:_SEARCH_MOST]
    if search:
        wanted.append(
            or_(
                Officer.name.contains(search, autoescape=True),
                Officer.sign_in_name.contains(folded_name(search), autoescape=True),
            )
        )
    total = session.scalar(select(func.count()).select_from(Officer).where(*wanted)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    officers = session.scalars(
        select(Officer)
        .where(*wanted)
        .order_by(Officer.name, Officer.sign_in_name)
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    return OfficerPage(list(officers), page, pages, total)


def add_officer(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    sign_in_name: str,
    name: str,
    role: str,
    area_id: str,
    password: str,
    must_change_password: bool = True,
) -> Officer:
    """Add an officer to an area that the actor may act in."""
    area = get_area(session, area_id)
    if not area.path.startswith(actor.area_path):
        raise NotFound(field="area_id")
    if role not in set(Role):
        raise UnknownRole
    folded = checked_sign_in_name(sign_in_name)
    check_password(password, folded)
    officer = Officer(
        area=area,
        role=role,
        sign_in_name=folded,
        name=checked_name(name),
        password_hash=hash_password(password),
        must_change_password=must_change_password,
        created_at=now,
    )
    session.add(officer)
    try:
        session.flush()
    except IntegrityError as taken:
        raise SignInNameTaken(name=folded) from taken
    record(
        session, actor, "accounts.add", now=now, kind="officer", id=officer.id,
        area_path=area.path, role=role, sign_in_name=folded,
    )  # fmt: skip
    return officer


def reset_password(
    session: Session, *, now: datetime, actor: Actor, officer_id: str, password: str
) -> Officer:
    """Give an officer a new initial password; their sessions end, a lock is taken away."""
    officer = _active(session, actor, officer_id)
    check_password(password, officer.sign_in_name)
    officer.password_hash = hash_password(password)
    officer.must_change_password = True
    officer.failed_tries, officer.locked_until = 0, None
    end_sessions(session, officer.id)
    _record(session, actor, "accounts.reset_password", officer, now=now)
    return officer


def unlock(session: Session, *, now: datetime, actor: Actor, officer_id: str) -> Officer:
    """Take the lock of too many wrong passwords away."""
    officer = _active(session, actor, officer_id)
    if officer.locked_until is not None or officer.failed_tries:
        officer.failed_tries, officer.locked_until = 0, None
        _record(session, actor, "accounts.unlock", officer, now=now)
    return officer


def change_password(
    session: Session,
    *,
    now: datetime,
    config: Config,
    officer_id: str,
    current: str,
    password: str,
    token: str | None = None,
) -> Officer:
    """Change one's own password; every other session of the officer ends, that of ``token`` stays.

    Tries at the present password count like tries at the door: an unattended desk is a door, too.
    """
    officer = get_officer(session, officer_id)
    claim = claim_try(session, now=now, config=config, sign_in_name=officer.sign_in_name)
    if not fits(claim.password_hash, current):
        raise WrongPassword(tries=config.sign_in_tries, minutes=config.lockout_minutes)
    session.refresh(officer)
    officer.failed_tries, officer.locked_until = 0, None
    if current == password:
        raise SamePassword
    check_password(password, officer.sign_in_name)
    officer.password_hash = hash_password(password)
    officer.must_change_password = False
    end_sessions(session, officer.id, but=token)
    _record(session, officer.actor, "accounts.change_password", officer, now=now)
    return officer


def receivers(session: Session, officer: Officer) -> list[Officer]:
    """Return who may take over from an officer: active, of the same area or one above it, by name."""
    ids = officer.area.path.split("/")[:-1]
    found = session.scalars(
        select(Officer)
        .where(Officer.area_id.in_(ids), Officer.retired_at.is_(None), Officer.id != officer.id)
        .order_by(Officer.name, Officer.sign_in_name)
    )
    return list(found)


def retire_officer(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    officer_id: str,
    receiver_id: str | None,
    handed_over: Mapping[str, int] | None = None,
) -> None:
    """Retire an officer: no sign-in any more, and every session ends at once.

    What the officer holds is handed over before, in the same transaction (``desk.service.retire``).
    Raises LastAdministrator when nobody would be left to run the accounts of the officer's area.
    """
    officer = _active(session, actor, officer_id)
    if officer.role == Role.ADMINISTRATOR:
        _check_other_administrator(session, officer)
    retired = session.execute(
        update(Officer)
        .where(Officer.id == officer.id, Officer.retired_at.is_(None))
        .values(retired_at=now, receiver_id=receiver_id, failed_tries=0, locked_until=None)
        .returning(Officer.id)
    ).one_or_none()
    if retired is None:
        raise AlreadyRetired
    end_sessions(session, officer.id)
    record(
        session, actor, "accounts.retire", now=now, kind="officer", id=officer.id,
        area_path=officer.area.path, sign_in_name=officer.sign_in_name,
        receiver=receiver_id or "", **(handed_over or {}),
    )  # fmt: skip


def officer_names(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    """Return the names behind the ids of officers; strange ids are left out."""
    rows = session.execute(
        select(Officer.id, Officer.name).where(Officer.id.in_(set(ids) - {None}))
    )
    return {row.id: row.name for row in rows}


def _check_other_administrator(session: Session, officer: Officer) -> None:
    # Two administrators may retire each other at once: the lock lets the second see what the first did.
    others = session.scalars(
        select(Officer)
        .where(
            Officer.role == Role.ADMINISTRATOR, Officer.area_id.in_(officer.area.path.split("/"))
        )
        .order_by(Officer.id)
        .with_for_update(of=Officer)
        .execution_options(populate_existing=True)
    ).all()
    if not any(other.retired_at is None and other.id != officer.id for other in others):
        raise LastAdministrator


def _active(session: Session, actor: Actor, officer_id: str) -> Officer:
    officer = get_officer(session, officer_id)
    if not officer.area.path.startswith(actor.area_path):
        raise NotFound
    if officer.retired_at is not None:
        raise AlreadyRetired
    return officer


def _record(session: Session, actor: Actor, act: str, officer: Officer, *, now: datetime) -> None:
    record(
        session, actor, act, now=now, kind="officer", id=officer.id, area_path=officer.area.path,
        sign_in_name=officer.sign_in_name,
    )  # fmt: skip
