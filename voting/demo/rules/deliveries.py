"""How far the works of a round have come: for each a state, and the steps that led there."""

from dataclasses import dataclass

from voting.delivery.rules.states import ProjectState as S

# Keys of the steps on the straight path, with the days between each and the one before.
_STRAIGHT = (
    ("design", 5), ("procure", 7), ("contract", 9), ("start", 6), ("complete", 20), ("accept", 4),
    ("settle", 5), ("publish-final", 6), ("survey", 22), ("hand-over", 9), ("close", 12),
    ("archive", 8),
)  # fmt: skip
_STARTED = ("design", "procure", "contract", "start")
_ENDS = {
    S.TO_APPROVE: (), S.APPROVED: (), S.DESIGNING: ("design",), S.PROCURING: ("design", "procure"),
    S.CONTRACTED: ("design", "procure", "contract"), S.IN_PROGRESS: _STARTED,
    S.CHANGING: (*_STARTED, "request-change"), S.SUSPENDED: (*_STARTED, "suspend"),
    S.COMPLETED: (*_STARTED, "complete"), S.RECTIFYING: (*_STARTED, "complete", "rectify"),
    S.TERMINATED: ("design", "terminate"),
}  # fmt: skip
_GAP = dict(_STRAIGHT) | {"request-change": 10, "suspend": 9, "rectify": 3, "terminate": 15}

# The order in which the works of a round get their states: what neighbours see first comes first.
EVERY_STATE = (
    S.IN_PROGRESS, S.SUSPENDED, S.ACCEPTED, S.COMPLETED, S.PROCURING, S.DESIGNING, S.CONTRACTED,
    S.CHANGING, S.RECTIFYING, S.SETTLING, S.FINAL_PUBLICITY, S.SURVEYING, S.WARRANTY, S.DONE,
    S.ARCHIVED, S.TERMINATED, S.APPROVED, S.TO_APPROVE,
)  # fmt: skip
ENDED = (S.DONE, S.DONE, S.DONE, S.TERMINATED)
FILED = (S.ARCHIVED, S.ARCHIVED, S.ARCHIVED, S.DONE)

MILESTONES = (
    ("方案定下来", "contract"),
    ("开工", "start"),
    ("完工", "complete"),
    ("验收", "accept"),
)


@dataclass(frozen=True)
class Course:
    """What has happened to a work: the keys of its steps after the approval, and days before the last."""

    steps: tuple[tuple[str, int], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys alone."""
        return tuple(key for key, _days in self.steps)


def course_to(state: S) -> Course:
    """Return the course that ends in a state; each step says how many days before the last one it was."""
    straight = tuple(key for key, _gap in _STRAIGHT)
    lasts = {
        S.ACCEPTED: "accept", S.SETTLING: "settle", S.FINAL_PUBLICITY: "publish-final",
        S.SURVEYING: "survey", S.WARRANTY: "hand-over", S.DONE: "close", S.ARCHIVED: "archive",
    }  # fmt: skip
    last = lasts.get(state)
    keys = straight[: straight.index(last) + 1] if last else _ENDS[state]
    steps, ago = [], 0
    for key in reversed(keys):
        steps.append((key, ago))
        ago += _GAP[key]
    return Course(tuple(reversed(steps)))


# What is written beside the steps that ask for words, and who did the thing where a name is asked for.
REASONS = {
    "request-change": "挖开后发现管线走向和图纸不一样，需要改道，增加 12 米。",
    "suspend": "连续下雨，暂停施工，雨停后复工。",
    "rectify": "接缝处不平，限 10 天内重新处理。",
    "terminate": "产权单位自己出资做了，这个项目不再实施，资金退回本轮结余。",
    "publish-final": "按实际工程量结算，比预算略少。",
    "hand-over": "移交物业日常管护，坏了打社区电话。",
}
PERSONS = {
    "contract": "江西某某建设有限公司（演示）", "accept": "居民监督小组：张某某、李某某、王某某",
    "hand-over": "小区物业服务中心", "archive": "街道档案室",
    "rectify": "居民监督小组", "design": "某某设计院（演示）",
}  # fmt: skip
ENTRIES = {
    "start": "施工队进场，围挡已经装好，出入口留了行人通道。",
    "complete": "主体做完了，正在清理现场。",
    "accept": "居民代表到现场看过，一致认为可以用。",
}
# What can be counted before and after, as it was reported of 南烟小区.
MEASURES = {"重新划停车位": ("停车位", 120, 141)}
