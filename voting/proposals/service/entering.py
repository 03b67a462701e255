"""Proposals from paper: entered and corrected."""

from datetime import datetime

from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.persistence.base import new_id
from voting.proposals.models import Proposal, ProposalDecision
from voting.proposals.rules import ProposalFacts, ProposalState
from voting.proposals.service.codes import give_code
from voting.proposals.service.persons import (
    opened_name,
    opened_phone,
    person_key,
    phone_key,
    sealed_name,
    sealed_phone,
)
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import hold_unfrozen

OPEN_PHASES = (Phase.COLLECTING, Phase.SCREENING, Phase.DELIBERATING, Phase.SHORTLISTED)


class NotTakingProposals(Refusal):
    """The round is not in a phase in which proposals become candidates."""

    msgid = "这个轮次现在不收建议，也不能改候选。要从街道批准后、发布投票公告前办理。"


def open_round(session: Session, round_id: str) -> Round:
    """Return the held round while its proposals and candidates may change.

    Raises NotFound, RulesFrozen or NotTakingProposals.
    """
    round = hold_unfrozen(session, round_id)
    if round.phase not in OPEN_PHASES:
        raise NotTakingProposals
    return round


def enter_proposal(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    facts: ProposalFacts,
) -> Proposal:
    """Enter a paper proposal on behalf of whoever wrote it; it is accepted with that.

    Raises NotFound, RulesFrozen or NotTakingProposals.
    """
    round = open_round(session, round_id)
    id = new_id()
    proposal = Proposal(
        id=id,
        round_id=round_id,
        title=facts.title,
        category=facts.category,
        place=facts.place,
        reason=facts.reason,
        proposer_sealed=sealed_name(keys, id, facts.proposer_name),
        proposer_key=person_key(keys, facts.proposer_name),
        phone_sealed=sealed_phone(keys, id, facts.phone),
        phone_key=phone_key(keys, facts.phone),
        entered_at=now,
        entered_by=actor.id,
    )
    session.add(proposal)
    give_code(session, keys, proposal)
    session.add(_accepted(id, now, actor))
    record(
        session, actor, "proposal.enter", now=now, kind="proposal", id=id,
        area_path=round.area.path, round=round_id,
    )  # fmt: skip
    return proposal


def _accepted(id: str, now: datetime, actor: Actor) -> ProposalDecision:
    return ProposalDecision(
        proposal_id=id, kind="acceptance", outcome=ProposalState.ACCEPTED.value,
        notes="按纸质意见表代填。", at=now, by=actor.id,
    )  # fmt: skip


def change_proposal(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    proposal_id: str,
    round_id: str,
    facts: ProposalFacts,
) -> Proposal:
    """Correct what was typed from the paper; raise NotFound, RulesFrozen or NotTakingProposals."""
    round = open_round(session, round_id)
    proposal = get_proposal(session, proposal_id, round_id=round_id)
    proposal.title, proposal.category = facts.title, facts.category
    proposal.place, proposal.reason = facts.place, facts.reason
    proposal.proposer_sealed = sealed_name(keys, proposal.id, facts.proposer_name)
    proposal.proposer_key = person_key(keys, facts.proposer_name)
    proposal.phone_sealed = sealed_phone(keys, proposal.id, facts.phone)
    proposal.phone_key = phone_key(keys, facts.phone)
    session.flush()
    record(
        session, actor, "proposal.change", now=now, kind="proposal", id=proposal.id,
        area_path=round.area.path, round=round_id,
    )  # fmt: skip
    return proposal


def get_proposal(session: Session, proposal_id: str, *, round_id: str) -> Proposal:
    """Return a proposal of this round; raise NotFound for another round's as for none."""
    proposal = session.get(Proposal, proposal_id) if proposal_id.isalnum() else None
    if proposal is None or proposal.round_id != round_id:
        raise NotFound
    return proposal


def proposer_of(proposal: Proposal, keys: Keyring) -> tuple[str, str]:
    """Return name and telephone in full, for the form in which they are corrected."""
    return (
        opened_name(keys, proposal.id, proposal.proposer_sealed),
        opened_phone(keys, proposal.id, proposal.phone_sealed),
    )
