"""What every act of the demo needs: where, by whom, with which keys, on which paper."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.adapters.keyring import Keyring
from voting.areas.models import Area
from voting.areas.service import find_installation, public_url
from voting.config import Config
from voting.journal.rules import Actor
from voting.results.rules import Publicity, ResultFacts
from voting.tally.service import Announcement

Progress = Callable[[int], object]


@dataclass(frozen=True)
class Sheet:
    """A paper that was set: its kind and title, its facts as they are stored, the digest of its PDF."""

    kind: str
    title: str
    facts: str
    digest: str


class Papers(Protocol):
    """Sets papers and stores their PDF."""

    def vote(self, given: Announcement, *, number: str, url: str) -> Sheet:
        """Set the paper that calls to a vote."""
        ...

    def result(
        self,
        facts: ResultFacts,
        *,
        publicity: Publicity,
        issued_on: date,
        number: str,
        url: str,
    ) -> Sheet:
        """Set the paper that says a result."""
        ...


@dataclass
class Scene:
    """The installation as the demo's acts find it; ``settled`` collects batches whose seed must go."""

    session: Session
    config: Config
    keys: Keyring
    papers: Papers
    progress: Progress
    settled: list[str] = field(default_factory=list)

    def actor(self, sign_in_name: str) -> Actor:
        """Return an officer as the journal names them."""
        return self.officer(sign_in_name).actor

    def officer(self, sign_in_name: str) -> Officer:
        """Return an officer by the name they sign in with."""
        named = select(Officer).where(Officer.sign_in_name == sign_in_name)
        return self.session.scalars(named).one()

    def area(self, name: str, *, inside: Area) -> Area:
        """Return the area of a name below another, or that other if it was renamed meanwhile."""
        named = select(Area).where(Area.name == name, Area.path.startswith(inside.path))
        return self.session.scalars(named.order_by(Area.path).limit(1)).one_or_none() or inside

    @property
    def address(self) -> str:
        """The public address in force."""
        return public_url(find_installation(self.session), self.config)


@dataclass(frozen=True)
class Act:
    """Something that was done at a moment; ``size`` is how much work it is, 1 for a row or two."""

    at: datetime
    do: Callable[[datetime], None]
    size: int = 1


def play(acts: list[Act], progress: Progress) -> None:
    """Do everything in the order in which it happened, whatever round it belongs to."""
    for act in sorted(acts, key=lambda act: act.at):
        act.do(act.at)
        progress(act.size)
