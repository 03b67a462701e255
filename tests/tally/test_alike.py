import secrets

import pytest

from tests.factories.assisting import accompany, make_helped
from tests.factories.ballots import NOW, keyring, make_listed_elector
from tests.factories.tally import open_by_two
from voting.ballots.service import load_paper
from voting.paper.service.assisted_casting import cast_assisted
from voting.tally.rules.alike import Alike, alike, compare_alike
from voting.tally.service import OpeningsMissing, OpeningsStore, count
from voting.tally.service.alike import alike_ballots


def test_the_largest_group_of_equal_ballots_is_found():
    assert alike([b"a", b"b", b"a", b"a"]) == Alike(4, 3)
    assert alike([]) == Alike(0, 0)


def test_only_officers_who_helped_ten_are_compared_with_all_the_others():
    said = {"busy": [b"a"] * 9 + [b"b"], "other": [b"c"] * 2 + [b"a"], "few": [b"a"] * 9}
    (found,) = compare_alike(said)
    assert (found.officer_id, found.mine, found.others) == ("busy", Alike(10, 9), Alike(12, 10))


def test_after_the_count_the_ballots_are_matched_with_what_came_out_of_the_urn(session, tmp_path):
    keys = keyring(tmp_path)
    store = OpeningsStore(tmp_path / "openings", keys)
    helped = make_helped(session, keys, closes_at=NOW.replace(hour=4))
    paper = load_paper(session, helped.round.id)
    for number in range(11):
        person = make_listed_elector(session, helped.round.id)
        accompany(session, helped, person)
        cast_assisted(
            session, now=NOW, actor=helped.first.actor, paper=paper, elector_id=person,
            nonce=secrets.token_bytes(16), choices=(1,) if number < 8 else (2, 3),
        )  # fmt: skip
    with pytest.raises(OpeningsMissing):
        alike_ballots(session, helped.round.id, store)
    closed = NOW.replace(hour=5)
    open_by_two(session, helped.round, now=closed)
    count(session, now=closed, keys=keys, round_id=helped.round.id, openings=store)
    (found,) = alike_ballots(session, helped.round.id, store)
    assert (found.officer_id, found.mine, found.others) == (
        helped.first.id,
        Alike(11, 8),
        Alike(0, 0),
    )
