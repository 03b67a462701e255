"""Rounds of a town with several estates, as a neighbour meets them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories.areas import NOW, Chain, make_area, make_chain
from tests.factories.rounds import make_plan, make_round
from voting.areas.models import Area
from voting.clock import local_day
from voting.notices.models import Notice
from voting.persistence.session import Database
from voting.rounds.models import Round

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Town:
    """A district with two communities, of which the first has two estates."""

    chain: Chain
    neighbour: Area
    other: Area


@pytest.fixture
def town(database: Database) -> Town:
    with database.transaction() as session:
        chain = make_chain(session)
        return Town(
            chain,
            make_area(session, parent=chain.community, name="朝阳小区"),
            make_area(session, parent=chain.street, name="河畔社区"),
        )


def stand(
    session: Session,
    area: Area,
    phase: str,
    title: str,
    *,
    opens: datetime = NOW - timedelta(days=1),
    kind: str = "real",
    **columns: object,
) -> Round:
    """Let a round of a place stand in a phase; its vote opened yesterday and lasts a week."""
    plan = make_plan(title=title, opens_at=opens, closes_at=opens + WEEK)
    round = make_round(
        session, area=session.get_one(Area, area.id), phase=phase, plan=plan, kind=kind
    )
    for name, value in {"collecting_until": local_day(NOW + WEEK), **columns}.items():
        setattr(round, name, value)
    session.flush()
    return round


def hang_out(session: Session, area: Area, number: str, **columns: object) -> Notice:
    """Issue a paper without printing it."""
    facts = {
        "kind": "result", "title": f"公示{number}", "facts": "{}", "pdf_digest": "", "round_id": None,
        "issued_at": NOW, "issued_by": "x", **columns,
    }  # fmt: skip
    notice = Notice(number=number, area_id=area.id, **facts)
    session.add(notice)
    session.flush()
    return notice
