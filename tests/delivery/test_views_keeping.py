"""Milestones, progress, photographs and payments at the desk, and what is wrong with what was sent."""

import io

import pytest
from sqlalchemy import func, select

from tests.factories.areas import make_chain
from tests.factories.delivery import (
    make_milestone,
    make_photo,
    make_project,
    make_spending,
)
from tests.factories.proposals import photograph
from tests.visiting import read, submit, visit
from voting.delivery.models import (
    Milestone,
    ProgressEntry,
    Project,
    Spending,
)
from voting.journal.models import JournalEntry
from voting.permissions import Role
from voting.persistence.base import new_id

MILESTONE = {"title": "立柱安装", "person": "周平", "planned_on": "2026-12-01"}
PAYMENT = {"day": "2026-11-20", "amount": "1200.50", "purpose": "不锈钢管", "payee": "某建材店"}
PHOTO = {"stage": "before", "caption": "没有扶手的楼道", "taken_on": ""}
ENTRY = {"day": "2026-11-23", "words": "今天开始打孔。"}


def _send(desk, path, **given):
    page = visit(desk.client, f"{desk.url}/{path}")
    return submit(desk.client, page, page.url, **given)


def _count(database, kind):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(kind))


def _milestones(database, desk):
    with database.reading() as session:
        mine = select(Milestone).where(Milestone.project_id == desk.project_id)
        return session.scalars(mine.order_by(Milestone.position)).all()


def test_responsibility_and_target_are_written_down(sit, database):
    desk = sit(Role.COMMUNITY_WORKER)
    response = _send(
        desk, "edit", target="扶手 120 米", unit="站南巷社区", person="周平", leader="王主任",
        measure="扶手（米）", measure_before="0", measure_after="１２０",
    )  # fmt: skip
    assert response.status_code == 303
    with database.reading() as session:
        project = session.get_one(Project, desk.project_id)
    assert (project.leader, project.measure_before, project.measure_after) == ("王主任", 0, 120)
    page = visit(desk.client, desk.url)
    assert "扶手（米）：施工前 0，完工后 120" in page.text
    _send(desk, "edit")
    with database.reading() as session:
        acts = session.scalars(select(JournalEntry.act)).all()
    assert acts.count("project.prepare") == 1  # nothing changed, nothing noted


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"target": "长" * 201}, "最多 200 个字。"),
        ({"unit": "长" * 61}, "最多 60 个字。"),
        ({"person": "看不\u200b见"}, "文字里有看不见的字符"),
        ({"measure": "", "measure_before": "3"}, "请写明数的是什么"),
        ({"measure_before": "三"}, "请填数字"),
        ({"measure_after": "-1"}, "请填数字"),
    ],
)
def test_wrong_responsibility_is_named(desk, given, sentence):
    assert sentence in read(_send(desk, "edit", **given), status=422).text


def test_milestones_are_added_ordered_changed_and_done(desk, database):
    assert _send(desk, "milestones", **MILESTONE).status_code == 303
    last = _milestones(database, desk)[-1]
    assert (last.title, last.position) == ("立柱安装", 3)
    page = visit(desk.client, f"{desk.url}/milestones")
    up = f"{desk.url}/milestones/{last.id}/up"
    assert submit(desk.client, page, up).status_code == 303
    titles = [one.title for one in _milestones(database, desk)]
    assert titles == ["材料进场", "立柱安装", "安装完成"]
    one = visit(desk.client, f"{desk.url}/milestones/{last.id}")
    done = f"{desk.url}/milestones/{last.id}/done"
    assert submit(desk.client, one, done, done_on="2026-11-22").status_code == 303
    assert "已登记完成" in visit(desk.client, f"{desk.url}/milestones").text
    change = f"{desk.url}/milestones/{last.id}"
    again = visit(desk.client, change)
    response = submit(
        desk.client, again, change, planned_on="2026-11-20", reason="计划日期写错了。"
    )
    assert response.status_code == 303
    assert "晚了 2 天" in visit(desk.client, f"{desk.url}/milestones").text
    with database.reading() as session:
        details = session.scalars(
            select(JournalEntry.details).where(JournalEntry.act == "project.milestone_change")
        ).one()
    assert "2026-12-01" in details
    assert "计划日期写错了。" in details


