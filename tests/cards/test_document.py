import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from tests.papers import codes, embedded, fonts, make, open_pdf, pages, render, words
from voting.adapters import pdf
from voting.cards.document import (
    CardBatchFacts,
    CardFace,
    PosterFacts,
    card_papers,
    poster,
)
from voting.cards.rules import derive_card, serial
from voting.clock import at_local

FACTS = CardBatchFacts(
    round_title="南站街道站南巷社区2026年第二轮“幸福微实事”",
    closes_at=at_local(date(2026, 11, 22), 17),
    max_choices=10,
    help_phone="0791-87654321",
    entry="vote.example.cn/c",
    batch=3,
    sheets=2,
)
POSTER = PosterFacts(
    round_title="南站街道站南巷社区2026年第二轮“幸福微实事”",
    office="南站街道办事处",
    opens_at=at_local(date(2026, 11, 16), 9),
    closes_at=at_local(date(2026, 11, 22), 17),
    who="在站南巷社区居住、工作或学习，年满15周岁的居民",
    ways=("手机投票：用投票卡", "纸质票：到社区党群服务中心", "走不动的：打电话约流动票箱"),
    max_choices=10,
    candidates=39,
    budget=500_000_000,
    help_phone="0791-87654321",
    url="HTTPS://VOTE.EXAMPLE.CN/ROUNDS/R1",
)


