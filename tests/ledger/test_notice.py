"""封存公告 and the head on the other papers: frozen at issue, on one page, in the official layout."""

import re
from datetime import timedelta

import pytest

from tests import papers
from tests.factories.accounts import make_officer, sit_down
from tests.factories.ballots import NOW, make_open_round
from tests.factories.tally import fill, head_of
from tests.visiting import submit, visit
from voting.journal.rules import COMMAND_LINE
from voting.ledger.views.notice import issue_checkpoint
from voting.notices.holder import facts_of, printed
from voting.rounds.models import Round
from voting.tally.views.announcing import issue_vote


@pytest.fixture
def fonts(config):
    """The project's typefaces where the app looks for them."""
    config.var.mkdir(parents=True, exist_ok=True)
    (config.var / "fonts").symlink_to(papers.fonts().shelf.parent)


@pytest.fixture
def round_id(app, database, fonts):
    with database.transaction() as session:
        round = make_open_round(session, app.extensions["voting.keys"])
        fill(session, round.id, [(1,)] * 25)
        return round.id


def head_in(database, round_id):
    with database.reading() as session:
        digits = head_of(session, round_id).root.hex()[:16]
    return " ".join(re.findall("....", digits))


def test_the_daily_paper_is_one_page_with_the_head_in_large_digits(
    app, client, database, round_id, runner
):
    made = runner.invoke(args=["notices", "issue", round_id, "checkpoint"])
    assert made.exit_code == 0, made.output
    number = made.output.split()[0]
    page = visit(client, f"/notices/{number}")
    head = head_in(database, round_id)
    assert head in page.text
    content = client.get(f"/notices/{number}.pdf").data
    assert len(papers.open_pdf(content).pages) == 1
    words = papers.words(content)
    assert head.replace(" ", "") in words.replace(" ", "")
    assert "封存到第26条" in words.replace(" ", "").replace("\n", "")


def test_the_same_head_on_the_same_day_is_one_paper(app, database, clock, round_id):
    def issue():
        with app.test_request_context():
            return issue_checkpoint(round_id, COMMAND_LINE).number

    first = issue()
    assert issue() == first
    clock.now += timedelta(days=1)
    second = issue()
    assert second != first
    with database.transaction() as session:
        fill(session, round_id, [(2,)] * 20)
    assert issue() not in {first, second}


def test_the_paper_that_calls_to_the_vote_prints_the_head_of_its_hour(
    app, client, database, round_id
):
    with app.test_request_context():
        issued = issue_vote(round_id, COMMAND_LINE)
        head = facts_of(issued).head
        assert head == head_in(database, round_id)
        before = printed(issued)
    with database.transaction() as session:
        fill(session, round_id, [(2,)] * 20)
    with app.test_request_context():
        issue_checkpoint(round_id, COMMAND_LINE)
        assert facts_of(issued).head != head_in(database, round_id)
        assert printed(issued) == before
    page = visit(client, f"/notices/{issued.number}")
    assert head in page.text
    assert f"/ledger/{round_id}" in page.links


def test_a_missing_key_keeps_no_notice_from_being_issued(app, database, round_id, config):
    with app.test_request_context():
        issue_checkpoint(round_id, COMMAND_LINE)
    with database.transaction() as session:
        fill(session, round_id, [(2,)] * 20)
    for key in config.secrets.rglob("*ledger*"):
        if key.is_file():
            key.unlink()
    with app.test_request_context():
        assert facts_of(issue_vote(round_id, COMMAND_LINE)).head == head_in(database, round_id)


def test_the_poster_page_shows_the_head(client, database, round_id, runner):
    assert "封存号" not in visit(client, f"/p/{round_id}").text
    runner.invoke(args=["ledger", "checkpoint", round_id])
    assert f"封存号 {head_in(database, round_id)}" in visit(client, f"/p/{round_id}").text


def test_the_desk_issues_the_paper_with_a_button(client, database, round_id):
    with database.transaction() as session:
        area = session.get_one(Round, round_id).area
        officer = make_officer(session, area=area, role="community_secretary")
    sit_down(client, database, officer, now=NOW)
    place = f"/desk/rounds/{round_id}/ledger"
    answer = submit(client, visit(client, place), f"{place}/notice")
    assert answer.location.startswith("/notices/")
    assert answer.location.rsplit("/", 1)[1] in visit(client, place).text


def test_a_round_without_rules_gets_no_paper(runner, database):
    failed = runner.invoke(args=["notices", "issue", "a" * 26, "checkpoint"])
    assert failed.exit_code == 1
    assert len(failed.stderr.strip().splitlines()) == 1
