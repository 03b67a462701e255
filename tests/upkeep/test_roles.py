"""On PostgreSQL the application needs no more than to add to the ledger, and can do no more."""

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from tests.factories.areas import NOW
from tests.factories.upkeep import keep_whole, make_announced
from voting.conduct.service.rehearsals import delete_rehearsal
from voting.journal.rules import COMMAND_LINE
from voting.ledger.models import Ledger, LedgerEntry
from voting.persistence.session import Database
from voting.upkeep.service.checking import check_everything

ROLE = "voting_app"
REFUSED = [
    "UPDATE ledger_entry SET body = ''", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry",
    "UPDATE checkpoint SET note = ''", "DELETE FROM checkpoint", "DELETE FROM ledger_note",
    "DELETE FROM ledger", "UPDATE journal_entry SET act = ''", "DELETE FROM journal_entry",
    "DROP TRIGGER ledger_entry_no_update ON ledger_entry", "ALTER TABLE urn DISABLE TRIGGER ALL",
    "DROP TABLE urn", "TRUNCATE urn", "CREATE TABLE mine (id int)",
    "UPDATE alembic_version SET version_num = ''", "SET session_replication_role = replica",
]  # fmt: skip


@pytest.fixture
def any_database():
    return "postgresql"


@pytest.fixture
def narrow(app, database, postgres, database_url):
    """The database as the application's role sees it."""
    place = f"host={postgres.folder} user=voting dbname=postgres"
    with psycopg.connect(place, autocommit=True) as owner:
        if not owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            owner.execute(f"CREATE ROLE {ROLE} LOGIN")
    done = app.test_cli_runner().invoke(args=["upkeep", "role", ROLE])
    assert done.exit_code == 0, done.output
    narrow = Database(database_url.replace("//voting@", f"//{ROLE}@"))
    yield narrow
    narrow.engine.dispose()


def is_refused(database, statement):
    """Tell whether a statement fails for want of a right, and not for another reason."""
    try:
        with database.transaction() as session:
            session.execute(text(statement))
    except ProgrammingError as error:
        return isinstance(error.orig, psycopg.errors.InsufficientPrivilege)
    return False


def test_the_whole_way_of_a_round_is_open_to_the_role(any_database, narrow, database, keys):
    keep_whole(narrow, keys, ballots=21, more=2)
    found = {one.code for one in check_everything(narrow.reading)}
    assert found <= {"settings", "advice"}


def test_the_role_may_not_touch_what_was_written(any_database, narrow):
    assert [statement for statement in REFUSED if not is_refused(narrow, statement)] == []
    assert not is_refused(narrow, "SELECT count(*) FROM ledger_entry")


def test_a_rehearsal_is_deleted_with_its_ledger_and_no_other_round_is(any_database, narrow, keys):
    with narrow.transaction() as session:
        rehearsal = make_announced(session, keys, kind="rehearsal").id
        real = make_announced(session, keys).id
    with narrow.transaction() as session:
        delete_rehearsal(session, now=NOW, actor=COMMAND_LINE, round_id=rehearsal)
        session.execute(text("SELECT forget_rehearsal_ledger(:id)"), {"id": real})
    with narrow.reading() as session:
        assert session.scalars(select(Ledger.round_id)).all() == [real]
        assert set(session.scalars(select(LedgerEntry.round_id))) == {real}


def test_a_role_that_does_not_exist_is_named(app, database, any_database):
    for name in ("nobody_here", 'x"; DROP TABLE urn; --'):
        done = app.test_cli_runner().invoke(args=["upkeep", "role", name])
        assert (done.exit_code, done.stderr.count("\n")) == (1, 1)


def test_a_session_waits_for_the_disk_though_the_server_does_not(database, any_database):
    with database.reading() as session:
        assert session.execute(text("SHOW synchronous_commit")).scalar() == "on"
        asked = text("SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit'")
        assert session.execute(asked).scalar() == "off"
