"""Loading the demo: all of it in one transaction, or, where it stands already, only a fresh sample card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from voting.accounts.models import Officer
from voting.accounts.rules import ROLE_NAMES
from voting.accounts.service.passwords import fits
from voting.areas.models import Installation
from voting.areas.service import find_installation
from voting.clock import at_local, local_day
from voting.demo.rules import places
from voting.demo.rules.stories import Story, stories, voting_again
from voting.demo.service.installing import install, keep_address
from voting.demo.service.samples import (
    Sample,
    find_sample_round,
    fresh_sample,
)
from voting.demo.service.scene import Part, Progress, Scene, play
from voting.demo.service.telling import Telling
from voting.errors import Refusal
from voting.permissions import Role
from voting.rounds.models import Round
from voting.rounds.rules import PUBLIC, Phase
from voting.rounds.service import all_rounds, settle

# Before the first act of any round.
_SET_UP_BEFORE = timedelta(days=760)


class RealInstallation(Refusal):
    """The database belongs to a street that really votes."""

    msgid = "这里已经装好了正式的平台，演示数据不能装进来，什么都没有改动。请换一个空的数据库。"


@dataclass(frozen=True)
class DeskLine:
    """An officer of the demo; ``is_open`` says that the demo's password still opens their desk."""

    sign_in_name: str
    role: str
    area: str
    is_open: bool


@dataclass(frozen=True)
class RoundLine:
    """A round of the installation; ``path`` is where it can be seen."""

    id: str
    title: str
    phase: Phase
    area: str
    path: str


@dataclass(frozen=True)
class Loaded:
    """What stands after loading; ``is_new`` when it was not there before."""

    is_new: bool
    address: str
    desks: Sequence[DeskLine]
    rounds: Sequence[RoundLine]
    sample: Sample


def is_loaded(scene: Scene) -> bool:
    """Tell whether the demo stands here; raise RealInstallation if something else does."""
    installation = find_installation(scene.session)
    if installation is not None and not installation.demo:
        raise RealInstallation
    return installation is not None


def load(scene: Scene, *, now: datetime, password: str, progress: Progress) -> Loaded:
    """Load the demo, or freshen it; raise RealInstallation, or AlreadySetUp when another load was first."""
    was_loaded = is_loaded(scene)
    if was_loaded:
        # Of two loads at once the second waits here, and then finds what the first has made.
        scene.session.get(Installation, 1, with_for_update=True, populate_existing=True)
        keep_address(scene.session, now=now, config=scene.config)
    else:
        _load_all(scene, now=now, password=password, progress=progress)
    round = find_sample_round(scene, now=now)
    if round is None:
        today = local_day(now)
        (round,) = _tell(scene, [voting_again(today)], today=today, progress=progress)
    sample = fresh_sample(scene, now=now, round=round)
    return Loaded(
        is_new=not was_loaded,
        address=scene.address,
        desks=_desks(scene, password if was_loaded else None),
        rounds=_rounds(scene, now),
        sample=sample,
    )


def _load_all(scene: Scene, *, now: datetime, password: str, progress: Progress) -> None:
    today = local_day(now)
    begun = at_local(today, 9) - _SET_UP_BEFORE
    install(scene.session, now=begun, config=scene.config, password=password)
    _tell(scene, stories(today), today=today, progress=progress)
    settle(scene.session, now=now)


def _tell(scene: Scene, told: list[Story], *, today: date, progress: Progress) -> list[Round]:
    """Tell stories side by side and return their rounds."""
    parts = [Part(scene, story, today=today) for story in told]
    acts = [act for part in parts for act in Telling(part).acts()]
    play(acts, progress)
    return [part.round for part in parts]


def _desks(scene: Scene, password: str | None) -> list[DeskLine]:
    """Return who can sign in; with a password, look whether it still is theirs, which takes a moment."""
    names = [*(desk.sign_in_name for desk in places.DESKS), places.ADMINISTRATOR]
    found = scene.session.scalars(select(Officer).where(Officer.sign_in_name.in_(names)))
    officers = {officer.sign_in_name: officer for officer in found}
    return [
        DeskLine(
            name,
            ROLE_NAMES[Role(officers[name].role)],
            officers[name].area.name,
            officers[name].is_active
            and (password is None or fits(officers[name].password_hash, password)),
        )
        for name in names
        if name in officers
    ]


def _rounds(scene: Scene, now: datetime) -> list[RoundLine]:
    return [_line(round, round.phase_at(now)) for round in all_rounds(scene.session, now=now)]


def _line(round: Round, phase: Phase) -> RoundLine:
    path = f"/rounds/{round.id}" if phase in PUBLIC else f"/desk/rounds/{round.id}"
    return RoundLine(round.id, round.title, phase, round.area.name, path)
