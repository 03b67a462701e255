"""Papers as issued, for everybody."""

from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from voting.api.rules import Json, moment
from voting.api.service.asking import Asked, Key, everything, newest_first, part
from voting.areas.models import Area
from voting.errors import NotFound
from voting.notices.models import Notice
from voting.rounds.models import Round
from voting.rounds.service import public_papers

_KEYS = (newest_first(Notice.issued_at), Key(Notice.number, falls=True))


def paper_part(
    session: Session, asked: Asked, *, area: Area | None = None, round: Round | None = None
) -> Json:
    """Return a part of the papers, the latest first."""
    return part(session, _papers(area, round), _KEYS, asked, lambda rows: list(map(_written, rows)))


def all_papers(
    session: Session, *, area: Area | None = None, round: Round | None = None
) -> list[Notice]:
    """Return the papers for a table; raise TooMany."""
    return everything(session, _papers(area, round), _KEYS)


def notice(session: Session, number: str) -> tuple[Notice, Json]:
    """Return one paper by its number; raise NotFound."""
    found = session.scalars(public_papers().where(Notice.number == number)).one_or_none()
    if found is None:
        raise NotFound
    return found, _written(found)


def _papers(area: Area | None, round: Round | None) -> Select[Any]:
    query = public_papers(area)
    return query if round is None else query.where(Notice.round_id == round.id)


def _written(one: Notice) -> Json:
    first, last = one.publicity_from, one.publicity_to
    days = {"first": first.isoformat(), "last": last.isoformat()} if first and last else None
    return {
        "number": one.number,
        "kind": one.kind,
        "title": one.title,
        "area_id": one.area_id,
        "round_id": one.round_id,
        "issued_at": moment(one.issued_at),
        "publicity": days,
        "page": f"/notices/{one.number}",
        "pdf": f"/notices/{one.number}.pdf",
        "pdf_sha256": one.pdf_digest or None,
    }