def test_the_first_milestone_stays_first(desk, database):
    first = _milestones(database, desk)[0]
    page = visit(desk.client, f"{desk.url}/milestones")
    token = page.form(page.url).values["csrf_token"]
    url = f"{desk.url}/milestones/{first.id}/up"
    assert desk.client.post(url, data={"csrf_token": token}).status_code == 303
    assert _milestones(database, desk)[0].id == first.id


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"title": ""}, "请填节点"),
        ({"title": "长" * 41}, "最多 40 个字。"),
        ({"person": ""}, "请填谁负责。"),
        ({"planned_on": ""}, "请填计划哪天完成。"),
        ({"planned_on": "下周"}, "有几处需要改一下"),
        ({"planned_on": "0026-01-01"}, "请检查年份。"),
    ],
)
def test_a_wrong_milestone_is_named(desk, database, given, sentence):
    response = _send(desk, "milestones", **(MILESTONE | given))
    assert sentence in read(response, status=422).text
    assert len(_milestones(database, desk)) == 2


def test_a_milestone_is_not_done_tomorrow_nor_twice(desk, database):
    one = _milestones(database, desk)[0]
    page, url = (
        visit(desk.client, f"{desk.url}/milestones/{one.id}"),
        f"{desk.url}/milestones/{one.id}/done",
    )
    ahead = submit(desk.client, page, url, done_on="2026-11-24")
    assert "日期不能晚于今天" in read(ahead, status=422).text
    assert "请填哪天完成的" in read(submit(desk.client, page, url, done_on=""), status=422).text
    for _ in range(50):
        assert submit(desk.client, page, url, done_on="2026-11-20").status_code == 303
    other = submit(desk.client, page, url, done_on="2026-11-21")
    assert "这个节点已经登记过完成了" in read(other, status=422).text
    with database.reading() as session:
        acts = session.scalars(select(JournalEntry.act)).all()
    assert acts.count("project.milestone_done") == 1


def test_one_form_sent_fifty_times_makes_one_record(desk, database):
    for path, given, kind in (
        ("spending", PAYMENT, Spending),
        ("progress", ENTRY, ProgressEntry),
        ("milestones", MILESTONE, Milestone),
    ):
        before = _count(database, kind)
        page = visit(desk.client, f"{desk.url}/{path}")
        for _ in range(50):
            assert submit(desk.client, page, page.url, **given).status_code == 303
        assert _count(database, kind) == before + 1, path


def test_a_key_that_is_not_ours_makes_nothing(desk, database):
    with database.transaction() as session:
        other = make_spending(session, make_project(session, area=make_chain(session).estate)).id
    for key in ("", "1", "a" * 27, other):
        response = _send(desk, "spending", **PAYMENT, key=key)
        assert response.status_code == 404, key
    assert _count(database, Spending) == 1


