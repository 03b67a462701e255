"""A round as the papers of its steps see it: 39 candidates, long names, figures of a real count."""

from dataclasses import replace
from datetime import UTC, date, datetime

from voting.clock import at_local
from voting.conduct.rules import papers
from voting.conduct.rules.papers import (
    MergeRow,
    PaperRow,
    ProjectRow,
    ProposalRow,
    Setting,
    StepRow,
    WorkRow,
)
from voting.notices.rules import PlainPaper
from voting.results.rules import ProjectLine, ResultFacts
from voting.rounds.rules import Allocation
from voting.tally.rules.reasons import Reason

REASON = "会议听取了各楼栋的意见，逐项讨论。\n停车位和充电棚说得最多，大家同意先做。"
SETTING = Setting(
    title="南站街道南烟小区2026年第二轮“幸福微实事”",
    area="南烟小区",
    scope="南烟小区范围内",
    community="站南巷社区居民委员会",
    street="南站街道办事处",
    today=date(2026, 11, 23),
    url="https://vote.example.cn/rounds/r1",
    is_rehearsal=False,
    budget=300_000_00,
    limits=(("工程类", 200_000_00), ("设备采购类", 100_000_00), ("服务采购类", None)),
    most_candidates=60,
    min_age=15,
    birthday_counts=True,
    reference_day=date(2026, 12, 31),
    min_choices=1,
    max_choices=10,
    spending="",
    rule="按得票从多到少安排资金，剩余资金不够的项目跳过，再看下一个",
    tie_rule="受益人数多的在前，预算少的在前，抽签决定",
    collecting_from=date(2026, 11, 24),
    collecting_until=date(2026, 12, 8),
    screening_until=date(2026, 12, 15),
    review_until=date(2026, 12, 24),
    announce_on=date(2026, 12, 21),
    opens_at=at_local(date(2026, 12, 25), 9),
    closes_at=at_local(date(2026, 12, 31), 17),
    extended_to=None,
    publicity_days=5,
    answer_days=3,
    publicity_from=date(2027, 1, 5),
    publicity_to=date(2027, 1, 11),
    office_name="站南巷社区居民委员会",
    office_address="站南巷15号社区服务大厅",
    office_contact="社区服务台",
    help_number="0791-86543210",
    stood="投票中",
    reason=REASON,
    day=date(2026, 11, 22),
    person="李敏",
)
LONG = "站南巷12栋至18栋之间空中弱电飞线入地及强电线路归整改造"
_TITLES = (
    "雨污分流改造", "化粪池清淤", LONG, "楼道感应灯更换", "停车位重新规划（由120个增至141个）",
    "休闲凉亭修缮", "老年食堂送餐车", "120㎡活动室翻新", "周末四点半课堂", "电动车充电棚",
    "健身器材更新", "高龄老人居家巡诊", "加装无障碍扶手",
)  # fmt: skip
_KINDS = ("工程类", "设备采购类", "服务采购类")
_PLACES = ("全小区", "3栋、4栋楼道", "小花园北侧空地", "站南巷12栋至18栋之间")
_STATES = ("通过联审", "已合并", "不予受理", "已转办", "未通过联审")
_WORDS = (
    "",
    "和别的居民提的是同一件事，合在一起办。",
    "这个地方已经有政府项目要做，不再重复安排。",
)


def setting(**changes: object) -> Setting:
    """Return what papers may say of the round, but for the given changes."""
    return replace(SETTING, **changes)  # type: ignore[arg-type]  # the fields of a setting


def proposals(count: int = 48) -> list[ProposalRow]:
    """Return proposals and what became of them."""
    return [
        ProposalRow(
            _TITLES[at % 13], _KINDS[at % 3], _PLACES[at % 4], _STATES[at % 5], _WORDS[at % 3]
        )
        for at in range(count)
    ]


def merges(count: int = 12) -> list[MergeRow]:
    """Return candidates made of one, two or three proposals."""
    return [
        MergeRow(_TITLES[at % 13], tuple(_TITLES[at % 13 : at % 13 + 1 + at % 3]), _WORDS[at % 2])
        for at in range(count)
    ]


def works(count: int = 39) -> list[WorkRow]:
    """Return candidates by number."""
    return [
        WorkRow(
            at + 1,
            _TITLES[at % 13],
            _KINDS[at % 3],
            _PLACES[at % 4],
            120 + 37 * at,
            980_000 * (at % 9 + 1),
        )
        for at in range(count)
    ]


def projects(count: int = 12) -> list[ProjectRow]:
    """Return projects, the last one not settled."""
    return [
        ProjectRow(
            _TITLES[at % 13], _KINDS[at % 3], _PLACES[at % 4], 120 + at, 980_000 * (at % 9 + 1),
            None if at == count - 1 else 970_000 * (at % 9 + 1), "南站街道办事处", "已办结",
        )
        for at in range(count)
    ]  # fmt: skip


