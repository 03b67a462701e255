"""From an empty server to a team of officers."""

from dataclasses import dataclass

from tests.journeys.people import Officer, Person, read_code
from tests.journeys.town import Town

ROUND = "南烟小区2026年“幸福微实事”"
PASSWORD = "站南巷的桂花又开了"
AREAS = (("街道", "南站街道"), ("社区", "站南巷社区"), ("小区", "南烟小区"))


@dataclass
class Team:
    """Who works for the round; each has a desk of their own."""

    administrator: Officer
    worker: Officer
    secretary: Officer
    street: Officer
    other: Officer


def found_the_platform(town: Town) -> Team:
    administrator = set_up(town)
    try_the_address(town, administrator)
    add_areas(administrator)
    team = Team(
        administrator=administrator,
        worker=engage(town, administrator, "李梅", "limei", "社区工作者", "站南巷社区"),
        secretary=engage(town, administrator, "陈志远", "chenzhiyuan", "社区书记", "站南巷社区"),
        street=engage(town, administrator, "周敏", "zhoumin", "街道工作人员", "南站街道"),
        other=engage(town, administrator, "吴强", "wuqiang", "街道工作人员", "南站街道"),
    )
    administrator.press("工作人员", within="nav.side")
    administrator.look("officers")
    return team


def set_up(town: Town) -> Officer:
    administrator = town.officer()
    administrator.open("/sign-in")
    administrator.fill(code="AAAA-BBBB-CCCC", district="西湖区")
    administrator.press("完成设置")
    administrator.look("set-up-with-errors")
    administrator.fill(
        code=town.run("accounts", "setup-code"), district="西湖区", help_number="0791-86543210",
        public_url=administrator.url, name="王芳", sign_in_name="wangfang", password=PASSWORD,
        again=PASSWORD,
    )  # fmt: skip
    administrator.press("完成设置")
    administrator.reads("设置完成")
    administrator.look("sign-in")
    administrator.fill(sign_in_name="wangfang", password=PASSWORD)
    administrator.press("登录")
    return administrator


def try_the_address(town: Town, administrator: Officer) -> None:
    administrator.reads("测试扫码")
    administrator.look("test-scan")
    phone = town.resident()
    phone.open(read_code(administrator.part.get_by_alt_text("测试二维码")))
    phone.look("test-scan-on-a-phone")
    phone.press("我在手机上看到了这一页")
    phone.reads("这部手机能打开平台")
    administrator.press("扫好了，看结果")
    administrator.reads("可以印投票卡了")


def add_areas(administrator: Officer) -> None:
    administrator.press("区域", within="nav.side")
    for level, name in AREAS:
        administrator.press("添加下级区域")
        administrator.fill(level=level, name=name)
        administrator.press("添加这个区域")
        administrator.press(name)
    administrator.press("区域", within="nav.side")
    administrator.look("areas")


def engage(
    town: Town, administrator: Officer, name: str, sign_in_name: str, role: str, area: str
) -> Officer:
    administrator.press("工作人员", within="nav.side")
    administrator.press("添加工作人员")
    administrator.fill(name=name, sign_in_name=sign_in_name, role=role, area_id=area)
    administrator.press("添加，并生成初始密码")
    administrator.reads("初始密码只显示这一次")
    initial = administrator.part.locator(".note strong.num").inner_text()
    officer = town.officer()
    officer.sign_in(sign_in_name, initial)
    officer.reads("您用的是初始密码")
    officer.fill(current=initial, password=PASSWORD, again=PASSWORD)
    officer.press("换成新密码")
    officer.reads("密码已经换好")
    return officer


def follow_round(reader: Person) -> None:
    with reader.page.expect_navigation():
        reader.part.get_by_role("link", name=ROUND).first.click()


def to_round(officer: Officer, tab: str = "") -> None:
    officer.press("轮次", within="nav.side")
    follow_round(officer)
    if tab:
        officer.press(tab, within="nav.tabs")
