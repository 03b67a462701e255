"""Areas, the names they carried, and the one installation."""

import hmac
import secrets
from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.areas.models import Area, FormerName, Installation, Level
from voting.areas.rules import (
    checked_address,
    checked_help_number,
    checked_name,
    is_top,
)
from voting.config import Config
from voting.errors import NotAllowed, NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.persistence.base import new_id

_ORDER = list(Level)


class AlreadySetUp(Refusal):
    """The first set-up has been done, perhaps a moment ago by somebody else."""

    msgid = "首次设置已经完成，不能再做一次。请直接登录。"


class NameTaken(Refusal):
    """A sibling carries the name."""

    msgid = "同一个上级下面已经有“%(name)s”了，请换一个名称。"
    status = 422
    field = "name"


class WrongLevel(Refusal):
    """The level does not lie below that of the parent."""

    msgid = "下级的层级要比“%(parent)s”低，请重新选择。"
    status = 422
    field = "level"


class AddressIsFixed(Refusal):
    """The operator set the address on the server."""

    msgid = "地址由运维人员在服务器上设定，这里不能改。"
    field = "public_url"


def find_installation(session: Session) -> Installation | None:
    """Return what this installation is, or None before the first set-up."""
    return session.get(Installation, 1)


def get_installation(session: Session) -> Installation:
    """Return what this installation is; raise NotFound before the first set-up."""
    installation = find_installation(session)
    if installation is None:
        raise NotFound
    return installation


def install(
    session: Session, *, now: datetime, name: str, public_url: str, demo: bool = False
) -> Installation:
    """Make the one installation; raise AlreadySetUp. Of two at once, the primary key lets one win."""
    if find_installation(session) is not None:
        raise AlreadySetUp
    installation = Installation(
        name=checked_name(name),
        public_url=checked_address(public_url),
        scan_code=_new_scan_code(),
        demo=demo,
        set_up_at=now,
    )
    session.add(installation)
    try:
        session.flush()
    except IntegrityError as taken:
        raise AlreadySetUp from taken
    return installation


def get_area(session: Session, area_id: str) -> Area:
    """Return an area; raise NotFound."""
    # PostgreSQL refuses NUL in a text with an error, and an id has only letters and digits.
    area = session.get(Area, area_id) if area_id.isalnum() else None
    if area is None:
        raise NotFound
    return area


def top_area(session: Session) -> Area | None:
    """Return the area that holds all others, or None before the first set-up."""
    return session.scalar(select(Area).where(Area.parent_id.is_(None)).order_by(Area.id).limit(1))


def children(session: Session, area_id: str | None) -> list[Area]:
    """Return the areas directly below one, or the top areas, by name."""
    return list(
        session.scalars(select(Area).where(Area.parent_id == area_id).order_by(Area.name, Area.id))
    )


def areas_below(session: Session, area: Area) -> list[Area]:
    """Return ``area`` itself and everything inside it, each parent before its children."""
    inside = session.scalars(
        select(Area).where(Area.path.startswith(area.path)).order_by(Area.name, Area.id)
    )
    by_parent: defaultdict[str | None, list[Area]] = defaultdict(list)
    for found in inside:
        by_parent[found.parent_id].append(found)
    ordered: list[Area] = []
    waiting = [area]
    while waiting:
        ordered.append(waiting.pop())
        waiting.extend(reversed(by_parent[ordered[-1].id]))
    return ordered


def areas_above(session: Session, area: Area) -> list[Area]:
    """Return the areas that hold ``area``, from the top down, without itself."""
    ids = area.path.split("/")[:-2]
    found = {held.id: held for held in session.scalars(select(Area).where(Area.id.in_(ids)))}
    return [found[id] for id in ids]


def former_names(session: Session, area_id: str) -> list[FormerName]:
    """Return the names an area carried before, the latest first."""
    return list(
        session.scalars(
            select(FormerName)
            .where(FormerName.area_id == area_id)
            .order_by(FormerName.until.desc(), FormerName.id)
        )
    )


def levels_below(area: Area) -> list[Level]:
    """Return the levels a child of ``area`` may have; a level may be left out, never turned round."""
    return _ORDER[_ORDER.index(Level(area.level)) + 1 :]


