"""From the list to printed cards: the announcement, a monitor, the cards."""

from tests import papers
from tests.journeys.founding import PASSWORD, Team, to_round
from tests.journeys.keeping import keep_the_key
from tests.journeys.people import read_code
from tests.journeys.printed_cards import Card, cards_on_sheet
from tests.journeys.town import Town
from tests.journeys.works import PROPOSERS, WORKS


def announce(town: Town, team: Team) -> None:
    street = team.street
    street.sign_in("zhoumin", PASSWORD)
    keep_the_key(street)
    to_round(street)
    street.press("确定规则和名单，进入投票公告期")
    street.look("announcement-check")
    street.press("确定规则和名单，进入投票公告期")
    street.reads("办好了")
    street.look("issue-the-notice")
    street.press("发布")
    phone = town.resident()
    phone.open(street.page.url)
    phone.reads("最多选 3 项", "社区服务大厅", "南站街道办事处", *(work[0] for work in WORKS))
    phone.look("notice-of-the-vote")


def appoint_a_monitor(town: Town, team: Team) -> None:
    secretary = team.secretary
    secretary.sign_in("chenzhiyuan", PASSWORD)
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
    worker.sign_in("limei", PASSWORD)
    to_round(worker, "投票卡")
    worker.press("印新的一批")
    worker.look("issue-cards")
    worker.press("制作这一批")
    worker.look("batch-under-way")
    worker.part.get_by_text("下载打印文件").wait_for(timeout=60_000)
    worker.look("batch-ready")
    content = worker.download("下载打印文件")
    worker.album.keep_sheets(content, "cards", sheets=1)
    worker.press("现在记入公开账本")
    worker.press("全部打印完好")
    worker.press("确认全部印好")
    worker.look("batch-printed")
    worker.press("投票卡")
    worker.album.keep_sheets(worker.fetch("PDF"), "poster", sheets=1)
    assert len(papers.open_pdf(content).pages) == 8
    return cards_on_sheet(content)
