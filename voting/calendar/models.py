"""The holiday table: what the street knows before the library does."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import Base


class Holiday(Base):
    """A day that is off, or a weekend day that is worked; stands above the library."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(primary_key=True)
    works: Mapped[bool]
    name: Mapped[str]
