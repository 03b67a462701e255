import re

import pytest
from sqlalchemy import select

from tests.factories.proposals import (
    make_appeal,
    make_nominated,
    make_proposal,
    send_from_phone,
)
from tests.factories.rounds import make_round
from tests.rounds.statements import statements
from tests.visiting import read, submit, visit
from voting.journal.models import JournalEntry
from voting.permissions import Role
from voting.proposals.models import Proposal, ProposalDecision, ProposalPhoto
from voting.rounds.models import Round

PASS = {"legal": "yes", "feasible": "yes", "beneficial": "yes", "affordable": "unclear"}


@pytest.fixture
def make(desk, database, keys):
    """Make things of the desk's round: ``make(send_from_phone, title="…")``."""

    def made(factory, times=1, **changes):
        with database.transaction() as session:
            round = session.get_one(Round, desk.round_id)
            found = [factory(session, keys, round, **changes) for _ in range(times)]
        return found[0] if times == 1 else found

    return made


def _state(database, proposal):
    with database.reading() as session:
        return session.get_one(Proposal, proposal.id).state


def _decisions(database):
    with database.reading() as session:
        return list(session.scalars(select(ProposalDecision).order_by(ProposalDecision.at)))


def _at(desk, proposal, act=""):
    return f"{desk.url}/proposals/{proposal.id}{act}"


def _token(page):
    return next(box.get("value") for box in page.all("input") if box.get("name") == "csrf_token")


def test_the_queue_has_tabs_with_counts_and_the_longest_waiting_first(desk, make, database):
    make(make_nominated, title="路灯")
    waiting = make(send_from_phone, title="修路面")
    with database.transaction() as session:
        session.add(ProposalPhoto(proposal_id=waiting.id, position=1, digest="a" * 64))
    page = visit(desk.client, f"{desk.url}/proposals")
    assert "全部 2" in page.text
    assert "待受理 1" in page.text
    assert page.text.index("修路面") < page.text.index("给3栋加装无障碍扶手")
    assert "手机 1 张照片" in page.text
    assert "0 小时" in page.text
    only = visit(desk.client, f"{desk.url}/proposals?state=passed")
    assert "修路面" not in only.text
    assert "共 1 条建议" in only.text
    for wrong in ("x", "%00", "refused"):
        visit(desk.client, f"{desk.url}/proposals?state={wrong}")


def test_ticked_proposals_are_accepted_at_once(desk, make, database):
    made = make(send_from_phone, 3)
    page = visit(desk.client, f"{desk.url}/proposals")
    act = f"{desk.url}/proposals/act"
    ids = [one.id for one in made]
    response = submit(desk.client, page, act, act="accept", proposal=ids)
    assert response.status_code == 303
    assert "已受理 3 条建议" in visit(desk.client, response.location).text
    assert [_state(database, one) for one in made] == ["accepted"] * 3
    again = submit(desk.client, page, act, act="accept", proposal=ids)
    assert "现在是“已受理”" in read(again, status=409).text
    nothing = submit(desk.client, page, act, act="accept")
    assert "请先勾选" in read(nothing, status=409).text
    merging = submit(desk.client, page, act, act="merge", proposal=ids[:2])
    assert merging.location.count("proposal=") == 2


