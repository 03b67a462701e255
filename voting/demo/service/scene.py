"""What every act of the demo needs: where, by whom, with which keys, on which paper."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.adapters.keyring import Keyring
from voting.areas.models import Area
from voting.areas.service import find_installation, public_url
from voting.config import Config
from voting.demo.rules.stories import Story
from voting.results.rules import Publicity, ResultFacts
from voting.rounds.models import Round
from voting.tally.service import Announcement

# Hears how much is done, and of how much.
Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Sheet:
    """A paper: its kind and title, its facts as they are stored, the digest of its PDF if it was set."""

    kind: str
    title: str
    facts: str
    digest: str | None


class Papers(Protocol):
    """Sets papers and stores their PDF; stores pictures too."""

    def picture(self, title: str) -> str | None:
        """Store the picture of a work, if it has one, and return its digest."""
        ...

    def vote(
        self, given: Announcement, *, number: str, url: str, head: str, at_once: bool
    ) -> Sheet:
        """Set the paper that calls to a vote, or leave that to whoever first asks for it."""
        ...

    def result(
        self,
        facts: ResultFacts,
        *,
        publicity: Publicity,
        issued_on: date,
        number: str,
        url: str,
        head: str,
        at_once: bool,
    ) -> Sheet:
        """Set the paper that says a result, or leave that to whoever first asks for it."""
        ...


@dataclass
class Scene:
    """The installation as the demo's acts find it; ``settled`` collects batches whose seed must go."""

    session: Session
    config: Config
    keys: Keyring
    papers: Papers
    settled: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The public address in force."""
        return public_url(find_installation(self.session), self.config)

    def officer(self, sign_in_name: str) -> Officer:
        """Return an officer by the name they sign in with."""
        named = select(Officer).where(Officer.sign_in_name == sign_in_name)
        return self.session.scalars(named).one()


class Part:
    """One round of the demo: its story, the officers who run it, and the round itself once it exists."""

    round: Round

    def __init__(self, scene: Scene, story: Story, *, today: date) -> None:
        self.scene = scene
        self.story = story
        self.today = today
        self.random = Random(story.seed)  # noqa: S311 -- who likes which work is no secret
        self.worker = scene.officer(story.office.worker)
        self.secretary = scene.officer(story.office.secretary)
        self.street = scene.officer(story.office.street)

    @property
    def area(self) -> Area:
        """Where the round is; the community itself if the estate was renamed meanwhile."""
        inside = Area.path.startswith(self.worker.area.path)
        named = select(Area).where(Area.name == self.story.area, inside)
        return self.scene.session.scalars(named).first() or self.worker.area


@dataclass(frozen=True)
class Act:
    """Something that was done at a moment; ``size`` is how much work it is, about 1 a millisecond."""

    at: datetime
    do: Callable[[datetime], object]
    size: int = 1


def play(acts: list[Act], progress: Progress) -> None:
    """Do everything in the order in which it happened, whatever round it belongs to."""
    done, total = 0, sum(act.size for act in acts)
    for act in sorted(acts, key=lambda act: act.at):
        act.do(act.at)
        done += act.size
        progress(done, total)
