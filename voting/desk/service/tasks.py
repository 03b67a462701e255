"""Rounds under way on an officer's desk: whose step comes next, and who runs them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, exists, select
from sqlalchemy.orm import Session, aliased

from voting.accounts.models import Officer
from voting.areas.models import Area
from voting.permissions import Permission
from voting.rounds.models import Round, RoundOfficer
from voting.rounds.rules import Phase
from voting.rounds.service import in_order

MOST_TASKS = 200
_OVER = frozenset({Phase.ARCHIVED, Phase.TERMINATED})

# Who takes the next step of a round, by the phase it stands in (practice.md §1.9, 谁推进), and what it is.
STEPS: dict[Phase, tuple[Permission, str]] = {
    Phase.DRAFT: (Permission.ROUND_EDIT, "填好方案，提交街道审批"),
    Phase.PENDING_APPROVAL: (Permission.ROUND_APPROVE, "审批方案"),
    Phase.COLLECTING: (Permission.PROPOSAL_EDIT, "录入居民的建议"),
    Phase.SCREENING: (Permission.PROPOSAL_SCREEN, "初审建议，合并同类项"),
    Phase.DELIBERATING: (Permission.PROPOSAL_SHORTLIST, "开推选大会，确定候选项目"),
    Phase.SHORTLISTED: (Permission.ROUND_APPROVE, "发布投票公告"),
    Phase.VOTE_ANNOUNCED: (Permission.CARD_ISSUE, "印投票卡，准备投票"),
    Phase.VOTING: (Permission.CARD_HAND_OUT, "发放投票卡"),
    Phase.COUNTING: (Permission.URN_OPEN, "开箱计票"),
    Phase.RESULT_REVIEW: (Permission.RESULT_DECLARE, "审定结果"),
    Phase.PUBLICITY: (Permission.NOTICE_ISSUE, "张贴公示，等候期满"),
    Phase.OBJECTION: (Permission.RESULT_DECLARE, "处理异议"),
    Phase.CONFIRMED: (Permission.RESULT_DECLARE, "转入实施"),
    Phase.IMPLEMENTING: (Permission.DELIVERY_EDIT, "登记项目进度"),
    Phase.CLOSED: (Permission.ROUND_APPROVE, "查齐材料，归档"),
    Phase.PAUSED: (Permission.ROUND_HALT, "恢复或终止"),
    Phase.VOTE_VOID: (Permission.ROUND_APPROVE, "重新组织投票或终止"),
}


@dataclass(frozen=True)
class Task:
    """A round on the desk: its phase now and the step that comes next; ``runs`` if this officer runs it."""

    round: Round
    phase: Phase
    step: str
    is_mine: bool
    runs: bool = False


def tasks(session: Session, officer: Officer, *, now: datetime) -> list[Task]:
    """Return the rounds of an officer's area that are under way.

    Those that wait for this officer come first, and of these the ones the officer was named to run.
    """
    successor = aliased(Round)
    named = select(RoundOfficer.round_id).where(RoundOfficer.officer_id == officer.id)
    query = (
        select(Round)
        .join(Round.area)
        .where(
            Area.path.startswith(officer.area.path, autoescape=True),
            Round.phase.not_in([phase.value for phase in _OVER]),
            Round.kind != "loaded",
            # A void vote that is held again is the business of the round that repeats it.
            ~exists().where(successor.repeats_id == Round.id),
        )
        .order_by(case((Round.id.in_(named), 0), else_=1))
    )
    runs = set(session.scalars(named))
    rounds = session.scalars(in_order(query, now).limit(MOST_TASKS)).all()
    found = [_task(round, officer, now, runs=round.id in runs) for round in rounds]
    return sorted(found, key=lambda task: (not task.is_mine, not task.runs))


def _task(round: Round, officer: Officer, now: datetime, *, runs: bool) -> Task:
    phase = round.phase_at(now)
    permission, step = STEPS.get(phase, (None, ""))
    is_mine = permission is not None and officer.may(permission, round.area)
    return Task(round=round, phase=phase, step=step, is_mine=is_mine, runs=runs)
