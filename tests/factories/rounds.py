"""Rounds in any phase, and the plan a form would enter."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from tests.factories.areas import NOW, make_chain
from voting.areas.models import Area
from voting.journal.rules import Actor
from voting.rounds.models import Round
from voting.rounds.rules import Phase, Plan
from voting.rounds.service import create_round

# Twelve days after NOW, 09:00 in Shanghai; a week of voting that ends at 17:00.
OPENS = datetime(2026, 12, 5, 1, tzinfo=NOW.tzinfo)
CLOSES = datetime(2026, 12, 11, 9, tzinfo=NOW.tzinfo)
PLAN = Plan(
    title="南烟小区2026年第二轮“幸福微实事”项目票决",
    budget=300_000_00,
    opens_at=OPENS,
    closes_at=CLOSES,
    help_number="0791-86543210",
    reference_day=date(2026, 12, 11),
    office_name="站南巷社区居委会",
    office_address="站前路1号社区服务大厅",
    office_contact="社区服务台",
)


def make_plan(**changes: object) -> Plan:
    """Return a plan that fits together but for the given changes."""
    return replace(PLAN, **changes)  # type: ignore[arg-type]  # the fields of a plan


def make_round(
    session: Session,
    *,
    area: Area | None = None,
    phase: str = Phase.DRAFT,
    plan: Plan = PLAN,
    kind: str = "real",
    now: datetime = NOW,
) -> Round:
    """Make a round of an estate that stands in ``phase``; beyond the announcement it is frozen.

    What is frozen here is only marked so: who wants the real thing announces a vote.
    """
    area = area or make_chain(session).estate
    actor = Actor("factory", "工厂", "")
    round = create_round(session, now=now, actor=actor, area_id=area.id, plan=plan, kind=kind)
    round.phase = phase
    if phase in _FROZEN:
        round.frozen_at, round.config, round.config_hash = now, "{}", b"config"
        round.seal_public, round.ballot_length = bytes(32), 60
    session.flush()
    return round


_FROZEN = (
    Phase.VOTE_ANNOUNCED, Phase.VOTING, Phase.COUNTING, Phase.RESULT_REVIEW, Phase.PUBLICITY,
    Phase.CONFIRMED,
)  # fmt: skip
