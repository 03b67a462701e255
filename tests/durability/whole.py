"""What must hold in the database whatever died: no receipt without its ballot, no half of a transaction."""

from dataclasses import dataclass

from sqlalchemy import func, select

from tests.factories.ballots import (
    MadeCard,
    make_cards,
    make_listed_elector,
    make_open_round,
)
from voting import clock
from voting.adapters.keyring import Keyring
from voting.ballots.models import UrnEntry
from voting.ballots.rules import receipt_code
from voting.cards.models import BallotCard, CardBatch
from voting.persistence.session import Database
from voting.roll.models import Participation


@dataclass(frozen=True)
class Stage:
    """An open round with bearer cards and cards assigned to people, in turn."""

    round_id: str
    cards: list[MadeCard]


def open_stage(database: Database, keys: Keyring, count: int) -> Stage:
    """Commit a round that takes ballots now; every second card belongs to somebody."""
    now = clock.now()
    with database.transaction() as session:
        round = make_open_round(
            session, keys,
            opens_at=now.replace(year=now.year - 1), closes_at=now.replace(year=now.year + 1),
        )  # fmt: skip
        people = [make_listed_elector(session, round.id) for _ in range(count // 2)]
        theirs = make_cards(session, keys, round.id, len(people), electors=people)
        others = make_cards(session, keys, round.id, count - len(people))
        pairs = zip(theirs, others, strict=False)
        return Stage(round.id, [card for pair in pairs for card in pair])


@dataclass(frozen=True)
class Standing:
    """What stands in the database: receipt codes, spent cards of each mode, rights used."""

    receipts: frozenset[str]
    ballots: int
    spent: dict[str, int]
    participation: int

    @property
    def is_whole(self) -> bool:
        """Whether every transaction stands whole: a spent card is a ballot, an assigned one a right."""
        return (
            self.ballots == sum(self.spent.values())
            and self.spent.get("assigned", 0) == self.participation
        )


def standing(database: Database) -> Standing:
    """Read what stands."""
    spent = (
        select(CardBatch.mode, func.count())
        .join(BallotCard, BallotCard.batch_id == CardBatch.id)
        .where(BallotCard.state == "spent")
        .group_by(CardBatch.mode)
    )
    with database.reading() as session:
        slots = session.scalars(select(UrnEntry.slot)).all()
        return Standing(
            receipts=frozenset(map(receipt_code, slots)),
            ballots=len(slots),
            spent=dict(session.execute(spent).all()),
            participation=session.scalar(select(func.count()).select_from(Participation)) or 0,
        )
