"""The journal page: who did what, and whether the book is whole."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask_login import current_user
from sqlalchemy import ColumnElement, func, inspect, select, true
from sqlalchemy.orm import Session

from voting.clock import at_local
from voting.journal.document import act_name, line
from voting.journal.models import JournalEntry
from voting.journal.service import first_broken
from voting.permissions import Permission
from voting.web.access import needs
from voting.web.db import get_session

bp = Blueprint("journal", __name__)
PAGE = 50
_CHUNK = 1000
_CHECK_SECONDS = 60.0
_CHECKED = "voting.journal_check"
_LONGEST = 64


@dataclass(frozen=True)
class Filter:
    """What the reader wants to see; an empty text wants everything."""

    act: str = ""
    actor: str = ""
    day: str = ""

    @property
    def query(self) -> dict[str, str]:
        """What the address of another page of the same list carries."""
        return {name: value for name, value in vars(self).items() if value}


@bp.get("/desk/journal")
@needs(Permission.JOURNAL_READ)
def index() -> str:
    """Show the acts within the officer's own area, 50 a page, the latest first."""
    session = get_session()
    within = _within()
    wanted = _read_filter()
    where = [within, *_conditions(wanted)]
    total = session.scalar(select(func.count()).select_from(JournalEntry).where(*where)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    entries = session.scalars(
        select(JournalEntry)
        .where(*where)
        .order_by(JournalEntry.idx.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    return render_template(
        "journal/index.html",
        lines=[line(entry) for entry in entries],
        page=page,
        pages=pages,
        total=total,
        wanted=wanted,
        acts=_acts(session, within),
        actors=_actors(session, within),
        broken=_broken(session),
    )


def _within() -> ColumnElement[bool]:
    area = current_user.area
    # What the command line did belongs to no area: it is shown to those whose area is the whole.
    return true() if area.parent_id is None else JournalEntry.area_path.startswith(area.path)


def _read_filter() -> Filter:
    def read(name: str) -> str:
        value = request.args.get(name, "").strip()
        return value if value.isprintable() and len(value) <= _LONGEST else ""

    return Filter(act=read("act"), actor=read("actor"), day=read("day"))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.act:
        found.append(JournalEntry.act == wanted.act)
    if wanted.actor:
        found.append(JournalEntry.actor_id == wanted.actor)
    start = _start_of(wanted.day)
    if start is not None:
        found += [JournalEntry.at >= start, JournalEntry.at < start + timedelta(days=1)]
    return found


def _start_of(day: str) -> datetime | None:
    try:
        return at_local(date.fromisoformat(day))
    except (ValueError, OverflowError):
        return None


def _acts(session: Session, within: ColumnElement[bool]) -> list[tuple[str, str]]:
    codes = session.scalars(select(JournalEntry.act).where(within).distinct())
    return sorted(((code, act_name(code)) for code in codes), key=lambda act: act[1])


def _actors(session: Session, within: ColumnElement[bool]) -> list[tuple[str, str]]:
    people = session.execute(
        select(JournalEntry.actor_id, func.max(JournalEntry.actor_name))
        .where(within)
        .group_by(JournalEntry.actor_id)
    )
    return sorted(((id, name) for id, name in people), key=lambda actor: actor[1])


def _book(session: Session) -> Iterator[Any]:
    # Rows and not objects, a thousand at a time: a book of many years takes a second, and little memory.
    # A reading session has no transaction, and without one PostgreSQL keeps no cursor.
    query = select(*inspect(JournalEntry).columns).order_by(JournalEntry.idx).limit(_CHUNK)
    last = -1
    while rows := session.execute(query.where(JournalEntry.idx > last)).all():
        yield from rows
        last = rows[-1].idx


def _broken(session: Session) -> int | None:
    """Return the first entry that does not fit, or None; the book is read at most once a minute."""
    until, broken = current_app.extensions.get(_CHECKED, (0.0, None))
    if time.monotonic() >= until:
        broken = first_broken(_book(session))
        current_app.extensions[_CHECKED] = (time.monotonic() + _CHECK_SECONDS, broken)
    found: int | None = broken
    return found