def test_payments_add_up_and_are_voided_with_a_reason(desk, database):
    assert _send(desk, "spending", **PAYMENT).status_code == 303
    big = {"amount": "5", "amount_unit": "1000000"}
    assert _send(desk, "spending", **(PAYMENT | big)).status_code == 303
    page = visit(desk.client, f"{desk.url}/spending")
    assert "51200.50" in page.text
    assert "支出已经超过预算" in page.text
    with database.reading() as session:
        big = session.scalars(select(Spending).where(Spending.amount == 50_000_00)).one()
    void = f"spending/{big.id}/void"
    assert "请写明理由。" in read(_send(desk, void, reason=""), status=422).text
    page = visit(desk.client, f"{desk.url}/{void}")
    assert submit(desk.client, page, page.url, reason="填错了一个零。").status_code == 303
    page = visit(desk.client, f"{desk.url}/spending")
    assert "已作废" in page.text
    assert "填错了一个零。" in page.text
    assert "支出已经超过预算" not in page.text
    again = read(desk.client.get(f"{desk.url}/{void}"), status=409)
    assert "这笔支出已经作废了。" in again.text


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"day": ""}, "请填付款日期。"),
        ({"day": "2026-11-24"}, "日期不能晚于今天"),
        ({"amount": ""}, "请填金额。"),
        ({"amount": "一百"}, "请填数字"),
        ({"amount": "1.005"}, "金额最小到分"),
        ({"amount": "0"}, "金额要大于 0"),
        ({"amount": "999999999999"}, "金额要大于 0"),
        ({"purpose": ""}, "请填用途。"),
        ({"purpose": "长" * 61}, "最多 60 个字。"),
        ({"payee": ""}, "请填收款单位。"),
    ],
)
def test_a_wrong_payment_is_named(desk, database, given, sentence):
    response = _send(desk, "spending", **(PAYMENT | given))
    assert sentence in read(response, status=422).text
    assert _count(database, Spending) == 0


def test_a_receipt_is_kept_for_the_desk(desk, database):
    file = (io.BytesIO(photograph()), "../发票 1.jpeg")
    assert _send(desk, "spending", **PAYMENT, file=file).status_code == 303
    page = visit(desk.client, f"{desk.url}/spending")
    link = next(link for link in page.links if "/files/" in link)
    response = desk.client.get(link)
    assert response.mimetype == "image/jpeg"
    assert response.headers["Content-Disposition"].startswith("attachment")
    wrong = _send(desk, "spending", **PAYMENT, file=(io.BytesIO(b"MZ"), "发票.exe"))
    assert "只能上传 PDF" in read(wrong, status=422).text


def test_nothing_is_paid_before_the_approval(sit):
    desk = sit(state="to_approve")
    page = visit(desk.client, f"{desk.url}/spending")
    assert "还没有立项，不能登记支出" in page.text
    token = visit(desk.client, f"{desk.url}/edit").form(f"{desk.url}/edit").values["csrf_token"]
    data = PAYMENT | {"csrf_token": token, "key": new_id(), "amount_unit": "100"}
    response = desk.client.post(f"{desk.url}/spending", data=data)
    assert "还没有立项" in read(response, status=422).text


def test_what_belongs_to_another_project_is_not_there(desk, database):
    with database.transaction() as session:
        other = make_project(session, area=make_chain(session).estate, state="in_progress")
        ids = {
            "milestones": make_milestone(session, other).id,
            "spending": make_spending(session, other).id,
            "photos": make_photo(session, other).id,
        }
    for path in (
        f"milestones/{ids['milestones']}",
        f"spending/{ids['spending']}/void",
        f"photos/{ids['photos']}/remove",
        "milestones/nobody",
        "photos/a%00/remove",
    ):
        assert desk.client.get(f"{desk.url}/{path}").status_code == 404, path


def test_what_is_over_is_shown_and_not_changed(sit, database):
    desk = sit(state="done", is_ready=True)
    for path in ("milestones", "progress", "photos", "spending"):
        page = visit(desk.client, f"{desk.url}/{path}")
        assert [form for form in page.forms if form.action == page.url] == []
    page = visit(desk.client, f"{desk.url}/edit")
    response = submit(desk.client, page, page.url, target="新的目标")
    assert "这个项目已经是“已办结”" in read(response, status=422).text


def test_whoever_only_reads_sees_no_forms(sit):
    desk = sit(Role.AUDITOR, state="in_progress", is_ready=True)
    for path in ("milestones", "progress", "photos", "spending"):
        page = visit(desk.client, f"{desk.url}/{path}")
        assert [form for form in page.forms if form.action == page.url] == []
        assert desk.client.post(f"{desk.url}/{path}").status_code in {400, 403}
