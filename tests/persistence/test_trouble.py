"""Which errors say that the database cannot work now, and which that the program is wrong."""

import errno
import sqlite3

import psycopg
import pytest
from psycopg import errors as pg
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from voting.persistence.trouble import Trouble, trouble_of


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("planted")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (sqlite_error(sqlite3.SQLITE_FULL), Trouble.FULL),
        (sqlite_error(sqlite3.SQLITE_BUSY), Trouble.AWAY),
        (sqlite_error(sqlite3.SQLITE_IOERR | 3 << 8), Trouble.AWAY),
        (sqlite_error(sqlite3.SQLITE_CONSTRAINT), None),
        (pg.DiskFull(), Trouble.FULL),
        (pg.AdminShutdown(), Trouble.AWAY),
        (pg.TooManyConnections(), Trouble.AWAY),
        (psycopg.OperationalError("the connection is closed"), Trouble.AWAY),
        (pg.UniqueViolation(), None),
        (pg.DeadlockDetected(), None),
        (OSError(errno.ENOSPC, "full"), Trouble.FULL),
        (OSError(errno.ENOENT, "gone"), None),
        (ZeroDivisionError(), None),
    ],
)
def test_a_database_in_trouble_is_told_from_a_fault(error, trouble):
    assert trouble_of(error) is trouble


def test_the_trouble_behind_another_error_is_found():
    refused = create_engine("postgresql+psycopg://x@127.0.0.1:1/x?connect_timeout=1")
    with pytest.raises(OperationalError) as caught, refused.connect() as connection:
        connection.execute(text("SELECT 1"))
    assert trouble_of(caught.value) is Trouble.AWAY
