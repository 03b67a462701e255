import re
from dataclasses import replace
from datetime import date

import pytest

from tests.papers import codes, embedded, make, pages, render, running_text, words
from voting.clock import at_local
from voting.notices.document import ContactOffice, Signature
from voting.results.document import (
    BallotCount,
    FundedRow,
    ResultNotice,
    UnfundedRow,
    result_notice,
)
from voting.web.filters import percent

ALLOWED = {
    "FandolSong-Bold", "FandolSong-Regular", "FandolFang-Regular", "FandolHei-Regular",
    "FandolKai-Regular", "NotoSerifCJKjp-Regular", "NotoSerifCJKjp-Bold",
}  # fmt: skip
LINE = 225 / 22
WORKS = (
    "雨污分流改造", "化粪池清淤",
    "站南巷12栋至18栋之间空中弱电飞线入地及强电线路归整改造（含配电箱更换）",
    "楼道感应灯更换", "停车位重新规划（由120个增至141个）", "休闲凉亭修缮", "老年食堂送餐车",
    "120㎡活动室翻新",
)  # fmt: skip
OFFICE = ContactOffice(
    office="南站街道办事处社会事务办公室",
    address="南昌市西湖区站前路",
    contact="社会事务办公室",
    phone="0791-12345678",
    hours="工作日9:00—12:00，14:00—17:00",
)


def funded(number: int) -> FundedRow:
    title = WORKS[number % len(WORKS)]
    return FundedRow(number, title, "工程", "站南巷1—8栋", 1900 - 40 * number, 12_500_000, "街道")


def unfunded(number: int) -> UnfundedRow:
    title = WORKS[number % len(WORKS)]
    return UnfundedRow(number, title, "服务", 900 - 20 * number, 8_000_000, "超出剩余预算")


FACTS = ResultNotice(
    round_title="南站街道站南巷社区2026年第二轮“幸福微实事”",
    scope="站南巷社区范围内",
    min_age=15,
    reference_day=date(2026, 11, 22),
    opens_at=at_local(date(2026, 11, 16), 9),
    closes_at=at_local(date(2026, 11, 22), 17),
    max_choices=10,
    proposals=928,
    merged=44,
    candidates=39,
    roll=3110,
    marked=2177,
    ballots=BallotCount(
        online=1605, paper_issued=600, paper_returned=572, paper_valid=560, paper_invalid=12
    ),
    budget=500_000_000,
    rule="按得票数从高到低依次选取，超出剩余预算的跳过",
    tie_rule="受益户数多的优先",
    ties=(),
    funded=tuple(funded(number) for number in range(1, 31)),
    unfunded=tuple(unfunded(number) for number in range(31, 40)),
    publicity_from=date(2026, 11, 24),
    publicity_to=date(2026, 11, 30),
    publicity_days=5,
    calendar_note="",
    answer_days=3,
    office=OFFICE,
    signature=Signature(("南昌市西湖区南站街道办事处",), date(2026, 11, 23)),
    url="https://vote.example.cn/rounds/r1/result",
)


def printed(facts: ResultNotice = FACTS) -> bytes:
    return make(result_notice(facts, render=render))


@pytest.fixture(scope="module")
def notice() -> bytes:
    return printed()


@pytest.fixture(scope="module")
def wordy() -> bytes:
    """A notice whose rule fills more than a page with nothing but full lines."""
    return printed(replace(FACTS, rule="得票多的项目排在前面" * 90))


def test_a_full_page_has_22_lines_of_28_characters(wordy: bytes) -> None:
    body = [line for line in pages(wordy)[1] if line.base < 265]
    assert len(body) == 22
    assert {len(line.text) for line in body} == {28}
    assert [line.left for line in body] == pytest.approx([28] * 22, abs=0.2)
    assert [line.right for line in body] == pytest.approx([184] * 22, abs=0.6)
    assert body[-1].base - body[0].base == pytest.approx(21 * LINE, abs=0.1)


def test_the_first_page_is_full_too_and_keeps_to_the_grid(notice: bytes) -> None:
    body = [line for line in pages(notice)[0] if line.base < 265 and line.size < 20]
    steps = [(line.base - body[0].base) / LINE for line in body]
    assert steps == pytest.approx([float(number) for number in range(len(body))], abs=0.02)
    assert len(body) >= 18


def test_only_allowed_typefaces_are_in_the_paper(notice: bytes) -> None:
    assert embedded(notice) <= ALLOWED
    assert {"FandolSong-Bold", "FandolFang-Regular", "FandolHei-Regular"} <= embedded(notice)


def test_the_title_is_broken_between_words_and_centred(notice: bytes) -> None:
    title = [line for line in pages(notice)[0] if line.size > 20]
    assert [line.text for line in title] == [
        "关于南站街道站南巷社区2026年第二轮", "“幸福微实事”项目票决结果的公示",
    ]  # fmt: skip
    assert [line.left + line.right for line in title] == pytest.approx([28 + 184] * 2, abs=0.5)


