"""Which papers there are, who may read each, and which step leaves which (docs/2_rules/papers.md)."""

from dataclasses import dataclass

from voting.rounds.rules import PUBLIC, Phase


@dataclass(frozen=True)
class LeftPaper:
    """A kind of paper that a step leaves; ``label`` is a message id."""

    name: str
    label: str
    is_public: bool = False


PAPERS = {
    paper.name: paper
    for paper in (
        LeftPaper("request", "开展轮次的请示"),
        LeftPaper("returned", "退回修改意见"),
        LeftPaper("rejected", "不予批准通知"),
        LeftPaper("call", "征集公告", is_public=True),
        LeftPaper("collected", "征集情况汇总表"),
        LeftPaper("merged", "合并同类项记录"),
        LeftPaper("not_taken", "不予受理和转办告知"),
        LeftPaper("minutes", "推选大会纪要"),
        LeftPaper("shortlist", "候选项目清单", is_public=True),
        LeftPaper("extended", "延长投票通告", is_public=True),
        LeftPaper("made_up", "补足投票时间通告", is_public=True),
        LeftPaper("kept_closing", "投票时间不变说明", is_public=True),
        LeftPaper("paused", "暂停公告", is_public=True),
        LeftPaper("resumed", "恢复公告", is_public=True),
        LeftPaper("terminated", "终止公告", is_public=True),
        LeftPaper("withdrawn", "撤下候选项目公告", is_public=True),
        LeftPaper("void", "投票无效说明", is_public=True),
        LeftPaper("count_report", "计票结果报告单"),
        LeftPaper("result_draft", "票决结果送审稿"),
        LeftPaper("objection", "异议登记表"),
        LeftPaper("answer", "异议处理意见书"),
        LeftPaper("correction", "更正公示", is_public=True),
        LeftPaper("cut", "预算核减更正公示", is_public=True),
        LeftPaper("publicity_done", "公示情况说明"),
        LeftPaper("projects", "实施项目清单", is_public=True),
        LeftPaper("summary", "本轮总结", is_public=True),
        LeftPaper("handover", "归档移交单"),
        LeftPaper("filed", "归档说明"),
    )
}

# The paper that calls to the vote and the result notice are issued on pages of their own.
_LEFT = {
    "round.submit": ("request",),
    "round.return": ("returned",),
    "round.reject": ("rejected",),
    "round.approve": ("call",),
    "round.screen": (),
    "round.deliberate": ("collected", "merged", "not_taken"),
    "round.shortlist": ("minutes", "shortlist"),
    "round.too_few": ("terminated",),
    "round.announce_vote": (),
    "round.extend": ("extended",),
    "round.reopen": ("made_up",),
    "round.keep_closing": ("kept_closing",),
    "round.pause": ("paused",),
    "round.resume": ("resumed",),
    "round.terminate": ("terminated",),
    "round.void": ("void",),
    "round.withdraw": ("withdrawn",),
    "round.cut": ("cut",),
    "round.repeat": (),
    "round.submit_result": ("count_report", "result_draft"),
    "round.publish": (),
    "round.object": ("objection",),
    "round.dismiss": ("answer",),
    "round.correct": ("answer", "correction"),
    "round.confirm": ("publicity_done",),
    "round.implement": ("projects",),
    "round.close": ("summary", "handover"),
    "round.archive": ("filed",),
}


def left_by(act: str, before: Phase) -> tuple[str, ...]:
    """Return the kinds of papers that a step leaves, in the order in which they are numbered.

    Who confirms a result while an objection is open answers it in the same step.
    """
    if act == "round.confirm" and before is Phase.OBJECTION:
        return ("answer", *_LEFT[act])
    return _LEFT.get(act, ())


def is_for_all(paper: LeftPaper, before: Phase) -> bool:
    """Tell whether anybody may read a paper: nobody announces the end of what was never public."""
    return paper.is_public and (paper.name != "terminated" or before in PUBLIC)
