"""The declarative base, its naming convention and the column types both databases agree on.

SQLite tables are STRICT, and STRICT knows only INTEGER, REAL, TEXT, BLOB and ANY, so the compile hooks
below give every other type its SQLite spelling.
"""

import base64
import secrets
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    LargeBinary,
    MetaData,
    String,
    Text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

STRICT: dict[str, Any] = {"sqlite_strict": True}
# Rows sit in key order, not in order of arrival: see integrity.md §0.3.
SECRET: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False}


@compiles(String, "sqlite")
@compiles(Text, "sqlite")
@compiles(Date, "sqlite")
@compiles(DateTime, "sqlite")
def _text(*_: object, **__: object) -> str:
    return "TEXT"


@compiles(Boolean, "sqlite")
@compiles(BigInteger, "sqlite")
def _integer(*_: object, **__: object) -> str:
    return "INTEGER"


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime; ISO text with microseconds on SQLite, timestamptz on PostgreSQL."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: a deadline must not depend on a server's zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back to what SQLite stored without one."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table; STRICT on SQLite unless a table says more."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        str: Text(),
        bytes: LargeBinary(),
        int: BigInteger(),
    }
    __table_args__: Any = STRICT


def new_id() -> str:
    """Return 128 random bits as 26 lower-case base32 characters; never sequential."""
    return base64.b32encode(secrets.token_bytes(16)).decode("ascii").rstrip("=").lower()
