import pytest
from sqlalchemy import select

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import make_chain
from tests.factories.delivery import make_photo, make_project
from tests.factories.proposals import photograph
from tests.uploading import submit_file
from tests.visiting import read, submit, visit
from voting.delivery.models import Project, ProjectChange
from voting.notices.models import Notice
from voting.permissions import Role

# Each step of the straight path with what goes along.
PATH = [
    ("approve", {}),
    ("design", {"person": "市政设计所"}),
    ("procure", {}),
    ("contract", {"person": "南昌某建筑公司", "amount": "4.5"}),
    ("start", {}),
    ("complete", {}),
    ("accept", {"person": "监督小组、站南巷社区"}),
    ("settle", {}),
    ("publish-final", {"amount": "4.4", "reason": "少装了两米扶手。"}),
    ("survey", {}),
    ("hand-over", {"person": "南烟小区物业", "reason": "发出 60 份，收回 58 份，满意 55 份。"}),
    ("close", {}),
    ("archive", {"person": "街道档案室"}),
]


def _take(desk, key, *, file=None, **given):
    url = f"{desk.url}/steps/{key}"
    page = visit(desk.client, url)
    if file is None:
        return submit(desk.client, page, url, **given)
    return submit_file(desk.client, page, "file", file, "扫描件.png", **given)


def _state(database, desk):
    with database.reading() as session:
        return session.get_one(Project, desk.project_id).state


def test_a_project_goes_the_straight_path(sit, database, clock):
    desk = sit(is_ready=True)
    for key, given in PATH:
        if key == "survey":
            clock.now = clock.now.replace(month=12, day=7)
            sit_again(desk, database, clock)
        response = _take(desk, key, file=photograph(kind="PNG", size=(40, 30)), **given)
        assert response.status_code == 303, read(response, status=422).text
    with database.reading() as session:
        project = session.get_one(Project, desk.project_id)
        assert (project.state, project.contract_sum, project.final_cost) == (
            "archived",
            45_000_00,
            44_000_00,
        )
        assert project.contractor == "南昌某建筑公司"
        papers = session.scalars(select(Notice).order_by(Notice.issued_at)).all()
        public = [paper.title for paper in papers if paper.audience == "public"]
    assert len(papers) == 10
    assert public == ["“加装无障碍扶手”项目决算公示"]
    page = visit(desk.client, f"{desk.url}/history")
    assert page.text.count("扫描件.jpg") == len(PATH)
    for link in page.links:
        if "/desk/notices/" in link or "/files/" in link:
            answer = desk.client.get(link, follow_redirects=True)
            assert answer.status_code == 200, link


def sit_again(desk, database, clock):
    with database.transaction() as session:
        officer = make_officer(session, area=desk.chain.street, role=Role.STREET_OFFICER)
    sit_down(desk.client, database, officer, now=clock.now)


def test_designing_may_be_skipped_with_a_reason(sit, database):
    desk = sit(Role.COMMUNITY_WORKER, state="approved")
    refused = read(_take(desk, "procure", person="询价三家"), status=422)
    assert "请写明理由或情况。" in refused.text
    assert _take(desk, "procure", reason="买现成的长椅，不用设计。").status_code == 303
    assert _state(database, desk) == "procuring"


def test_nothing_starts_without_target_milestone_unit_and_person(sit, database):
    desk = sit(state="contracted")
    page = visit(desk.client, desk.url)
    for sentence in ("还没有写目标", "还没有责任单位", "还没有责任人", "还没有节点"):
        assert sentence in page.text
    assert "还差这些" in visit(desk.client, f"{desk.url}/steps/start").text
    page = visit(desk.client, f"{desk.url}/edit")
    token = page.form(page.url).values["csrf_token"]
    response = desk.client.post(
        f"{desk.url}/steps/start", data={"csrf_token": token, "day": "2026-11-23"}
    )
    assert "还没有写目标" in read(response, status=422).text
    assert _state(database, desk) == "contracted"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"day": ""}, "请填办理的日期。"),
        ({"day": "2026-11-24"}, "日期不能晚于今天。"),
        ({"day": "2020-01-01"}, "日期早于项目建档的那天"),
        ({"day": "明天"}, "有几处需要改一下"),
        ({"person": ""}, "请填写单位或姓名。"),
        ({"person": "长" * 61}, "最多 60 个字。"),
        ({"amount": ""}, "请填金额。"),
        ({"amount": "很多"}, "请填数字"),
        ({"amount": "0.00000001"}, "金额最小到分"),
        ({"amount": "-3"}, "请填数字"),
        ({"reason": "长" * 501}, "最多 500 个字。"),
        ({"reason": "看不\u202e见"}, "文字里有看不见的字符"),
        ({"amount_unit": "7"}, "有几处需要改一下"),
        ({}, "请附上扫描件或照片。"),
    ],
)
def test_a_contract_says_what_is_wrong(sit, database, given, sentence):
    desk = sit(state="procuring", is_ready=True)
    good = {"day": "2026-11-23", "person": "某公司", "amount": "4.5"}
    file = photograph(kind="PNG", size=(40, 30)) if given else None
    response = _take(desk, "contract", file=file, **(good | given))
    assert sentence in read(response, status=422).text
    assert _state(database, desk) == "procuring"


