"""From proposals to the list: screening, a supplement, an appeal, merging, review, the meeting."""

from datetime import date

from tests.journeys.founding import PASSWORD, Team, to_round
from tests.journeys.people import Officer, Resident
from tests.journeys.photographs import photograph
from tests.journeys.proposing import PRIVATE
from tests.journeys.town import Town
from tests.journeys.works import SENTENCES, WORKS, Work

SCREENING, REVIEW, MEETING = date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 18)
ALIKE = "下水道改造"


def screen_proposals(town: Town, team: Team, codes: dict[str, str]) -> None:
    """Let the community decide on every proposal; two people do not leave it at that."""
    worker = team.worker
    worker.sign_in("limei", PASSWORD)
    to_round(worker)
    worker.look("round-after-collecting")
    for number, work in enumerate(WORKS):
        outcome = "returned" if number == 3 else "passed"
        screen(worker, work.title, outcome, picture="screen" if number == 0 else "")
    screen(worker, ALIKE, "passed")
    screen(worker, PRIVATE, "refused", picture="screen-refused")
    supplement(town.resident(), codes[WORKS[3].title])
    open_proposal(worker, WORKS[3].title)
    worker.look("proposal-supplemented")
    worker.press("受理")
    screen(worker, WORKS[3].title, "passed")
    appeal(town.resident(), codes[PRIVATE])
    decide_appeal(team.other)
    read_decision(town.resident("normal"), codes[PRIVATE])
    to_round(worker, "建议")
    worker.look("proposals-screened")


def open_proposal(officer: Officer, title: str) -> None:
    to_round(officer, "建议")
    officer.press(title)


def screen(officer: Officer, title: str, outcome: str, picture: str = "") -> None:
    reasons = {
        "passed": "大家提得多，地点和做法都清楚。",
        "returned": "请写清楚是哪几个单元，最好拍一张照片。",
        "refused": "自己家里的装修要自己办，不属于微实事。",
    }
    open_proposal(officer, title)
    officer.press("初审")
    legal = "no" if outcome == "refused" else "yes"
    officer.fill(legal=legal, feasible="yes", beneficial=legal, affordable="yes")
    officer.fill(outcome=outcome, reason=reasons[outcome])
    if picture:
        officer.look(picture)
    officer.press("保存结论，告诉建议人")


