"""The paper ballot as PDF: measured, read by a machine, and by people."""

import io
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTRect
from PIL import Image

from tests.factories.papers import works
from tests.papers import codes, embedded, make, open_pdf, pages, render, words
from voting.adapters import pdf
from voting.adapters.pdf import Paper
from voting.adapters.pdf_press import press
from voting.paper.document.ballots import (
    BallotFacts,
    BallotLine,
    Cover,
    Printed,
    copies,
    cover_papers,
    form_paper,
    glyph_paper,
)
from voting.paper.rules.forms import rotated
from voting.paper.rules.layout import MARKS, MOST_CANDIDATES, ListTooLong, layout_of
from voting.paper.rules.serials import draw_serial

DPI = 150
SENTENCE = "进出单元的路灯全部换成感应灯，夜里回家不用摸黑，老人孩子都方便"


def facts_of(count: int, **changes: object) -> BallotFacts:
    lines = [
        BallotLine(row.number, row.title, SENTENCE[: 8 + row.number % 20], row.category, row.cost)
        for row in works(count)
    ]
    facts = BallotFacts(
        round_title="南站街道站南巷社区2026年第二轮“幸福微实事”", office="站南巷社区居民委员会", most=10,
        help_phone="0791-86543210", lines=lines, batch=2, versions=2,
    )  # fmt: skip
    return replace(facts, **changes)  # type: ignore[arg-type]  # the fields of the facts


def printed_of(facts: BallotFacts, count: int, per_bundle: int = 3) -> list[Printed]:
    serials = [draw_serial() for _ in range(count)]
    return [
        Printed(
            serial, at % facts.versions + 1, at // per_bundle + 1,
            f"HTTPS://VOTE.EXAMPLE.CN/B/{'K' * 26}-{at % facts.versions + 1}-{serial}-ABCD2345",
        )
        for at, serial in enumerate(serials)
    ]  # fmt: skip


def batch_of(facts: BallotFacts, papers: list[Printed]) -> bytes:
    counts: dict[int, int] = {}
    for paper in papers:
        counts[paper.bundle] = counts.get(paper.bundle, 0) + 1
    covers = [Cover(bundle, count) for bundle, count in counts.items()]
    (cover_paper,) = cover_papers(facts, covers, render=render)
    forms = [
        make(form_paper(facts, version=version + 1, render=render))
        for version in range(facts.versions)
    ]
    return press(
        [make(cover_paper), *forms], make(glyph_paper(facts, render=render)), copies(facts, papers)
    )


class Sheet:
    """A page as a machine sees it: grey pixels, asked for in millimetres."""

    def __init__(self, content: bytes, page: int = 0) -> None:
        image = Image.open(io.BytesIO(pdf.picture(content, dpi=DPI, page=page)))
        self.image = image.convert("L")

    def dark(self, left: float, top: float, width: float, height: float) -> float:
        """Return which part of a rectangle is dark."""
        box = [millimetres * DPI / 25.4 for millimetres in (left, top, left + width, top + height)]
        part = self.image.crop(tuple(int(edge) for edge in box))  # type: ignore[arg-type]  # it has four edges
        shades = part.histogram()
        return sum(shades[:128]) / sum(shades)


def squares(content: bytes) -> list[set[tuple[Decimal, ...]]]:
    """Return left, top and size of the squares drawn on each page, as the file has them."""
    return [
        {
            (_mm(shape.x0), _mm(page.height - shape.y1), _mm(shape.width))
            for shape in page
            if isinstance(shape, LTRect) and abs(shape.width - shape.height) < 0.1
        }
        for page in extract_pages(io.BytesIO(content))
    ]


def _mm(points: float) -> Decimal:
    return Decimal(points / 72 * 25.4).quantize(Decimal("0.01"))


def at(*millimetres: float) -> tuple[Decimal, ...]:
    return tuple(Decimal(str(one)).quantize(Decimal("0.01")) for one in millimetres)


def test_a_paper_says_how_many_must_be_ticked() -> None:
    said = words(make(form_paper(facts_of(12, least=3), version=1, render=render)))
    assert "至少选3项，不到3项或者超过10项，整张票不算" in "".join(said.split())


@pytest.mark.parametrize("count", [12, 39])
def test_a_paper_inside_a_budget_says_the_limit_on_every_side_and_each_cost_exactly(
    count: int,
) -> None:
    facts = facts_of(count, spending="合计不超过 30.00 万元")
    odd = replace(facts.lines[0], cost=80_123_00)
    facts = replace(facts, lines=[odd, *facts.lines[1:]])
    said = "".join(words(make(form_paper(facts, version=1, render=render))).split())
    assert "后面打“√”，预算合计不超过30.00万元。" in said
    assert "超过的，整张票无效" in said
    assert "8.0123" in said
    assert "最多选" not in said
    assert ("正反两面的预算合计不超过30.00万元" in said) == (count > 20)


@pytest.mark.parametrize("count", [1, 5, 20, 21, 39, 60])
def test_every_square_stands_where_the_rules_say(count: int) -> None:
    facts = facts_of(count)
    layout = facts.layout
    assert layout.sides == (1 if count <= 20 else 2)
    for version in (1, 2) if count == 21 else (1,):
        sides = squares(make(form_paper(facts, version=version, render=render)))
        assert len(sides) == layout.sides
        for line in range(count):
            box = layout.box_of(line)
            assert at(box.left, box.top, box.size) in sides[box.side - 1], (line, box)


def test_four_marks_stand_in_the_corners_and_the_first_tells_the_side() -> None:
    front, back = squares(make(form_paper(facts_of(39), version=1, render=render)))
    for left, top in MARKS:
        assert at(left, top, 6) in front
        assert at(left, top, 6) in back
    hollow = at(MARKS[0][0] + 1.5, MARKS[0][1] + 1.5, 3)
    assert hollow in back
    assert hollow not in front


