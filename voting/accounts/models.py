"""Officers and their sessions."""

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from voting.areas.models import Area
from voting.journal.rules import Actor
from voting.permissions import GRANTS, Permission, Role, allows
from voting.persistence.base import STRICT, Base, new_id

_ROLES = ", ".join(f"'{role}'" for role in Role)


class Officer(Base, UserMixin):
    """A person at a desk: one role, one area, and everything below that area."""

    __tablename__ = "officer"
    __table_args__ = (
        UniqueConstraint("sign_in_name"),
        CheckConstraint(f"role IN ({_ROLES})", name="role"),
        CheckConstraint("failed_tries >= 0", name="tries"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    area_id: Mapped[str] = mapped_column(ForeignKey("area.id"), index=True)
    role: Mapped[str]
    sign_in_name: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(default=True)
    failed_tries: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    receiver_id: Mapped[str | None] = mapped_column(ForeignKey("officer.id"))

    area: Mapped[Area] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_active(self) -> bool:
        """Whether the officer may sign in at all (Flask-Login's name)."""
        return self.retired_at is None

    def may(self, permission: Permission, area: Area | None = None) -> bool:
        """Tell whether the role holds a permission, and for ``area`` if one is given."""
        return allows(Role(self.role), permission) and (area is None or area.lies_in(self.area))

    @property
    def actor(self) -> Actor:
        """How the journal names this officer."""
        return Actor(id=self.id, name=self.name, area_path=self.area.path)

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything the role holds."""
        return GRANTS[Role(self.role)]


class OfficerSession(Base):
    """One sign-in; deleting the row signs out for good. Holds only the hash of the cookie's token."""

    __tablename__ = "officer_session"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    officer_id: Mapped[str] = mapped_column(ForeignKey("officer.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