def test_one_is_accepted_by_one_press_and_then_screened(desk, make, database):
    proposal = make(send_from_phone)
    page = visit(desk.client, _at(desk, proposal))
    assert submit(desk.client, page, _at(desk, proposal, "/accept")).status_code == 303
    form = visit(desk.client, _at(desk, proposal, "/screen"))
    response = submit(
        desk.client, form, form.url, **PASS, outcome="passed", note_affordable="再问一家",
        suggestion="符合征集要求，进入街道联审。",
    )  # fmt: skip
    assert response.location == _at(desk, proposal)
    shown = visit(desk.client, response.location)
    assert "符合征集要求，进入街道联审。" in shown.text
    assert "预算：待核实" in shown.text
    assert "内部备注，建议人看不到： 预算：再问一家" in shown.text
    assert _state(database, proposal) == "passed"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "请选择结论。"),
        ({"outcome": "passed", "reason": "好"}, "还没有回答：合法性、可行性、受益面、预算"),
        ({**PASS, "legal": "no", "outcome": "passed", "reason": "好"}, "“合法性”选了“不符合”"),
        ({**PASS, "outcome": "passed"}, "请写理由，建议人会看到。"),
        ({"outcome": "passed_on", "reason": "好"}, "请写转给哪个单位办理"),
        ({"outcome": "merged", "reason": "好"}, "请选择合并到哪个候选项目"),
        ({"outcome": "merged", "reason": "好", "target": "candidate:x"}, "不是有效的选择"),
        ({"outcome": "refused", "reason": "好", "negative": ["profit"]}, "“合法性”就要选“不符合”"),
        ({"outcome": "refused", "reason": "好", "negative": ["x"]}, "请只勾选列出来的。"),
        ({"outcome": "refused", "reason": "长" * 501}, "最多 500 个字"),
        ({"outcome": "refused", "reason": "好\x07"}, "看不见的字符"),
        ({"outcome": "refused", "reason": "好", "note_legal": "长" * 201}, "最多 200 个字"),
        ({"outcome": "passed_on", "reason": "好", "passed_to": "长" * 41}, "最多 40 个字"),
        ({"outcome": "review_passed", "reason": "好"}, "不是有效的选择"),
        ({"outcome": "refused", "legal": "maybe", "reason": "好"}, "不是有效的选择"),
        ({"outcome": "refused", "suggestion": "随便"}, "不是有效的选择"),
    ],
)
def test_bad_input_decides_nothing_and_gets_its_sentence(desk, make, database, changes, sentence):
    proposal = make(make_proposal)
    form = visit(desk.client, _at(desk, proposal, "/screen"))
    page = read(submit(desk.client, form, form.url, **changes), status=422)
    assert sentence in page.text
    assert _state(database, proposal) == "accepted"


def test_what_was_not_accepted_is_sent_back_without_being_public(desk, make, database):
    proposal = make(send_from_phone)
    form = visit(desk.client, _at(desk, proposal, "/screen"))
    passing = submit(desk.client, form, form.url, **PASS, outcome="passed", reason="好")
    assert "不是有效的选择" in read(passing, status=422).text
    submit(desk.client, form, form.url, outcome="returned", reason="请补充地点。")
    assert _state(database, proposal) == "returned"
    page = visit(desk.client, _at(desk, proposal))
    submit(desk.client, page, _at(desk, proposal, "/supplement"))
    assert _state(database, proposal) == "received"


def test_a_proposal_is_merged_into_what_is_there(desk, make, database):
    candidate = make(make_nominated, title="路灯")
    proposal = make(make_proposal, title="装路灯")
    form = visit(desk.client, _at(desk, proposal, "/screen"))
    target = {"outcome": "merged", "reason": "同一件事", "target": f"candidate:{candidate.id}"}
    assert submit(desk.client, form, form.url, **target).status_code == 303
    assert _state(database, proposal) == "merged"
    again = read(submit(desk.client, form, form.url, **target), status=422)
    assert "不是有效的选择" in again.text


def test_what_is_decided_shows_no_form(desk, make, database):
    proposal = make(make_proposal)
    form = visit(desk.client, _at(desk, proposal, "/screen"))
    submit(desk.client, form, form.url, outcome="refused", reason="不办")
    page = visit(desk.client, form.url)
    assert "现在是“不予受理”，不能初审" in page.text
    assert not [one for one in page.forms if one.action == form.url]
    second = submit(desk.client, form, form.url, outcome="returned", reason="再想想")
    assert second.status_code == 422
    assert [one.outcome for one in _decisions(database)] == ["accepted", "refused"]


def test_the_page_shows_everything_but_the_person(desk, make):
    proposal = make(make_proposal, title="给3栋装扶手", reason="楼里老人多。\n没地方扶。")
    other = make(make_proposal, title="3栋楼道装扶手", place="3栋")
    page = visit(desk.client, _at(desk, proposal))
    assert "张*" in page.text
    assert "138****1234" in page.text
    assert "张建国" not in page.html
    assert "13870001234" not in page.html
    assert _at(desk, other) in page.links
    assert "工作人员代填" in page.text


def test_a_telephone_is_shown_on_request_and_that_is_written_down(desk, make, database):
    proposal = make(make_proposal)
    page = visit(desk.client, _at(desk, proposal))
    shown = read(submit(desk.client, page, _at(desk, proposal, "/phone")))
    assert "13870001234" in shown.text
    with database.reading() as session:
        last = select(JournalEntry).order_by(JournalEntry.idx.desc()).limit(1)
        entry = session.scalars(last).one()
    assert (entry.act, entry.object_id) == ("proposal.show_phone", proposal.id)
    assert "1387" not in entry.details
    without = make(make_proposal, phone="")
    page = visit(desk.client, _at(desk, without))
    assert "没有留" in page.text
    token = _token(page)
    answer = desk.client.post(_at(desk, without, "/phone"), data={"csrf_token": token})
    assert "没有留电话" in read(answer, status=409).text