def faces(count: int, *, checked: bool = True, host: str = "VOTE.EXAMPLE.CN") -> Iterator[CardFace]:
    for index in range(count):
        card = derive_card(b"a seed of thirty-two bytes, fixed", index)
        yield CardFace(
            serial=serial(3, index // 6 + 1, index % 6 + 1),
            url=f"HTTPS://{host}/C/{card.token}",
            code=card.short_code,
            check_code=card.check_code if checked else None,
        )


def printed(cards: Iterator[CardFace], facts: CardBatchFacts = FACTS) -> bytes:
    (paper,) = card_papers(facts, cards, render=render)
    return make(paper)


@pytest.fixture(scope="module")
def sheet() -> bytes:
    return printed(faces(8))


@pytest.mark.parametrize(
    "host", ["V.CN", "VOTE.EXAMPLE.CN", "A-RATHER-LONG-NAME.VOTE.NANCHANG-XIHU.EXAMPLE.CN"]
)
@pytest.mark.parametrize("checked", [True, False])
def test_every_code_reads_as_its_own_address_and_is_large_enough(host: str, checked: bool) -> None:
    cards = list(faces(6, checked=checked, host=host))
    found = codes(printed(iter(cards)))
    assert {code.text for code in found} == {card.url for card in cards}
    assert min(code.width for code in found) >= 30


def test_each_card_has_its_own_code_and_words(sheet: bytes) -> None:
    cards = list(faces(6))
    places = {
        code.text: (int(code.left // 100), int((code.top - 9) // 95)) for code in codes(sheet)
    }
    assert [places[card.url] for card in cards] == [
        (0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2)
    ]  # fmt: skip
    lines = [line.text for line in pages(sheet)[0]]
    left, right = cards[:2]
    assert any(left.serial in line and right.serial in line for line in lines)


def test_the_short_code_is_large_and_in_groups_of_four(sheet: bytes) -> None:
    large = [line for line in pages(sheet)[0] if line.size >= 20]
    shown = words(sheet)
    for card in faces(8):
        assert " ".join(card.groups) in shown
    assert min(line.left for line in large) >= 5
    assert max(line.right for line in large) <= 205


@pytest.mark.parametrize(
    "said",
    [
        "存根", "撕下另存，丢卡凭它补办", "怎样投票", "1.用微信扫左边的码", "2.勾选项目，最多10项",
        "3.拆开下面，填验证码，确认", "11月22日（周日）17:00截止", "不会投，请打0791-87654321",
        "打开vote.example.cn/c输入下面的号码", "对折处", "验证码", "第3批", "第1张/共2张", "第2张/共2张",
    ],
)  # fmt: skip
def test_a_card_says_how_where_and_until_when(sheet: bytes, said: str) -> None:
    assert said in re.sub(r"\s", "", words(sheet))


def test_the_check_code_lies_on_the_flap_and_nothing_else_does(sheet: bytes) -> None:
    first = list(faces(2))
    lines = pages(sheet)[0]
    folds = [line.base for line in lines if "对折处" in line.text]
    under = [line for line in lines if folds[0] < line.base < 9 + 95]
    digits = re.sub(r"\s", "", "".join(line.text for line in under))
    assert digits == "".join(f"验证码{card.check_code}" for card in first)


def test_a_folded_flap_covers_the_veil_and_no_code(sheet: bytes) -> None:
    lines = pages(sheet)[0]
    fold = next(line.base for line in lines if "对折处" in line.text)
    covered = fold - (9 + 95 - fold)
    short = next(line for line in lines if line.size >= 20)
    assert covered > short.base
    assert all(code.top + code.width < covered for code in codes(sheet)[:2] if code.top < 100)


def test_a_card_without_check_code_has_no_fold() -> None:
    text = words(printed(faces(1, checked=False)))
    assert "对折处" not in text
    assert "验证码" not in text


def test_one_card_makes_one_sheet() -> None:
    content = printed(faces(1), replace(FACTS, sheets=1))
    assert len(codes(content)) == 1
    assert len(open_pdf(content).pages) == 1


def test_two_thousand_cards_come_in_papers_of_twenty_sheets() -> None:
    papers = list(card_papers(replace(FACTS, sheets=334), faces(2000), render=render))
    assert [paper.sheets for paper in papers] == [20] * 16 + [14]
    assert "第 334 张 / 共 334 张" in papers[-1].html
    assert sum(len(paper.assets) for paper in papers) == 2000


def test_sheets_printed_anew_keep_their_numbers() -> None:
    facts = replace(FACTS, sheets=334, first_sheet=120)
    (paper,) = card_papers(facts, faces(7), render=render)
    assert "第 120 张 / 共 334 张" in paper.html
    assert "第 121 张 / 共 334 张" in paper.html


def test_a_batch_is_joined_with_every_card_once() -> None:
    heard: list[int] = []
    cards = list(faces(126))
    content = pdf.render_many(
        card_papers(replace(FACTS, sheets=21), cards, render=render),
        fonts=fonts(),
        title=FACTS.title,
        progress=heard.append,
    )
    assert heard == [20, 21]
    text = words(content)
    assert all(text.count(card.serial) == 1 for card in cards)
    assert {code.text for code in codes(content, page=20)} == {card.url for card in cards[120:]}


def test_demonstration_cards_say_so() -> None:
    text = words(printed(faces(2), replace(FACTS, demo=True)))
    assert text.count("演示") == 1 + 2 * 2
    assert "演示" not in words(printed(faces(2)))


@pytest.mark.parametrize("length", [5, 22, 40, 70])
def test_a_title_of_any_length_stays_clear_of_the_code(length: int) -> None:
    title = ("西湖区南站街道站南巷社区老旧小区改造配套2026年第二轮“幸福微实事”" * 3)[:length]
    content = printed(faces(1), replace(FACTS, round_title=title))
    words_above = [
        line
        for line in pages(content)[0]
        if 18 < line.base < 32 and line.left < 100 and line.size > 9
    ]
    code = codes(content)[0]
    assert words_above
    assert all(line.left >= 5 and line.right <= 105 for line in words_above if line.base < code.top)
    assert max(line.base for line in words_above if line.base < 30) < code.top - 3


def test_only_allowed_typefaces_are_on_a_card(sheet: bytes) -> None:
    assert embedded(sheet) == {"FandolHei-Regular", "FandolSong-Bold"}


def test_no_number_long_enough_to_be_an_identity_is_on_a_card(sheet: bytes) -> None:
    assert re.findall(r"\d{15,}", words(sheet)) == []


@pytest.mark.parametrize(("size", "width"), [("A4", 210), ("A3", 297)])
def test_a_poster_is_one_page_with_a_large_code(size: str, width: int) -> None:
    paper = poster(POSTER, size="A3" if size == "A3" else "A4", render=render)
    content = make(paper)
    reader = open_pdf(content)
    assert len(reader.pages) == 1
    assert float(reader.pages[0].mediabox.width) == pytest.approx(width / 25.4 * 72, abs=0.5)
    (code,) = codes(content, dpi=75)
    assert code.text == POSTER.url
    assert code.width >= 90


def test_a_poster_says_when_who_how_and_whom_to_call() -> None:
    text = words(make(poster(replace(POSTER, demo=True), size="A4", render=render)))
    for said in (
        "2026年11月16日 09:00 至 11月22日（周日）17:00", POSTER.who, *POSTER.ways,
        "39个候选项目，每人最多选10个，总预算 500.00 万元", "0791-87654321", "演示，不是正式投票",
    ):  # fmt: skip
        assert said in text


def test_cards_and_posters_of_a_rehearsal_say_so() -> None:
    text = words(printed(faces(2), replace(FACTS, rehearsal=True, demo=True)))
    assert "演练，不是正式投票卡" in text
    assert "演示" not in text
    text = words(make(poster(replace(POSTER, rehearsal=True), size="A4", render=render)))
    assert "演练，不是正式投票" in text


def test_card_and_poster_say_the_sum_where_money_is_the_limit() -> None:
    card = words(printed(faces(1), replace(FACTS, spending="最多5项、30.00万元")))
    assert "勾选，最多5项、30.00万元" in "".join(card.split())
    hung = words(
        make(poster(replace(POSTER, spending="合计不超过 30.00 万元"), size="A3", render=render))
    )
    assert "39个候选项目，每人选的合计不超过30.00万元" in "".join(hung.split())
