import io
from dataclasses import replace
from datetime import date

import pytest
import zxingcpp
from PIL import Image

from tests import papers
from tests.factories.areas import make_chain
from tests.factories.proposals import make_proposal
from tests.factories.rounds import make_round
from tests.factories.sending import make_collecting_round, make_sent
from tests.visiting import visit
from voting.permissions import Role
from voting.proposals.document import CallFacts, CodeSlip, call_poster, code_slip, proposal_form
from voting.proposals.models import Proposal
from voting.proposals.rules.sending import shown_code
from voting.proposals.service.codes import code_of
from voting.rounds.models import Round

FACTS = CallFacts(
    round_title="南烟小区2026年第二轮“幸福微实事”项目票决",
    office="站南巷社区居委会",
    address="站前路1号社区服务大厅",
    until=date(2026, 12, 12),
    who="在南烟小区居住、工作或学习",
    min_age=15,
    help_phone="0791-86543210",
    url="http://vote.example.cn/rounds/abcdef0123456789abcdef/propose",
)
LONG = "南昌市西湖区南站街道站南巷社区南烟小区二〇二六年第二轮“幸福微实事”"


@pytest.fixture
def fonts(config):
    """The project's typefaces where the app looks for them."""
    config.var.mkdir(parents=True, exist_ok=True)
    (config.var / "fonts").symlink_to(papers.fonts().shelf.parent)


@pytest.mark.parametrize("title", [FACTS.round_title, LONG])
def test_the_blank_form_is_one_page_with_its_code(title):
    sheet = papers.make(proposal_form(replace(FACTS, round_title=title), render=papers.render))
    (code,) = papers.codes(sheet)
    assert code.text == FACTS.url
    assert len(papers.pages(sheet)) == 1
    text = papers.words(sheet).replace(" ", "").replace("\n", "")
    for said in (
        "项目征集意见表",
        "最晚2026年12月12日交到",
        "0791-86543210",
        "年满15周岁",
        "查询码",
    ):
        assert said in text


@pytest.mark.parametrize("size", ["A4", "A3"])
@pytest.mark.parametrize("title", [FACTS.round_title, LONG])
def test_the_poster_has_a_large_code(size, title):
    sheet = papers.make(
        call_poster(replace(FACTS, round_title=title), size=size, render=papers.render)
    )
    (code,) = papers.codes(sheet)
    assert code.text == FACTS.url
    assert code.width >= 60
    assert len(papers.pages(sheet)) == 1


def test_the_slip_has_the_code_and_no_name():
    slip = CodeSlip(
        round_title=FACTS.round_title, title="很" * 40, code="ABCDE-FGHJK", help_phone="0791-86543210",
        entry="vote.example.cn/follow", url="http://vote.example.cn/follow/ABCDE-FGHJK",
    )  # fmt: skip
    sheet = papers.make(code_slip(slip, render=papers.render))
    (code,) = papers.codes(sheet)
    assert code.text == slip.url
    assert len(papers.pages(sheet)) == 1
    assert "ABCDE-FGHJK" in papers.words(sheet)


def test_anybody_gets_the_blank_form(client, database, fonts):
    with database.transaction() as session:
        round = make_collecting_round(session)
    sheet = client.get(f"/rounds/{round.id}/proposal-form.pdf")
    image = client.get(f"/rounds/{round.id}/proposal-form.png")
    assert (sheet.mimetype, image.mimetype) == ("application/pdf", "image/png")
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(image.data)))
    assert code.text.endswith(f"/rounds/{round.id}/propose")
    sheet.headers["Content-Disposition"].encode("latin-1")


@pytest.mark.parametrize(("phase", "status"), [("screening", 409), ("draft", 404)])
def test_there_is_no_form_where_nothing_is_taken(client, database, phase, status):
    with database.transaction() as session:
        round = make_round(session, phase=phase)
    for kind in ("pdf", "png"):
        visit(client, f"/rounds/{round.id}/proposal-form.{kind}", status=status)


def collect(desk, database):
    with database.transaction() as session:
        session.get_one(Round, desk.round_id).collecting_until = date(2026, 12, 12)


def test_the_desk_prints_the_poster(desk, database, fonts):
    collect(desk, database)
    answer = desk.client.get(f"{desk.url}/proposals/poster-a4.pdf")
    assert answer.mimetype == "application/pdf"
    visit(desk.client, f"{desk.url}/proposals/poster-a9.pdf", status=404)


def test_the_desk_prints_the_slip_of_a_paper(desk, database, keys, fonts):
    collect(desk, database)
    with database.transaction() as session:
        proposal = make_proposal(session, keys, session.get_one(Round, desk.round_id))
    answer = desk.client.get(f"{desk.url}/proposals/{proposal.id}/slip.pdf")
    code = shown_code(code_of(keys, proposal))
    assert code in papers.words(answer.data)
    assert "给3栋加装无障碍扶手" in visit(desk.client, f"/follow/{code}").text


def test_a_paper_entered_before_there_were_codes_gets_its_slip(desk, database, keys, fonts):
    with database.transaction() as session:
        proposal = make_proposal(session, keys, session.get_one(Round, desk.round_id))
        proposal.follow_key = None
    desk.client.get(f"{desk.url}/proposals/{proposal.id}/slip.pdf")
    visit(desk.client, f"/follow/{shown_code(code_of(keys, proposal))}")


def test_nobody_prints_the_code_of_a_telephone(desk, database, keys):
    with database.transaction() as session:
        sent = make_sent(session, keys, session.get_one(Round, desk.round_id))
    visit(desk.client, f"{desk.url}/proposals/{sent.proposal.id}/slip.pdf", status=404)


def test_other_peoples_rounds_and_proposals_are_not_there(desk, database, keys):
    with database.transaction() as session:
        other = make_round(session, phase="collecting", area=make_chain(session).estate)
        theirs = make_proposal(session, keys, other).id
    for url in (
        f"{desk.url}/proposals/{theirs}/slip.pdf",
        f"/desk/rounds/{other.id}/proposals/{theirs}/slip.pdf",
        f"/desk/rounds/{other.id}/proposals/poster-a3.pdf",
    ):
        visit(desk.client, url, status=404)


def test_who_may_not_enter_papers_prints_none(sit):
    desk = sit(Role.AUDITOR)
    visit(desk.client, f"{desk.url}/proposals/poster-a4.pdf", status=403)


def test_every_paper_proposal_can_be_followed_from_its_entry(database, keys):
    with database.transaction() as session:
        proposal = make_proposal(session, keys, make_round(session, phase="collecting"))
        assert session.get_one(Proposal, proposal.id).follow_key is not None
