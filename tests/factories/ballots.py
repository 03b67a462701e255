"""A round that takes ballots, and cards for it, without going through the stages before."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from tests.factories.listing import list_person
from voting.adapters.keyring import Keyring
from voting.areas.models import Area, Installation
from voting.ballots.rules import padded_length
from voting.cards.models import BallotCard, CardBatch
from voting.cards.rules import credential_hash, derive_card
from voting.cards.service import check_code_hmac, short_code_hash
from voting.persistence.base import new_id
from voting.persistence.session import Database
from voting.proposals.models import Candidate
from voting.roll.models import Elector
from voting.rounds.models import Round

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


@dataclass(frozen=True)
class MadeCard:
    """What is printed on a card."""

    token: str
    short_code: str
    check_code: str

    @property
    def cred_hash(self) -> bytes:
        return credential_hash(self.token)


def keyring(var: Path) -> Keyring:
    """Return the keyring that an app with this VOTING_VAR uses."""
    return Keyring(var / "secrets")


def make_open_round(
    session: Session,
    keys: Keyring,
    *,
    candidates: int = 6,
    most: int = 3,
    least: int = 1,
    check_code: bool = True,
    opens_at: datetime = NOW - timedelta(days=1),
    closes_at: datetime = NOW + timedelta(days=6),
    phase: str = "voting",
    channels: str = "card,paper,assisted",
    second_factors: str = "screen",
    rivals: Sequence[int] = (),
    **more: Any,
) -> Round:
    """Make a round whose rules are frozen and whose urn has a key; ``more`` are other columns of its row.

    Of the candidates with the numbers in ``rivals`` only one is funded.
    """
    if session.get(Installation, 1) is None:
        address = "http://127.0.0.1:8000"
        session.add(
            Installation(
                name="西湖区",
                public_url=address,
                scanned_url=address,
                scanned_at=NOW,
                set_up_at=NOW,
            )
        )
    area = Area(id=new_id(), level="district", name=f"西湖区{new_id()[:6]}", path="")
    area.path = f"{area.id}/"
    session.add(area)
    session.flush()
    round = Round(
        area_id=area.id,
        title="南烟小区2026年第一轮“幸福微实事”",
        phase=phase,
        phase_before_pause="voting" if phase == "paused" else None,
        created_at=NOW,
        created_by="factory",
        budget=300_000_00,
        reference_day=closes_at.date(),
        opens_at=opens_at,
        closes_at=closes_at,
        min_choices=least,
        max_choices=most,
        check_code=check_code,
        channels=channels,
        second_factors=second_factors,
        help_number="0791-86543210",
        office_name="南站街道办事处",
        office_address="站前路1号",
        office_contact="社区服务台",
    )
    for name, value in more.items():
        setattr(round, name, value)
    session.add(round)
    session.flush()
    for number in range(1, candidates + 1):
        made = _candidate(round.id, number)
        made.rival_group = 1 if number in rivals else None
        session.add(made)
    session.flush()
    round.config = "{}"
    round.config_hash = hashlib.sha256(b"{}").digest()
    round.frozen_at = min(NOW, opens_at - timedelta(days=3))
    round.seal_public = keys.make_seal_key(round.id)
    round.ballot_length = padded_length(
        kind="approval", max_choices=most, highest_number=candidates, max_points=None
    )
    session.flush()
    return round


def _candidate(round_id: str, number: int) -> Candidate:
    return Candidate(
        round_id=round_id,
        ballot_number=number,
        title=f"增设第{number}处无障碍坡道",
        category="engineering",
        place=f"{number}栋门口",
        sentence="轮椅和婴儿车能自己进出单元门",
        description="门口有三级台阶，推车进出不便，拟建坡道并装扶手。",
        cost=8_000_00 + number * 100_00,
        beneficiaries=100 + number,
    )


def make_cards(
    session: Session, keys: Keyring, round_id: str, count: int = 1, *, electors: Sequence[str] = ()
) -> list[MadeCard]:
    """Make a batch of cards, assigned to ``electors`` in turn if there are any."""
    last = session.scalar(select(func.max(CardBatch.number)).where(CardBatch.round_id == round_id))
    batch = CardBatch(
        round_id=round_id, number=(last or 0) + 1, count=count, state="ready", made_at=NOW,
        made_by="factory", mode="assigned" if electors else "bearer",
    )  # fmt: skip
    session.add(batch)
    session.flush()
    seed = hashlib.sha256(batch.id.encode()).digest()
    cards = [_printed(seed, index) for index in range(count)]
    key = keys.card_key()
    rows = [
        {
            "round_id": round_id,
            "cred_hash": card.cred_hash,
            "short_hash": short_code_hash(key, card.short_code),
            "check_hmac": check_code_hmac(key, card.cred_hash, card.check_code),
            "batch_id": batch.id,
            "sheet": index // 6 + 1,
            "place": index % 6 + 1,
            "state": "printed",
            "fails": 0,
            "elector_id": electors[index] if electors else None,
        }
        for index, card in enumerate(cards)
    ]
    table = BallotCard.__table__
    assert isinstance(table, Table)
    session.execute(insert(table), rows)
    return cards


def _printed(seed: bytes, index: int) -> MadeCard:
    card = derive_card(seed, index)
    return MadeCard(card.token, card.short_code, card.check_code)


def make_listed_elector(session: Session, round_id: str) -> str:
    """Put somebody on the roll and return the elector's id."""
    elector = Elector(
        round_id=round_id, id_key=new_id().encode(), name_key=new_id().encode(), name_masked="张*",
        id_kind="resident", id_masked="3601**********1234", basis="live", building="3栋", added_at=NOW,
    )  # fmt: skip
    return list_person(session, elector).elector_id


def open_round_with_cards(
    database: Database, keys: Keyring, count: int = 1, **changes: object
) -> tuple[str, list[MadeCard]]:
    """Commit an open round with cards and return its id and them."""
    with database.transaction() as session:
        round = make_open_round(session, keys, **changes)  # type: ignore[arg-type]  # passed on as given
        return round.id, make_cards(session, keys, round.id, count)
