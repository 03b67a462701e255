"""Areas and the one row that says what this installation is."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import STRICT, Base, new_id


class Level(StrEnum):
    """How far down an area lies."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    ESTATE = "estate"


LEVEL_NAMES = {
    Level.DISTRICT: "区",
    Level.STREET: "街道（镇）",
    Level.COMMUNITY: "社区（村）",
    Level.ESTATE: "小区",
}


class Area(Base):
    """A district, street, community or estate.

    ``path`` is the chain of ids from the district down, each followed by ``/``: one area lies inside
    another exactly when its path begins with the other's.
    """

    __tablename__ = "area"
    __table_args__ = (
        UniqueConstraint("parent_id", "name"),
        UniqueConstraint("path"),
        CheckConstraint("level IN ('district', 'street', 'community', 'estate')", name="level"),
        CheckConstraint("(level = 'district') = (parent_id IS NULL)", name="top"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("area.id"))
    level: Mapped[str]
    name: Mapped[str]
    path: Mapped[str]
    help_number: Mapped[str | None]

    @property
    def level_name(self) -> str:
        """The Chinese name of the level."""
        return LEVEL_NAMES[Level(self.level)]

    def lies_in(self, other: "Area") -> bool:
        """Tell whether this area is ``other`` or inside it."""
        return self.path.startswith(other.path)


class FormerName(Base):
    """A name that an area carried until a day (桃花镇 became 桃花街道)."""

    __tablename__ = "area_former_name"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    area_id: Mapped[str] = mapped_column(ForeignKey("area.id"), index=True)
    name: Mapped[str]
    until: Mapped[datetime]


class Installation(Base):
    """The one row of this installation: made at the first set-up.

    ``scanned_url`` is the public address that a telephone has really reached by a test QR code; cards
    may be made only while it equals the address in force.
    """

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="single"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True, default=1, autoincrement=False)
    name: Mapped[str]
    public_url: Mapped[str]
    scanned_url: Mapped[str | None]
    scanned_at: Mapped[datetime | None]
    scan_code: Mapped[str | None]
    demo: Mapped[bool] = mapped_column(default=False)
    set_up_at: Mapped[datetime]
