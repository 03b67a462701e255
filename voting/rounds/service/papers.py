"""The papers that anybody may read, of every round and of none."""

from sqlalchemy import Select, or_, select

from voting.areas.models import Area
from voting.notices.models import Notice
from voting.notices.service import PUBLIC
from voting.rounds.models import Round


def public_papers(area: Area | None = None) -> Select[Notice]:
    """Return the query of the papers for everybody, of an area and everything below it if one is given.

    A rehearsal's papers, and those of other people's elections, are nobody's news.
    """
    query = (
        select(Notice)
        .outerjoin(Round, Round.id == Notice.round_id)
        .where(Notice.audience == PUBLIC, or_(Notice.round_id.is_(None), Round.kind == "real"))
    )
    if area is not None:
        query = query.join(Area, Area.id == Notice.area_id).where(
            Area.path.startswith(area.path, autoescape=True)
        )
    return query
