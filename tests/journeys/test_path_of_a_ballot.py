"""The whole path with real pages: from an empty server to the notice on the board.

Officers sit at 1280 x 800, residents hold a telephone of 390 x 844. Every page on the way is kept in
``var/pictures``, residents' pages in the usual size of type and in elder mode.
"""

import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests import papers
from tests.factories.roll import HEADER, person, xlsx
from tests.factories.tally import REAL
from tests.journeys.people import Officer, Resident, read_code
from tests.journeys.photographs import photograph
from tests.journeys.printed_cards import Card, cards_on_sheet
from tests.journeys.town import Town
from voting.adapters import pdf
from voting.config import ROOT

OPENS, CLOSES, PUBLIC_UNTIL = date(2026, 11, 30), date(2026, 12, 6), date(2026, 12, 14)
TITLE = "南烟小区2026年幸福微实事项目票决"
PASSWORD = "站南巷的桂花又开了"
AREAS = (("street", "南站街道"), ("community", "站南巷社区"), ("estate", "南烟小区"))
ADDRESS = {"office_address": "站南巷15号社区服务大厅", "office_contact": "社区服务台"}
WORKS = REAL[:6]
SENTENCES = (
    "雨水污水分开走，下大雨不再倒灌一楼",
    "化粪池清干净，院子里没有臭味",
    "头顶的电线收进管子，又好看又安全",
    "不用跺脚，灯自己亮",
    "原来停120辆，划好以后停141辆",
    "买菜走累了有地方坐",
)


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
    one_who_comes_early(town, cards[0])
    town.becomes(OPENS, 10)
    hand_out(team)
    vote_at_ease(town, cards[0])
    vote_in_elder_mode(town, cards[1])
    vote_with_a_detour(town, cards[2])
    one_who_comes_again(town, cards[0])
    town.becomes(CLOSES, 17, 1)
    one_who_comes_late(town, cards[3])
    open_the_urn(team)
    declare(team)
    read_the_notice(team)
    everybody_reads_the_result(town)
    town.becomes(PUBLIC_UNTIL, 10)
    confirm(team)


def found_the_platform(town: Town) -> Team:
    administrator = set_up(town)
    test_the_address(town, administrator)
    for level, name in AREAS:
        add_area(administrator, level, name)
    administrator.look("areas")
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


def test_the_address(town: Town, administrator: Officer) -> None:
    administrator.reads("测试扫码")
    administrator.look("test-scan")
    phone = town.resident()
    phone.open(read_code(administrator.part.get_by_alt_text("测试二维码")))
    phone.look("test-scan-on-a-phone")
    phone.press("我在手机上看到了这一页")
    phone.reads("这部手机能打开平台")
    administrator.press("扫好了，看结果")
    administrator.reads("可以印投票卡了")
