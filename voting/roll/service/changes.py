"""Changes of a frozen roll as officers read them: those that wait, one of them, and the history."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.adapters.keyring import Keyring
from voting.persistence.paging import one_page
from voting.roll.models import Elector, RollApplication, RollChange
from voting.roll.service.asking import values_of
from voting.roll.service.secrecy import open_phone, open_room, roll_key
from voting.rounds.models import Round

ACT_NAMES = {"add": "补列", "strike": "除名", "restore": "恢复", "correct": "更正"}


@dataclass(frozen=True)
class ChangePage:
    """One page of changes, with the names of the officers; pages count from 1."""

    changes: Sequence[RollChange]
    names: dict[str, str]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, repr=False)
class Entry:
    """How a person stands, or would stand, on the roll: masked as everywhere at the desk."""

    number: str
    basis: str
    building: str


@dataclass(frozen=True, repr=False)
class Asked:
    """What a waiting change would do: how the person stands, how they would, and what else differs."""

    before: Entry | None
    after: Entry | None
    room_differs: bool = False
    phone_differs: bool = False


def waiting_changes(session: Session, round_id: str, *, page: int = 1) -> ChangePage:
    """Return a page of the changes that wait, the oldest first."""
    return _page(session, round_id, RollChange.state == "waiting", page, newest_first=False)


def decided_changes(session: Session, round_id: str, *, page: int = 1) -> ChangePage:
    """Return a page of the changes that were made or refused, the latest first."""
    return _page(session, round_id, RollChange.state != "waiting", page, newest_first=True)


def count_waiting(session: Session, round_id: str) -> tuple[int, int]:
    """Return how many changes and how many applications wait."""
    changes = select(func.count()).where(
        RollChange.round_id == round_id, RollChange.state == "waiting"
    )
    applications = select(func.count()).where(
        RollApplication.round_id == round_id, RollApplication.state == "waiting"
    )
    return session.scalar(changes) or 0, session.scalar(applications) or 0


def waiting_change_of(session: Session, round_id: str, elector_id: str) -> RollChange | None:
    """Return the change of a person that waits, or None."""
    return session.scalars(
        select(RollChange).where(
            RollChange.round_id == round_id,
            RollChange.elector_id == elector_id,
            RollChange.state == "waiting",
        )
    ).one_or_none()


def asked_of(session: Session, *, keys: Keyring, round: Round, change: RollChange) -> Asked:
    """Return what a change would do to the person."""
    elector = session.get(Elector, (round.id, change.elector_id))
    if change.state != "waiting":
        return Asked(_entry(elector), None)
    pepper = roll_key(keys, round)
    values = values_of(pepper, change)
    if not values:
        return Asked(_entry(elector), None)
    new = Elector(**values)
    after = Entry(new.id_masked or (elector.id_masked if elector else ""), new.basis, new.building)
    if elector is None:
        return Asked(None, after)
    return Asked(
        _entry(elector),
        after,
        room_differs=open_room(pepper, new.room_sealed) != open_room(pepper, elector.room_sealed),
        phone_differs=open_phone(pepper, new.phone_sealed)
        != open_phone(pepper, elector.phone_sealed),
    )


def names_of(session: Session, changes: Sequence[RollChange]) -> dict[str, str]:
    """Return the names of the officers of some changes."""
    ids = {one.first_by for one in changes} | {one.second_by for one in changes if one.second_by}
    rows = session.execute(select(Officer.id, Officer.name).where(Officer.id.in_(ids)))
    return {row.id: row.name for row in rows}


def standing_of(session: Session, application: RollApplication) -> str:
    """Return where an application stands: waiting, confirming, accepted or refused."""
    if application.state != "accepted":
        return application.state
    state = session.scalar(
        select(RollChange.state).where(RollChange.application_id == application.id)
    )
    return {"waiting": "confirming", "refused": "refused"}.get(state or "", "accepted")


def _entry(elector: Elector | None) -> Entry | None:
    return Entry(elector.id_masked, elector.basis, elector.building) if elector else None


def _page(
    session: Session,
    round_id: str,
    state: ColumnElement[bool],
    page: int,
    *,
    newest_first: bool,
) -> ChangePage:
    order = RollChange.second_at.desc() if newest_first else RollChange.first_at
    query = select(RollChange).where(RollChange.round_id == round_id, state)
    found = one_page(session, query.order_by(order, RollChange.id), page)
    changes = [row.RollChange for row in found.rows]
    return ChangePage(changes, names_of(session, changes), found.total, found.page, found.pages)
