"""Who must be among the officers of a round: plain facts about each, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from voting.errors import Refusal

LEAST_OFFICERS = 2
LEAST_OPENERS = 2


class NoOfficers(Refusal):
    """Nobody would run the round."""

    msgid = "请至少选一位工作人员。"
    status = 422
    field = "officer_ids"


class TeamIncomplete(Refusal):
    """The area has the officers that are needed, and they were not chosen."""

    status = 422
    field = "officer_ids"


class TooFewOfficers(TeamIncomplete):
    """One person alone."""

    msgid = "请再选一位：一轮至少要有 2 位工作人员。"


class NobodyAtStreet(TeamIncomplete):
    """Nobody who can approve."""

    msgid = "请再选一位街道的工作人员：审批、联审、审定都要街道办理。"


class TooFewOpeners(TeamIncomplete):
    """The urn takes two."""

    msgid = "请再选能开箱的工作人员：开箱要两个人，社区书记、街道工作人员可以。"


@dataclass(frozen=True)
class Member:
    """What counts about an officer here: whether they approve at the street, whether they open urns."""

    approves: bool
    opens: bool


@dataclass(frozen=True)
class Need:
    """One thing a team needs: how many, and what is said of it, if it was left out and if nobody has it."""

    refusal: type[TeamIncomplete]
    warning: str
    least: int


_TWO = Need(
    TooFewOfficers, "这个区域只有一位工作人员能参加这一轮。请管理员再添加一位。", LEAST_OFFICERS
)
_STREET = Need(
    NobodyAtStreet,
    "这个区域还没有街道的工作人员，审批和审定没有人能办。请管理员先添加街道账号。",
    1,
)
_OPENERS = Need(
    TooFewOpeners,
    "能开箱的工作人员不够两位。投票截止以前，请管理员添加社区书记或街道账号。",
    LEAST_OPENERS,
)


def _counts(members: Sequence[Member]) -> dict[Need, int]:
    return {
        _TWO: len(members),
        _STREET: sum(member.approves for member in members),
        _OPENERS: sum(member.opens for member in members),
    }


def check_team(chosen: Sequence[Member], offered: Sequence[Member]) -> None:
    """Raise the refusal for the first thing the team lacks although the area has it."""
    if not chosen:
        raise NoOfficers
    available = _counts(offered)
    for need, number in _counts(chosen).items():
        if number < min(need.least, available[need]):
            raise need.refusal


def team_warnings(offered: Sequence[Member]) -> list[str]:
    """Return what no choice can mend because the area has not enough officers: message ids."""
    return [need.warning for need, number in _counts(offered).items() if number < need.least]
