"""The sheet in words: message ids of its lines, of what still waits, and of its figures."""

from collections.abc import Iterable, Mapping

from voting.paper.rules.sheet import Difference, Waiting
from voting.paper.rules.sheet_text import Change

Said = tuple[str, Mapping[str, object]]

_LINES = {
    "missing": "第 %(batch)s 批第 %(bundle)s 本（保管人%(holder)s）少 %(number)s 张",
    "surplus": "第 %(batch)s 批第 %(bundle)s 本（保管人%(holder)s）多 %(number)s 张",
    "over_returned": "第 %(batch)s 批第 %(bundle)s 本（保管人%(holder)s）收回的比发出的多 %(number)s 张",
    "roll": "发出的纸质票 %(found)s 张，名册上的领票记录和换票应是 %(due)s 张，差 %(number)s 张",
    "cards": "投票卡 %(found)s 张，未用、已用、作废合计 %(due)s 张，差 %(number)s 张",
    "assigned": "用过的记名卡 %(found)s 张，名册上记名卡投票 %(due)s 人，差 %(number)s",
    "bearer": "用过的不记名卡 %(found)s 张，登记发出的和暗访卡只有 %(due)s 张，多 %(number)s 张",
    "urn": "票箱里有选票 %(found)s 张，各渠道合计应是 %(due)s 张，差 %(number)s 张",
    "left": "有 %(number)s 人换票改成协助投票，后来没有投",
    "foreign": "票箱里有 %(number)s 张不是本轮的票",
}
EQUATIONS: Mapping[str, tuple[str, str]] = {
    "roll": ("发出的纸质票", "名册上的领票记录加换票次数"),
    "cards": ("投票卡总数", "未用、已用、作废合计"),
    "assigned": ("用过的记名卡", "名册上的记名卡投票"),
    "bearer": ("用过的不记名卡", "登记发出的卡加暗访卡（不能多于）"),
    "urn": ("票箱里的选票", "用过的卡、海报码、协助、录入的纸质票、更正取消的合计"),
}
_NOBODY = "未交保管人"
_WAITING = {
    "unsettled": "有 %(number)s 本纸质票还没有点清、接收。请先到“点票和接收”办完。",
    "unkeyed": "有 %(number)s 张纸质票退回重录，还没有录。请先到“录票”办完。",
    "once": "有 %(number)s 张纸质票只录了一遍。请另一位工作人员到“录票”录第二遍。",
    "disputed": "有 %(number)s 张纸质票两遍不一样或者有疑问。请先到“裁定”办完。",
    "voids": "有 %(number)s 项录票更正等着第二位工作人员确认。请先办完。",
    "foreign": "有 %(number)s 张外来票等着第二位工作人员看过确认。请先办完。",
    "conflicts": "有 %(number)s 条补登记冲突还没有写明处理。请先到“补登记冲突”办完。",
}
FIGURES: Mapping[str, str] = {
    "count": "印制",
    "handed": "发出",
    "spoiled": "没印好或损坏",
    "exchanged": "换票收回",
    "returned": "在录",
    "entered": "已录入",
    "invalid": "无效",
    "unused": "剩余",
    "holder": "保管人",
    "paper_marks": "名册上的纸质票",
    "exchanged_away": "纸质票换票次数",
    "foreign": "外来票",
    "void_papers": "作废批次的票",
    "late_papers": "补录时发现已用别的方式投过的",
    "cards": "投票卡",
    "cards_printed": "未用的卡",
    "cards_void": "作废的卡",
    "bearer_spent": "用过的不记名卡",
    "assigned_spent": "用过的记名卡",
    "card_handed_marks": "登记发出的卡",
    "card_cast_marks": "名册上的记名卡投票",
    "tests": "暗访卡",
    "poster_marks": "名册上的海报码投票",
    "assisted_marks": "名册上的协助投票",
    "assisted_left": "换票以后没有投的",
    "voids": "录票更正取消的选票",
    "urn": "票箱里的选票",
}
_OF_BUNDLE = "第 %(batch)s 批第 %(bundle)s 本的“%(name)s”从 %(before)s 变成 %(after)s"
_HOLDER = "第 %(batch)s 批第 %(bundle)s 本换了保管人"
_OF_ROUND = "“%(name)s”从 %(before)s 变成 %(after)s"


def line_words(line: Difference) -> Said:
    """Return a line that does not hold as a message id and its values."""
    values: dict[str, object] = dict(line.values)
    if "holder" in values:
        values["holder"] = values["holder"] or _NOBODY
    return _LINES[line.code], values


def waiting_words(waiting: Waiting) -> Iterable[Said]:
    """Return what must be done before anybody signs."""
    return [
        (msgid, {"number": number})
        for name, msgid in _WAITING.items()
        if (number := getattr(waiting, name))
    ]


def change_words(change: Change) -> Said:
    """Return a figure that is not any more what was signed."""
    values: dict[str, object] = {
        "batch": change.batch,
        "bundle": change.bundle,
        "name": FIGURES[change.name],
        "before": "—" if change.before is None else change.before,
        "after": "—" if change.after is None else change.after,
    }
    if change.name == "holder":
        return _HOLDER, values
    return (_OF_BUNDLE if change.bundle else _OF_ROUND), values
