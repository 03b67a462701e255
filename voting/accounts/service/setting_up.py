"""The first set-up: the installation, its areas from the top down, and the first administrator."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.accounts.service.officers import add_officer
from voting.areas.models import Level
from voting.areas.rules import checked_name
from voting.areas.service import add_area, install
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.permissions import Role

_LEVELS = (Level.STREET, Level.COMMUNITY, Level.ESTATE)


class GapInAreas(Refusal):
    """A level was named and the one above it left out."""

    msgid = "填了下一级，上一级也要填。"
    status = 422


class WrongSetUpCode(Refusal):
    """The code is not the one in the keyring: anybody may find the address first."""

    msgid = "设置码不对。请在服务器上运行 flask accounts setup-code，照着显示的填写。"
    status = 422
    field = "code"


@dataclass(frozen=True)
class FirstFacts:
    """What the first set-up asks; an area left out is an empty text."""

    district: str
    public_url: str
    name: str
    sign_in_name: str
    password: str
    street: str = ""
    community: str = ""
    estate: str = ""
    help_number: str = ""


def set_up(session: Session, *, now: datetime, facts: FirstFacts, demo: bool = False) -> Officer:
    """Set the platform up and return its administrator; raise AlreadySetUp, of two at once for one."""
    district = checked_name(facts.district, field="district")
    install(session, now=now, name=district, public_url=facts.public_url, demo=demo)
    actor = Actor(id="set-up", name="首次设置", area_path="")
    top = add_area(
        session, now=now, actor=actor, parent_id=None, level=Level.DISTRICT,
        name=district, help_number=facts.help_number,
    )  # fmt: skip
    parent = top
    for level, name in _lower_areas(facts):
        parent = add_area(
            session, now=now, actor=actor, parent_id=parent.id, level=level, name=name
        )
    return add_officer(
        session, now=now, actor=actor, sign_in_name=facts.sign_in_name, name=facts.name,
        role=Role.ADMINISTRATOR, area_id=top.id, password=facts.password,
        must_change_password=False,
    )  # fmt: skip


def _lower_areas(facts: FirstFacts) -> list[tuple[Level, str]]:
    typed = {level: getattr(facts, level) for level in _LEVELS}
    named = [level for level in _LEVELS if typed[level].strip()]
    if named != list(_LEVELS[: len(named)]):
        missing = next(level for level in _LEVELS if level not in named)
        raise GapInAreas(field=missing)
    return [(level, checked_name(typed[level], field=level)) for level in named]
