import re
from dataclasses import replace

import pytest

from tests.factories import papers as factory
from tests.papers import embedded, make, pages, render, running_text
from tests.results.test_document import ALLOWED
from voting.audits.rules import Compared
from voting.conduct.rules import papers
from voting.conduct.rules.cutting import CUTS
from voting.conduct.rules.papers import PAPERS, is_for_all, left_by
from voting.conduct.rules.papers.setting import ordinal
from voting.conduct.rules.path import STEPS
from voting.conduct.rules.withdrawing import WITHDRAWALS
from voting.notices.document import plain_paper
from voting.notices.rules import PlainPaper, read_facts, write_facts
from voting.rounds.rules import Phase

KINDS = list(PAPERS)
ALL = factory.every_paper()
LONG_TITLE = "南昌市西湖区南站街道站南巷社区南烟小区及周边三个零散楼栋2026年第二轮“幸福微实事”"


def words(paper: PlainPaper) -> str:
    """Return everything a paper says, in one line."""
    return write_facts(paper)


def test_every_kind_has_a_paper_and_every_paper_is_some_steps() -> None:
    assert set(ALL) == set(PAPERS)
    left = {
        kind for step in (*STEPS, *WITHDRAWALS, *CUTS) for kind in left_by(step.act, step.before)
    }
    assert left == set(PAPERS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_facts_survive_being_stored(kind: str) -> None:
    assert read_facts(PlainPaper, write_facts(ALL[kind])) == ALL[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_is_whole(kind: str) -> None:
    paper = ALL[kind]
    assert factory.SETTING.title in paper.title
    assert paper.signature.issuers
    assert all(section.paragraphs or section.table for section in paper.sections)
    assert "None" not in words(paper)
    for section in paper.sections:
        table = section.table
        if table:
            assert {len(row) for row in (*table.rows, table.total) if row} <= {len(table.columns)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_printed_paper_has_only_allowed_typefaces_and_keeps_to_its_margins(kind: str) -> None:
    content = make(plain_paper(replace(ALL[kind], number="2026-0001"), render=render))
    assert embedded(content) <= ALLOWED
    for page in pages(content):
        body = [line for line in page if 30 < line.base < 262]
        assert body, "a page without words"
        assert min(line.left for line in body) >= 27.5
        assert max(line.right for line in body) <= 185


@pytest.mark.parametrize(
    "kind", ["collected", "shortlist", "minutes", "count_report", "result_draft"]
)
def test_a_table_that_runs_on_repeats_its_head(kind: str) -> None:
    content = make(plain_paper(ALL[kind], render=render))
    heads = [
        "".join(line.text for line in page[:3]).replace(" ", "") for page in pages(content)[1:-1]
    ]
    assert heads
    assert all(re.search(r"序号|编号", head) for head in heads)


@pytest.mark.parametrize("kind", KINDS)
def test_the_signature_is_never_alone_on_a_page(kind: str) -> None:
    last = pages(make(plain_paper(ALL[kind], render=render)))[-1]
    signed = next(
        at for at, line in enumerate(last) if line.text.strip().endswith("2026年11月23日")
    )
    above = [line for line in last[:signed] if not line.text.strip().endswith(("办事处", "委员会"))]
    assert above


@pytest.mark.parametrize("count", [0, 1, 39, pytest.param(400, marks=pytest.mark.soak)])
def test_lists_of_any_length_are_set(count: int) -> None:
    paper = papers.collected(factory.SETTING, factory.proposals(count))
    assert f"共收到建议{count}条" in running_text(make(plain_paper(paper, render=render)))


def test_a_long_title_is_broken_and_a_long_name_stays_in_its_cell() -> None:
    paper = papers.shortlist(factory.setting(title=LONG_TITLE), factory.works())
    text = running_text(make(plain_paper(paper, render=render)))
    assert LONG_TITLE in text
    assert factory.LONG[-8:] in text or factory.LONG[:8] in text


def test_the_call_says_all_a_resident_asks() -> None:
    said = words(ALL["call"])
    for sentence in (
        "年满15周岁", "不用下载软件", "0791-86543210", "站南巷15号社区服务大厅", "2026年11月24日至12月8日",
        "20.00", "30.00万元", "合不合规矩", "办不办得成", "多少人受益", "花多少钱", "这些不收", "经营赚钱",
        "查询码", "不公开",
    ):  # fmt: skip
        assert sentence in said, sentence
    assert ALL["call"].path == "/rounds/r1/propose"


def test_the_request_says_budget_limits_choices_rule_and_days() -> None:
    said = words(ALL["request"])
    for sentence in (
        "30.00万元", "工程类", "最多选10项", "最多60项", "剩余资金不够的项目跳过", "2026年12月15日以前",
        "2026年12月25日09:00至2026年12月31日17:00", "公示5个工作日", "妥否，请批示。",
    ):  # fmt: skip
        assert sentence in said, sentence


def test_days_that_were_not_planned_are_not_invented() -> None:
    bare = factory.setting(
        collecting_from=None, collecting_until=None, screening_until=None, review_until=None,
        announce_on=None, limits=(("工程类", None),),
    )  # fmt: skip
    said = words(papers.request(bare)) + words(papers.call(bare))
    assert "按工作进度安排" in said
    assert "不另设限额" in said
    assert "None" not in said


def test_a_least_number_of_choices_and_a_later_birthday_are_said() -> None:
    said = words(papers.request(factory.setting(min_choices=3, birthday_counts=False)))
    assert "最少选3项，最多选10项" in said
    assert "生日的第二天起算满周岁" in said


def test_figures_add_up_in_the_report_and_in_the_draft() -> None:
    said = words(ALL["count_report"])
    assert "合计2170张" in said
    assert "钱枫" in said
    assert "70.0%" in said
    funded = [line for line in factory.result().projects if line.funded]
    (table,) = (s.table for s in ALL["result_draft"].sections if "拟入选" in s.heading)
    assert table
    assert len(table.rows) == len(funded) == 13


def test_no_proposal_no_candidate_no_reserve_is_said_in_words() -> None:
    assert "没有需要合并的建议" in words(papers.merged(factory.SETTING, []))
    assert "没有。" in words(papers.minutes(factory.SETTING, factory.works(2), []))
    assert "还没有开箱" in words(papers.void(factory.SETTING, None))
    assert "没有收到异议" in words(papers.publicity_done(factory.SETTING, [], None))


def test_who_appointed_nobody_finds_lines_to_fill_in() -> None:
    paper = papers.count_report(factory.SETTING, factory.result(), [], [])
    table = paper.sections[-1].table
    assert table
    assert [row[0] for row in table.rows] == [
        "总监票人",
        "监票人",
        "监票人",
        "计票人",
        "计票人",
        "唱票人",
    ]


def test_the_answer_says_its_verdict_and_the_correction_its_new_days() -> None:
    assert "异议成立，予以更正" in words(ALL["answer"])
    assert "异议不成立" in words(papers.answer(factory.SETTING, is_upheld=False, asked=""))
    assert "2027年1月5日至11日（5个工作日）" in words(ALL["correction"])


def test_who_ends_a_round_that_was_never_public_does_not_announce_it() -> None:
    assert not is_for_all(PAPERS["terminated"], Phase.DRAFT)
    assert is_for_all(PAPERS["terminated"], Phase.SCREENING)


def test_who_confirms_with_an_objection_open_answers_it_on_paper_too() -> None:
    assert left_by("round.confirm", Phase.PUBLICITY) == ("publicity_done",)
    assert left_by("round.confirm", Phase.OBJECTION) == ("answer", "publicity_done")


@pytest.mark.parametrize(
    ("number", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一")]
)
def test_sections_are_numbered_as_headings_are(number: int, word: str) -> None:
    assert ordinal(number) == word


@pytest.mark.parametrize(
    ("tests", "alarm", "row"),
    [
        (Compared(), False, False),
        (Compared(drawn=30, revealed=28, found=28, same=28), False, True),
        (Compared(drawn=30, revealed=28, found=27, same=26), True, True),
    ],
    ids=["no test cards", "all the same", "different"],
)
def test_the_count_report_says_in_red_when_test_cards_differ(
    tests: Compared, *, alarm: bool, row: bool
) -> None:
    result = replace(factory.result(3), tests=tests)
    paper = papers.count_report(factory.SETTING, result, ("李敏", "周强"), ())
    said = running_text(make(plain_paper(paper, render=render)))
    assert bool(paper.warning) is alarm
    assert ("暗访卡对不上：公布28张，票箱里找到27张，内容一致的26张" in said) is alarm
    assert ("暗访卡（不计入票数）" in said) is row


def test_papers_say_the_sum_where_money_is_the_limit() -> None:
    inside = factory.setting(spending="合计不超过 30.00 万元")
    for paper in (papers.shortlist(inside, factory.works()), papers.request(inside)):
        assert "每人一票，选的项目预算合计不超过30.00万元" in words(paper)
