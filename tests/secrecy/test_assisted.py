"""What is kept of who was present leads from no person to a ballot."""

import secrets

import pytest
from sqlalchemy import text

from tests.factories.assisting import accompany, make_helped
from tests.factories.ballots import NOW, keyring, make_listed_elector
from voting.ballots.service import load_paper
from voting.ledger.service import make_checkpoint
from voting.paper.service.assisted_casting import cast_assisted

PEOPLE = 20


@pytest.fixture
def database_url(postgres_url):
    return postgres_url


def linked(database):
    """Count the people whose mark and whose ballot's witnesses one transaction wrote."""
    with database.reading() as session:
        return session.scalar(
            text(
                "SELECT count(*) FROM participation p JOIN assisted_ballot a ON p.xmin::text = a.xmin::text"
            )
        )


def test_on_postgresql_no_transaction_number_links_a_person_to_an_assisted_ballot(
    database, tmp_path
):
    keys = keyring(tmp_path)
    with database.transaction() as session:
        helped = make_helped(session, keys)
        people = [make_listed_elector(session, helped.round.id) for _ in range(PEOPLE)]
        for person in people:
            accompany(session, helped, person)
        paper = load_paper(session, helped.round.id)
    for person in people:
        with database.transaction() as session:
            cast_assisted(
                session, now=NOW, actor=helped.first.actor, paper=paper, elector_id=person,
                nonce=secrets.token_bytes(16), choices=(1,),
            )  # fmt: skip
    # The attack works until the ledger has covered the ballots.
    assert linked(database) == PEOPLE
    with database.transaction() as session:
        make_checkpoint(session, now=NOW, keys=keys, round_id=helped.round.id)
    assert linked(database) == 0
