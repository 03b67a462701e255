"""What the charts of a result draw, and the drawings on paper: the same macros as on the pages."""

import io
import re
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

import pytest
from PIL import Image

from tests.factories.papers import result
from tests.papers import embedded, make, pages, render, running_text
from tests.results.test_document import ALLOWED
from voting.adapters.pdf import picture
from voting.figures import percent
from voting.notices.rules import read_facts, write_facts
from voting.results.document import ResultNotice, notice_facts, result_notice
from voting.results.rules import Piece, Publicity, ResultFacts, charts_of
from voting.roll.rules.days import MarkedDays
from voting.tally.rules.reasons import Reason

DAYS = tuple(
    MarkedDays(date(2026, 12, day), date(2026, 12, day), 200 + day) for day in range(25, 32)
)
CHANNELS = {"assisted+poster": 70, "card": 2000, "paper": 100}


def notice(count: int = 39, **changes: Any) -> ResultNotice:
    facts = result(count)
    facts = replace(facts, days=DAYS, channels=CHANNELS, budget=facts.spent + 6_000_00, **changes)
    return notice_facts(
        facts, publicity=Publicity(date(2027, 1, 5), date(2027, 1, 11)), issued_on=date(2027, 1, 4),
        number="2027-0001", url="https://vote.example.cn/rounds/r1/result", demo=False,
    )  # fmt: skip


def without_votes(facts: ResultFacts) -> ResultFacts:
    lines = tuple(
        replace(line, votes=0, reason=Reason.NO_VOTES, left_before=None) for line in facts.projects
    )
    return replace(
        facts,
        projects=lines,
        channels={},
        days=(),
        valid=0,
        ballots=0,
        blank=0,
        invalid=0,
        marked=0,
    )


def test_a_bar_is_full_when_every_ballot_names_the_project() -> None:
    charts = charts_of(result())
    assert charts.full == charts.valid == 2150
    points = tuple(replace(line, votes=line.votes * 9) for line in result().projects)
    assert charts_of(replace(result(), projects=points)).full == points[0].votes


def test_the_money_is_cut_into_the_funded_projects_in_their_order() -> None:
    lines = result(6).projects
    free = replace(lines[0], cost=0)
    charts = charts_of(replace(result(6), projects=(free, *lines[1:]), budget=1))
    second = lines[1]
    assert charts.pieces == [Piece(second.number, 0, second.cost)]
    assert charts.money == charts.spent == second.cost
    assert charts.budget == 1


def test_days_are_drawn_one_after_another_and_never_a_single_stretch() -> None:
    charts = charts_of(replace(result(), days=DAYS))
    assert [(line.before, line.total) for line in charts.turnout[:2]] == [(0, 225), (225, 451)]
    assert charts_of(replace(result(), days=DAYS[:1])).turnout == []


def test_a_channel_alone_is_not_drawn() -> None:
    assert charts_of(replace(result(), channels={"card": 9, "paper": 30})).shown_channels == []
    assert len(charts_of(replace(result(), channels=CHANNELS)).shown_channels) == 3


def test_charts_are_stored_with_the_notice_and_an_older_notice_has_none() -> None:
    facts = notice()
    stored = write_facts(facts)
    assert read_facts(ResultNotice, stored) == facts
    older = read_facts(ResultNotice, re.sub(r'"charts":\{.*?\]\},', "", stored, count=1))
    assert older.charts is None
    assert older.attachments == ["未入选项目得票情况"]
    html = render("notices/print/result.html", facts=older)
    assert "得票和资金情况图" not in html
    assert "charts.css" not in html
    assert "见附件。" in html
    assert "见附件1。" in render("notices/print/result.html", facts=facts)


@pytest.fixture(scope="module")
def paper() -> bytes:
    """A notice of sixty candidates."""
    lines = tuple(replace(line, votes=max(line.votes, 0)) for line in result(60).projects)
    return make(result_notice(notice(60, projects=lines), render=render))


def charted(paper: bytes) -> list[list[Any]]:
    """Return the pages of the attachment with the charts."""
    found = pages(paper)
    first = next(at for at, page in enumerate(found) if "附件2" in "".join(map(str, page)))
    return found[first:]


def test_sixty_candidates_break_over_pages_between_bars_and_inside_the_type_area(
    paper: bytes,
) -> None:
    attached = charted(paper)
    assert len(attached) == 5
    for page in attached:
        body = [line for line in page if line.base < 265]
        assert min(line.left for line in body) >= 27.8
        assert max(line.right for line in body) <= 184.6
        # The figures of a bar are the last thing of it: none stands first on a page.
        assert not body[0].text.startswith(("得票率", "新登记"))


def test_the_drawn_charts_say_every_number_in_words_in_allowed_type(paper: bytes) -> None:
    text = running_text(paper)
    charts = charts_of(result(60))
    for line in charts.votes[:50]:
        assert f"{line.votes}票，得票率{percent(line.votes, charts.valid)}，预算" in text
    for said in (
        "（一）资金", "（五）每天登记投票的人数", "协助投票、海报码合计", "70张，占3.2%",
        "12月25日（周五）", "新登记225人，累计225人，占名册7.2%",
        "附件：1.未入选项目得票情况2.得票和资金情况图",
    ):  # fmt: skip
        assert said in text, said
    assert embedded(paper) <= ALLOWED


def test_bars_are_drawn_in_the_paper_dark_for_who_is_funded(paper: bytes) -> None:
    first = len(pages(paper)) - len(charted(paper))
    image = Image.open(io.BytesIO(picture(paper, dpi=127, page=first))).convert("L")
    column = image.crop((150, 0, 151, image.height)).tobytes()  # 30 mm from the edge, 5 a mm
    runs = [len(list(run)) for dark, run in groupby(column, lambda grey: grey < 80) if dark]
    listed = [line for line in charted(paper)[0] if line.text.endswith(("万元", "元"))]
    bars = [run for run in runs if 14 <= run <= 20]
    assert len(bars) == sum("得票率" in line.text for line in listed) > 9


def test_a_vote_without_ballots_and_one_with_a_single_candidate_are_drawn() -> None:
    nothing = notice_facts(
        without_votes(result(3)), publicity=Publicity(date(2027, 1, 5), date(2027, 1, 11)),
        issued_on=date(2027, 1, 4), number="", url="", demo=False,
    )  # fmt: skip
    html = render("notices/print/result.html", facts=nothing)
    assert html.count("0 票，得票率 —") == 3
    assert "每天登记投票的人数" not in html
    assert "选票从哪里来" not in html
    one = render("notices/print/result.html", facts=notice(1))
    assert "每一格是一个入选项目" not in one
    assert "附件：得票和资金情况图" in one
