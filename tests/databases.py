"""A fresh, migrated database for each test: SQLite, or both for a test that asks for both."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from voting.app import create_app
from voting.config import Config
from voting.persistence.session import Database


def migrate(url: str, var: Path) -> None:
    """Bring a database up to date by the migrations, as ``flask schema upgrade`` does."""
    config = Config.from_environ({"VOTING_DATABASE_URL": url, "VOTING_VAR": str(var)})
    app = create_app(config)
    with app.app_context():
        app.extensions["alembic"].upgrade()
    app.extensions["voting.database"].engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database, to be copied."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "voting.sqlite3"
    migrate(f"sqlite:///{path}", folder)
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest) -> str:
    """Ask for this, and the test runs once on each database."""
    kind: str = request.param
    return kind


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh, migrated database of this test's own; SQLite unless it asks for any_database."""
    kind = "sqlite"
    if "any_database" in request.fixturenames:
        kind = request.getfixturevalue("any_database")
    if kind == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        return url
    path = tmp_path / "voting.sqlite3"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The test's database: ``with database.transaction() as session`` arranges what an app shall see."""
    database = Database(database_url)
    yield database
    database.engine.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session for one test of services or models; rolled back at the end."""
    with database._sessions() as session:
        yield session
        session.rollback()
