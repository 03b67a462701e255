from datetime import timedelta

import pytest
from sqlalchemy import select, text

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import make_area
from tests.factories.ballots import keyring
from tests.factories.notices import let_print
from tests.factories.posters import make_place
from tests.factories.roll import make_round
from tests.factories.tally import (
    CLOSED,
    drop_raw,
    fill,
    make_closed_round,
    make_openers,
    make_real_round,
)
from tests.visiting import read, submit, visit
from voting.adapters.jobs import perform
from voting.areas.models import Area
from voting.notices.models import Notice
from voting.permissions import Role
from voting.persistence.jobs import Job
from voting.rounds.models import Round
from voting.tally.jobs import HANDLERS
from voting.tally.models import Tally, UrnOpening
from voting.tally.views import counting


@pytest.fixture
def keys(config):
    return keyring(config.var)


class Desk:
    """A closed round and three browsers in which officers who may open its urn are signed in."""

    def __init__(self, app, database, keys, **changes):
        self.app, self.database = app, database
        with database.transaction() as session:
            round = make_closed_round(session, keys, **changes)
            self.round_id, self.area_id = round.id, round.area_id
            officers = make_openers(session, round.area, 3)
        self.path = f"/desk/rounds/{self.round_id}/count"
        self.first, self.second, self.third = (self.browser(officer) for officer in officers)

    def browser(self, officer):
        client = self.app.test_client()
        sit_down(client, self.database, officer)
        return client

    def agree(self, client, *, status=303):
        response = submit(client, visit(client, self.path), self.path)
        assert response.status_code == status
        return response

    def stored(self, kind):
        with self.database.reading() as session:
            return session.scalars(select(kind)).all()


@pytest.fixture
def desk(app, database, keys):
    return Desk(app, database, keys)


def test_two_officers_open_the_urn_and_see_the_count(desk):
    desk.agree(desk.first)
    assert "还要另一位工作人员确认" in visit(desk.first, desk.path).text
    page = visit(desk.second, desk.path)
    assert "李敏已经同意开箱，请您确认" in page.text
    desk.agree(desk.second)
    page = visit(desk.second, desk.path)
    assert "计票完成" in page.text
    assert "得票第 1 名" in page.text
    assert desk.stored(Tally)[0].ballots == 5


def test_before_the_urn_is_open_the_page_says_nothing_of_the_ballots(desk):
    for client in (desk.first, desk.second):
        page = visit(client, desk.path)
        assert "张" not in page.text.replace("紧张", "")
        desk.agree(client)


def test_the_same_officer_twice_gets_a_sentence_and_nothing_happens(desk):
    first = visit(desk.first, desk.path)
    submit(desk.first, first, desk.path)
    again = submit(desk.first, first, desk.path)  # the page of before, kept open
    page = read(again, desk.path, status=409)
    assert "请另一位工作人员用自己的账号登录后确认" in page.text
    assert desk.stored(UrnOpening)[0].second_officer is None


def test_the_third_officer_sees_what_the_second_started(desk):
    old = visit(desk.third, desk.path)
    desk.agree(desk.first)
    desk.agree(desk.second)
    page = read(submit(desk.third, old, desk.path), desk.path, status=409)
    assert "已经有两位工作人员同意开箱" in page.text


def test_before_closing_there_is_no_button_and_the_post_is_refused(desk, clock):
    form = visit(desk.first, desk.path)
    clock.now = CLOSED - timedelta(minutes=10)
    page = visit(desk.first, desk.path)
    assert "投票还没有截止" in page.text
    assert [one for one in page.forms if one.action == desk.path] == []
    late = read(submit(desk.first, form, desk.path), desk.path, status=409)
    assert "投票还没有截止" in late.text
    assert desk.stored(UrnOpening) == []


def test_an_expired_form_does_nothing(desk):
    page = visit(desk.first, desk.path)
    response = submit(desk.first, page, desk.path, csrf_token="expired")
    assert response.status_code in {400, 422}
    assert desk.stored(UrnOpening) == []