def result(count: int = 39) -> ResultFacts:
    """Return the figures of a count: a third of the projects funded."""
    rows = works(count)
    return ResultFacts(
        round_id="r1", round_title=SETTING.title, area_name="南烟小区", scope="南烟小区范围内", min_age=15,
        reference_day=SETTING.reference_day, opens_at=SETTING.opens_at, closes_at=SETTING.closes_at,
        counted_at=datetime(2026, 12, 31, 10, 25, tzinfo=UTC), min_choices=1, max_choices=10,
        proposals=48, merged=39, roll=3110, marked=2177, ballots=2170, valid=2150, blank=12, invalid=8,
        channels={"card": 2000, "paper": 170}, budget=300_000_00, allocation=Allocation.GREEDY,
        funded_count=None, least_votes=0, tie_steps="beneficiaries,cost,draw",
        projects=tuple(_line(row, count) for row in rows), ties=(), urn_digest="0f" * 32, draw_seed="1e" * 32,
        publicity_days=5, posting_day_counts=False, answer_days=3, office_name=SETTING.office_name,
        office_address=SETTING.office_address, office_contact=SETTING.office_contact,
        help_number=SETTING.help_number, issuer=SETTING.street, is_rehearsal=False,
    )  # fmt: skip


def _line(row: WorkRow, count: int) -> ProjectLine:
    return ProjectLine(
        number=row.number, title=row.title, category=row.category, place=row.place, cost=row.cost,
        beneficiaries=row.beneficiaries, votes=1800 - 31 * row.number, rank=row.number,
        reason=Reason.FUNDED if row.number <= count // 3 else Reason.DOES_NOT_FIT, left_before=12_300_00,
    )  # fmt: skip


def history(*acts: str) -> list[StepRow]:
    """Return steps, one a day."""
    return [StepRow(act, act, date(2026, 11, at + 1)) for at, act in enumerate(acts)]


HISTORY = [
    StepRow("round.submit", "待街道审批", date(2026, 11, 23)),
    StepRow("round.approve", "征集中", date(2026, 11, 24)),
    StepRow("round.publish", "结果公示中", date(2027, 1, 4), date(2027, 1, 4)),
    StepRow("round.object", "异议处理中", date(2027, 1, 5), date(2027, 1, 5)),
    StepRow("round.correct", "结果公示中", date(2027, 1, 6), date(2027, 1, 6)),
    StepRow("round.close", "已办结", date(2027, 10, 29)),
]
FILED = [
    PaperRow(f"2026-{at:04d}", kind, f"关于{SETTING.title}{paper.label}", date(2026, 12, 1))
    for at, (kind, paper) in enumerate(papers.PAPERS.items(), 1)
]


GONE = papers.Gone(
    work=works()[11],
    reason="地下有燃气管线，2026年不能开挖；改到别处要重新征求意见，来不及。",
    decided_by="南站街道办事处主任办公会",
    decided_on=date(2026, 12, 6),
    left=38,
    has_paper=True,
)


CUT = papers.Cut(
    before=30_000_000,
    after=21_500_000,
    reason="区财政下达的资金减少。",
    decided_by="南站街道党工委会议",
    decided_on=date(2026, 12, 16),
    kept=[papers.CutRow(at, one.title, 300 - at, one.cost) for at, one in enumerate(works(7), 1)],
    leaving=[papers.CutRow(8, works()[7].title, 292, works()[7].cost)],
)


def every_paper(round: Setting = SETTING) -> dict[str, PlainPaper]:
    """Return one paper of each kind, with lists as long as those of a large round."""
    counted = result()
    listed, reserve = works(), works(46)[39:]
    extended = replace(round, extended_to=at_local(date(2027, 1, 3), 17))
    return {
        "request": papers.request(round),
        "returned": papers.returned(round),
        "rejected": papers.rejected(round),
        "call": papers.call(round),
        "collected": papers.collected(round, proposals()),
        "merged": papers.merged(round, merges()),
        "not_taken": papers.not_taken(round, proposals(9)[2:5]),
        "minutes": papers.minutes(round, listed, reserve),
        "shortlist": papers.shortlist(round, listed),
        "extended": papers.extended(extended),
        "made_up": papers.made_up(extended, 47),
        "kept_closing": papers.kept_closing(round, 5),
        "paused": papers.paused(round),
        "resumed": papers.resumed(round, "投票中"),
        "terminated": papers.terminated(round),
        "void": papers.void(round, counted),
        "cut": papers.cut(round, CUT),
        "withdrawn": papers.withdrawn(round, GONE),
        "count_report": papers.count_report(round, counted, ["李敏", "周强"], [("监票人", "钱枫")]),
        "result_draft": papers.result_draft(round, counted),
        "objection": papers.objection(round),
        "answer": papers.answer(round, is_upheld=True, asked="12号项目的得票数和公开账本对不上。"),
        "correction": papers.correction(round),
        "publicity_done": papers.publicity_done(round, HISTORY, counted),
        "projects": papers.projects(round, projects()),
        "summary": papers.summary(round, projects(), HISTORY, counted, 48),
        "handover": papers.handover(round, FILED, 3),
        "filed": papers.filed(round, FILED, 3),
    }
