"""What the street sees of assisted voting while it goes on: numbers of officers and days, nobody helped."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from voting.accounts.service import officer_names
from voting.clock import local_day
from voting.journal.models import JournalEntry
from voting.paper.models import AssistedBallot
from voting.roll.models import Channel, Participation

PER_PAGE = 50


@dataclass(frozen=True)
class OfficerHelp:
    """How many an officer helped, and how often the officer was the second who was there."""

    officer_id: str
    name: str
    helped: int
    accompanied: int


@dataclass(frozen=True)
class DayHelp:
    """The same on one day."""

    name: str
    day: date
    helped: int
    accompanied: int


@dataclass(frozen=True)
class HelpGiven:
    """All help given in a round; ``marked`` counts the rights used so far, ``channel`` those by this one."""

    officers: Sequence[OfficerHelp]
    days: Sequence[DayHelp]
    total: int
    channel: int
    marked: int


def help_given(session: Session, round_id: str) -> HelpGiven:
    """Count the help given in a round: by officer, the most first, and by day, the newest first."""
    first, second = _entries(session, round_id)
    ids = {officer for officer, _ in (*first, *second)}
    names = dict.fromkeys(ids, "—") | officer_names(session, ids)
    helped, accompanied = _by_officer(first), _by_officer(second)
    officers = [OfficerHelp(id, name, helped[id], accompanied[id]) for id, name in names.items()]
    days = [
        DayHelp(names[id], day, first[id, day], second[id, day]) for id, day in {*first, *second}
    ]
    return HelpGiven(
        officers=sorted(officers, key=lambda one: (-one.helped, -one.accompanied, one.name)),
        days=sorted(days, key=lambda one: (-one.day.toordinal(), one.name)),
        total=_number(session, AssistedBallot.round_id == round_id),
        channel=_marks(session, round_id, Channel.ASSISTED),
        marked=_marks(session, round_id, *Channel),
    )


_ByDay = Counter[tuple[str, date]]


def _entries(session: Session, round_id: str) -> tuple[_ByDay, _ByDay]:
    """Read from the journal who helped and who was there: it is the one place that keeps the day."""
    rows = session.execute(
        select(JournalEntry.actor_id, JournalEntry.at, JournalEntry.details).where(
            JournalEntry.act == "paper.assist", JournalEntry.object_id == round_id
        )
    )
    first: _ByDay = Counter()
    second: _ByDay = Counter()
    for actor_id, at, details in rows:
        first[actor_id, local_day(at)] += 1
        second[json.loads(details)["second"], local_day(at)] += 1
    return first, second


def _by_officer(counted: _ByDay) -> Counter[str]:
    total: Counter[str] = Counter()
    for (officer, _day), number in counted.items():
        total[officer] += number
    return total


def _marks(session: Session, round_id: str, *channels: Channel) -> int:
    names = [channel.value for channel in channels]
    return _number(session, Participation.round_id == round_id, Participation.channel.in_(names))


def _number(session: Session, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(*where)) or 0
