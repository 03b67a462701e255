from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.conduct.conftest import ready_round
from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import NOW, make_chain, make_installation
from tests.factories.ballots import open_round_with_cards
from tests.factories.rounds import make_round
from tests.visiting import read, submit, visit
from voting.areas.models import Area
from voting.conduct.service.rehearsing import rehearse
from voting.journal.rules import COMMAND_LINE
from voting.permissions import Role
from voting.persistence import triggers
from voting.rounds.models import Round

HOUR = timedelta(hours=1)


def _rehearse(session, round):
    return rehearse(
        session,
        now=NOW,
        actor=COMMAND_LINE,
        round_id=round.id,
        opens_at=NOW + HOUR,
        closes_at=NOW + 30 * HOUR,
    )


def test_a_rehearsal_is_made_filled_and_deleted_at_the_desk(sit, database):
    desk = sit()
    page = visit(desk.client, f"{desk.url}/rehearse")
    assert "3 个候选项目照抄" in page.text
    response = submit(desk.client, page, page.url)
    assert response.status_code == 303
    made = response.location
    shown = visit(desk.client, made)
    assert "演练，不是正式投票" in shown.text
    assert submit(desk.client, shown, f"{made}/rehearsal-roll").status_code == 303
    asked = visit(desk.client, f"{made}/delete")
    assert "名册 20 人" in asked.text
    refused = read(submit(desk.client, asked, f"{made}/delete"), status=422)
    assert "请先勾选，再删除。" in refused.text
    gone = submit(desk.client, refused, f"{made}/delete", is_sure="y")
    assert (gone.status_code, gone.location) == (303, "/desk/rounds")
    assert "演练轮次删掉了" in visit(desk.client, "/desk/rounds").text
    visit(desk.client, made, status=404)
    with database.reading() as session:
        assert [round.id for round in session.scalars(select(Round))] == [desk.round_id]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"opens_day": ""}, "请填演练投票从哪天开始。"),
        ({"opens_day": "2026-02-30"}, "请填演练投票从哪天开始。"),
        ({"opens_day": "9999-12-31"}, "请检查年份。"),
        ({"opens_time": ""}, "请填开始时间。"),
        ({"closes_day": ""}, "请填演练投票到哪天截止。"),
        ({"closes_time": "25:00"}, "时间"),
        ({"closes_day": "2026-11-22"}, "投票截止时间要晚于开始时间。"),
        ({"closes_day": "2027-11-22"}, "投票最长 30 天"),
    ],
)
def test_times_that_do_not_fit_make_no_rehearsal(sit, database, changes, sentence):
    desk = sit()
    page = visit(desk.client, f"{desk.url}/rehearse")
    answer = read(submit(desk.client, page, page.url, **changes), status=422)
    assert sentence in answer.text
    with database.reading() as session:
        assert len(session.scalars(select(Round)).all()) == 1


def test_a_real_round_has_no_page_to_delete_it(sit, database):
    desk = sit()
    assert "真的轮次不能删除" in visit(desk.client, f"{desk.url}/delete", status=409).text
    page = visit(desk.client, f"{desk.url}/rehearse")
    token = page.form(page.url).values["csrf_token"]
    for path in ("delete", "rehearsal-roll"):
        response = desk.client.post(
            f"{desk.url}/{path}", data={"csrf_token": token, "is_sure": "y"}
        )
        assert response.status_code == 409
    with database.reading() as session:
        assert session.get(Round, desk.round_id) is not None


@pytest.mark.parametrize("path", ["rehearse", "delete"])
def test_another_areas_round_is_neither_rehearsed_nor_deleted(sit, database, path):
    desk = sit()
    with database.transaction() as session:
        foreign = make_round(session, kind="rehearsal")
    visit(desk.client, f"/desk/rounds/{foreign.id}/{path}", status=404)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DISTRICT_OBSERVER, Role.ADMINISTRATOR])
def test_who_only_reads_deletes_nothing(sit, database, role):
    desk = sit(role)
    with database.transaction() as session:
        area = session.get_one(Area, desk.chain.estate.id)
        round = make_round(session, area=area, kind="rehearsal")
    visit(desk.client, f"/desk/rounds/{round.id}/delete", status=403)
    visit(desk.client, f"/desk/rounds/{round.id}/rehearse", status=403)


def test_the_ballot_of_a_rehearsal_says_so_on_every_step(client, database, keys):
    round_id, cards = open_round_with_cards(database, keys, count=2)
    with database.transaction() as session:
        # Its kind is set before the rules are frozen; here they are already, so the guard steps aside.
        connection = session.connection()
        guard = [one for one in triggers.GUARDS if one.name == "round_frozen"]
        triggers.drop(connection, guard)
        session.execute(update(Round).where(Round.id == round_id).values(kind="rehearsal"))
        triggers.create(connection, guard)
    client.get(f"/c/{cards[0].token}")
    ballot = visit(client, "/ballot")
    confirm = read(submit(client, ballot, "/ballot", choice=["1"]))
    response = submit(client, confirm, "/ballot/cast", check_code=cards[0].check_code)
    receipt = visit(client, response.location)
    for page in (ballot, confirm, receipt):
        assert "演练，不是正式投票" in page.text


# Pages about one round that say so in ways of their own: pictures, files, answers without a page.
_NO_PAGE = {302, 303, 308, 400, 403, 404, 405, 409}


def test_every_page_about_a_rehearsal_says_so(app, client, database, keys):
    with database.transaction() as session:
        make_installation(session)
        chain = make_chain(session)
        officer = make_officer(session, area=chain.street, role=Role.STREET_OFFICER)
        source = ready_round(session, keys, area=chain.estate)
        round = _rehearse(session, source)
    sit_down(client, database, officer)
    checked = []
    for rule in app.url_map.iter_rules():
        # A page to be kept is a file that is the same for every round.
        is_file = rule.rule.endswith(".html")
        if rule.arguments == {"round_id"} and "GET" in (rule.methods or ()) and not is_file:
            with app.test_request_context():
                url = rule.build({"round_id": round.id})
            assert url is not None
            response = client.get(url[1])
            if response.status_code in _NO_PAGE or response.mimetype != "text/html":
                response.close()
                continue
            page = read(response, url[1])
            assert "演练，不是正式投票" in page.text, url[1]
            assert page.all("body")[0].get("class") == "rehearsal", url[1]
            checked.append(rule.rule)
    assert len(checked) > 15