@pytest.mark.parametrize("role", [Role.COMMUNITY_WORKER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_are_turned_away(desk, database, role):
    with database.transaction() as session:
        officer = make_officer(session, area=session.get_one(Area, desk.area_id), role=role)
    client = desk.browser(officer)
    assert client.get(desk.path).status_code == 403
    assert client.post(desk.path).status_code in {400, 403}


def test_an_officer_of_another_area_and_a_round_that_is_not_get_the_same_answer(desk, database):
    with database.transaction() as session:
        stranger = make_openers(session, make_area(session), 1)[0]
    client = desk.browser(stranger)
    other = visit(client, desk.path, status=404)
    none = visit(client, "/desk/rounds/nonesuch/count", status=404)
    assert other.text == none.text


def test_strangers_are_asked_to_sign_in(desk, client):
    assert client.get(desk.path).status_code == 303


@pytest.mark.parametrize("round_id", ["x" * 500, "%00", "..%2f..", "中文"])
def test_odd_ids_are_not_found(desk, round_id):
    assert desk.first.get(f"/desk/rounds/{round_id}/count").status_code == 404


def test_a_damaged_urn_is_reported_and_can_be_counted_again(desk, database, keys):
    with database.transaction() as session:
        drop_raw(session, desk.round_id, b"x", leaf=b"l" * 32)
    desk.agree(desk.first)
    page = read(
        submit(desk.second, visit(desk.second, desk.path), desk.path), desk.path, status=409
    )
    assert "和它的封存记录对不上" in page.text
    assert desk.stored(Tally) == []
    assert desk.stored(UrnOpening)[0].second_officer is not None
    with database.transaction() as session:
        session.execute(text("DROP TRIGGER urn_no_delete"))
        session.execute(text("DELETE FROM urn WHERE leaf = :leaf"), {"leaf": b"l" * 32})
    again = submit(desk.second, visit(desk.second, desk.path), f"{desk.path}/again")
    assert again.status_code == 303
    assert "计票完成" in visit(desk.second, desk.path).text


def test_counting_again_without_two_officers_is_refused(desk):
    page = visit(desk.first, desk.path)
    response = desk.first.post(
        f"{desk.path}/again", data={"csrf_token": page.form(desk.path).values["csrf_token"]}
    )
    assert "要两位工作人员都同意开箱" in read(response, desk.path, status=409).text


def test_a_large_urn_becomes_a_job_with_progress(desk, database, monkeypatch):
    monkeypatch.setattr(counting, "AT_ONCE", 3)
    desk.agree(desk.first)
    desk.agree(desk.second)
    page = visit(desk.second, desk.path)
    assert "正在排队" in page.text
    assert "后台服务没有运行" in page.text
    assert desk.second.get(desk.path).headers["Refresh"]
    (job,) = desk.stored(Job)
    assert (job.state, job.total) == ("waiting", 5)
    with desk.app.app_context():
        perform(database, HANDLERS, job.id, clock=lambda: CLOSED)
    assert desk.stored(Job)[0].state == "done"
    assert "计票完成" in visit(desk.second, desk.path).text


def test_a_job_that_failed_says_why_and_is_ordered_again(desk, database, monkeypatch):
    monkeypatch.setattr(counting, "AT_ONCE", 3)
    with database.transaction() as session:
        drop_raw(session, desk.round_id, b"x", leaf=b"l" * 32)
    desk.agree(desk.first)
    desk.agree(desk.second)
    with desk.app.app_context():
        perform(database, HANDLERS, desk.stored(Job)[0].id, clock=lambda: CLOSED)
    page = visit(desk.first, desk.path)
    assert "和它的封存记录对不上" in page.text
    assert submit(desk.first, page, f"{desk.path}/again").status_code == 303
    assert len(desk.stored(Job)) == 2


def test_invalid_ballots_and_ties_are_shown(app, database, keys):
    desk = Desk(app, database, keys, votes=[(1, 2), (1, 2), (3,)])
    with database.transaction() as session:
        drop_raw(session, desk.round_id, b"nonsense")
        fill(session, desk.round_id, [(9,)])
    desk.agree(desk.first)
    desk.agree(desk.second)
    page = visit(desk.first, desk.path)
    assert "内容无法辨认：1 张" in page.text
    assert "2、1 号得票都是 2 票，先后由受益人数决定。" in page.text


def test_a_round_in_another_phase_offers_nothing(app, database, keys):
    desk = Desk(app, database, keys, phase="publicity")
    assert "不在计票阶段" in visit(desk.first, desk.path).text


# The paper that calls to the vote


@pytest.fixture
def street(app, database, keys, config):
    let_print(config)
    with database.transaction() as session:
        round = make_real_round(session, keys)
        officer = make_openers(session, round.area, 2)[1]
        round_id = round.id
    client = app.test_client()
    sit_down(client, database, officer)
    return client, f"/desk/rounds/{round_id}/announcement", round_id


def test_the_street_issues_the_paper_once(street, database):
    client, path, _round_id = street
    form = visit(client, path)
    response = submit(client, form, path)
    assert response.status_code == 303
    page = visit(client, response.location)
    assert "关于开展南站街道南烟小区2026年第二轮“幸福微实事”项目票决的通告" in page.text
    assert "雨污分流改造" in page.text
    issued = visit(client, path)
    assert "已经发布，编号 2026-0001" in issued.text
    again = submit(client, form, path)  # the page of before, kept open
    assert again.location == response.location
    with database.reading() as session:
        assert len(session.scalars(select(Notice)).all()) == 1


def test_the_paper_names_the_channels_that_are_on_and_the_polling_places(street, database):
    client, path, round_id = street
    with database.transaction() as session:
        make_place(session, round_id, name="流动投票车", address="1栋到12栋", hours="19:00—21:00")
        make_place(session, round_id, name="旧大厅", closed_at=CLOSED)
    page = visit(client, submit(client, visit(client, path), path).location)
    for said in (
        "到社区领取投票卡",
        "领取纸质票",
        "两名工作人员当面协助",
        "流动投票车，1栋到12栋，19:00—21:00",
    ):
        assert said in page.text
    for silent in ("海报", "旧大厅", "现场投票点："):
        assert silent not in page.text


def test_rules_that_may_change_are_not_announced(street, app, database):
    client, path, round_id = street
    form = visit(client, path)
    with database.transaction() as session:
        area = session.get_one(Round, round_id).area
        draft = make_round(session, area=area)
    draft_path = f"/desk/rounds/{draft.id}/announcement"
    assert "还可能改" in visit(client, draft_path).text
    values = form.form(path).values
    page = read(client.post(draft_path, data=values), draft_path, status=409)
    assert "不能发投票通告" in page.text


def test_only_the_street_issues_papers(street, app, database):
    _client, path, round_id = street
    with database.transaction() as session:
        area = session.get_one(Round, round_id).area
        worker = make_officer(session, area=area, role=Role.COMMUNITY_WORKER)
    client = app.test_client()
    sit_down(client, database, worker)
    assert "由街道办理" in visit(client, path).text
    assert client.post(path).status_code in {400, 403}
