"""The sample card: a card of its own batch in the round that has a vote on, unused and never printed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from voting.cards.models import CardBatch, CardState
from voting.cards.rules import MOST_FAILS, PrintedCard, credential_hash
from voting.cards.service import SeedForgotten, cards_of, find_card_by_hash, issue_batch
from voting.demo.service.scene import Scene
from voting.journal.rules import Actor
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import in_order

SAMPLES = Actor("demo", "演示数据", "")
_SHEET = 6


@dataclass(frozen=True)
class Sample:
    """A card that leads to a receipt, as it would be printed."""

    round_id: str
    round_title: str
    serial: str
    url: str
    short_code: str
    check_code: str


def add_samples(scene: Scene, *, now: datetime, round_id: str) -> CardBatch:
    """Make a sheet of sample cards for a round."""
    return issue_batch(
        scene.session,
        now=now,
        actor=SAMPLES,
        keys=scene.keys,
        round_id=round_id,
        count=_SHEET,
        config=scene.config,
    )


def find_sample_round(scene: Scene, *, now: datetime) -> Round | None:
    """Return the demo's round with a vote on, or None when all are over."""
    ours = select(CardBatch.round_id).where(CardBatch.made_by == SAMPLES.id)
    rounds = scene.session.scalars(in_order(select(Round).where(Round.id.in_(ours)), now))
    return next((round for round in rounds if round.phase_at(now) is Phase.VOTING), None)


def fresh_sample(scene: Scene, *, now: datetime, round: Round) -> Sample:
    """Return a card of the round that can still be used, of a new sheet if the last one is used up."""
    batches = select(CardBatch).where(
        CardBatch.round_id == round.id, CardBatch.made_by == SAMPLES.id
    )
    latest = scene.session.scalars(batches.order_by(CardBatch.number.desc()).limit(1)).one()
    found = next(_usable(scene, latest), None)
    if found is None:
        found = next(_usable(scene, add_samples(scene, now=now, round_id=round.id)))
    serial, card = found
    return Sample(
        round_id=round.id,
        round_title=round.title,
        serial=serial,
        url=f"{scene.address}/c/{card.token}",
        short_code=card.short_code,
        check_code=card.check_code,
    )


def _usable(scene: Scene, batch: CardBatch) -> Iterator[tuple[str, PrintedCard]]:
    try:
        printed = cards_of(batch, scene.keys)
    except SeedForgotten:
        return
    for serial, card in printed:
        hashed = credential_hash(card.token)
        found = find_card_by_hash(scene.session, batch.round_id, hashed)
        if found and found.state == CardState.PRINTED and found.fails < MOST_FAILS:
            yield serial, card
