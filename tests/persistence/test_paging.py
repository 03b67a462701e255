"""A page that is none is the nearest there is, on both databases."""

import pytest
from sqlalchemy import select

from tests.factories.ballots import make_listed_elector, make_open_round
from voting.adapters.keyring import Keyring
from voting.persistence.paging import PER_PAGE, one_page
from voting.roll.models import Elector


@pytest.mark.usefixtures("any_database")
@pytest.mark.parametrize(
    ("asked", "page", "rows"), [(-3, 1, PER_PAGE), (0, 1, PER_PAGE), (2, 2, 1), (10**30, 2, 1)]
)
def test_whatever_page_is_asked_for_one_is_shown(session, tmp_path, asked, page, rows):
    round = make_open_round(session, Keyring(tmp_path))
    for _ in range(PER_PAGE + 1):
        make_listed_elector(session, round.id)
    listed = select(Elector).where(Elector.round_id == round.id).order_by(Elector.elector_id)
    found = one_page(session, listed, asked)
    assert (found.page, found.pages, found.total) == (page, 2, PER_PAGE + 1)
    assert len(found.rows) == rows
