from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.areas import NOW
from tests.factories.rounds import make_round
from tests.factories.sending import TYPED, make_sent
from tests.proposals.writing import propose_url, write
from tests.visiting import read, submit, visit
from voting.proposals.models import Proposal
from voting.proposals.service.codes import code_of
from voting.proposals.service.persons import opened_name, opened_phone
from voting.rounds.models import Round


def stored(database):
    with database.reading() as session:
        return list(session.scalars(select(Proposal)))


def test_a_proposal_is_written_checked_and_sent(client, database, keys, round_id):
    check = read(write(client, round_id))
    for said in ("看一遍再提交", TYPED["title"], TYPED["place"], "张桂兰", "住在这里"):
        assert said in check.text
    assert stored(database) == []
    answer = submit(client, check, propose_url(round_id), act="send")
    assert answer.status_code == 303
    (proposal,) = stored(database)
    assert (proposal.state, proposal.source, proposal.basis) == ("received", "phone", "live")
    assert opened_name(keys, proposal.id, proposal.proposer_sealed) == "张桂兰"
    assert opened_phone(keys, proposal.id, proposal.phone_sealed) == "13870001234"
    page = visit(client, answer.location)
    code = code_of(keys, proposal)
    assert f"{code[:5]} {code[5:]}" in page.text
    assert "待受理" in page.text
    assert "截图或抄下来" in page.text


def test_the_same_check_page_sent_twice_is_one_proposal_with_one_page(client, database, round_id):
    check = read(write(client, round_id))
    first = submit(client, check, propose_url(round_id), act="send")
    second = submit(client, check, propose_url(round_id), act="send")
    assert first.location == second.location
    assert len(stored(database)) == 1


def test_who_goes_back_and_writes_another_wish_sends_another(client, database, round_id):
    check = read(write(client, round_id))
    submit(client, check, propose_url(round_id), act="send")
    edited = read(submit(client, check, propose_url(round_id), act="edit"))
    other = submit(client, edited, propose_url(round_id), title="门口装路灯", act="send")
    assert other.status_code == 303
    assert {one.title for one in stored(database)} == {"楼道里装扶手", "门口装路灯"}


def test_going_back_loses_nothing(client, round_id):
    check = read(write(client, round_id))
    page = read(submit(client, check, propose_url(round_id), act="edit"))
    values = page.form(propose_url(round_id)).values
    for name in ("title", "place", "reason", "category", "proposer_name", "basis", "agrees"):
        assert values[name] == [str(TYPED[name])]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "请写一句话：想办什么事。"),
        ({"title": "很" * 41}, "最多 40 个字。"),
        ({"place": " "}, "请写在什么地方"),
        ({"reason": ""}, "请写几句为什么要办"),
        ({"reason": "长" * 501}, "最多 500 个字。"),
        ({"category": None}, "请选择类别。"),
        ({"category": "weapons"}, "是哪一类"),
        ({"proposer_name": ""}, "请填您的姓名"),
        ({"proposer_name": "张\u202e三"}, "看不见的字符"),
        ({"phone": ""}, "座机或子女的电话"),
        ({"phone": "12345"}, "请填 11 位手机号"),
        ({"phone": "<script>"}, "请填 11 位手机号"),
        ({"basis": None}, "居住、工作还是学习"),
        ({"basis": "visit"}, "您和这里的关系"),
        ({"is_old": None}, "小小观察员"),
        ({"agrees": None}, "填纸质表，交到社区"),
    ],
)
@pytest.mark.parametrize("act", ["check", "send"])
def test_what_is_wrong_is_said_and_nothing_is_lost(client, database, round_id, changes, said, act):
    page = read(write(client, round_id, act=act, **changes), status=422)
    assert said in page.text
    values = page.form(propose_url(round_id)).values
    kept = {"title", "place", "reason", "proposer_name", "phone"} - set(changes)
    assert {name: values[name] for name in kept} == {name: [TYPED[name]] for name in kept}
    assert stored(database) == []


@pytest.mark.parametrize("phone", ["0791-86543210", "０７９１８６５４３２１０", "13870001234"])
def test_a_landline_and_full_width_digits_are_understood(client, round_id, phone):
    assert "看一遍再提交" in read(write(client, round_id, phone=phone)).text


def test_the_age_is_the_rounds(client, database, round_id):
    with database.transaction() as session:
        session.get_one(
            Proposal.__mapper__.registry._class_registry["Round"], round_id
        ).min_age = 16
    page = visit(client, propose_url(round_id))
    assert "我已年满 16 周岁" in page.text
    assert "满 16 周岁请打勾" in read(write(client, round_id, is_old=None), status=422).text


