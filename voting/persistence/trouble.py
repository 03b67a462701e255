"""Telling a database that cannot work now, for want of room or of a server, from a fault of the program."""

import errno
import sqlite3
from collections.abc import Iterator
from enum import StrEnum

import psycopg
from psycopg import errors as pg


class Trouble(StrEnum):
    """Why a database cannot work now."""

    FULL = "full"
    AWAY = "away"


_FULL = {errno.ENOSPC, errno.EDQUOT}
# The primary codes, https://sqlite.org/rescode.html: extended ones carry them in their lowest byte.
_SQLITE = {
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_BUSY: Trouble.AWAY,
    sqlite3.SQLITE_IOERR: Trouble.AWAY,
    sqlite3.SQLITE_CANTOPEN: Trouble.AWAY,
    sqlite3.SQLITE_READONLY: Trouble.AWAY,
}


def trouble_of(error: BaseException) -> Trouble | None:
    """Return what is wrong with the database behind an error, or None if it is something else."""
    return next((found for one in _behind(error) if (found := _trouble(one))), None)


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _trouble(error: BaseException) -> Trouble | None:
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error, psycopg.Error):
        return _of_postgresql(error)
    if isinstance(error, OSError) and error.errno in _FULL:
        return Trouble.FULL
    return None


def _of_postgresql(error: psycopg.Error) -> Trouble | None:
    if isinstance(error, pg.DiskFull):
        return Trouble.FULL
    # Class 57P: it shuts down, crashed or starts; class 53: no connection or memory is left. Without a
    # state there was no server to send one.
    state = error.sqlstate or ""
    is_away = isinstance(error, psycopg.OperationalError) and (
        not state or state.startswith(("57P", "53", "08"))
    )
    return Trouble.AWAY if is_away else None
