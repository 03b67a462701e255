"""The one table of open data: every address with what serves it and what its answer looks like."""

from voting.api.document import Endpoint, openapi
from voting.api.rules import Json
from voting.api.views import lists, news, sheets
from voting.api.views.asking import AREA, CURSOR, LIMIT, ROUND
from voting.api.views.blueprint import BASE
from voting.web.text import _

_PART = (CURSOR, LIMIT)
_NARROW = (AREA, ROUND)
_ABOUT = (
    "公开页面上的内容，给程序读。只能读，不用登录，不设 cookie。"
    "金额有两种写法：整数的分，和两位小数的元；时刻带时区；编号一直不变。"
    "列表分页：items 是内容，next 是下一页的地址。"
    "结果审定公布以前，这里没有任何票数；单张选票这里从来没有。"
)


def document() -> Json:
    """Return the OpenAPI document of this very table."""
    return openapi(ENDPOINTS, title=_("幸福微实事开放数据"), about=_(_ABOUT), base=BASE)


def _sheets() -> list[Endpoint]:
    tables = (
        ("candidates", "/rounds/<round_id>/candidates", "候选项目表", sheets.candidates, ()),
        ("result", "/rounds/<round_id>/result", "票决结果表", sheets.result, ()),
        ("comparison", "/rounds/<round_id>/comparison", "几种规则对照表", sheets.comparison, ()),
        ("turnout", "/rounds/<round_id>/turnout", "每天登记人数表", sheets.turnout, ()),
        ("projects", "/projects", "入选项目表", sheets.projects, _NARROW),
        ("notices", "/notices", "公示和通告表", sheets.papers, _NARROW),
    )
    return [
        Endpoint(
            f"{name}_{ending}",
            f"{address}.{ending}",
            f"{about}（{ending.upper()}）",
            sheets.as_file(make, name, ending),
            kind=kind,
            parameters=parameters,
        )
        for name, address, about, make, parameters in tables
        for ending, kind in sheets.ENDINGS.items()
    ]


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("areas", "/areas", "区域", lists.areas, "AreaPart", parameters=(*_PART, AREA)),
    Endpoint("rounds", "/rounds", "轮次", lists.rounds, "RoundPart", parameters=(*_PART, AREA)),
    Endpoint("round", "/rounds/<round_id>", "一个轮次", lists.one_round, "Round"),
    Endpoint(
        "candidates", "/rounds/<round_id>/candidates", "一个轮次的候选项目", lists.candidates,
        "CandidatePart", parameters=_PART,
    ),
    Endpoint("result", "/rounds/<round_id>/result", "审定公布的结果", lists.declared, "Result"),
    Endpoint(
        "comparison", "/rounds/<round_id>/comparison",
        "换一种算法会怎样；方案写明要公布的轮次才有", lists.compared, "Comparison",
    ),
    Endpoint(
        "notices", "/notices", "公示和通告", lists.papers, "NoticePart", parameters=(*_PART, *_NARROW)
    ),
    Endpoint("notice", "/notices/<number>", "一份公示或通告", lists.one_paper, "Notice"),
    Endpoint(
        "projects", "/projects", "入选项目和进度", lists.projects, "ProjectPart",
        parameters=(*_PART, *_NARROW),
    ),
    Endpoint(
        "project", "/projects/<project_id>", "一个项目的节点、支出、进展、照片", lists.one_project,
        "ProjectStory",
    ),
    Endpoint(
        "dashboard", "/dashboards/<area_id>", "一个区域的收件、办结、在办", lists.registers, "Dashboard"
    ),
    *_sheets(),
    Endpoint(
        "notices_atom", "/areas/<area_id>/notices.atom", "一个区域的公示和通告（订阅）", news.paper_feed,
        kind=news.ATOM,
    ),
    Endpoint(
        "progress_atom", "/projects/<project_id>/progress.atom", "一个项目的进展（订阅）",
        news.progress_feed, kind=news.ATOM,
    ),
    Endpoint(
        "dates_ics", "/rounds/<round_id>/dates.ics", "一个轮次的日期（日历）", news.dates,
        kind=news.CALENDAR,
    ),
    Endpoint("openapi", "/openapi.json", "这份接口说明（OpenAPI 3.1）", document),
)  # fmt: skip