def test_everything_that_is_missing_is_named_at_once(sit):
    desk = sit(state="procuring")
    page = read(_take(desk, "contract", day="", person="", amount=""), status=422)
    for sentence in ("请填办理的日期", "请填写单位或姓名", "请填金额", "请附上扫描件或照片"):
        assert sentence in page.text


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"hello", "只能上传 PDF 文件"),
        (b"%PDF-1.7 half", "这个 PDF 打不开"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "HEIC"),
        (photograph()[:2000], "打不开"),
        (b"\xff\xd8\xff" + bytes(15 * 1024 * 1024), "15 MB"),
    ],
)
def test_a_file_that_is_no_scan_is_refused(sit, database, file, sentence):
    desk = sit(state="procuring")
    response = _take(desk, "contract", file=file, person="某公司", amount="4.5")
    assert sentence in read(response, status=422).text
    with database.reading() as session:
        assert session.scalars(select(ProjectChange.act)).all() == ["project.open"]


def test_a_change_far_above_the_vote_is_published_anew(desk, database):
    assert _take(desk, "request-change", reason="加装到5栋", amount="6").status_code == 303
    page = visit(desk.client, f"{desk.url}/steps/approve-change")
    assert "超过票决预算的 10%" in page.text
    assert _take(desk, "approve-change", reason="同意", amount="6").status_code == 303
    with database.reading() as session:
        paper = session.scalars(select(Notice).where(Notice.kind == "project-approve-change")).one()
        assert session.get_one(Project, desk.project_id).budget == 60_000_00
    assert paper.audience == "public"
    assert "重新公示" in visit(desk.client, f"/notices/{paper.number}").text


def test_a_change_within_the_tenth_stays_at_the_desk(desk, database):
    _take(desk, "request-change", reason="多一节扶手", amount="5.2")
    assert _take(desk, "approve-change", reason="同意", amount="5.2").status_code == 303
    with database.reading() as session:
        paper = session.scalars(select(Notice).where(Notice.kind == "project-approve-change")).one()
    assert paper.audience == "desk"


def test_the_final_account_hangs_until_its_last_day(sit, database):
    desk = sit(state="settling", is_ready=True)
    assert _take(desk, "publish-final", amount="4.4", reason="少装了两米。").status_code == 303
    page = visit(desk.client, f"{desk.url}/steps/survey")
    assert "决算公示还没有期满，要到2026年11月30日之后才能办。" in page.text


def test_ending_a_project_is_public_and_stays_said(desk, database):
    make = visit(desk.client, f"{desk.url}/steps/terminate")
    assert "办了以后不能退回。" in make.text
    assert _take(desk, "terminate", reason="物业已经自己装好了。").status_code == 303
    page = visit(desk.client, f"/projects/{desk.project_id}")
    assert "这个项目终止了" in page.text
    assert "物业已经自己装好了。" in page.text
    assert "关于终止“加装无障碍扶手”项目的公告" in page.text


def test_a_step_from_elsewhere_is_refused_with_a_sentence(desk):
    page = read(desk.client.get(f"{desk.url}/steps/approve"), status=409)
    assert "这个项目现在是“实施中”，不能这样办。" in page.text
    assert desk.client.get(f"{desk.url}/steps/fly").status_code == 404


def test_a_worker_does_not_approve_and_an_observer_does_nothing(sit):
    desk = sit(Role.COMMUNITY_WORKER, state="to_approve")
    assert desk.client.get(f"{desk.url}/steps/approve").status_code == 403
    assert "由街道办理" in visit(desk.client, desk.url).text
    sit(Role.DISTRICT_OBSERVER)
    assert desk.client.get(f"{desk.url}/edit").status_code == 403


def test_a_project_of_another_street_is_not_there(desk, database):
    with database.transaction() as session:
        other = make_project(session, area=make_chain(session).estate, state="to_approve").id
    for path in ("", "/edit", "/steps/approve", "/milestones", "/progress", "/photos",
                 "/spending", "/history"):  # fmt: skip
        assert desk.client.get(f"/desk/projects/{other}{path}").status_code == 404, path
    assert desk.client.get("/desk/projects/nobody").status_code == 404
    assert desk.client.get("/desk/projects/a%00b").status_code == 404


def test_files_of_other_projects_are_not_handed_out(desk, database):
    with database.transaction() as session:
        other = make_project(session, area=make_chain(session).estate, state="procuring")
        make_photo(session, other)
    assert desk.client.get(f"{desk.url}/files/{'0' * 64}").status_code == 404


def test_remarks_name_what_is_still_open(desk):
    page = visit(desk.client, f"{desk.url}/steps/complete")
    assert "还有节点没有登记完成。" in page.text
    assert "还没有完工后的照片。" in page.text
