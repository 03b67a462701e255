"""What the papers of a project say; every figure is words already. Money in cents."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from voting.delivery.rules.facts import Given
from voting.delivery.rules.steps import Step
from voting.figures import budget, capital, day
from voting.notices.rules import PaperSection, PaperTable, PlainPaper, Signature


@dataclass(frozen=True)
class MilestoneLine:
    """A milestone as a paper names it."""

    title: str
    person: str
    planned_on: date
    done_on: date | None


@dataclass(frozen=True)
class ProjectFacts:
    """What is known of a project when a paper about it is issued; ``voted`` is what the vote gave.

    ``street`` issues what the street decides, ``office`` what the community reports; ``asked`` is where
    anybody may ask, ``publicity`` the first and last day of a final account's publicity.
    """

    code: str
    title: str
    round_title: str
    place: str
    voted: int
    budget: int
    spent: int
    street: str
    office: str
    asked: str
    unit: str = ""
    person: str = ""
    leader: str = ""
    contractor: str = ""
    target: str = ""
    contract_sum: int | None = None
    final_cost: int | None = None
    measure: str = ""
    measure_before: int | None = None
    measure_after: int | None = None
    milestones: tuple[MilestoneLine, ...] = ()
    publicity: tuple[date, date] | None = None
    url: str = ""
    is_rehearsal: bool = False


@dataclass(frozen=True)
class Told:
    """What an officer wrote with a step, the day of the paper, and whether it goes to the public."""

    reason: str
    given: Given
    issued_on: date
    is_public: bool = False


_Section = Callable[[ProjectFacts, Told], PaperSection]

_OPENINGS = {
    "approve": "“{title}”（编号 {code}）在{round}中由居民投票入选，结果公示期满。现批准立项，"
    "请按公示的内容和预算组织实施，进度和支出随时向居民公开。",
    "start": "“{title}”（编号 {code}）目标、节点、责任单位和责任人已经落实，{day}起开工。"
    "请按节点推进，注意施工安全，少打扰居民休息。",
    "complete": "“{title}”（编号 {code}）于{day}完工，经施工方自检，申请验收。",
    "request-change": "“{title}”（编号 {code}）在实施中需要变更，{day}提出申请，请审批。",
    "approve-change": "“{title}”（编号 {code}）的变更申请，经{day}审核，同意变更。",
    "refuse-change": "“{title}”（编号 {code}）的变更申请，经{day}审核，不同意变更，请按原方案实施。",
    "suspend": "“{title}”（编号 {code}）自{day}起停工。",
    "resume": "“{title}”（编号 {code}）停工的原因已经消除，{day}起复工。",
    "accept": "“{title}”（编号 {code}）于{day}经现场验收，合格。",
    "rectify": "“{title}”（编号 {code}）于{day}验收，发现下列问题，请整改后申请复验。",
    "rectified": "“{title}”（编号 {code}）已按整改通知完成整改，{day}申请复验。",
    "settle": "“{title}”（编号 {code}）验收合格，{day}起进行结算审核。",
    "publish-final": "“{title}”（编号 {code}）结算审核完毕，现将决算情况公示如下，请居民监督。",
    "survey": "“{title}”（编号 {code}）的决算公示已于{day}期满，开始满意度测评。",
    "hand-over": "“{title}”（编号 {code}）完成满意度测评，{day}移交管护。",
    "close": "“{title}”（编号 {code}）各项手续办理完毕，{day}办结。",
    "terminate": "“{title}”（编号 {code}）不再实施，{day}起终止。",
    "archive": "“{title}”（编号 {code}）的材料整理完毕，{day}移交归档。",
}
_TITLES = {
    "approve": "关于“{title}”项目立项的批复",
    "terminate": "关于终止“{title}”项目的公告",
    "publish-final": "“{title}”项目决算公示",
}
_REASON_HEADS = {
    "publish-final": "增减原因",
    "rectify": "需要整改的问题",
    "rectified": "整改情况",
    "hand-over": "测评情况",
    "suspend": "停工原因",
    "terminate": "终止原因",
    "request-change": "变更内容和理由",
}
_PERSON_HEADS = {
    "accept": "参加验收",
    "hand-over": "管护责任单位（人）",
    "archive": "档案接收人",
    "settle": "审核单位（人）",
    "rectify": "整改责任单位（人）",
}
_CLOSINGS = {"approve": "此复。", "publish-final": "特此公示。", "terminate": "特此公告。"}
_SIGNED = {
    "accept": ("监督小组", "社区", "施工单位"),
    "hand-over": ("移交人", "接收人"),
    "archive": ("移交人", "接收人"),
}
_NUMBERS = "一二三四五六七八九十"
_CHANGE_PUBLIC = "变更后的预算超过票决预算的百分之十，按规定重新公示。"


def step_paper(step: Step, project: ProjectFacts, told: Told) -> PlainPaper:
    """Return the paper that a step leaves."""
    words = {"title": project.title, "code": project.code, "round": project.round_title}
    opening = _OPENINGS[step.key].format(**words, day=day(told.given.day or told.issued_on))
    head = _TITLES.get(step.key, "“{title}”项目" + step.paper).format(**words)
    extra = (_CHANGE_PUBLIC,) if told.is_public and step.key == "approve-change" else ()
    by_street = step.permission.value == "delivery:approve"
    return PlainPaper(
        title=head,
        opening=(opening, *extra),
        sections=numbered(_sections(step, project, told)),
        closing=_CLOSINGS.get(step.key, ""),
        addressee=project.office if step.key == "approve" else "",
        signature=Signature((project.street if by_street else project.office,), told.issued_on),
        url=project.url if told.is_public else "",
        url_words="看项目进度" if told.is_public and project.url else "",
        rehearsal=project.is_rehearsal,
    )


def numbered(sections: Iterable[PaperSection]) -> tuple[PaperSection, ...]:
    """Return sections with 一、二、三 before their headings."""
    return tuple(
        replace(section, heading=f"{number}、{section.heading}")
        for number, section in zip(_NUMBERS, sections, strict=False)
    )


def _sections(step: Step, project: ProjectFacts, told: Told) -> list[PaperSection]:
    found = [PaperSection("项目基本情况", table=_basics(project))]
    more = [make(project, told) for make in _MORE.get(step.key, ())]
    if step.key == "publish-final":  # the figures first, then why they differ
        found.append(more.pop(0))
    if told.reason:
        head = _REASON_HEADS.get(step.key, "情况说明")
        found.append(PaperSection(head, tuple(told.reason.splitlines())))
    if told.given.person:
        head = _PERSON_HEADS.get(step.key, "办理单位（人）")
        found.append(PaperSection(head, (f"{told.given.person}。",)))
    found += more
    if told.given.file_name and not told.is_public:
        found.append(PaperSection("附件", (f"{told.given.file_name}（存于平台）。",)))
    if step.key in _SIGNED:
        rows = tuple((who, "", "") for who in _SIGNED[step.key])
        table = PaperTable(("签字单位（人）", "签字", "日期"), rows)
        found.append(PaperSection("签字", table=table))
    return found


def _basics(project: ProjectFacts) -> PaperTable:
    rows = [
        ("项目编号", project.code),
        ("实施地点", project.place),
        ("票决预算", budget(project.voted)),
        ("现行预算", budget(project.budget) if project.budget != project.voted else ""),
        ("合同价", _money(project.contract_sum)),
        ("责任单位", project.unit),
        ("责任人", project.person),
        ("领办人", project.leader),
        ("承建（服务）单位", project.contractor),
        ("目标", project.target),
    ]
    return PaperTable(("项目", "内容"), tuple((name, said) for name, said in rows if said))


def _money(cents: int | None) -> str:
    return "" if cents is None else budget(cents)


def _milestones(project: ProjectFacts, _told: Told) -> PaperSection:
    rows = tuple(
        (str(number), one.title, one.person, day(one.planned_on), day(one.done_on) if one.done_on else "—")
        for number, one in enumerate(project.milestones, start=1)
    )  # fmt: skip
    return PaperSection(
        "节点", table=PaperTable(("序号", "节点", "责任人", "计划完成", "实际完成"), rows)
    )


def _requested(project: ProjectFacts, told: Told) -> PaperSection:
    amount = told.given.amount
    if amount is None:
        return PaperSection("预算", (f"预算不变，仍为 {budget(project.budget)}。",))
    return PaperSection("预算", (f"预算由 {budget(project.budget)} 变为 {budget(amount)}。",))


def _compared(project: ProjectFacts, _told: Told) -> PaperSection:
    if not project.measure:
        return PaperSection("前后对比", ("没有登记可以数的指标，见施工前后的照片。",))
    before = "—" if project.measure_before is None else str(project.measure_before)
    after = "—" if project.measure_after is None else str(project.measure_after)
    return PaperSection(
        "前后对比",
        table=PaperTable(("指标", "施工前", "完工后"), ((project.measure, before, after),)),
    )


def _account(project: ProjectFacts, told: Told) -> PaperSection:
    final = told.given.amount or 0
    change = final - project.voted
    said = (
        "与票决预算相同"
        if not change
        else ("增加 " if change > 0 else "减少 ") + budget(abs(change))
    )
    rows = (
        ("票决预算", budget(project.voted)),
        ("现行预算", budget(project.budget)),
        ("合同价", _money(project.contract_sum) or "—"),
        ("结算价", f"{budget(final)}（{capital(final)}）"),
        ("比票决预算", said),
        ("已登记支出", budget(project.spent)),
    )
    return PaperSection("决算", table=PaperTable(("项目", "金额"), rows))


def _asking(project: ProjectFacts, _told: Told) -> PaperSection:
    said = [f"公示期内有意见的，请向{project.asked}反映。"]
    if project.publicity:
        first, last = project.publicity
        said.insert(0, f"公示时间：{day(first)}至{day(last)}。")
    return PaperSection("公示时间和意见反映", tuple(said))


def _left(project: ProjectFacts, _told: Told) -> PaperSection:
    spent = f"已经支出 {budget(project.spent)}。" if project.spent else "没有支出。"
    return PaperSection("资金", (spent, f"有疑问的，请向{project.asked}询问。"))


_MORE: dict[str, tuple[_Section, ...]] = {
    "start": (_milestones,),
    "complete": (_milestones, _compared),
    "request-change": (_requested,),
    "approve-change": (_requested,),
    "accept": (_compared,),
    "publish-final": (_account, _asking),
    "close": (_milestones, _compared),
    "terminate": (_left,),
}
