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
    Reason.WITHDRAWN: "已撤回，不参加排名。",
}