def test_it_is_told_who_takes_the_name_what_for_and_how_long(client, round_id):
    page = visit(client, propose_url(round_id))
    for said in (
        "站南巷社区居委会",
        "不公开",
        "按规定删除",
        "0791-86543210",
        "站前路1号社区服务大厅",
    ):
        assert said in page.text


def test_similar_proposals_are_shown_before_sending(client, database, keys, round_id):
    with database.transaction() as session:
        round = session.get_one(Round, round_id)
        like = make_sent(
            session, keys, round, state="accepted", title="3栋楼道安装扶手"
        ).proposal.id
        make_sent(session, keys, round, state="received", title="楼道扶手没人看过", sending_key="b")
        make_sent(session, keys, round, state="refused", title="楼道扶手不予受理", sending_key="c")
        make_sent(
            session,
            keys,
            round,
            state="accepted",
            title="免费理发",
            place="活动室",
            sending_key="d",
        )
    page = read(write(client, round_id))
    assert "已经有人提过差不多的" in page.text
    assert f"/rounds/{round_id}/proposals/{like}" in page.links
    for hidden in ("没人看过", "不予受理", "免费理发"):
        assert hidden not in page.text
    assert "还是要提，提交" in page.text
    visit(client, f"/rounds/{round_id}/proposals/{like}")


def test_a_form_that_lay_too_long_loses_nothing(client, round_id):
    page = read(write(client, round_id, csrf_token="stale"), status=422)
    assert "页面放得太久了" in page.text
    assert page.form(propose_url(round_id)).values["reason"] == [TYPED["reason"]]


def test_after_the_last_day_the_page_says_so(client, clock, round_id):
    page = visit(client, propose_url(round_id))
    clock.now = NOW + timedelta(days=6)
    late = submit(client, page, propose_url(round_id), **TYPED, act="send")
    assert "现在不收建议了" in read(late, status=409).text
    closed = visit(client, propose_url(round_id), status=409)
    assert "/follow" in closed.links


@pytest.mark.parametrize("phase", ["screening", "voting", "closed"])
def test_in_another_phase_nothing_is_taken(client, database, phase):
    with database.transaction() as session:
        round = make_round(session, phase=phase)
    visit(client, propose_url(round.id), status=409)


@pytest.mark.parametrize("phase", ["draft", "pending_approval"])
def test_a_draft_is_nobodys_business(client, database, round_id, phase):
    with database.transaction() as session:
        hidden = make_round(session, phase=phase).id
    page = visit(client, propose_url(round_id))
    visit(client, propose_url(hidden), status=404)
    values = page.form(propose_url(round_id)).values
    assert client.post(propose_url(hidden), data={**TYPED, **values}).status_code == 404
    visit(client, propose_url("nothing"), status=404)


def test_one_telephone_has_ten_proposals(client, database, keys, round_id):
    with database.transaction() as session:
        round = session.get_one(Round, round_id)
        for number in range(10):
            make_sent(session, keys, round, title=f"第{number}件事", sending_key=str(number))
    check = read(write(client, round_id))
    page = read(submit(client, check, propose_url(round_id), act="send"), status=429)
    assert "已经提了 10 条建议" in page.text
    assert page.form(propose_url(round_id)).values["title"] == [TYPED["title"]]


def test_when_too_many_wait_one_is_asked_to_come_again(
    client, database, keys, round_id, monkeypatch
):
    monkeypatch.setattr("voting.proposals.service.sending.MOST_WAITING", 2)
    with database.transaction() as session:
        round = session.get_one(Round, round_id)
        for number in range(2):
            make_sent(session, keys, round, phone=f"1387000000{number}", sending_key=str(number))
    check = read(write(client, round_id))
    answer = submit(client, check, propose_url(round_id), act="send")
    assert answer.headers["Retry-After"] == "3600"
    assert "请过一小时再点提交" in read(answer, status=429).text


def test_nothing_personal_stands_in_an_address_or_a_log(client, round_id, caplog):
    caplog.set_level("DEBUG")
    check = read(write(client, round_id))
    answer = submit(client, check, propose_url(round_id), act="send")
    for personal in ("张桂兰", "13870001234"):
        assert personal not in answer.location
        assert personal not in caplog.text


def test_the_page_is_small(client, round_id):
    size = len(client.get(propose_url(round_id), headers={"Accept-Encoding": "gzip"}).data)
    assert size < 12_000