def add_area(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    parent_id: str | None,
    level: str,
    name: str,
    help_number: str | None = None,
) -> Area:
    """Add an area below one that the actor may act in; without a parent, the top of all."""
    parent = _own_area(session, actor, parent_id) if parent_id is not None else None
    if parent is None and not (actor.area_path == "" and level == Level.DISTRICT):
        raise NotFound
    if parent is not None and level not in levels_below(parent):
        raise WrongLevel(parent=parent.name)
    id = new_id()
    area = Area(
        id=id,
        parent_id=parent_id,
        level=level,
        name=checked_name(name),
        path=f"{parent.path if parent else ''}{id}/",
        help_number=checked_help_number(help_number),
    )
    session.add(area)
    _flush_name(session, area.name)
    record(
        session, actor, "areas.add", now=now, kind="area", id=area.id,
        area_path=area.path, name=area.name, level=area.level,
    )  # fmt: skip
    return area


def rename_area(session: Session, *, now: datetime, actor: Actor, area_id: str, name: str) -> Area:
    """Give an area a new name; the old one is kept with the day it ended."""
    area = _own_area(session, actor, area_id)
    before, area.name = area.name, checked_name(name)
    if area.name == before:
        return area
    session.add(FormerName(area_id=area.id, name=before, until=now))
    _flush_name(session, area.name)
    installation = find_installation(session)
    if area.parent_id is None and installation is not None:
        installation.name = area.name
    record(
        session, actor, "areas.rename", now=now, kind="area", id=area.id,
        area_path=area.path, before=before, after=area.name,
    )  # fmt: skip
    return area


def set_help_number(
    session: Session, *, now: datetime, actor: Actor, area_id: str, help_number: str | None
) -> Area:
    """Set the number residents call when they need help; an empty one takes it away."""
    area = _own_area(session, actor, area_id)
    number = checked_help_number(help_number)
    if number == area.help_number:
        return area
    area.help_number = number
    record(
        session, actor, "areas.set_help_number", now=now, kind="area", id=area.id,
        area_path=area.path, help_number=number or "",
    )  # fmt: skip
    return area


def set_public_url(session: Session, *, now: datetime, actor: Actor, url: str) -> Installation:
    """Set the address telephones open; a changed one must be scanned again before cards are made."""
    installation = get_installation(session)
    if not is_top(actor.area_path):
        raise NotAllowed
    address = checked_address(url)
    if address == installation.public_url:
        return installation
    before, installation.public_url = installation.public_url, address
    # A picture that was printed or photographed before must not vouch for the new address.
    installation.scan_code = _new_scan_code()
    installation.scanned_url = None
    installation.scanned_at = None
    record(
        session, actor, "areas.set_public_url", now=now, kind="installation", id="1",
        before=before, after=address,
    )  # fmt: skip
    return installation


def is_scan_code(installation: Installation | None, code: str) -> bool:
    """Tell whether a code is the one in the test QR picture."""
    wanted = installation.scan_code if installation else None
    return wanted is not None and hmac.compare_digest(wanted.encode(), code.encode())


def record_scan(
    session: Session, *, now: datetime, code: str, url: str | None = None
) -> Installation:
    """Write down that a telephone opened the test page; raise NotFound for another code.

    ``url`` is the address in force (``public_url``); without it, the installation's own.
    """
    installation = get_installation(session)
    if not is_scan_code(installation, code):
        raise NotFound
    address = url or installation.public_url
    if installation.scanned_url != address:
        installation.scanned_url = address
        installation.scanned_at = now
    return installation


def public_url(installation: Installation | None, config: Config) -> str:
    """Return the address telephones open, without a path.

    What the operator sets in the environment comes before what was typed at the first set-up.
    """
    if installation is None or is_address_fixed(config):
        return config.public_url
    return installation.public_url


def is_address_fixed(config: Config) -> bool:
    """Tell whether the operator set the public address where no page can change it."""
    return config.public_url != f"http://127.0.0.1:{config.port}"


def scanned(installation: Installation | None, config: Config) -> bool:
    """Tell whether a telephone has reached the address that is in force now."""
    return installation is not None and installation.scanned_url == public_url(installation, config)


def _own_area(session: Session, actor: Actor, area_id: str) -> Area:
    area = get_area(session, area_id)
    if not area.path.startswith(actor.area_path):
        raise NotFound
    return area


def _flush_name(session: Session, name: str) -> None:
    try:
        session.flush()
    except IntegrityError as taken:
        raise NameTaken(name=name) from taken


def _new_scan_code() -> str:
    return secrets.token_hex(8)
