import random

import pytest

from voting.tally.rules.deciding import urn_digest
from voting.tally.service import leaves


@pytest.mark.parametrize("amount", [0, 1, 99, 100, 101, 1000, 1037])
def test_the_digest_does_not_depend_on_how_many_leaves_fit_into_memory(monkeypatch, amount):
    monkeypatch.setattr(leaves, "_RUN", 100)
    monkeypatch.setattr(leaves, "_BLOCK", 7)
    draw = random.Random(amount)  # noqa: S311 -- any leaves will do
    some = [draw.randbytes(32) for _ in range(amount)]
    with leaves.LeafDigest() as digest:
        for at in range(0, amount, 30):
            digest.add(some[at : at + 30])
        assert digest.digest() == urn_digest(some)
