"""The book's page on both databases: a reading session keeps no cursor on PostgreSQL."""

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import make_area, make_installation
from tests.visiting import visit
from voting.permissions import Role


def test_the_journal_can_be_read(client, database, any_database):
    with database.transaction() as session:
        make_installation(session)
        auditor = make_officer(session, area=make_area(session), role=Role.AUDITOR)
    sit_down(client, database, auditor)
    assert "完整" in visit(client, "/desk/journal").text
