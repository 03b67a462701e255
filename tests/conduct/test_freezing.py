"""What the database itself keeps from being frozen."""

import pytest
from sqlalchemy.exc import IntegrityError

from tests.factories.areas import NOW
from voting.conduct.service.freezing import freeze


def test_ballots_with_many_choices_are_not_frozen_for_publication(
    any_database, session, keys, ready
):
    ready.publication, ready.min_choices, ready.max_choices = "full", 1, 4
    session.flush()
    with pytest.raises(IntegrityError, match="many choices"):
        freeze(session, now=NOW, keys=keys, round=ready)
