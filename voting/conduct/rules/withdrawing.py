"""When a candidate of an announced vote may be taken off the list (撤下), and what is asked for it."""

from collections.abc import Sequence

from voting.conduct.rules.steps import Step
from voting.errors import Refusal
from voting.permissions import Permission
from voting.rounds.rules import Phase

WITHDRAWABLE = (Phase.VOTE_ANNOUNCED, Phase.VOTING)
WITHDRAW = "round.withdraw"

# It moves no round, so it is none of the steps; history and papers read it like one.
WITHDRAWALS = tuple(
    Step(
        phase, phase, "round.withdraw", Permission.ROUND_APPROVE, "撤下候选项目", key="withdraw",
        needs_reason=True, needs_day=True, needs_person=True, needs_file="may", is_final=True,
        reason_label="撤下的理由", day_label="决定日期", person_label="由谁决定",
        file_label="决定的扫描件或照片",
    )
    for phase in (*WITHDRAWABLE, Phase.PAUSED)
)  # fmt: skip


class NotWhileStanding(Refusal):
    """Before the announcement the list is simply changed; after the vote nothing is withdrawn any more."""

    msgid = (
        "只有投票公告发布以后、投票截止以前才能撤下候选项目。公告以前请在候选名单里移出；"
        "投票截止以后，有问题的项目按异议处理。"
    )


class WithdrawnAlready(Refusal):
    """It is off the list."""

    msgid = "%(number)d 号“%(title)s”已经撤下了，不用再办。"


class WithdrawalWaits(Refusal):
    """Somebody has asked for it."""

    msgid = "%(number)d 号“%(title)s”已经有人提出撤下，在等另一位工作人员确认。"


class TooDearLeft(Refusal):
    """Whoever keeps to the limit could not choose as many as they must."""

    msgid = (
        "剩下的项目里，最便宜的 %(least)d 项合计也超过每人可选的金额，谁也投不了票，不能撤下。"
        "确实办不成的，请暂停这个轮次。"
    )
    status = 409


class TooFewLeft(Refusal):
    """Nobody could cast a ballot any more, or there would be nothing to vote on."""

    msgid = (
        "撤下以后只剩 %(left)d 个项目，每张选票至少要选 %(least)d 项，投不成票。"
        "不能撤下；这一轮办不下去的，请用“终止这个轮次”。"
    )


class SameWithdrawer(Refusal):
    """Who asked does not confirm."""

    msgid = "撤下是您提出的，要请街道的另一位工作人员确认。"


class WithdrawalDecided(Refusal):
    """Somebody decided it before."""

    msgid = "这件事刚刚已经有人办过了。请刷新这一页看结果。"


def withdrawal_step(phase: Phase, paused_in: Phase | None) -> Step:
    """Return the act as it is taken from a phase; raise NotWhileStanding where it cannot be taken."""
    stood = paused_in if phase is Phase.PAUSED else phase
    if stood not in WITHDRAWABLE:
        raise NotWhileStanding
    return next(step for step in WITHDRAWALS if step.before is phase)


def check_left(costs: Sequence[int], *, min_choices: int, spend_limit: int | None) -> None:
    """Raise TooFewLeft or TooDearLeft unless candidates that cost so much (分) are enough for a ballot."""
    least = max(1, min_choices)
    if len(costs) < least:
        raise TooFewLeft(left=len(costs), least=least)
    if spend_limit is not None and sum(sorted(costs)[:least]) > spend_limit:
        raise TooDearLeft(least=least)
