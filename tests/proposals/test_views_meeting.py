import io
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from tests.factories.proposals import make_candidate, make_nominated, pass_review, photograph
from tests.factories.rounds import make_round
from tests.rounds.statements import statements
from tests.visiting import read, submit, visit
from voting.permissions import Role
from voting.proposals.models import Candidate
from voting.proposals.service import reserve_nominated, sources_of
from voting.rounds.models import Round

_HEAD = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"
PDF = _HEAD + b"xref\n0 1\ntrailer\n<<>>\nstartxref\n%d\n%%%%EOF\n" % len(_HEAD)
GOOD = {
    "verdict": "passed",
    "cost": "4.8",
    "cost_basis": "询价3家",
    "beneficiaries": "120",
    "place": "3栋楼道",
    "upkeep": "物业维护",
    "reason": "同意进入推选大会。",
}


def _make(database, keys, desk, factory=make_nominated, **changes):
    with database.transaction() as session:
        return factory(session, keys, session.get_one(Round, desk.round_id), **changes)


def _candidate(database, id):
    with database.reading() as session:
        return session.get_one(Candidate, id)


def _behind(database, id):
    with database.reading() as session:
        return sources_of(session, id)


def test_the_street_reviews_and_the_meeting_lists(desk, database, keys):
    candidate = _make(database, keys, desk, title="路灯")
    url = f"{desk.url}/candidates/{candidate.id}/review"
    page = visit(desk.client, url)
    response = submit(desk.client, page, url, **GOOD, cost_unit="1000000")
    assert response.location == f"{desk.url}/candidates/{candidate.id}"
    shown = visit(desk.client, response.location)
    assert "造价依据： 询价3家" in shown.text or "造价依据：询价3家" in shown.text
    assert [one.state for one in _behind(database, candidate.id)] == ["review_passed"]
    meeting = visit(desk.client, f"{desk.url}/candidates/meeting")
    chosen = submit(desk.client, meeting, meeting.url, candidate=candidate.id, list="1")
    assert chosen.status_code == 303
    assert _candidate(database, candidate.id).ballot_number == 1
    assert "路灯" in visit(desk.client, chosen.location).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"verdict": None}, "请选择联审结论。"),
        ({"verdict": "x"}, "不是有效的选择"),
        ({"cost": ""}, "请填核定的预算。"),
        ({"cost": "-1"}, "请填数字"),
        ({"cost": "30.01"}, "造价超过了本轮资金总额"),
        ({"cost_unit": "7"}, "不是有效的选择"),
        ({"cost_basis": ""}, "造价的依据"),
        ({"cost_basis": "长" * 201}, "最多 200 个字"),
        ({"upkeep": ""}, "以后谁来维护"),
        ({"beneficiaries": ""}, "请填大约有多少人受益。"),
        ({"beneficiaries": "1000001"}, "请填 0 到 1000000 之间的整数。"),
        ({"place": ""}, "请填实施地点。"),
        ({"reason": ""}, "请写联审意见"),
        ({"reason": "长" * 501}, "最多 500 个字"),
    ],
)
def test_bad_input_reviews_nothing(desk, database, keys, changes, sentence):
    candidate = _make(database, keys, desk)
    url = f"{desk.url}/candidates/{candidate.id}/review"
    page = visit(desk.client, url)
    assert sentence in read(submit(desk.client, page, url, **(GOOD | changes)), status=422).text
    assert [one.state for one in _behind(database, candidate.id)] == ["passed"]


def test_a_candidate_that_fails_is_not_listed(desk, database, keys):
    candidate = _make(database, keys, desk)
    url = f"{desk.url}/candidates/{candidate.id}/review"
    failed = GOOD | {"verdict": "failed", "cost_basis": "", "upkeep": "", "reason": "没有地方装。"}
    submit(desk.client, visit(desk.client, url), url, **failed)
    assert [one.state for one in _behind(database, candidate.id)] == ["review_failed"]
    meeting = visit(desk.client, f"{desk.url}/candidates/meeting")
    answer = submit(desk.client, meeting, meeting.url, candidate=candidate.id, list="1")
    assert "还没有通过街道联审" in read(answer, status=422).text


