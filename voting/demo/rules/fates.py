"""Proposals whose story is told one by one: sent from phones, each with an end of its own."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What becomes of a proposal by the day of loading."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    PASSED = "passed"
    RETURNED = "returned"
    SUPPLEMENTED = "supplemented"
    MERGED = "merged"
    PASSED_ON = "passed_on"
    REFUSED = "refused"
    APPEALED = "appealed"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class Fate:
    """A proposal from a phone, and what the proposer reads about it; ``appeal`` is what they answer."""

    title: str
    category: str
    place: str
    words: str
    outcome: Outcome
    reason: str = ""
    passed_to: str = ""
    appeal: str = ""
    answer: str = ""


_G, _B, _F = "engineering", "equipment", "service"

# Nobody has looked at these yet.
WAITING = (
    Fate(
        "河边步道加几张长椅",
        _G,
        "河边步道",
        "早上散步的老人多，走到一半没有地方歇。",
        Outcome.WAITING,
    ),
)
FATES = (
    Fate("菜场门口补平路面", _G, "菜场东门", "路面翘起来一块，买菜的老人绊倒过两回。",
         Outcome.PASSED, "地点清楚，受益的人多，进入街道联审。"),
    Fate("东门路面不平", _G, "菜场东门", "推车过去颠得厉害，下雨还积水。",
         Outcome.MERGED, "和“菜场门口补平路面”说的是同一个地方，合在一起办。"),
    Fate("给楼道添灭火器", _B, "2栋、3栋楼道", "楼里老人多，万一起火，手边没有东西。", Outcome.ACCEPTED),
    Fate("活动室装台饮水机", _B, "居民活动室", "打球下棋的人多，想喝口热水要跑回家。", Outcome.WAITING),
    Fate("院子里装个健身角", _G, "院子里", "想有个活动筋骨的地方。",
         Outcome.RETURNED, "请补充具体在哪一块空地，最好拍一张照片。"),
    Fate("楼后种些花", _G, "5栋楼后", "楼后的空地光秃秃的，想种些花草。",
         Outcome.SUPPLEMENTED, "请写清楚大约多大一块地，谁来浇水。"),
    Fate("公交车班次太少", _F, "河畔路公交站", "早上等车要等半个钟头，上班总迟到。",
         Outcome.PASSED_ON, "公交线路由区交通部门安排，已经把您的话转过去。", passed_to="区交通运输局"),
    Fate("给我家换一扇门", _G, "4栋2单元", "家里的门旧了，关不严。",
         Outcome.REFUSED, "这件事只关系到个别住户，不属于微实事的范围。"),
    Fate("请人教跳广场舞", _F, "文化广场", "邻居们想学，没有老师。",
         Outcome.UPHELD, "活动可以自己组织，不用花这笔钱。",
         appeal="不只是跳舞，想请老师每周来教老人做操，四十多人签了名。",
         answer="受益的人多，请人来教的费用合理，同意受理，进入街道联审。"),
    Fate("西头修一段围墙", _G, "西头空地", "空地没有围墙，晚上不放心。",
         Outcome.DISMISSED, "这块地的权属还有争议，今年做不了。",
         appeal="空地荒了好几年，能不能先围起来？",
         answer="已向街道核实，权属还没有定下来，现在不能动工。定下来以后可以再提。"),
    Fate("夜里太吵，要装隔音板", _G, "临街一侧", "临街一侧夜里车多，睡不好。",
         Outcome.APPEALED, "道路降噪由市政统一安排，已经有改造计划，不重复做。",
         appeal="听说改造要等三年，能不能先给临街的楼装几块？"),
)  # fmt: skip
