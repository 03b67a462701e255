"""Proposals come in: from telephones, and on paper."""

from tests import papers
from tests.journeys.founding import Team, to_round
from tests.journeys.people import Resident
from tests.journeys.photographs import photograph
from tests.journeys.town import Town
from tests.journeys.works import PROPOSERS, WORKS

PRIVATE = "我家厨房吊顶"
WHISPERED = "13807910001"


def collect_proposals(town: Town, team: Team) -> dict[str, str]:
    """Let neighbours propose; return the follow-up code of each proposal from a telephone, by its title."""
    grandmother = town.resident()
    codes = {WORKS[1].title: propose_at_ease(grandmother)}
    for work, proposer in zip(WORKS[2:5], PROPOSERS[2:5], strict=True):
        codes[work.title] = propose(
            town.resident("normal"), work.title, work.place, work.category, proposer
        )
    codes[PRIVATE] = propose(town.resident("normal"), PRIVATE, "5栋302", "engineering", "赵大勇")
    enter_from_paper(team)
    accept(team)
    find_a_similar_one(town)
    return codes


def propose_at_ease(phone: Resident) -> str:
    phone.open("/")
    phone.look("home-while-collecting")
    phone.press("提建议")
    phone.look("propose")
    phone.press("不提了，返回")
    phone.look("round-while-collecting")
    phone.press("我要提建议")
    phone.press("下一步：看一遍")
    phone.look("propose-with-errors")
    work = WORKS[1]
    phone.fill(
        title=work.title, place=work.place, reason="院子里老是有味道，夏天不敢开窗。", category=work.category,
        photo_1={"name": "IMG_1.heic", "mimeType": "image/heic", "buffer": b"\0\0\0\x18ftypheic" + bytes(64)},
        proposer_name=PROPOSERS[1], phone=WHISPERED, basis="live", is_old=True, agrees=True,
    )  # fmt: skip
    phone.press("下一步：看一遍")
    phone.reads("HEIC")
    phone.look("propose-with-an-apple-picture")
    phone.fill(photo_1={"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photograph(1)})
    phone.press("下一步：看一遍")
    phone.look("propose-check")
    phone.press("确认提交")
    phone.reads("查询码", "待受理")
    phone.look("follow-received")
    assert WHISPERED not in phone.page.content()
    return code_of(phone)


def propose(phone: Resident, title: str, place: str, category: str, name: str) -> str:
    phone.open("/")
    phone.press("提建议")
    phone.fill(
        title=title, place=place, reason="大家说了好几年，一直没有人管。", category=category,
        proposer_name=name, phone="0791-86540000", basis="live", is_old=True, agrees=True,
    )  # fmt: skip
    phone.press("下一步：看一遍")
    button = (
        "还是要提，提交"
        if "差不多的" in phone.text and "还没有人提过" not in phone.text
        else "确认提交"
    )
    phone.press(button)
    return code_of(phone)


def code_of(phone: Resident) -> str:
    return phone.part.locator(".receipt-code").inner_text().replace(" ", "").replace("\n", "")


def enter_from_paper(team: Team) -> None:
    worker = team.worker
    to_round(worker, "建议")
    worker.look("proposals-from-phones")
    worker.press("录入纸质建议")
    first, last = WORKS[0], WORKS[5]
    for work, proposer in ((first, PROPOSERS[0]), (last, PROPOSERS[5])):
        worker.fill(
            title=work.title, category=work.category, place=work.place, proposer_name=proposer
        )
        worker.fill(reason="座谈会上大家提得最多，拖了好几年。")
        worker.press("录入，接着录下一份")
    slip = worker.part.get_by_role("link", name="查询码").first.get_attribute("href")
    content = worker.page.request.get(f"{worker.url}{slip}").body()
    assert last.title in papers.running_text(content)
    worker.album.keep_sheets(content, "follow-up-slip", sheets=1)
    worker.fill(title="下水道改造", category="engineering", place="2栋", proposer_name="朱小红")
    worker.fill(reason="一下雨就返水，一楼住不得人。", phone="13870001234")
    worker.look("enter-a-proposal")
    worker.press("录入，回到列表")
    to_round(worker, "建议")
    worker.look("proposals")


def accept(team: Team) -> None:
    worker = team.worker
    for title in (*(work.title for work in WORKS[1:5]), PRIVATE):
        worker.part.get_by_label(f"选“{title}”", exact=True).check()
    worker.press("受理勾选的")
    worker.look("proposals-accepted")


def find_a_similar_one(town: Town) -> None:
    """Somebody is about to propose what stands there already, and lets it be."""
    phone = town.resident()
    phone.open("/")
    phone.press("提建议")
    phone.fill(
        title="小区化粪池清淤", place=WORKS[1].place, reason="味道太大。", category="service",
        proposer_name="熊细毛", phone="13807910009", basis="live", is_old=True, agrees=True,
    )  # fmt: skip
    phone.press("下一步：看一遍")
    phone.reads("已经有人提过差不多的", WORKS[1].title)
    phone.look("propose-similar")
    phone.press(f"这就是我想提的，不用再提了 {WORKS[1].title}")
    phone.reads(WORKS[1].title)
    phone.look("public-proposal")
