"""The whole path with real pages: from an empty server to the notice on the board.

Officers sit at 1280 x 800, residents hold a telephone of 390 x 844. Every page on the way is kept in
``var/pictures``, residents' pages in the usual size of type and in elder mode.
"""

from dataclasses import dataclass
from datetime import date

from tests import papers
from tests.browser import PHONE
from tests.factories.roll import HEADER, person, xlsx
from tests.factories.tally import REAL
from tests.journeys.people import Officer, Person, Resident, read_code
from tests.journeys.photographs import photograph
from tests.journeys.printed_cards import Card, cards_on_sheet
from tests.journeys.town import Town

OPENS, CLOSES, PUBLIC_UNTIL = date(2026, 11, 30), date(2026, 12, 6), date(2026, 12, 13)
ROUND = "南烟小区2026年“幸福微实事”"
PASSWORD = "站南巷的桂花又开了"
AREAS = (("街道", "南站街道"), ("社区", "站南巷社区"), ("小区", "南烟小区"))
WORKS = REAL[:6]
SENTENCES = (
    "雨水污水分开走，下大雨不再倒灌一楼",
    "化粪池清干净，院子里没有臭味",
    "头顶的电线收进管子，又好看又安全",
    "不用跺脚，灯自己亮",
    "原来停120辆，划好以后停141辆",
    "买菜走累了有地方坐",
)
PROPOSERS = ("张建国", "刘桂英", "孙立军", "马秀兰", "胡志明", "徐海燕")


@dataclass
class Team:
    """Who works for the round; each has a desk of their own."""

    administrator: Officer
    worker: Officer
    secretary: Officer
    street: Officer
    other: Officer


def test_the_path_of_a_ballot(town: Town) -> None:
    team = found_the_platform(town)
    plan_a_round(team)
    collect_proposals(team)
    make_the_list(team)
    import_the_roll(team)
    announce(town, team)
    appoint_a_monitor(town, team)
    cards = print_cards(team)
    come_early(town, cards[0])
    town.becomes(OPENS, 10)
    hand_out(team)
    vote_at_ease(town, cards[0])
    vote_in_elder_mode(town, cards[1])
    vote_briskly(town, cards[2])
    come_again(town, cards[0])
    town.becomes(CLOSES, 17, 1)
    come_late(town, cards[3])
    open_the_urn(team)
    declare(team)
    read_the_notice(team)
    read_the_result(town)
    town.becomes(PUBLIC_UNTIL, 10)
    confirm(team)


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


def plan_a_round(team: Team) -> None:
    worker = team.worker
    worker.look("desk-of-a-worker")
    worker.press("轮次", within="nav.side")
    worker.press("新建轮次")
    worker.press("建立草稿")
    worker.look("new-round-with-errors")
    worker.fill(area_id="南烟小区", budget="20", opens_day=str(OPENS), help_number="0791-86543210")
    worker.part.locator("summary").click()
    worker.fill(
        max_choices="3", collecting_until="2026-11-25", office_contact="社区服务台",
        office_address="站南巷15号社区服务大厅", polling_place="社区服务大厅，9:00—17:00",
    )  # fmt: skip
    worker.look("new-round")
    worker.press("建立草稿")
    worker.look("round-draft")
    worker.take("送街道审批")
    team.street.open("/desk")
    team.street.look("desk-of-the-street")
    follow_round(team.street)
    team.street.take("批准，开始征集", "approve")


def collect_proposals(team: Team) -> None:
    worker = team.worker
    to_round(worker, "建议")
    worker.press("录入纸质建议")
    for (title, category, place, _cost, _people), proposer in zip(WORKS, PROPOSERS, strict=True):
        worker.fill(title=title, category=category, place=place, proposer_name=proposer)
        worker.fill(reason="座谈会上大家提得最多，拖了好几年。")
        worker.press("录入，接着录下一份")
    worker.fill(title="下水道改造", category="engineering", place="2栋", proposer_name="朱小红")
    worker.fill(reason="一下雨就返水，一楼住不得人。", phone="13870001234")
    worker.look("enter-a-proposal")
    worker.press("录入，回到列表")
    worker.look("proposals")
    worker.press("概况", within="nav.tabs")
    worker.take("征集结束，开始审核整理", "screening")
    worker.take("审核完毕，开始协商推选")


def make_the_list(team: Team) -> None:
    secretary = team.secretary
    to_round(secretary, "候选项目")
    for index, (title, *_rest) in enumerate(WORKS):
        secretary.press("从建议里选")
        also = ["下水道改造"] if index == 0 else []
        shortlist(secretary, index, [title, *also])
    secretary.press("改编号")
    fields = secretary.part.locator("input[name^=number-]")
    fields.nth(4).fill("6")
    fields.nth(5).fill("5")
    secretary.look("numbers")
    secretary.press("保存编号")
    secretary.look("candidates")
    secretary.press("概况", within="nav.tabs")
    secretary.take("确认候选名单", "shortlisted")