def test_an_auditor_reads_and_has_no_buttons(sit, database, keys):
    desk = sit(Role.AUDITOR)
    with database.transaction() as session:
        proposal = make_proposal(session, keys, session.get_one(Round, desk.round_id))
    page = visit(desk.client, _at(desk, proposal))
    assert not [form for form in page.forms if desk.url in form.action]
    assert not re.search("screen|edit|phone", " ".join(page.links))


def test_another_rounds_proposal_is_not_found(desk, database, keys):
    with database.transaction() as session:
        foreign = make_proposal(session, keys, make_round(session, phase="screening"))
    for id in (foreign.id, "nothing"):
        for act in ("", "/screen", "/appeal"):
            visit(desk.client, f"{desk.url}/proposals/{id}{act}", status=404)


def test_a_longer_queue_asks_no_more_of_the_database(desk, make, app):
    asked = []
    for more in (10, 60):
        make(send_from_phone, more)
        for path in ("proposals", "proposals?state=received"):
            visit(desk.client, f"{desk.url}/{path}")
            with statements(app.extensions["voting.database"].engine) as seen:
                visit(desk.client, f"{desk.url}/{path}")
            asked.append(len(seen))
    assert len(set(asked)) == 1


@pytest.fixture
def appealed(make, database):
    proposal = make(make_proposal)
    with database.transaction() as session:
        found = session.get_one(Proposal, proposal.id)
        found.state = "refused"
        make_appeal(session, found)
    return proposal


def test_an_appeal_is_listed_and_decided(desk, appealed, database):
    queue = visit(desk.client, f"{desk.url}/proposals")
    assert "复核申请（1）" in queue.text
    listed = visit(desk.client, f"{desk.url}/appeals")
    assert _at(desk, appealed, "/appeal") in listed.links
    form = visit(desk.client, _at(desk, appealed, "/appeal"))
    assert "楼里老人真的需要" in form.text
    decision = {"upheld": "yes", "outcome": "passed", "reason": "再看了一次，可以办。"}
    assert submit(desk.client, form, form.url, **decision).location == _at(desk, appealed)
    assert _state(database, appealed) == "passed"
    assert "已经处理过" in read(submit(desk.client, form, form.url, **decision), status=422).text
    assert "已改变原结论" in visit(desk.client, f"{desk.url}/appeals").text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": "好"}, "请选择复核结果。"),
        ({"upheld": "no"}, "请写理由"),
        ({"upheld": "yes", "reason": "好"}, "请选择结论。"),
        ({"upheld": "yes", "outcome": "refused", "reason": "好"}, "新结论和原来一样"),
        ({"upheld": "yes", "outcome": "x", "reason": "好"}, "不是有效的选择"),
        ({"upheld": "yes", "outcome": "passed_on", "reason": "好"}, "请写转给哪个单位"),
        ({"upheld": "no", "reason": "长" * 501}, "最多 500 个字"),
    ],
)
def test_bad_input_decides_no_appeal(desk, appealed, database, changes, sentence):
    form = visit(desk.client, _at(desk, appealed, "/appeal"))
    assert sentence in read(submit(desk.client, form, form.url, **changes), status=422).text
    assert _state(database, appealed) == "refused"
    assert [one for one in _decisions(database) if one.kind == "appeal"] == []


def test_the_same_officer_sees_why_another_must_decide(desk, make, database):
    proposal = make(make_proposal)
    form = visit(desk.client, _at(desk, proposal, "/screen"))
    submit(desk.client, form, form.url, outcome="refused", reason="不办")
    own = _decisions(database)[-1].by
    with database.transaction() as session:
        make_appeal(session, session.get_one(Proposal, proposal.id), by=own)
    page = visit(desk.client, _at(desk, proposal, "/appeal"))
    assert "要由街道的另一位工作人员来做" in page.text
    token = _token(page)
    data = {"csrf_token": token, "upheld": "no", "reason": "维持"}
    answer = read(desk.client.post(page.url, data=data), status=422)
    assert "另一位工作人员" in answer.text


def test_no_appeal_no_page(desk, make):
    visit(desk.client, _at(desk, make(make_proposal), "/appeal"), status=404)
    assert "没有复核申请" in visit(desk.client, f"{desk.url}/appeals").text
