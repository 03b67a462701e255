"""From the plan of a round to printed cards."""

from datetime import date

from tests import papers
from tests.factories.roll import HEADER, person, xlsx
from tests.factories.tally import REAL
from tests.journeys.founding import Team, follow_round, to_round
from tests.journeys.people import Officer, read_code
from tests.journeys.photographs import photograph
from tests.journeys.printed_cards import Card, cards_on_sheet
from tests.journeys.town import Town

OPENS = date(2026, 11, 30)
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
