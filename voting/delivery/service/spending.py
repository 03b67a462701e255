"""Money that was paid: entered once, voided with a reason, never edited."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from voting.clock import local_day
from voting.delivery.models import Spending
from voting.delivery.rules.conditions import ReasonMissing
from voting.delivery.rules.facts import SpendingFacts, check_not_ahead
from voting.delivery.rules.states import ProjectState
from voting.delivery.service.finding import hold_open, may_be_id
from voting.delivery.service.noting import note
from voting.delivery.service.once import already, insert_once
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor


class NotApprovedYet(Refusal):
    """Nothing is paid for a project that the street has not approved."""

    msgid = "还没有立项，不能登记支出。请先请街道批准立项。"


class AlreadyVoided(Refusal):
    """A payment is voided once."""

    msgid = "这笔支出已经作废了。"


def enter_spending(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    project_id: str,
    key: str,
    facts: SpendingFacts,
) -> Spending:
    """Enter a payment; sent again, the same form enters nothing."""
    project = hold_open(session, actor, project_id)
    if project.state == ProjectState.TO_APPROVE:
        raise NotApprovedYet
    check_not_ahead(facts.day, local_day(now))
    made = already(session, Spending, key, project_id=project.id)
    if made is not None:
        return made
    spending = Spending(
        id=key, project_id=project.id, day=facts.day, amount=facts.amount, purpose=facts.purpose,
        payee=facts.payee, file_digest=facts.file_digest, file_name=facts.file_name,
        entered_at=now, entered_by=actor.id,
    )  # fmt: skip
    if insert_once(session, spending):
        note(
            session, actor, "project.spend", now=now, project=project, spending=spending.id,
            amount=facts.amount,
        )  # fmt: skip
    return spending


def void_spending(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    project_id: str,
    spending_id: str,
    reason: str,
) -> Spending:
    """Void a payment that was entered wrongly; it stays readable with the reason."""
    project = hold_open(session, actor, project_id)
    spending = get_spending(session, project.id, spending_id)
    if not reason:
        raise ReasonMissing
    voided = session.execute(
        update(Spending)
        .where(Spending.id == spending.id, Spending.voided_at.is_(None))
        .values(voided_at=now, voided_by=actor.id, void_reason=reason)
        .returning(Spending.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if voided is None:
        raise AlreadyVoided
    session.refresh(spending)
    note(
        session, actor, "project.spending_void", now=now, project=project, spending=spending.id,
        amount=spending.amount, reason=reason,
    )  # fmt: skip
    return spending


def get_spending(session: Session, project_id: str, spending_id: str) -> Spending:
    """Return a payment of this project; raise NotFound for another one's as for none."""
    spending = session.get(Spending, spending_id) if may_be_id(spending_id) else None
    if spending is None or spending.project_id != project_id:
        raise NotFound
    return spending
