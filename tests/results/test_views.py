import re
from datetime import timedelta

import pytest
from flask import g

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import make_area
from tests.factories.ballots import NOW
from tests.factories.notices import make_notice
from tests.factories.tally import (
    make_closed_round,
    make_openers,
)
from tests.papers import pages, running_text, words
from tests.visiting import read, submit, visit
from voting.notices import holder
from voting.notices.models import Notice
from voting.permissions import Role
from voting.results.models import Result
from voting.rounds.models import Round


def test_nobody_sees_a_result_before_it_is_declared(street, client):
    page = visit(client, street.public, status=404)
    assert "票决结果尚未公布" in page.text
    assert not re.search(r"\d+ ?票|得票", page.text)
    assert "入选项目" not in page.text


def test_the_street_declares_and_everybody_sees_the_same_figures(street, client):
    preview = visit(street.client, street.desk)
    assert "审定这个结果？" in preview.text
    assert "今天张贴的话，公示时间是 2026年11月24日至30日" in preview.text
    street.declare()
    page = visit(client, street.public)
    for said in (
        "名册人数（应投）90人", "已登记投票65人", "投票率 72.2%", "实投选票65张", "有效票65张",
        "2026年11月24日至30日", "4 号 楼道感应灯更换", "39 票，得票率 60.0% 预算 9800 元。得票第 1 名",
        "0791-86543210", "站南巷15号社区服务大厅",
    ):  # fmt: skip
        assert said in page.text, said
    after = visit(street.client, street.desk)
    assert "结果已经审定" in after.text
    assert "审定这个结果？" not in after.text


def test_every_project_has_its_reason_in_one_sentence(street, client):
    street.declare()
    page = visit(client, street.public)
    assert page.text.count("得票第") == 12
    assert "不够，未入选。" in page.text


