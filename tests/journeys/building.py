"""What was voted for is built: from the confirmed result to the first milestone."""

from datetime import date

from tests.journeys.founding import PASSWORD, Team, to_round
from tests.journeys.people import Officer
from tests.journeys.photographs import photograph
from tests.journeys.town import Town
from tests.journeys.works import WORKS

APPROVED, STARTED, DONE = date(2026, 12, 8), date(2026, 12, 14), date(2026, 12, 18)


def carry_out(town: Town, team: Team) -> None:
    work = WORKS[0].title
    approve(team.street, work)
    prepare(team.worker, work)
    town.becomes(STARTED, 9)
    start(team.worker, work)
    town.becomes(DONE, 17)
    reach_a_milestone(team.worker, work)
    look_on(town, work)


def to_project(officer: Officer, work: str) -> None:
    to_round(officer, "项目实施")
    officer.press(work)


def approve(street: Officer, work: str) -> None:
    to_round(street, "项目实施")
    street.look("projects-of-the-round")
    street.press(work)
    street.press("批准立项")
    street.fill(day=str(APPROVED))
    street.look("approve-a-project")
    street.press("批准立项")
    street.look("project-approved")
    to_round(street)
    street.take("项目已立项，开始实施", "implement")


def prepare(worker: Officer, work: str) -> None:
    worker.sign_in("limei", PASSWORD)
    to_project(worker, work)
    worker.press("改责任和目标")
    worker.fill(
        target="全区雨水、污水分开，下大雨一楼不再返水。", unit="站南巷社区居民委员会", person="李梅",
        leader="周敏", measure="返水的住户（户）", measure_before="26",
    )  # fmt: skip
    worker.look("responsibility")
    worker.press("保存")
    worker.press("不用设计，直接采购")
    worker.fill(day=str(APPROVED), reason="图纸去年已经做好，直接用。")
    worker.press("不用设计，直接采购")
    worker.press("登记合同")
    worker.fill(
        day=str(APPROVED), person="南昌某市政工程公司", amount="9.5",
        file={"name": "合同.jpg", "mimeType": "image/jpeg", "buffer": photograph(11)},
    )  # fmt: skip
    worker.press("登记合同")
    worker.reads("开工")
    worker.look("not-yet-to-be-started")


def start(worker: Officer, work: str) -> None:
    worker.sign_in("limei", PASSWORD)
    to_project(worker, work)
    worker.press("节点", within="nav.tabs")
    for title, day in (("材料进场", DONE), ("管道铺完", date(2026, 12, 28))):
        worker.fill(title=title, person="李梅", planned_on=str(day))
        worker.press("加上")
    worker.look("milestones")
    to_project(worker, work)
    worker.press("开工")
    worker.fill(day=str(STARTED))
    worker.press("开工")
    worker.look("project-started")


def reach_a_milestone(worker: Officer, work: str) -> None:
    worker.sign_in("limei", PASSWORD)
    to_project(worker, work)
    worker.press("节点", within="nav.tabs")
    worker.press("完成、改 材料进场")
    worker.part.locator("[name=done_on]").first.fill(str(DONE))
    worker.press("这个节点完成了")
    worker.press("照片", within="nav.tabs")
    worker.fill(
        stage="during", caption="管子运到了3栋楼下",
        picture={"name": "IMG_2.jpg", "mimeType": "image/jpeg", "buffer": photograph(12)},
    )  # fmt: skip
    worker.press("加上")
    worker.look("project-photos")


def look_on(town: Town, work: str) -> None:
    phone = town.resident()
    phone.open("/")
    phone.reads("正在做的项目", work)
    phone.look("home-while-building")
    phone.open("/projects")
    phone.look("projects")
    with phone.page.expect_navigation():
        phone.part.get_by_role("link").filter(has_text=work).first.click()
    phone.reads("建设中", "材料进场")
    phone.look("project")