def test_without_a_review_the_street_says_why(desk, database, keys):
    candidate = _make(database, keys, desk)
    meeting = visit(desk.client, f"{desk.url}/candidates/meeting")
    ticked = {"candidate": candidate.id, "list": "1"}
    assert (
        "还没有通过" in read(submit(desk.client, meeting, meeting.url, **ticked), status=422).text
    )
    silent = submit(desk.client, meeting, meeting.url, **ticked, unreviewed="y")
    assert "请写明理由" in read(silent, status=422).text
    said = submit(desk.client, meeting, meeting.url, **ticked, unreviewed="y", reason="已核价")
    assert said.status_code == 303
    assert _candidate(database, candidate.id).state == "listed"


def test_the_secretary_cannot_let_the_review_by(sit, database, keys):
    desk = sit(Role.COMMUNITY_SECRETARY)
    candidate = _make(database, keys, desk)
    meeting = visit(desk.client, f"{desk.url}/candidates/meeting")
    assert "未经联审" not in meeting.text
    data = {"candidate": candidate.id, "list": "1", "unreviewed": "y", "reason": "急"}
    answer = submit(desk.client, meeting, meeting.url, **data)
    assert "没有办理这件事的权限" in read(answer, status=422).text
    assert _candidate(database, candidate.id).state == "nominated"


def test_what_the_meeting_did_not_choose_goes_into_the_reserve(desk, database, keys):
    made = [_make(database, keys, desk) for _ in range(2)]
    meeting = visit(desk.client, f"{desk.url}/candidates/meeting")
    ids = [one.id for one in made]
    assert submit(desk.client, meeting, meeting.url, candidate=ids, reserve="1").status_code == 303
    assert {_candidate(database, id).state for id in ids} == {"reserve"}
    nothing = submit(desk.client, meeting, meeting.url, list="1")
    assert "请先勾选" in read(nothing, status=422).text
    foreign = submit(desk.client, meeting, meeting.url, candidate=["x"], list="1")
    assert "没有找到" in read(foreign, status=422).text


def test_an_empty_meeting_says_what_to_do(desk):
    assert "没有等待推选的项目" in visit(desk.client, f"{desk.url}/candidates/meeting").text


def test_one_proposal_is_split_off_with_a_reason(desk, database, keys):
    candidate = _make(database, keys, desk, proposals=2)
    one = _behind(database, candidate.id)[0]
    there = f"{desk.url}/candidates/{candidate.id}"
    url = f"{there}/split?proposal={one.id}"
    assert url in visit(desk.client, there).links
    page = visit(desk.client, url)
    assert "请写理由" in read(submit(desk.client, page, url, reason=""), status=422).text
    long = submit(desk.client, page, url, reason="长" * 501)
    assert "最多 500 个字" in read(long, status=422).text
    assert submit(desk.client, page, url, reason="两处地方").location == there
    assert "拆出" in visit(desk.client, there).text
    strange = read(submit(desk.client, page, url, reason="再来"), status=422)
    assert "这条建议不在" in strange.text
    whole = f"{there}/split"
    assert submit(desk.client, visit(desk.client, whole), whole, reason="全拆").status_code == 303
    assert "里面已经没有建议了" in visit(desk.client, there).text


@pytest.fixture
def later(desk, database, keys):
    """The address of a later round of the same estate, and a candidate an earlier one left."""
    kept = _make(database, keys, desk, title="路灯")
    with database.transaction() as session:
        reserve_nominated(session, desk.round_id)
        round = session.get_one(Round, desk.round_id)
        later = make_round(session, area=round.area, phase="collecting")
    return f"/desk/rounds/{later.id}", kept


