"""The officers who run a round: who could, who does, and a change of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.areas.models import Area
from voting.errors import NotAllowed, NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.permissions import GRANTS, Permission, Role
from voting.rounds.models import Round, RoundOfficer
from voting.rounds.rules import Member, Phase, check_team, team_warnings
from voting.rounds.service.finding import hold_round

_ROLES = [role.value for role in Role if Permission.ROUND_EDIT in GRANTS[role]]
_OVER = (Phase.TERMINATED, Phase.ARCHIVED)


class RoundEnded(Refusal):
    """There is nothing left to run."""

    msgid = "这个轮次已经结束，不用再换工作人员。"


def offered_officers(session: Session, area: Area) -> list[Officer]:
    """Return who could run a round of an area: officers of it, above it and inside it, highest first."""
    above = area.path.split("/")[:-1]
    inside = Area.path.startswith(area.path)
    found = session.scalars(
        select(Officer)
        .join(Officer.area)
        .where(
            or_(Officer.area_id.in_(above), inside),
            Officer.role.in_(_ROLES),
            Officer.retired_at.is_(None),
        )
        .order_by(Area.path, Officer.role, Officer.name, Officer.id)
    )
    return list(found)


def officers_of(session: Session, round_id: str) -> list[Officer]:
    """Return the officers who run a round, those who left included, highest first."""
    found = session.scalars(
        select(Officer)
        .join(RoundOfficer, RoundOfficer.officer_id == Officer.id)
        .join(Officer.area)
        .where(RoundOfficer.round_id == round_id)
        .order_by(Area.path, Officer.role, Officer.name, Officer.id)
    )
    return list(found)


def missing_in_area(offered: Sequence[Officer]) -> list[str]:
    """Return what an area lacks, whoever is chosen: message ids."""
    return team_warnings([_member(officer) for officer in offered])


def put_officers(session: Session, round: Round, officer_ids: Sequence[str]) -> bool:
    """Let exactly these officers run a round; return whether anything changed.

    Raises NotFound for somebody who could not run it, or what ``check_team`` finds missing.
    """
    offered = {officer.id: officer for officer in offered_officers(session, round.area)}
    wanted = set(officer_ids)
    if not wanted <= offered.keys():
        raise NotFound(field="officer_ids")
    check_team([_member(offered[id]) for id in wanted], [_member(one) for one in offered.values()])
    mine = RoundOfficer.round_id == round.id
    before = set(session.scalars(select(RoundOfficer.officer_id).where(mine)))
    session.execute(delete(RoundOfficer).where(mine, RoundOfficer.officer_id.in_(before - wanted)))
    session.add_all(
        RoundOfficer(round_id=round.id, officer_id=id) for id in sorted(wanted - before)
    )
    session.flush()
    return before != wanted


def set_officers(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    officer_ids: Sequence[str],
    may_approve: bool,
) -> Round:
    """Change who runs a round: the community while it is a draft, the street until it ends.

    Raises NotFound, NotAllowed, RoundEnded, or what the choice lacks.
    """
    round = hold_round(session, round_id)
    if not round.area.path.startswith(actor.area_path):
        raise NotFound
    if round.phase in _OVER:
        raise RoundEnded
    if round.phase != Phase.DRAFT and not may_approve:
        raise NotAllowed
    if put_officers(session, round, officer_ids):
        record(
            session, actor, "round.set_officers", now=now, kind="round", id=round.id,
            area_path=round.area.path, officers=sorted(set(officer_ids)),
        )  # fmt: skip
    return round


def _member(officer: Officer) -> Member:
    return Member(
        approves=Permission.ROUND_APPROVE in officer.permissions,
        opens=Permission.URN_OPEN in officer.permissions,
    )
