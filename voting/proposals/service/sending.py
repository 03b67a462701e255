"""A proposal arrives from a resident's phone: once for one form, and no more than a desk can read."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import keyed_hash
from voting.persistence.base import new_id
from voting.proposals.models import Proposal, ProposalPhoto
from voting.proposals.rules.sending import (
    MOST_FROM_PHONE,
    MOST_PHOTOS,
    MOST_WAITING,
    WAITING_SPAN,
    NotCollecting,
    SentFacts,
    TooManyFromPhone,
    TooManyPhotos,
    TooManyWaiting,
)
from voting.proposals.service.codes import code_of, derived_code, follow_key
from voting.proposals.service.persons import person_key, phone_key, sealed_name, sealed_phone
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import hold_round

BY_PROPOSER = "proposer"


@dataclass(frozen=True)
class Sent:
    """What was stored, and the code with which its proposer comes back."""

    proposal: Proposal
    code: str


def send_proposal(
    session: Session,
    *,
    now: datetime,
    keys: Keyring,
    round_id: str,
    facts: SentFacts,
    sending_key: str,
    photos: Sequence[str] = (),
) -> Sent:
    """Store a proposal from a phone as received; the same form sent again gets the same answer.

    ``photos`` are digests of stored pictures. Raises NotFound, NotCollecting, TooManyPhotos,
    TooManyFromPhone or TooManyWaiting.
    """
    # Whoever sends waits for whoever sent before: otherwise fifty could be counted as none.
    round = hold_round(session, round_id)
    sending = _sending_of(keys, sending_key, facts, photos)
    known = _sent_before(session, round_id, sending)
    if known is not None:
        return Sent(known, code_of(keys, known))
    require_collecting(round, now)
    if len(photos) > MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    _check_flood(session, keys, round_id, facts.phone, now)
    proposal = _written(keys, round_id, facts, sending, now)
    try:
        with session.begin_nested():
            session.add(proposal)
            session.flush()
            session.add_all(photographs(proposal.id, photos))
    except IntegrityError:  # the unique key decides, should the lock ever be forgotten
        known = _sent_before(session, round_id, sending)
        if known is None:
            raise
        return Sent(known, code_of(keys, known))
    return Sent(proposal, code_of(keys, proposal))


def require_collecting(round: Round, now: datetime) -> None:
    """Raise NotCollecting unless the round takes proposals at ``now``."""
    if round.phase_at(now) is not Phase.COLLECTING:
        raise NotCollecting


def photographs(proposal_id: str, digests: Sequence[str]) -> list[ProposalPhoto]:
    """Return the rows that tie stored pictures to a proposal."""
    return [
        ProposalPhoto(proposal_id=proposal_id, position=position, digest=digest)
        for position, digest in enumerate(digests, start=1)
    ]


def _sending_of(keys: Keyring, form_key: str, facts: SentFacts, photos: Sequence[str]) -> str:
    # With the form's contents: who goes back and writes something else sends something else.
    said = (*astuple(facts), *photos)
    return keyed_hash(keys.person_key(), "proposal sending", form_key, *said).hex()


def _sent_before(session: Session, round_id: str, sending: str) -> Proposal | None:
    found = (Proposal.round_id == round_id, Proposal.sending_key == sending)
    return session.scalar(select(Proposal).where(*found))


def _check_flood(session: Session, keys: Keyring, round_id: str, phone: str, now: datetime) -> None:
    mine = Proposal.phone_key == phone_key(keys, phone)
    if _count(session, round_id, mine) >= MOST_FROM_PHONE:
        raise TooManyFromPhone(most=MOST_FROM_PHONE)
    waiting = (
        Proposal.state == "received",
        Proposal.source == "phone",
        Proposal.entered_at > now - WAITING_SPAN,
    )
    if _count(session, round_id, *waiting) >= MOST_WAITING:
        raise TooManyWaiting


def _count(session: Session, round_id: str, *which: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Proposal).where(Proposal.round_id == round_id, *which)
    return session.scalar(query) or 0


def _written(
    keys: Keyring, round_id: str, facts: SentFacts, sending: str, now: datetime
) -> Proposal:
    id = new_id()
    return Proposal(
        id=id,
        round_id=round_id,
        title=facts.title,
        category=facts.category,
        place=facts.place,
        reason=facts.reason,
        source="phone",
        state="received",
        proposer_sealed=sealed_name(keys, id, facts.proposer_name),
        proposer_key=person_key(keys, facts.proposer_name),
        phone_sealed=sealed_phone(keys, id, facts.phone),
        phone_key=phone_key(keys, facts.phone),
        basis=facts.basis,
        follow_key=follow_key(keys, derived_code(keys, round_id, sending)),
        sending_key=sending,
        entered_at=now,
        entered_by=BY_PROPOSER,
    )
