"""The ballot says which candidates share one place, on the telephone and on paper."""

from tests.factories.ballots import open_round_with_cards
from tests.visiting import said, visit
from voting.paper.document.facts import ballot_facts
from voting.rounds.models import Round


def test_a_candidate_says_with_which_others_it_shares_one_place(app, client, database):
    _, cards = open_round_with_cards(database, app.extensions["voting.keys"], rivals=(2, 4, 5))
    client.get(f"/c/{cards[0].token}")
    page = visit(client, "/ballot")
    told = [said(one) for one in page.all("span") if one.get("class") == "rivals"]
    assert sorted(told) == [
        "与 2、4 号只能入选一个", "与 2、5 号只能入选一个", "与 4、5 号只能入选一个",
    ]  # fmt: skip


def test_the_paper_says_it_before_the_sentence(app, database):
    round_id, _ = open_round_with_cards(database, app.extensions["voting.keys"], rivals=(2, 5))
    with database.reading() as session:
        lines = ballot_facts(session, session.get_one(Round, round_id)).lines
    said_first = {
        line.number: line.sentence.split("）")[0] for line in lines if "（" in line.sentence
    }
    assert said_first == {2: "（与5号只能入选一个", 5: "（与2号只能入选一个"}
    assert all(line.sentence.endswith("轮椅和婴儿车能自己进出单元门") for line in lines)
