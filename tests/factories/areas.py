"""Areas and an installation, without the first set-up."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from voting.areas.models import Area, Installation, Level
from voting.persistence.base import new_id

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
NAMES = {
    Level.DISTRICT: "西湖区",
    Level.STREET: "南站街道",
    Level.COMMUNITY: "站南巷社区",
    Level.ESTATE: "南烟小区",
}


@dataclass(frozen=True)
class Chain:
    """One area of each level, each inside the one before."""

    district: Area
    street: Area
    community: Area
    estate: Area


def make_area(
    session: Session,
    *,
    parent: Area | None = None,
    level: str | None = None,
    name: str | None = None,
    help_number: str | None = None,
) -> Area:
    """Make an area: a district, or one level below ``parent``."""
    levels = list(Level)
    level = level or (levels[levels.index(Level(parent.level)) + 1] if parent else Level.DISTRICT)
    id = new_id()
    area = Area(
        id=id,
        parent_id=parent.id if parent else None,
        level=level,
        name=name or f"{NAMES[Level(level)]}{id[:6]}",
        path=f"{parent.path if parent else ''}{id}/",
        help_number=help_number,
    )
    session.add(area)
    session.flush()
    return area


def make_chain(session: Session) -> Chain:
    """Make 西湖区, 南站街道, 站南巷社区 and 南烟小区."""
    district = make_area(session, name="西湖区", help_number="0791-86543210")
    street = make_area(session, parent=district, name="南站街道")
    community = make_area(session, parent=street, name="站南巷社区")
    return Chain(district, street, community, make_area(session, parent=community, name="南烟小区"))


def make_installation(
    session: Session, *, public_url: str = "https://vote.example.cn", scanned: bool = True
) -> Installation:
    """Make the one row of the installation, or return the one that is there."""
    installation = session.get(Installation, 1)
    if installation is None:
        installation = Installation(
            name="西湖区",
            public_url=public_url,
            scan_code="0123456789abcdef",
            scanned_url=public_url if scanned else None,
            scanned_at=NOW if scanned else None,
            set_up_at=NOW,
        )
        session.add(installation)
        session.flush()
    return installation
