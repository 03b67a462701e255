import pytest

from tests.factories.proposals import candidate_facts
from tests.factories.rounds import make_round
from tests.factories.sending import SENT, make_collecting_round, make_sent
from tests.rounds.statements import statements
from tests.visiting import visit
from voting.proposals.models import Candidate, CandidateSource, Proposal, ProposalPhoto
from voting.proposals.service.persons import person_key, sealed_name
from voting.rounds.models import Round

SHOWN = ("accepted", "passed", "merged", "review_passed", "review_failed")
HIDDEN = ("received", "returned", "refused", "passed_on")


@pytest.fixture
def send(database, keys, round_id):
    """Let a proposal arrive and put it where the desk would have brought it; returns its id."""
    count = iter(range(1000))

    def send(**changes):
        number = next(count)
        given = {"state": "accepted", "phone": f"1387000{number:04}", **changes}
        with database.transaction() as session:
            round = session.get_one(Round, round_id)
            return make_sent(session, keys, round, **given).proposal.id

    return send


def listed(client, round_id, **query):
    return visit(
        client, f"/rounds/{round_id}/proposals?" + "&".join(f"{k}={v}" for k, v in query.items())
    )


def test_what_was_accepted_is_listed_and_the_rest_only_counted(client, round_id, send):
    for state in SHOWN + HIDDEN:
        send(title=f"一件事{state}", state=state)
    page = listed(client, round_id)
    for state in SHOWN:
        assert f"一件事{state}" in page.text
    for state in HIDDEN:
        assert f"一件事{state}" not in page.text
    for said in (
        "已公开 5 条",
        "另有 1 条刚收到",
        "退回补充 1 条",
        "转给别的部门办 1 条",
        "不予受理 1 条",
    ):
        assert said in page.text


@pytest.mark.parametrize("state", HIDDEN)
def test_what_is_hidden_is_not_there(client, round_id, send, state):
    visit(client, f"/rounds/{round_id}/proposals/{send(state=state)}", status=404)


def test_a_proposal_belongs_to_its_round(client, database, round_id, send):
    id = send()
    with database.transaction() as session:
        other = make_collecting_round(session).id
    visit(client, f"/rounds/{round_id}/proposals/{id}")
    visit(client, f"/rounds/{other}/proposals/{id}", status=404)
    visit(client, f"/rounds/{round_id}/proposals/nothing", status=404)


def test_nobody_reads_who_made_it(client, round_id, send):
    id = send()
    for url in (f"/rounds/{round_id}/proposals/{id}", f"/rounds/{round_id}/proposals"):
        html = visit(client, url).html
        for personal in (SENT.proposer_name, SENT.proposer_name[0] + "*", "1387000"):
            assert personal not in html
    assert "住在这里的居民" in visit(client, f"/rounds/{round_id}/proposals/{id}").text


def test_words_and_categories_narrow_the_list(client, round_id, send):
    send(title="楼道扶手")
    send(title="免费理发", category="service", place="活动室", reason="老人出门难。")
    assert "免费理发" not in listed(client, round_id, q="扶手").text
    assert "楼道扶手" not in listed(client, round_id, category="service").text
    assert "找到 1 条" in listed(client, round_id, q="活动室").text
    assert "没有找到" in listed(client, round_id, q="%25").text
    for odd in ("%00", "x" * 300, "' OR 1=1", "_"):
        assert "没有找到" in listed(client, round_id, q=odd).text or odd == "%00"
    assert "楼道扶手" in listed(client, round_id, category="weapons", page="-3").text


def test_an_empty_list_says_what_to_do(client, round_id, database):
    page = listed(client, round_id)
    assert "您来提第一条" in page.text
    assert f"/rounds/{round_id}/propose" in page.links
    with database.transaction() as session:
        later = make_round(session, phase="screening").id
    assert "没有公开的建议" in listed(client, later).text


