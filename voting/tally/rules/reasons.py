"""Why a project was funded or not: one code and one sentence for each case."""

from enum import StrEnum


class Reason(StrEnum):
    """The one reason that decided about a project."""

    FUNDED = "funded"
    NO_VOTES = "no_votes"
    BELOW_THRESHOLD = "below_threshold"
    DOES_NOT_FIT = "does_not_fit"
    AFTER_STOP = "after_stop"
    BEYOND_K = "beyond_k"
    WITHDRAWN = "withdrawn"
    PAID_EQUALLY = "paid_equally"
    PAID_BY_ALL = "paid_by_all"
    PURSES_TOO_SMALL = "purses_too_small"
    QUOTA_FULL = "quota_full"
    EXCLUDED = "excluded"
    TURNOUT_TOO_LOW = "turnout_too_low"
    CUT = "cut"


# Those that a project of a round of ours may get; a page and a paper have words for each of them.
OF_ROUNDS = (
    Reason.FUNDED,
    Reason.NO_VOTES,
    Reason.BELOW_THRESHOLD,
    Reason.DOES_NOT_FIT,
    Reason.AFTER_STOP,
    Reason.BEYOND_K,
    Reason.WITHDRAWN,
    Reason.QUOTA_FULL,
    Reason.EXCLUDED,
    Reason.TURNOUT_TOO_LOW,
    Reason.CUT,
)

# Message ids; the values are those of ``Standing.values``.
SENTENCES = {
    Reason.FUNDED: "得票第 %(place)s 名，需要 %(cost)s，当时还有 %(left_before)s，够用，入选。",
    Reason.NO_VOTES: "没有得票，不能入选。",
    Reason.BELOW_THRESHOLD: "得票 %(votes)s，没有达到最低得票 %(least_votes)s，不能入选。",
    Reason.DOES_NOT_FIT: "得票第 %(place)s 名，需要 %(cost)s，当时只剩 %(left_before)s，不够，未入选。",
    Reason.AFTER_STOP: (
        "得票第 %(place)s 名。排在前面的 %(stopped_by)s 资金不够，按规则到那里为止，未入选。"
    ),
    Reason.BEYOND_K: "得票第 %(place)s 名，按规则只取前 %(k)s 名，未入选。",
    Reason.WITHDRAWN: "已撤下，不参加排名。",
    Reason.PAID_EQUALLY: "第 %(step)s 个选出：%(payers)s 张选票平摊 %(cost)s，每张至多 %(payment)s，入选。",
    Reason.PAID_BY_ALL: (
        "第 %(step)s 个选出：%(short)s 张选票付出余下的全部，%(payers)s 张每张至多付 %(payment)s，"
        "凑足 %(cost)s，入选。"
    ),
    Reason.PURSES_TOO_SMALL: (
        "支持它的 %(support)s 张选票最后一共只剩 %(purse)s，不够 %(cost)s，未入选。"
    ),
    Reason.QUOTA_FULL: "得票第 %(place)s 名，所属类别“%(quota)s”的名额或资金已经用完，未入选。",
    Reason.EXCLUDED: "得票第 %(place)s 名，与已经入选的 %(rival)s 只能入选一个，未入选。",
    Reason.TURNOUT_TOO_LOW: "得票 %(votes)s。投票率没有达到最低投票率，没有项目入选。",
    Reason.CUT: "得票第 %(place)s 名，原已入选；预算减少后资金不够，从最后入选的起退出，未入选。",
}
