"""The ballot page says which candidates share one place."""

from tests.factories.ballots import open_round_with_cards
from tests.visiting import said, visit


def test_a_candidate_says_with_which_others_it_shares_one_place(app, client, database):
    _, cards = open_round_with_cards(database, app.extensions["voting.keys"], rivals=(2, 4, 5))
    client.get(f"/c/{cards[0].token}")
    page = visit(client, "/ballot")
    told = [said(one) for one in page.all("span") if one.get("class") == "rivals"]
    assert sorted(told) == [
        "与 2、4 号只能入选一个", "与 2、5 号只能入选一个", "与 4、5 号只能入选一个",
    ]  # fmt: skip