def test_what_was_left_is_taken_into_this_round(desk, database, later):
    url, kept = later
    page = visit(desk.client, f"{url}/reserve")
    taken = submit(desk.client, page, f"{url}/reserve/{kept.id}")
    assert taken.location == f"{url}/candidates"
    listed = visit(desk.client, taken.location)
    assert "“路灯”已拿到这一轮" in listed.text
    assert "已拿到这一轮" in visit(desk.client, f"{url}/reserve").text
    again = submit(desk.client, page, f"{url}/reserve/{kept.id}")
    assert "不用再拿" in read(again, status=409).text


def test_an_empty_reserve_says_where_it_comes_from(desk):
    assert "储备库还是空的" in visit(desk.client, f"{desk.url}/reserve").text


def test_longer_lists_ask_no_more_of_the_database(desk, database, keys, app, later):
    asked = []
    for more in (2, 20):
        for _turn in range(more):
            _make(database, keys, desk)
        with database.transaction() as session:
            reserve_nominated(session, desk.round_id)
            candidate = make_nominated(session, keys, session.get_one(Round, desk.round_id))
            pass_review(session, candidate)
        for path in (
            f"{desk.url}/candidates", f"{desk.url}/candidates/meeting", f"{later[0]}/reserve",
        ):  # fmt: skip
            visit(desk.client, path)
            with statements(app.extensions["voting.database"].engine) as seen:
                visit(desk.client, path)
            asked.append(len(seen))
    assert asked[:3] == asked[3:]


@pytest.fixture
def declared(desk, database, keys):
    candidate = _make(database, keys, desk, make_candidate)
    frozen = {
        "frozen_at": datetime(2026, 11, 1, tzinfo=UTC), "config": "{}", "config_hash": b"hash",
        "phase": "objection",
    }  # fmt: skip
    with database.transaction() as session:
        session.execute(update(Round).where(Round.id == desk.round_id).values(frozen))
    return candidate, f"{desk.url}/candidates/{candidate.id}"


def test_a_project_is_removed_with_reason_day_and_paper(desk, database, declared):
    candidate, there = declared
    assert f"{there}/remove" in visit(desk.client, there).links
    page = visit(desk.client, f"{there}/remove")
    files = {"file": (io.BytesIO(PDF), "意见书.pdf")}
    given = {"reason": "产权有争议", "day": "2026-11-23"}
    assert submit(desk.client, page, page.url, **given, **files).location == there
    shown = visit(desk.client, there)
    assert "产权有争议" in shown.text
    assert "因异议移除" in shown.text
    paper = desk.client.get(f"{there}/removal")
    assert (paper.status_code, paper.mimetype) == (200, "application/pdf")
    assert _candidate(database, candidate.id).state == "removed"
    again = submit(desk.client, page, page.url, **given)
    assert "不能这样办" in read(again, status=422).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": ""}, "请写明移除的理由"),
        ({"reason": "长" * 501}, "最多 500 个字"),
        ({"day": ""}, "请填决定的日期。"),
        ({"day": "x"}, "日期"),
        ({"day": "2027-01-01"}, "决定的日期还没有到"),
        ({"file": (io.BytesIO(b"MZ"), "a.exe")}, "只能上传 PDF 文件"),
        ({"file": (io.BytesIO(photograph()[:300]), "a.jpg")}, "打不开"),
    ],
)
def test_bad_input_removes_nothing(desk, database, declared, changes, sentence):
    candidate, there = declared
    page = visit(desk.client, f"{there}/remove")
    given = {"reason": "产权有争议", "day": "2026-11-23"} | changes
    assert sentence in read(submit(desk.client, page, page.url, **given), status=422).text
    assert _candidate(database, candidate.id).state == "listed"


def test_before_the_declaration_nothing_is_removed(desk, database, keys):
    candidate = _make(database, keys, desk, make_candidate)
    there = f"{desk.url}/candidates/{candidate.id}"
    assert f"{there}/remove" not in visit(desk.client, there).links
    visit(desk.client, f"{there}/removal", status=404)
    page = visit(desk.client, f"{there}/remove")
    answer = submit(desk.client, page, page.url, reason="x", day="2026-11-20")
    assert "结果公示以后" in read(answer, status=422).text