def supplement(phone: Resident, code: str) -> None:
    phone.open("/follow")
    phone.look("follow")
    phone.fill(code=code.lower())
    phone.press("查询")
    phone.reads("退回补充", "哪几个单元")
    phone.look("follow-returned")
    phone.press("补充内容")
    phone.fill(place="1栋到8栋各单元", reason="1栋到8栋，每个单元的灯都要跺脚才亮，老人怕摔。")
    phone.fill(photo_1={"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photograph(3)})
    phone.look("supplement")
    phone.press("提交补充的内容")
    phone.reads("待受理")


def appeal(phone: Resident, code: str) -> None:
    phone.open(f"/follow/{code}")
    phone.look("follow-refused")
    phone.press("不同意，申请复核")
    phone.press("提交复核申请")
    phone.look("appeal-with-errors")
    phone.fill(words="不是装修，是公共烟道倒灌，整个单元都有这个问题。")
    phone.press("提交复核申请")
    phone.reads("复核")
    phone.look("follow-appealed")


def decide_appeal(other: Officer) -> None:
    other.sign_in("wuqiang", PASSWORD)
    other.look("desk-with-an-appeal")
    to_round(other, "建议")
    other.press("复核申请（1）")
    other.look("appeals")
    other.press(f"去复核 {PRIVATE}")
    other.fill(upheld="yes", outcome="passed_on", passed_to="南站街道城管科")
    other.fill(reason="公共烟道由城管科查看，三天内上门。")
    other.look("decide-an-appeal")
    other.press("保存复核结论，告诉建议人")


def read_decision(phone: Resident, code: str) -> None:
    phone.open(f"/follow/{code}")
    phone.reads("已转办", "南站街道城管科")
    phone.look("follow-passed-on")


def make_the_list(town: Town, team: Team, codes: dict[str, str]) -> None:
    """Merge what is alike, let the street settle cost and place, and let the meeting choose."""
    for number, work in enumerate(WORKS):
        nominate(team.worker, number, work)
    split_and_join(team.worker)
    to_round(team.worker, "候选项目")
    team.worker.look("nominated")
    to_round(team.worker)
    team.worker.take("审核完毕，开始协商推选")
    town.becomes(REVIEW, 10)
    for work in WORKS:
        review(team.street, work)
    town.becomes(MEETING, 16)
    meet(team.secretary)
    confirm_the_list(team.street)
    phone = town.resident("normal")
    phone.open(f"/follow/{codes[WORKS[1].title]}")
    phone.reads(WORKS[1].title)
    phone.look("follow-listed")


def nominate(worker: Officer, number: int, work: Work) -> None:
    to_round(worker, "建议")
    for title in (work.title, *((ALIKE,) if number == 0 else ())):
        worker.part.get_by_label(f"选“{title}”", exact=True).check()
    worker.press("把勾选的合并成一项候选")
    worker.fill(
        title=work.title, category=work.category, place=work.place, sentence=SENTENCES[number],
        description="由社区请有资质的单位施工，居民监督员全程看着，做完当场验收。",
        cost=f"{work.cost / 1_000_000:.2f}", beneficiaries=str(work.people),
        picture={"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photograph(number)},
        reason="说的是同一件事，合在一起办。",
    )  # fmt: skip
    if number == 0:
        worker.look("merge")
    worker.press("合并成候选项目")


def split_and_join(worker: Officer) -> None:
    """Find out that the two were not quite the same after all, and then that they were."""
    to_round(worker, "候选项目")
    worker.press(WORKS[0].title)
    worker.look("candidate-at-the-desk")
    worker.press(f"拆出来 {ALIKE}")
    worker.fill(reason="先分开看现场。")
    worker.look("split")
    worker.press("拆开")
    to_round(worker, "建议")
    worker.part.get_by_label(f"选“{ALIKE}”", exact=True).check()
    worker.press("把勾选的合并成一项候选")
    join = worker.part.locator("form[action$=join]")
    join.locator("select").select_option(label=WORKS[0].title)
    join.locator("[name=join-reason]").fill("看了现场，是同一根管子。")
    worker.press("加到这个候选项目")


def review(street: Officer, work: Work) -> None:
    if work is WORKS[0]:
        street.sign_in("zhoumin", PASSWORD)
    to_round(street, "候选项目")
    street.press(work.title)
    street.press("联审")
    street.fill(
        verdict="passed", cost_basis="询价3家，取中间价。", upkeep="由物业维护，费用从公共收益出。",
        reason="造价、受益人数、地点已经核定，同意进入推选大会。",
    )  # fmt: skip
    if work is WORKS[0]:
        street.look("review")
    street.press("保存联审结论")


def meet(secretary: Officer) -> None:
    secretary.sign_in("chenzhiyuan", PASSWORD)
    to_round(secretary, "候选项目")
    secretary.press("推选大会")
    for work in WORKS:
        secretary.part.get_by_label(f"选“{work.title}”", exact=True).check()
    secretary.look("meeting")
    secretary.press("勾选的列入候选名单")
    secretary.look("candidates")


def confirm_the_list(street: Officer) -> None:
    street.sign_in("zhoumin", PASSWORD)
    to_round(street)
    street.press("推选大会开过了，确认候选名单")
    street.press("推选大会开过了，确认候选名单")
    street.look("shortlisted-with-errors")
    street.fill(
        reason="96位居民和居民代表到会，分8个小组讨论，逐项表决，6项列入候选名单。",
        day=str(MEETING), person="陈志远",
        file={"name": "纪要.jpg", "mimeType": "image/jpeg", "buffer": photograph(9)},
    )  # fmt: skip
    street.look("shortlisted")
    street.press("推选大会开过了，确认候选名单")
    street.reads("办好了")
