"""The printed register: a line in it stays the same person's, however the roll changes afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import unlock_field
from voting.roll.models import RollChange
from voting.roll.rules.search import natural
from voting.roll.service.asking import load_values
from voting.roll.service.confirming import PLACE_PURPOSE
from voting.roll.service.searching import Line, lines_of, select_lines
from voting.roll.service.secrecy import RollKey, roll_key
from voting.rounds.service import get_round


@dataclass
class _Past:
    """What the changes made of people: who came after the freezing and when, and whence they moved."""

    came: dict[str, datetime] = field(default_factory=dict)
    stayed: set[str] = field(default_factory=set)
    moved: dict[str, tuple[str, str]] = field(default_factory=dict)


def register(session: Session, *, keys: Keyring, round_id: str) -> list[Line]:
    """Return the lines of the printed register: the people of the frozen list by building, room and id.

    Who was listed later follows in the order of listing. Who was struck after the freezing keeps the line,
    and so does who moved: a place in this list, once printed, stays the same person's.
    """
    pepper = roll_key(keys, get_round(session, round_id))
    past = _past(session, pepper, round_id)
    lines = list(lines_of(session.execute(select_lines(round_id)), pepper))
    # Who was struck before the freezing and never came back never stood in a printed register.
    shown = [
        line
        for line in lines
        if not line.is_struck or line.elector_id in past.came or line.elector_id in past.stayed
    ]
    frozen = [line for line in shown if line.elector_id not in past.came]
    later = [line for line in shown if line.elector_id in past.came]
    return [
        *sorted(frozen, key=lambda line: _door(line, past)),
        *sorted(later, key=lambda line: past.came[line.elector_id]),
    ]


def _door(line: Line, past: _Past) -> tuple[object, object, str]:
    building, room = past.moved.get(line.elector_id, (line.building, line.room))
    return natural(building), natural(room), line.elector_id


def _past(session: Session, pepper: RollKey, round_id: str) -> _Past:
    past = _Past()
    for elector_id, act, at, place_before in _made(session, round_id):
        # The first change tells: who is added or restored first stood on no frozen list.
        if elector_id not in past.came and elector_id not in past.stayed:
            if act in {"add", "restore"}:
                past.came[elector_id] = at
            else:
                past.stayed.add(elector_id)
        if place_before is not None and elector_id not in past.moved:
            kept = load_values(unlock_field(pepper, PLACE_PURPOSE, place_before))
            past.moved[elector_id] = str(kept["building"]), str(kept["room"])
    return past


def _made(session: Session, round_id: str) -> Iterator[tuple[str, str, datetime, bytes | None]]:
    rows = session.execute(
        select(RollChange.elector_id, RollChange.act, RollChange.second_at, RollChange.place_before)
        .where(RollChange.round_id == round_id, RollChange.state == "done")
        .order_by(RollChange.second_at)
    )
    for elector_id, act, at, place_before in rows:
        assert at is not None  # noqa: S101 -- the table's own check
        yield elector_id, act, at, place_before
