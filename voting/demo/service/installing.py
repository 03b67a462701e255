"""The platform of the demo: set up, its areas, its officers, its address tested."""

from datetime import datetime

from sqlalchemy.orm import Session

from voting.accounts.service import FirstFacts, add_officer, set_up
from voting.areas.models import Area, Installation
from voting.areas.service import (
    add_area,
    get_installation,
    public_url,
    record_scan,
    rename_area,
    scanned,
    set_public_url,
    top_area,
)
from voting.config import Config
from voting.demo.rules import places
from voting.journal.rules import Actor


def install(session: Session, *, now: datetime, config: Config, password: str) -> None:
    """Set the platform up as a demo, with an officer for each role; raise AlreadySetUp."""
    first = FirstFacts(
        district=places.DISTRICT,
        public_url=config.public_url,
        name=places.ADMINISTRATOR_NAME,
        sign_in_name=places.ADMINISTRATOR,
        password=password,
        help_number=places.HELP_NUMBER,
    )
    administrator = set_up(session, now=now, facts=first, demo=True)
    actor = administrator.actor
    areas = {places.DISTRICT: administrator.area}
    for place in places.PLACES:
        areas[place.name] = _add(session, now, actor, place, areas[place.inside])
    for desk in places.DESKS:
        add_officer(
            session,
            now=now,
            actor=actor,
            sign_in_name=desk.sign_in_name,
            name=desk.name,
            role=desk.role,
            area_id=areas[desk.area].id,
            password=password,
            must_change_password=False,
        )
    keep_address(session, now=now, config=config)


def _add(session: Session, now: datetime, actor: Actor, place: places.Place, inside: Area) -> Area:
    area = add_area(
        session,
        now=now,
        actor=actor,
        parent_id=inside.id,
        level=place.level,
        name=place.former_name or place.name,
        help_number=place.help_number,
    )
    if place.former_name:
        rename_area(session, now=now, actor=actor, area_id=area.id, name=place.name)
    return area


def keep_address(session: Session, *, now: datetime, config: Config) -> Installation:
    """Let the demo have the address it is served on, as if a telephone had scanned the test code."""
    installation = get_installation(session)
    top = top_area(session)
    actor = Actor("demo", "演示数据", top.path if top else "")
    set_public_url(session, now=now, actor=actor, url=config.public_url)
    if not scanned(installation, config):
        record_scan(
            session,
            now=now,
            code=installation.scan_code or "",
            url=public_url(installation, config),
        )
    return installation