def test_the_list_is_paged_newest_first(client, round_id, many):
    many(120)
    assert "第 1 页，共 3 页" in listed(client, round_id).text
    last = listed(client, round_id, page=99)
    assert "第 3 页，共 3 页" in last.text
    assert last.html.count('<li><a class="panel') == 20


def test_a_longer_list_asks_no_more_of_the_database(client, round_id, app, many):
    asked = []
    visit(client, "/follow")  # the first page also asks who runs the place
    for number in (10, 990):
        many(number)
        with statements(app.extensions["voting.database"].engine) as seen:
            listed(client, round_id)
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_the_rounds_page_asks_no_more_either(client, round_id, app, many):
    asked = []
    visit(client, "/follow")  # the first page also asks who runs the place
    for number in (10, 990):
        many(number)
        with statements(app.extensions["voting.database"].engine) as seen:
            visit(client, f"/rounds/{round_id}")
        asked.append(len(seen))
    assert asked[0] == asked[1]


@pytest.fixture
def many(database, keys, round_id):
    """Let so many accepted proposals be there, half of them with a photograph."""

    def many(number):
        key, sealed = person_key(keys, "张"), sealed_name(keys, "x", "张")
        with database.transaction() as session:
            round = session.get_one(Round, round_id)
            rows = [
                Proposal(
                    round_id=round_id, title=f"第{n}件事", category="service", place="中心花园",
                    reason="大家要用。", state="accepted", proposer_sealed=sealed, proposer_key=key,
                    entered_at=round.created_at, entered_by="o",
                )
                for n in range(number)
            ]  # fmt: skip
            session.add_all(rows)
            session.flush()
            session.add_all(
                ProposalPhoto(proposal_id=row.id, position=1, digest="a" * 64) for row in rows[::2]
            )

    return many


def test_the_round_invites_while_it_collects(client, round_id, send):
    send(state="received")
    page = visit(client, f"/rounds/{round_id}")
    for url in ("propose", "proposals", "timeline", "proposal-form.png", "proposal-form.pdf"):
        assert f"/rounds/{round_id}/{url}" in page.links
    assert "/follow" in page.links
    assert "看大家提的建议（1 条）" in page.text
    assert "11月27日（周五）" in page.text


def test_the_round_stops_inviting_by_the_clock(client, clock, round_id, send):
    send()
    clock.now = clock.now.replace(day=28)
    page = visit(client, f"/rounds/{round_id}")
    assert f"/rounds/{round_id}/propose" not in page.links
    assert f"/rounds/{round_id}/proposals" in page.links


def test_the_age_is_the_rounds(client, database, round_id):
    with database.transaction() as session:
        session.get_one(Round, round_id).min_age = 16
    assert "年满 16 周岁" in visit(client, f"/rounds/{round_id}").text


def test_later_the_projects_are_linked(client, database):
    with database.transaction() as session:
        round = make_round(session, phase="confirmed")
    assert f"/projects?round={round.id}" in visit(client, f"/rounds/{round.id}").links


def test_what_it_became_a_part_of_is_named_and_its_number_only_once_it_stands(
    client, database, round_id, send
):
    id = send(state="merged")
    with database.transaction() as session:
        facts = candidate_facts()
        candidate = Candidate(
            round_id=round_id, ballot_number=4, title="加装扶手", category=facts.category,
            place=facts.place, sentence=facts.sentence, cost=1, beneficiaries=1,
        )  # fmt: skip
        session.add(candidate)
        session.flush()
        session.add(CandidateSource(candidate_id=candidate.id, proposal_id=id))
    url = f"/rounds/{round_id}/proposals/{id}"
    assert "整理成：加装扶手" in visit(client, url).text
    with database.transaction() as session:
        round = session.get_one(Round, round_id)
        round.phase, round.frozen_at = "vote_announced", round.created_at
        round.config, round.config_hash = "{}", b"hash"
    page = visit(client, url)
    assert "4 号 加装扶手" in page.text
    assert f"/rounds/{round_id}#candidate-4" in page.links
