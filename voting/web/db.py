"""The request's database, keys and clock: the one getter of each, never seen by services."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from voting import clock
from voting.adapters.keyring import Keyring
from voting.adapters.storage import FileStore
from voting.config import Config
from voting.persistence.session import Database


def init_app(app: Flask, config: Config, database: Database) -> None:
    """Give the app its database, keys and files."""
    app.extensions["voting.config"] = config
    app.extensions["voting.database"] = database
    app.extensions["voting.keys"] = Keyring(config.secrets)
    app.extensions["voting.files"] = FileStore(config.var / "files")
    app.teardown_appcontext(_close)


def current_config() -> Config:
    """Return the settings of this app."""
    config: Config = current_app.extensions["voting.config"]
    return config


def current_database() -> Database:
    """Return the database of this app."""
    database: Database = current_app.extensions["voting.database"]
    return database


def current_keys() -> Keyring:
    """Return the keyring of this app."""
    keys: Keyring = current_app.extensions["voting.keys"]
    return keys


def current_files() -> FileStore:
    """Return the file store of this app."""
    files: FileStore = current_app.extensions["voting.files"]
    return files


def now() -> datetime:
    """Return the time of this request: one moment, however long the request takes."""
    if "now" not in g:
        g.now = clock.now()
    moment: datetime = g.now
    return moment


def get_session() -> Session:
    """Return this request's session for reading; it is closed at the end of the request."""
    if "session" not in g:
        g.session = current_database().open_session()
    session: Session = g.session
    return session


def end_reading() -> None:
    """Close the request's reading session; what was loaded stays readable.

    On SQLite a reader that stays open blocks every commit, its own request's first of all.
    """
    session: Session | None = g.pop("session", None)
    if session is not None:
        session.expunge_all()
        session.close()


@contextmanager
def transaction() -> Iterator[Session]:
    """Yield a session that commits at the end; the request's reading session is closed first."""
    end_reading()
    with current_database().transaction() as session:
        yield session


def _close(_error: BaseException | None) -> None:
    end_reading()
