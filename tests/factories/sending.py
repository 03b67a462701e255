"""Proposals from phones, decisions about them, and what a browser sends to make one."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from tests.factories.areas import NOW
from tests.factories.rounds import make_plan, make_round
from voting.adapters.keyring import Keyring
from voting.areas.models import Area
from voting.proposals.models import Proposal, ProposalDecision
from voting.proposals.rules.sending import SentFacts
from voting.proposals.service.sending import Sent, send_proposal
from voting.rounds.models import Round

SENT = SentFacts(
    title="楼道里装扶手",
    category="engineering",
    place="3栋2单元楼道",
    reason="楼里老人多，上下楼没有地方扶。",
    proposer_name="张桂兰",
    phone="13870001234",
    basis="live",
)
TYPED: dict[str, Any] = {
    "title": SENT.title,
    "place": SENT.place,
    "reason": SENT.reason,
    "category": SENT.category,
    "proposer_name": SENT.proposer_name,
    "phone": "138 7000 1234",
    "basis": SENT.basis,
    "is_old": "y",
    "agrees": "y",
}
COLLECTING_UNTIL = date(2026, 11, 27)


def sent_facts(**changes: object) -> SentFacts:
    """Return what a resident writes, but for the given changes."""
    return replace(SENT, **changes)  # type: ignore[arg-type]  # the fields of a proposal


def make_collecting_round(session: Session, *, area: Area | None = None) -> Round:
    """Make a round that takes proposals until the end of the week."""
    round = make_round(
        session, area=area, phase="collecting", plan=make_plan(collecting_until=COLLECTING_UNTIL)
    )
    round.collecting_until = COLLECTING_UNTIL
    session.flush()
    return round


def make_sent(
    session: Session,
    keys: Keyring,
    round: Round,
    *,
    sending_key: str = "form1",
    now: datetime = NOW,
    state: str | None = None,
    photos: tuple[str, ...] = (),
    **changes: object,
) -> Sent:
    """Let a proposal arrive from a phone; ``state`` puts it where the desk would have brought it."""
    sent = send_proposal(
        session,
        now=now,
        keys=keys,
        round_id=round.id,
        facts=sent_facts(**changes),
        sending_key=sending_key,
        photos=photos,
    )
    if state is not None:
        sent.proposal.state = state
        session.flush()
    return sent


def decide(
    session: Session,
    proposal: Proposal,
    outcome: str,
    *,
    kind: str = "screening",
    at: datetime = NOW,
    **changes: Any,
) -> ProposalDecision:
    """Decide about a proposal as the desk would, with a reason."""
    given = {"reason": "请写清在几栋几单元，再附一张照片。", "by": "officer1", **changes}
    decision = ProposalDecision(proposal_id=proposal.id, kind=kind, outcome=outcome, at=at, **given)
    proposal.state = outcome
    session.add(decision)
    session.flush()
    return decision
