"""A round that went the whole way by the acts of officers and voters: announced, voted, signed, counted."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.areas import NOW, make_installation
from tests.factories.ballots import MadeCard, make_cards
from tests.factories.custody import pass_gate
from tests.factories.proposals import make_candidate
from tests.factories.rounds import CLOSES, OPENS, make_plan, make_round
from tests.factories.tally import make_openers
from voting.adapters.keyring import Keyring
from voting.areas.models import Area
from voting.ballots.rules import slot_of
from voting.ballots.service import cast, load_paper
from voting.cards.service import check_code_hmac
from voting.conduct.service import advance
from voting.journal.rules import Actor
from voting.ledger.service import make_checkpoint
from voting.persistence.session import Database
from voting.roll.models import Channel, Elector
from voting.roll.service import mark_participation
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.tally.service import approve_opening, count

DURING = OPENS + timedelta(days=1)
AFTER = CLOSES + timedelta(hours=1)


@dataclass(frozen=True)
class Whole:
    """A round and what its voters hold."""

    round_id: str
    cards: list[MadeCard]
    slots: list[bytes]


def make_announced(
    session: Session,
    keys: Keyring,
    *,
    electors: int = 4,
    area: Area | None = None,
    kind: str = "real",
) -> Round:
    """Announce the vote of a round with three candidates and some people on the roll."""
    make_installation(session)
    plan = make_plan(max_choices=2)
    round = make_round(session, area=area, phase="shortlisted", plan=plan, kind=kind)
    for number in range(3):
        make_candidate(session, keys, round, proposer=f"建议人{number}", title=f"项目{number + 1}")
    session.add_all(_elector(round.id) for _ in range(electors))
    session.flush()
    actor = Actor("o", "李敏", round.area.path)
    if kind == "real":
        pass_gate(session, keys, round)
    advance(session, now=NOW, actor=actor, keys=keys, round_id=round.id, to=Phase.VOTE_ANNOUNCED)
    return round


def _elector(round_id: str) -> Elector:
    return Elector(
        round_id=round_id, id_key=secrets.token_bytes(32), name_key=secrets.token_bytes(32),
        name_masked="张*", id_kind="resident", id_masked="3601**********1234", basis="live",
        building="3栋", added_at=NOW,
    )  # fmt: skip


def vote(
    session: Session, keys: Keyring, round_id: str, card: MadeCard, *, now: datetime = DURING
) -> bytes:
    """Cast a ballot with a card and return its slot."""
    nonce = secrets.token_bytes(16)
    code = check_code_hmac(keys.card_key(), card.cred_hash, card.check_code)
    cast(
        session, now=now, paper=load_paper(session, round_id), cred_hash=card.cred_hash, nonce=nonce,
        choices=[1 + secrets.randbelow(3)], check_hmac=code,
    )  # fmt: skip
    return slot_of(nonce)


def make_whole(
    session: Session, keys: Keyring, *, ballots: int = 25, more: int = 3, counted: bool = True
) -> Whole:
    """Let a round go its way; ``more`` ballots come after its first checkpoint."""
    round = make_announced(session, keys, electors=ballots + more)
    cards = make_cards(session, keys, round.id, ballots + more + 2)
    people = session.scalars(select(Elector.elector_id).where(Elector.round_id == round.id)).all()
    for person in people:
        mark_participation(
            session, round_id=round.id, elector_id=person, channel=Channel.CARD_HANDED,
            day=DURING.date(),
        )  # fmt: skip
    slots = [vote(session, keys, round.id, card) for card in cards[:ballots]]
    make_checkpoint(session, now=DURING, keys=keys, round_id=round.id)
    slots += [vote(session, keys, round.id, card) for card in cards[ballots : ballots + more]]
    if counted:
        make_checkpoint(session, now=AFTER, keys=keys, round_id=round.id)
        for officer in make_openers(session, round.area):
            approve_opening(session, now=AFTER, officer_id=officer.id, round_id=round.id)
        count(session, now=AFTER, keys=keys, round_id=round.id)
    return Whole(round.id, cards, slots)


def keep_whole(database: Database, keys: Keyring, **changes: int) -> Whole:
    """Commit a whole round."""
    with database.transaction() as session:
        return make_whole(session, keys, **changes)  # type: ignore[arg-type]  # passed on as given
