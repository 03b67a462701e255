from dataclasses import replace
from datetime import date

import pytest

from tests.papers import codes, make, pages, render, running_text
from voting.clock import at_local
from voting.notices.document import (
    CandidateRow,
    PollingPlace,
    Signature,
    Slip,
    VoteNotice,
    heading_lines,
    slip,
    vote_notice,
    width,
)

FACTS = VoteNotice(
    form="通告",
    round_title="朝阳小区2020年“幸福微实事”",
    scope="朝阳小区范围内",
    opens_at=at_local(date(2020, 6, 1), 9),
    closes_at=at_local(date(2020, 6, 7), 17),
    reference_day=date(2020, 6, 7),
    min_age=15,
    birthday_counts=True,
    proofs="身份证或者其他证明材料",
    max_choices=10,
    min_choices=1,
    budget=500_000_000,
    rule="按得票数从高到低依次选取，超出剩余预算的跳过",
    tie_rule="受益户数多的优先；仍相同的，当众抽签",
    candidates=tuple(
        CandidateRow(number, f"{number}号楼道感应灯更换", "工程", "全小区", 120, 1_250_000)
        for number in range(1, 40)
    ),
    channels=("扫码投票：用投票卡", "纸质票：到投票点领取", "流动票箱：打电话预约"),
    polling_places=(PollingPlace("社区党群服务中心", "站前路12号", "工作日9:00—17:00"),),
    count_at=at_local(date(2020, 6, 7), 17, 30),
    count_place="社区党群服务中心二楼",
    supervision_phone="0791-12345678",
    monitors=(),
    tellers=(),
    help_phone="0791-87654321",
    signature=Signature(("南昌市西湖区朝阳洲街道办事处",), date(2020, 5, 29)),
    url="https://vote.example.cn/rounds/r1",
)
SLIP = Slip(
    duty="监票人",
    holder="张某",
    round_title="朝阳小区2020年“幸福微实事”",
    tasks=("监督开箱和计票", "在计票结果报告单上签字"),
    url="HTTPS://VOTE.EXAMPLE.CN/M/ABCDEFGHIJKLMNOPQRSTUVW234",
    valid_until=at_local(date(2020, 6, 14), 18),
    help_phone="0791-87654321",
)


def printed(facts: VoteNotice = FACTS) -> str:
    return running_text(make(vote_notice(facts, render=render)))


@pytest.mark.parametrize("form", ["通告", "公告"])
def test_the_kind_of_paper_runs_from_title_to_closing(form: str) -> None:
    text = printed(replace(FACTS, form=form))
    assert f"项目票决的{form}" in text
    assert f"特此{form}。" in text


@pytest.mark.parametrize(
    "said",
    [
        "2020年6月1日09:00至2020年6月7日17:00", "年满15周岁", "当日满周岁的，可以投票", "最多选10项",
        "（三）流动票箱：打电话预约。", "1.社区党群服务中心，站前路12号，工作日9:00—17:00。",
        "预算上限500.00万元", "仍相同的，当众抽签", "2020年6月7日17:30在社区党群服务中心二楼公开计票",
        "监督电话：0791-12345678", "名册只用来核对投票资格", "请拨打0791-87654321", "附件：候选项目清单",
    ],
)  # fmt: skip
def test_everything_a_voter_must_know_is_said(said: str) -> None:
    assert said in printed()


def test_all_candidates_stand_in_the_attachment() -> None:
    text = printed()
    assert all(f"{number}号楼道感应灯更换" in text for number in range(1, 40))


def test_a_least_number_of_choices_is_said_if_there_is_one() -> None:
    assert "最少选3项，最多选10项" in printed(replace(FACTS, min_choices=3))


def test_monitors_and_tellers_are_named_once_they_are_known() -> None:
    text = printed(replace(FACTS, monitors=("张某", "李某"), tellers=("王某",)))
    assert "监票人：张某、李某。计票人：王某。" in text
    assert "监票人" not in printed()


def test_a_slip_is_one_small_page_with_one_code() -> None:
    content = make(slip(replace(SLIP, demo=True), render=render))
    assert [code.text for code in codes(content)] == [SLIP.url]
    (page,) = pages(content)
    text = "".join(line.text for line in page)
    for said in ("监票人凭条", "张某", "有效期至 2020年6月14日 18:00", "1. 监督开箱和计票", "演示"):
        assert said in text
    assert max(line.right for line in page) <= 105 - 5


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于更正的公示", ["关于更正的公示"]),
        (
            "关于开展朝阳小区2020年“幸福微实事”项目票决的通告",
            ["关于开展朝阳小区2020年", "“幸福微实事”项目票决的通告"],
        ),
        ("某" * 45, ["某" * 20, "某" * 20, "某" * 5]),
    ],
)
def test_a_title_is_broken_between_words(title: str, lines: list[str]) -> None:
    assert heading_lines(title) == lines


@pytest.mark.parametrize("length", range(1, 120, 7))
def test_no_line_of_a_title_is_too_long_and_none_is_lost(length: int) -> None:
    title = ("关于南站街道站南巷社区2026年第二轮“幸福微实事”项目票决结果的公示" * 4)[:length]
    lines = heading_lines(title)
    assert "".join(lines) == title
    assert all(width(line) <= 40 for line in lines)


@pytest.mark.parametrize(("day", "half_characters"), [((1, 3), 12), ((1, 13), 13), ((11, 23), 14)])
def test_the_width_of_a_day_is_known(day: tuple[int, int], half_characters: int) -> None:
    assert Signature((), date(2026, *day)).date_width == half_characters


def test_the_notice_says_the_sum_where_money_is_the_limit() -> None:
    facts = replace(FACTS, spending="合计不超过 30.00 万元", min_choices=2)
    said = running_text(make(vote_notice(facts, render=render)))
    assert "选的项目预算合计不超过30.00万元，少选有效，超过的整票无效。最少选2项。" in said
    assert "最多选" not in said
