"""An installation whose address was tested, and batches made by the real use case."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from tests.factories.areas import make_installation
from tests.factories.ballots import NOW
from voting.adapters.keyring import Keyring
from voting.areas.models import Installation
from voting.cards.models import CardBatch
from voting.cards.rules import PrintedCard
from voting.cards.service import cards_of, issue_batch
from voting.journal.rules import COMMAND_LINE, Actor
from voting.rounds.models import Round

ADDRESS = "https://vote.example.cn"


def make_tested_address(session: Session, url: str = ADDRESS) -> Installation:
    """Return the installation, its public address reached by a telephone."""
    found = make_installation(session)
    found.public_url = found.scanned_url = url
    session.flush()
    return found


def make_batch(
    session: Session,
    keys: Keyring,
    round: Round,
    count: int = 12,
    *,
    now: datetime = NOW,
    actor: Actor = COMMAND_LINE,
    elector_ids: Sequence[str] | None = None,
) -> CardBatch:
    """Issue a batch for a round that takes ballots."""
    make_tested_address(session)
    return issue_batch(
        session,
        now=now,
        actor=actor,
        keys=keys,
        round_id=round.id,
        count=len(elector_ids) if elector_ids else count,
        mode="assigned" if elector_ids else "bearer",
        elector_ids=elector_ids,
    )


def printed(batch: CardBatch, keys: Keyring) -> dict[str, PrintedCard]:
    """Return what is printed on each card, by the number on its stub."""
    return dict(cards_of(batch, keys))