def test_page_numbers_stand_outside_and_run_through_the_attachment(notice: bytes) -> None:
    found = pages(notice)
    numbers = [line for page in found for line in page if re.fullmatch(r"— \d+ —", line.text)]
    assert [line.text for line in numbers] == [f"— {n} —" for n in range(1, len(found) + 1)]
    odd, even = numbers[::2], numbers[1::2]
    assert [line.right for line in odd] == pytest.approx([184 - 4.9] * len(odd), abs=0.5)
    assert [line.left for line in even] == pytest.approx([28 + 4.9] * len(even), abs=0.5)


@pytest.mark.parametrize("length", range(0, 60, 5))
def test_the_signature_is_never_alone_on_a_page(length: int) -> None:
    facts = replace(FACTS, unfunded=(), rule="得票多的项目排在前面，" * length)
    last = pages(printed(facts))[-1]
    at = next(number for number, line in enumerate(last) if "南站街道办事处" in line.text[-13:])
    assert "2026年11月23日" in "".join(line.text for line in last)
    assert at >= 4


def test_the_day_is_four_characters_from_the_margin_and_the_seal_has_room(notice: bytes) -> None:
    lines = [line for page in pages(notice) for line in page]
    at = next(n for n, line in enumerate(lines) if line.text.endswith("2026年11月23日"))
    assert lines[at].right == pytest.approx(184 - 4 * 15.75 / 72 * 25.4, abs=0.3)
    assert lines[at - 1].base - lines[at - 2].base >= 2.9 * LINE


@pytest.mark.parametrize(
    "said",
    [
        "收到建议928份", "合并同类项后为44项", "候选项目39项", "应投人数", "3110人", "2177人", "70.0%",
        "线上有效票1605张", "发出600张", "收回572张", "有效560张、无效12张", "合计有效票2165张",
        "收回票数不多于发出票数，投票有效", "预算上限500.00万元", "375.00",
        "2026年11月24日至30日（5个工作日）",
        "0791-12345678", "特此公示。", "附件：未入选项目得票情况", "超出剩余预算",
    ],
)  # fmt: skip
def test_every_figure_and_date_is_said(notice: bytes, said: str) -> None:
    assert said in running_text(notice)


def test_every_project_is_listed_with_its_votes_and_share(notice: bytes) -> None:
    text = words(notice).split()
    shown = [(row.number, row.votes) for row in FACTS.funded]
    for number, votes in [*shown, *((row.number, row.votes) for row in FACTS.unfunded)]:
        assert {str(number), str(votes), percent(votes, 2165)} <= set(text)


def test_a_short_list_of_projects_not_funded_stays_in_the_text() -> None:
    facts = replace(FACTS, funded=FACTS.funded[:3], unfunded=FACTS.unfunded[:2])
    text = words(printed(facts))
    assert "附件" not in text
    assert text.count("超出剩余预算") == 3  # twice in the table, once in the rule


def test_what_happened_at_a_tie_is_told() -> None:
    told = "编号5和编号22得票相同，受益户数多的编号22排在前面"
    assert told in running_text(printed(replace(FACTS, ties=(told,))))


def test_several_bodies_get_a_column_and_one_gets_a_sentence(notice: bytes) -> None:
    mixed = (replace(FACTS.funded[0], body="居民委员会"), *FACTS.funded[1:5])
    several = printed(replace(FACTS, funded=mixed))
    assert "实施单位" in words(several)
    assert "组织实施" not in running_text(several)
    assert "实施单位" not in words(notice)
    assert "项目由街道组织实施" in running_text(notice)


def test_the_code_leads_to_the_result_and_is_left_out_without_address(notice: bytes) -> None:
    at = next(n for n, page in enumerate(pages(notice)) if "特此公示" in str(page))
    assert [code.text for code in codes(notice, page=at)] == [FACTS.url]
    plain = words(printed(replace(FACTS, url="")))
    assert "二维码" not in plain


def test_demonstrations_say_so_on_every_page() -> None:
    found = pages(printed(replace(FACTS, demo=True)))
    assert all(any("演示" in line.text or line.size > 60 for line in page) for page in found)


def test_the_number_stands_at_the_foot_and_under_the_title_only_if_wanted() -> None:
    numbered = replace(FACTS, number="西南站公示〔2026〕3号")
    pages_with = pages(printed(numbered))
    assert all(
        "西南站公示〔2026〕3号" in "".join(line.text for line in page) for page in pages_with
    )
    assert not any("西南站公示" in line.text for line in pages_with[0] if line.base < 260)
    shown = pages(printed(replace(numbered, shows_number=True)))
    assert any("西南站公示" in line.text for line in shown[0] if line.base < 80)


def test_no_number_long_enough_to_be_an_identity_is_in_the_paper(notice: bytes) -> None:
    assert re.findall(r"\d{15,}|\b1\d{10}\b", words(notice)) == []


def test_hostile_text_is_printed_as_text() -> None:
    title = "<b>亮灯</b>&amp;"
    facts = replace(FACTS, funded=(replace(FACTS.funded[0], title=title),))
    assert title in running_text(printed(facts))


def test_more_paper_back_than_out_is_not_called_valid() -> None:
    ballots = replace(FACTS.ballots, paper_issued=500)
    assert not ballots.reconciles
    assert "投票有效" not in running_text(printed(replace(FACTS, ballots=ballots)))