def test_a_list_that_does_not_fit_is_refused() -> None:
    assert layout_of(MOST_CANDIDATES).sides == 2
    with pytest.raises(ListTooLong):
        layout_of(MOST_CANDIDATES + 1)


@pytest.fixture(scope="module")
def batch() -> tuple[list[Printed], bytes]:
    facts = facts_of(39)
    papers = printed_of(facts, 5)
    return papers, batch_of(facts, papers)


def test_copies_differ_in_serial_and_code_and_both_say_the_same(
    batch: tuple[list[Printed], bytes],
) -> None:
    papers, content = batch
    # Two bundles with a cover each, front and back.
    assert len(open_pdf(content).pages) == 2 * (2 + 5)
    fronts = [2, 4, 6, 10, 12]
    texts = ["".join(page.extract_text().split()) for page in open_pdf(content).pages]
    for paper, page in zip(papers, fronts, strict=True):
        (code,) = codes(content, page=page)
        assert code.text == paper.text
        assert code.width > 20
        assert paper.serial in texts[page]
        assert paper.serial in texts[page + 1]


def test_the_stub_bears_the_bundle_and_never_the_serial(
    batch: tuple[list[Printed], bytes],
) -> None:
    papers, content = batch
    laid_out = pages(content)
    for paper, page in zip(papers, [2, 4, 6, 10, 12], strict=True):
        stub = "".join(line.text for line in laid_out[page] if line.base > 257)
        assert f"第2批，第{paper.bundle}本" in re.sub(r"\s", "", stub)
        assert paper.serial not in re.sub(r"\s", "", stub)
        above = "".join(line.text for line in laid_out[page] if line.base < 257)
        assert paper.serial in re.sub(r"\s", "", above)


def test_a_version_begins_in_the_middle_and_keeps_the_numbers() -> None:
    facts = facts_of(12)
    text = words(make(form_paper(facts, version=2, render=render)))
    order = [text.index(line.title) for line in facts.lines[6:]]
    assert order == sorted(order)
    assert [line.number for line in rotated(facts.lines, version=2, versions=2)][:2] == [7, 8]


def test_a_ballot_says_how_it_is_filled_in() -> None:
    content = make(form_paper(facts_of(12), version=1, render=render))
    text = re.sub(r"\s", "", words(content))
    for said in (
        "项目选票", "最多选10项", "超过10项，整张票无效", "这样填", "项目名称", "预算(万元)", "选择",
        "加盖印章有效", "骑缝章", "沿虚线撕开", "领票人签名", "证件后四位", "0791-86543210", "No.",
    ):  # fmt: skip
        assert said in text


def test_where_one_is_chosen_it_says_so() -> None:
    content = make(form_paper(facts_of(5, most=1), version=1, render=render))
    assert "只能选1项" in re.sub(r"\s", "", words(content))


def test_both_sides_bear_the_head_and_lead_to_each_other() -> None:
    content = make(form_paper(facts_of(39), version=1, render=render))
    front, back = (re.sub(r"\s", "", page.extract_text()) for page in open_pdf(content).pages)
    assert "背面还有22项" in front
    assert "正面还有17项" in back
    assert "项目选票" in front
    assert "项目选票" in back


@pytest.mark.parametrize("changes", [{"demo": True}, {"rehearsal": True}])
def test_what_is_no_real_ballot_says_so(changes: dict[str, object]) -> None:
    word = "演练" if "rehearsal" in changes else "演示"
    assert word in words(make(form_paper(facts_of(5, **changes), version=1, render=render)))
    assert word not in words(make(form_paper(facts_of(5), version=1, render=render)))


def test_a_sample_has_neither_serial_nor_code() -> None:
    content = make(form_paper(facts_of(12), version=1, render=render, sample=True))
    text = re.sub(r"\s", "", words(content))
    assert "样票" in text
    assert "No." not in text
    assert codes(content) == []


@pytest.mark.parametrize("count", [5, 20, 60])
def test_a_title_of_any_length_stays_in_its_column(count: int) -> None:
    facts = facts_of(count)
    title = "站南巷12栋至18栋之间空中弱电飞线入地及强电线路归整改造工程" * 2
    lines = [
        replace(line, title=title[:length], sentence=SENTENCE * 2)
        for line, length in zip(facts.lines, [1, 14, 28, 40] * 15, strict=False)
    ]
    content = make(form_paper(replace(facts, lines=lines), version=1, render=render))
    sheet = Sheet(content)
    for line in range(4):
        top, height = facts.layout.row_top(line) + 0.6, facts.layout.row - 1.2
        assert sheet.dark(129.5, top, 0.8, height) == 0
        assert sheet.dark(28, top, 100, height) > 0


def test_only_allowed_typefaces_are_on_a_ballot() -> None:
    facts = facts_of(12, lines=[replace(one, title="换路灯") for one in facts_of(12).lines])
    content = make(form_paper(facts, version=1, render=render))
    assert embedded(content) <= {
        "FandolHei-Regular", "FandolSong-Bold", "FandolSong-Regular", "FandolKai-Regular",
    }  # fmt: skip


def test_a_form_is_laid_out_once_however_many_papers_there_are() -> None:
    facts = facts_of(12, versions=1)
    heard: list[int] = []
    sources = [make(Paper("<p>x</p>")), make(form_paper(facts, version=1, render=render))]
    papers = printed_of(facts, 120, per_bundle=200)
    content = press(
        sources,
        make(glyph_paper(facts, render=render)),
        copies(facts, papers),
        progress=heard.append,
    )
    assert heard == [100, 121]
    assert len(open_pdf(content).pages) == 121
    assert open_pdf(content).metadata.title == facts.title
