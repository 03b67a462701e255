import pytest
from sqlalchemy import func, select

from tests.factories.proposals import make_proposal
from tests.factories.rounds import make_round
from tests.rounds.statements import statements
from tests.visiting import read, submit, visit
from voting.permissions import Role
from voting.proposals.models import Proposal
from voting.proposals.service import proposer_of
from voting.rounds.models import Round

GOOD = {
    "title": "给3栋加装扶手",
    "category": "engineering",
    "place": "3栋楼道",
    "reason": "老人多。\n上下楼没有地方扶。",
    "proposer_name": "张建国",
    "phone": "１３８７０００１２３４",
}


def _enter(desk, *, another=None, **changes):
    page = visit(desk.client, f"{desk.url}/proposals/new")
    return submit(desk.client, page, page.url, **(GOOD | changes), another=another)


def _proposals(database):
    with database.reading() as session:
        return session.scalars(select(Proposal)).all()


def _make(database, keys, desk, count=1, **facts):
    with database.transaction() as session:
        round = session.get_one(Round, desk.round_id)
        return [make_proposal(session, keys, round, **facts) for _ in range(count)]


def test_a_paper_is_entered(desk, database, keys):
    response = _enter(desk)
    proposal = _proposals(database)[0]
    assert (response.status_code, response.location) == (
        303,
        f"{desk.url}/proposals?last={proposal.id}",
    )
    assert (proposal.title, proposal.category) == ("给3栋加装扶手", "engineering")
    assert proposal.reason == "老人多。\n上下楼没有地方扶。"
    assert proposer_of(proposal, keys) == ("张建国", "13870001234")
    page = visit(desk.client, response.location)
    assert "已录入“给3栋加装扶手”" in page.text
    assert "打印“给3栋加装扶手”的查询码" in page.text
    assert "张* 138****1234" in page.text
    assert "张建国" not in page.text


def test_one_paper_after_the_other(desk):
    response = _enter(desk, another="1")
    assert response.location.startswith(f"{desk.url}/proposals/new?last=")
    page = visit(desk.client, response.location)
    assert "打印“给3栋加装扶手”的查询码" in page.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "请填建议名称。"),
        ({"title": "  　"}, "请填建议名称。"),
        ({"title": "长" * 41}, "最多 40 个字"),
        ({"title": "扶\x00手"}, "看不见的字符"),
        ({"title": "扶\n手"}, "看不见的字符"),
        ({"category": None}, "请选择类别。"),
        ({"category": "magic"}, "不是有效的选择"),
        ({"place": ""}, "请填地点。"),
        ({"reason": ""}, "请填理由。"),
        ({"reason": "长" * 501}, "最多 500 个字"),
        ({"reason": "老\x07人"}, "看不见的字符"),
        ({"proposer_name": ""}, "请填建议人姓名。"),
        ({"proposer_name": "张" * 41}, "最多 40 个字"),
        ({"phone": "110"}, "请填 11 位手机号"),
        ({"phone": str(10**12)}, "请填 11 位手机号"),
        ({"phone": "-13870001234"}, "请填 11 位手机号"),
        ({"phone": "1" * 1000}, "最多 24 个字"),
    ],
)
def test_bad_input_enters_nothing_and_gets_its_sentence(desk, database, changes, sentence):
    assert sentence in read(_enter(desk, **changes), status=422).text
    assert _proposals(database) == []


@pytest.mark.parametrize("phase", ["draft", "vote_announced", "terminated"])
def test_a_round_that_takes_no_proposals_says_so(sit, database, phase):
    desk = sit(phase=phase)
    page = read(_enter(desk), status=422)
    assert "不收建议" in page.text or "不能再改" in page.text
    assert _proposals(database) == []


def test_a_mistake_is_corrected(desk, database, keys):
    proposal = _make(database, keys, desk)[0]
    page = visit(desk.client, f"{desk.url}/proposals/{proposal.id}/edit")
    values = page.form(page.url).values
    assert (values["proposer_name"], values["phone"]) == (["张建国"], [""])
    assert "现在留的是 138****1234。不改就空着。" in page.text
    assert submit(desk.client, page, page.url, proposer_name="张健国").status_code == 303
    assert proposer_of(_proposals(database)[0], keys) == ("张健国", "13870001234")
    submit(desk.client, page, page.url, phone="13870005678")
    assert proposer_of(_proposals(database)[0], keys)[1] == "13870005678"
    submit(desk.client, page, page.url, drop_phone="y")
    assert proposer_of(_proposals(database)[0], keys)[1] == ""


def test_a_correction_that_is_none_is_refused(desk, database, keys):
    proposal = _make(database, keys, desk)[0]
    page = visit(desk.client, f"{desk.url}/proposals/{proposal.id}/edit")
    assert "请填建议名称。" in read(submit(desk.client, page, page.url, title=""), status=422).text


def test_the_list_is_searched_and_paged(desk, database, keys):
    _make(database, keys, desk, 51, title="多一些座椅", proposer_name="周桂兰")
    _make(database, keys, desk)
    assert "第 1 页，共 2 页" in visit(desk.client, f"{desk.url}/proposals").text
    found = visit(desk.client, f"{desk.url}/proposals?q=张建国")
    assert "共 1 条建议" in found.text
    nothing = visit(desk.client, f"{desk.url}/proposals?q=没有的词")
    assert "没有找到“没有的词”" in nothing.text
    second = visit(desk.client, f"{desk.url}/proposals?q=座椅&page=2")
    assert "第 2 页，共 2 页" in second.text


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=%25", "page=-1", "page=999999999999999999999", "page=x", f"q={'长' * 500}"],
)
def test_any_question_to_the_list_gets_a_page(desk, query):
    visit(desk.client, f"{desk.url}/proposals?{query}")


def test_a_longer_list_asks_no_more_of_the_database(desk, database, keys, app):
    asked = []
    for more in (1, 40):
        _make(database, keys, desk, more)
        visit(desk.client, f"{desk.url}/proposals")
        with statements(app.extensions["voting.database"].engine) as seen:
            visit(desk.client, f"{desk.url}/proposals")
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_an_empty_list_says_what_to_do(desk):
    assert "还没有建议" in visit(desk.client, f"{desk.url}/proposals").text


def test_who_only_reads_enters_and_ticks_nothing(sit, database, keys):
    desk = sit(Role.AUDITOR)
    _make(database, keys, desk)
    page = visit(desk.client, f"{desk.url}/proposals")
    assert not [box for box in page.all("input") if box.get("name") == "proposal"]
    for path in ("proposals/new", "candidates/new?proposal=x"):
        visit(desk.client, f"{desk.url}/{path}", status=403)


def test_another_areas_and_another_rounds_proposals_are_not_found(desk, database, keys):
    with database.transaction() as session:
        other = make_round(session, phase="collecting")
        foreign = make_proposal(session, keys, other)
    visit(desk.client, f"/desk/rounds/{other.id}/proposals", status=404)
    for id in (foreign.id, "nothing"):
        visit(desk.client, f"{desk.url}/proposals/{id}/edit", status=404)


def test_a_post_without_the_forms_token_enters_nothing(desk, database):
    response = desk.client.post(f"{desk.url}/proposals/new", data=GOOD)
    assert response.status_code in {400, 422}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Proposal)) == 0