def test_the_paper_says_what_the_pages_say(street, client):
    street.declare()
    (notice,) = street.stored(Notice)
    result = visit(client, street.public).text
    page = visit(client, f"/notices/{notice.number}").text
    answer = client.get(f"/notices/{notice.number}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    paper = running_text(answer.data)
    for figure in ("90", "65", "72.2%", "30.00万元", "2026年11月24日至30日", "楼道感应灯更换"):
        tight = figure.replace(" ", "")
        assert tight in paper
        assert tight in page.replace(" ", "")
        assert tight in result.replace(" ", "")
    for line in facts_of_lines(result):
        assert line in paper, line


def facts_of_lines(text):
    """Yield every share of the vote that a page gives, as the paper prints it."""
    return set(re.findall(r"得票率 (\d+\.\d%)", text))


def test_the_number_of_the_paper_is_on_every_page_of_it(street, client):
    street.declare()
    content = client.get("/notices/2026-0001.pdf").data
    for page in pages(content):
        assert any("2026-0001" in line.text for line in page)


def test_no_personal_data_is_on_any_of_it(street, client):
    street.declare()
    texts = [
        visit(client, street.public).html,
        visit(client, "/notices/2026-0001").html,
        words(client.get("/notices/2026-0001.pdf").data),
    ]
    for text in texts:
        seen = re.sub(r"[0-9a-f]{4}( [0-9a-f]{4}){15}", "", text)  # digests, in groups of four
        assert re.findall(r"(?<![\w-])\d{15,18}[\dXx]?(?![\w-])", seen) == []
        assert re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", seen) == []
        assert "张*" not in seen


def test_the_draft_is_a_paper_marked_as_such(street):
    answer = street.client.get(f"{street.desk}/draft.pdf")
    assert answer.mimetype == "application/pdf"
    assert "送审稿" in words(answer.data)
    assert street.stored(Notice) == []


def test_declaring_twice_from_an_old_page_is_refused(street):
    old = visit(street.client, street.desk)
    street.declare()
    page = read(submit(street.client, old, street.desk), street.desk, status=409)
    assert "结果已经审定，不能再改" in page.text
    assert len(street.stored(Notice)) == 1


def test_an_expired_form_declares_nothing(street):
    page = visit(street.client, street.desk)
    response = submit(street.client, page, street.desk, csrf_token="expired")
    assert response.status_code in {400, 422}
    assert street.stored(Result) == []


def test_before_review_there_is_no_button_and_the_post_is_refused(street, database):
    old = visit(street.client, street.desk)
    with database.transaction() as session:
        session.get_one(Round, street.round_id).phase = "counting"
    assert "还没有送审" in visit(street.client, street.desk).text
    page = read(submit(street.client, old, street.desk), street.desk, status=409)
    assert "要先计票，并把计票结果送街道审定" in page.text
    assert street.stored(Notice) == []


def test_the_secretary_may_look_and_not_declare(street, database):
    with database.transaction() as session:
        area = session.get_one(Round, street.round_id).area
        secretary = make_officer(session, area=area, role=Role.COMMUNITY_SECRETARY)
    client = street.browser(secretary)
    page = visit(client, street.desk)
    assert "审定这个结果？" not in page.text
    assert client.post(street.desk).status_code in {400, 403}


@pytest.mark.parametrize("role", [Role.COMMUNITY_WORKER, Role.AUDITOR, Role.DISTRICT_OBSERVER])
def test_others_see_no_figures_before_the_declaration(street, database, role):
    with database.transaction() as session:
        officer = make_officer(
            session, area=session.get_one(Round, street.round_id).area, role=role
        )
    client = street.browser(officer)
    for path in (street.desk, f"{street.desk}/draft.pdf", f"/desk/rounds/{street.round_id}/count"):
        assert client.get(path).status_code == 403


def test_a_street_of_another_area_finds_nothing(street, database):
    with database.transaction() as session:
        stranger = make_officer(session, area=make_area(session), role=Role.STREET_OFFICER)
    client = street.browser(stranger)
    assert client.get(street.desk).status_code == 404
    assert client.get(f"{street.desk}/draft.pdf").status_code == 404


def test_a_round_without_a_count_has_nothing_to_declare(app, database, keys):
    with database.transaction() as session:
        round = make_closed_round(session, keys)
        officer = make_openers(session, round.area, 2)[1]
        path = f"/desk/rounds/{round.id}/result"
    client = app.test_client()
    sit_down(client, database, officer)
    assert "还没有计票" in visit(client, path).text


@pytest.mark.parametrize("round_id", ["nonesuch", "x" * 500, "%00"])
def test_unknown_rounds_have_no_result(client, round_id):
    assert client.get(f"/rounds/{round_id}/result").status_code == 404


def test_a_draft_round_does_not_exist_for_the_public(client, database, keys):
    with database.transaction() as session:
        round = make_closed_round(session, keys, phase="draft")
        path = f"/rounds/{round.id}/result"
    assert "尚未公布" not in visit(client, path, status=404).text


def test_a_paper_issued_in_between_moves_the_number(street, client, database, monkeypatch):
    once: list[int] = []

    def printing(paper):
        if not once:
            once.append(1)
            with database.transaction() as session:
                make_notice(session, kind="other")
        return set_paper(paper)

    set_paper = holder.set_paper
    monkeypatch.setattr(holder, "set_paper", printing)
    street.declare()
    numbers = {notice.kind: notice.number for notice in street.stored(Notice)}
    assert numbers == {"other": "2026-0001", "result": "2026-0002"}
    assert "2026-0002" in words(client.get("/notices/2026-0002.pdf").data)


def test_midnight_while_printing_moves_the_days(street, clock, monkeypatch):
    def printing(paper):
        made = set_paper(paper)
        if clock.now == NOW:
            clock.now = NOW + timedelta(days=1)
            g.now = clock.now
        return made

    set_paper = holder.set_paper
    monkeypatch.setattr(holder, "set_paper", printing)
    street.declare()
    (result,) = street.stored(Result)
    assert f"{result.publicity_from:%m-%d}" == "11-25"
