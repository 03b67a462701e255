"""From the closed urn to the notice on the board."""

from tests import papers
from tests.journeys.founding import PASSWORD, Team, follow_round, to_round
from tests.journeys.photographs import photograph
from tests.journeys.planning import CLOSES
from tests.journeys.town import Town
from tests.journeys.works import WORKS

POSTED = CLOSES


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
        "南烟小区", "票决结果公示", "名册共41人", "其中3人已在名册上登记投票", "实投选票3张", "合计有效票3张",
        "11月30日至12月4日", "站南巷15号社区服务大厅", "雨污分流改造", "休闲凉亭修缮", "没有得票",
    ):  # fmt: skip
        assert said in text, f"{said}: {text}"
    assert "项目票决项目票决" not in text
    street.press("回到轮次")
    street.press("公示贴好了，开始公示")
    street.fill(
        day=str(POSTED),
        file={"name": "张贴.jpg", "mimeType": "image/jpeg", "buffer": photograph(10)},
    )
    street.look("publish")
    street.press("公示贴好了，开始公示")
    street.reads("办好了")


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
