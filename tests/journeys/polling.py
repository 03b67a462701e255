"""Cards are handed out, and people vote: at ease, in elder mode, too early, twice, too late."""

from tests.browser import PHONE
from tests.journeys.founding import PASSWORD, Team, to_round
from tests.journeys.people import Resident
from tests.journeys.printed_cards import Card
from tests.journeys.town import Town
from tests.journeys.works import LISTED


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
    worker.press("发票登记")
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
    phone.reads(LISTED[0][0], LISTED[1][0], LISTED[3][0])
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
