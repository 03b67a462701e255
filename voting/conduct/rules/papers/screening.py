"""Papers that say what became of the proposals: the summary, what was merged, what was not taken."""

from collections import Counter
from collections.abc import Iterable, Sequence

from voting.conduct.rules.papers.rows import MergeRow, ProposalRow
from voting.conduct.rules.papers.setting import (
    NONE,
    Setting,
    by_community,
    numbered,
    table,
    written,
)
from voting.notices.rules import PlainPaper, short_category


def collected(setting: Setting, proposals: Sequence[ProposalRow]) -> PlainPaper:
    """Return every proposal of the round with what became of it."""
    rows = [
        (row.title, short_category(row.category), row.place, row.state, row.words or NONE)
        for row in proposals
    ]
    return written(
        setting,
        f"{setting.title}建议征集情况汇总表",
        opening=(
            (
                f"本轮共收到建议{len(proposals)}条，按类别：{_counts(row.category for row in proposals)}；"
                f"按办理结果：{_counts(row.state for row in proposals)}。建议人姓名不列入本表。"
            ),
        ),
        sections=(
            (
                "各条建议的办理结果",
                (),
                table(("序号", "建议", "类别", "地点", "结果", "说明"), numbered(rows)),
            ),
        ),
        signature=by_community(setting),
    )


def _counts(names: Iterable[str]) -> str:
    counted = Counter(names)
    return "、".join(f"{name}{number}条" for name, number in counted.items()) or "无"


def merged(setting: Setting, merges: Sequence[MergeRow]) -> PlainPaper:
    """Return which proposals were put together, and why."""
    joined = [row for row in merges if len(row.parts) > 1]
    parts = sum(len(row.parts) for row in joined)
    rows = [
        (row.title, len(row.parts), "；".join(row.parts), row.words or "提的是同一件事")
        for row in joined
    ]
    return written(
        setting,
        f"{setting.title}合并同类项记录",
        opening=(
            (
                f"经初审，本轮建议整理为{len(merges)}项，其中{len(joined)}项由{parts}条建议合并而成，"
                f"{len(merges) - len(joined)}项由一条建议单独成项。"
            ),
        ),
        sections=(
            (
                "合并情况",
                (),
                table(("序号", "合并后", "条数", "原来的建议", "合并理由"), numbered(rows)),
            )
            if rows
            else ("合并情况", ("没有需要合并的建议。",), None),
        ),
        signature=by_community(setting),
    )


def not_taken(setting: Setting, proposals: Sequence[ProposalRow]) -> PlainPaper:
    """Return the proposals that were not taken or passed on, each with its reason."""
    rows = [(row.title, row.place, row.state, row.words or NONE) for row in proposals]
    return written(
        setting,
        f"{setting.title}建议不予受理和转办告知",
        opening=(
            (
                f"经审核，下列{len(proposals)}条建议不列入本轮，或者转由有关单位办理。"
                "结果和理由已经写在建议人的查询页面上；没有手机的，由工作人员当面或者打电话告知。"
            ),
        ),
        sections=(
            (
                "建议和理由",
                (),
                table(("序号", "建议", "地点", "结果", "理由"), numbered(rows)),
            ),
            (
                "不同意怎么办",
                (
                    "建议人收到告知以后3个工作日内可以申请复核一次，由街道另外一名工作人员复核。",
                    setting.asking,
                ),
                None,
            ),
        ),
        signature=by_community(setting),
    )