def shortlist(secretary: Officer, index: int, proposals: list[str]) -> None:
    for proposal in proposals:
        secretary.part.get_by_label(f"选“{proposal}”").check()
    secretary.press("把勾选的列为一项候选")
    title, category, place, cost, people = WORKS[index]
    secretary.fill(
        title=title, category=category, place=place, sentence=SENTENCES[index],
        description="由社区请有资质的单位施工，居民监督员全程看着，做完当场验收。",
        cost=f"{cost / 1_000_000:.2f}", beneficiaries=str(people),
        picture={"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photograph(index)},
    )  # fmt: skip
    if index == 0:
        secretary.look("candidate")
    secretary.press("列为候选")
    secretary.reads(f"{index + 1} 号“{title}”已列入候选")


def import_the_roll(team: Team) -> None:
    worker = team.worker
    people = [person(index) for index in range(0, 240, 6)]
    wrong = [*people[7]]
    wrong[1] = f"{wrong[1][:-1]}{'0' if wrong[1][-1] != '0' else '1'}"  # type: ignore[index]  # a text
    to_round(worker, "名册")
    worker.press("导入名册")
    worker.fill(file=roll_file([*people[:7], wrong, *people[8:]]))
    worker.press("导入名册")
    worker.reads("39人", "第 9 行", "证件号码")
    worker.look("roll-imported-with-a-fault")
    worker.press("再传一份文件")
    worker.fill(file=roll_file(people))
    worker.press("导入名册")
    worker.reads("这份文件没有错误", "39行")
    worker.press("看名册")
    worker.look("roll")


def roll_file(people: list[list[object]]) -> dict[str, object]:
    content = xlsx([HEADER, *people])
    return {"name": "南烟小区名册.xlsx", "mimeType": "application/octet-stream", "buffer": content}


def announce(town: Town, team: Team) -> None:
    street = team.street
    to_round(street)
    street.take("发布投票公告", "announcement-check")
    street.look("announced")
    street.press("发投票通告")
    street.look("issue-the-notice")
    street.press("发布")
    phone = town.resident()
    phone.open(street.page.url)
    phone.reads("最多选 3 项", "社区服务大厅", "南站街道办事处", *(work[0] for work in WORKS))
    phone.look("notice-of-the-vote")


def appoint_a_monitor(town: Town, team: Team) -> None:
    secretary = team.secretary
    to_round(secretary, "监票和计票人")
    secretary.press("委任一个人")
    secretary.fill(name=PROPOSERS[0], duty="monitor")
    secretary.press("委任，出凭条")
    secretary.reads("建议人不能做监票人")
    secretary.look("a-proposer-as-monitor")
    secretary.fill(name="郭爱华", duty="monitor")
    secretary.press("委任，出凭条")
    secretary.look("slip")
    assert "郭爱华" in papers.words(secretary.fetch("打印凭条"))
    phone = town.resident()
    phone.open(read_code(secretary.part.get_by_alt_text("凭条二维码")))
    phone.reads("监票人 郭爱华")
    phone.look("monitor-on-a-phone")


def print_cards(team: Team) -> list[Card]:
    worker = team.worker
    to_round(worker, "投票卡")
    worker.press("印新的一批")
    worker.look("issue-cards")
    worker.press("制作这一批")
    worker.look("batch-under-way")
    worker.part.get_by_text("下载打印文件").wait_for(timeout=60_000)
    worker.look("batch-ready")
    content = worker.download("下载打印文件")
    worker.album.keep_sheets(content, "cards", sheets=1)
    worker.press("全部打印完好")
    worker.press("确认全部印好")
    worker.look("batch-printed")
    worker.press("投票卡")
    worker.album.keep_sheets(worker.fetch("PDF"), "poster", sheets=1)
    assert len(papers.open_pdf(content).pages) == 7
    return cards_on_sheet(content)


def come_early(town: Town, card: Card) -> None:
    phone = town.resident()
    phone.open(card.url)
    phone.reads("投票还没有开始")
    phone.look("card-too-early")
    phone.press("看看这一轮的安排")
    phone.look("round-before-the-vote")


def hand_out(team: Team) -> None:
    worker = team.worker
    worker.sign_in("limei", PASSWORD)
    to_round(worker, "名册")
    worker.press("发卡登记")
    worker.look("hand-out")
    worker.part.get_by_role("button", name="看这一栋").first.click()
    for _ in range(3):
        worker.part.get_by_role("button", name="发卡", exact=True).first.click()
        worker.reads("卡已经发给这位居民")
    worker.look("hand-out-in-a-building")
    worker.page.set_viewport_size(PHONE["viewport"])
    worker.look("hand-out-in-the-stairwell")


def vote_at_ease(town: Town, card: Card) -> None:
    phone = town.resident()
    phone.open(card.url)
    phone.reads("请选出您支持的项目", "已选")
    phone.look("ballot")
    phone.choose(1, 2, 3, 5)
    phone.reads("多了")
    phone.look("ballot-with-one-too-many")
    phone.choose(5)
    phone.look("ballot-chosen")
    phone.press("下一步")
    phone.look("confirm")
    phone.press("返回修改")
    assert phone.chosen() == [1, 2, 3]
    phone.choose(3, 4)
    phone.press("下一步")
    phone.reads(WORKS[0][0], WORKS[1][0], WORKS[3][0])
    phone.fill(check_code="000000" if card.check_code != "000000" else "111111")
    phone.press("确认投票")
    phone.look("confirm-with-a-wrong-code")
    phone.fill(check_code=card.check_code)
    phone.press("确认投票")
    phone.reads("投票成功")
    phone.look("receipt")
    phone.open(card.url)
    phone.reads("投票成功")


def vote_in_elder_mode(town: Town, card: Card) -> None:
    phone = town.resident("elder")
    phone.open("/")
    phone.look("home-during-the-vote")
    phone.press("输入卡号投票")
    phone.fill(code=card.short_code)
    phone.look("card-code")
    phone.press("下一步")
    phone.choose(4, 1, 6)
    phone.look("elder-ballot-chosen")
    cast(phone, card)
    phone.look("elder-receipt")


def vote_briskly(town: Town, card: Card) -> None:
    phone = town.resident("normal")
    phone.open(card.url)
    phone.choose(1, 3)
    cast(phone, card)
    code = phone.part.locator(".receipt-code").inner_text()
    other = town.resident()
    other.open("/receipts")
    other.fill(code=code)
    other.look("look-up-a-receipt")
    other.press("查询")
    other.reads("这张选票在票箱里")
    other.look("receipt-looked-up")


def cast(phone: Resident, card: Card) -> None:
    phone.press("下一步")
    phone.fill(check_code=card.check_code)
    phone.press("确认投票")
    phone.reads("投票成功")


def come_again(town: Town, card: Card) -> None:
    phone = town.resident()
    phone.open(card.url)
    phone.reads("这张投票卡已经用过")
    phone.look("card-already-used")


def come_late(town: Town, card: Card) -> None:
    phone = town.resident()
    phone.open(card.url)
    phone.reads("投票已经截止")
    phone.look("card-too-late")


def open_the_urn(team: Team) -> None:
    street, other = team.street, team.other
    street.sign_in("zhoumin", PASSWORD)
    to_round(street)
    street.look("round-closed")
    street.press("开箱计票")
    street.look("open-the-urn")
    street.press("我同意开箱")
    street.reads("还要另一位工作人员确认")
    street.look("open-the-urn-alone")
    other.sign_in("wuqiang", PASSWORD)
    follow_round(other)
    other.press("开箱计票")
    other.look("open-the-urn-second")
    other.press("确认，开箱计票")
    other.reads("计票完成")
    other.look("counted")
    other.press("回到轮次")
    other.take("把计票结果送街道审定")


def declare(team: Team) -> None:
    street = team.street
    to_round(street)
    street.press("审定结果")
    street.look("result-preview")
    assert "送审稿" in papers.words(street.fetch("看公示送审稿（PDF）"))
    street.press("审定，发布公示")
    street.reads("结果已经审定")
    street.look("result-declared")


def read_the_notice(team: Team) -> None:
    street = team.street
    content = street.fetch("打印公示")
    street.album.keep_sheets(content, "result-notice", sheets=2)
    text = papers.running_text(content)
    for said in (
        "南烟小区", "票决结果公示", "名册共40人", "其中3人已在名册上登记投票", "实投选票3张", "合计有效票3张",
        "12月7日至11日", "站南巷15号社区服务大厅", "雨污分流改造", "休闲凉亭修缮", "没有得票",
    ):  # fmt: skip
        assert said in text, f"{said}: {text}"
    street.press("回到轮次")
    street.take("开始结果公示", "publish")


def read_the_result(town: Town) -> None:
    phone = town.resident()
    phone.open("/")
    phone.look("home-after-the-vote")
    follow_round(phone)
    phone.look("round-after-the-vote")
    phone.press("看投票结果")
    phone.reads("已登记投票", WORKS[0][0])
    phone.look("result")
    phone.press("看公示全文")
    phone.reads("特此公示")
    phone.part.locator("img").last.scroll_into_view_if_needed()
    phone.look("notice-of-the-result")


def confirm(team: Team) -> None:
    street = team.street
    street.sign_in("zhoumin", PASSWORD)
    to_round(street)
    street.take("公示期满，确认结果", "confirm-the-result")
    street.look("round-confirmed")
