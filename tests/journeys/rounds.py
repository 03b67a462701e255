"""Rounds as residents meet them: with real names, photographs and cards, in every state a card can meet."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.factories.areas import make_chain
from tests.factories.ballots import MadeCard, make_cards
from tests.factories.cards import make_tested_address
from tests.factories.tally import fill, open_by_two
from tests.journeys.photographs import stored_photograph
from voting.adapters.keyring import Keyring
from voting.adapters.storage import FileStore
from voting.ballots.rules import padded_length
from voting.cards.models import BallotCard
from voting.demo.rules.works import WORKS
from voting.proposals.models import Candidate
from voting.rounds.models import Round
from voting.tally.service import count

HUNDRED = 100
WEEK = timedelta(days=7)


def make_full_round(
    session: Session,
    keys: Keyring,
    *,
    now: datetime,
    files: FileStore | None = None,
    candidates: int = 39,
    most: int = 10,
    **changes: Any,
) -> Round:
    """Make a round that takes ballots now, with a photograph of each candidate if there are ``files``."""
    make_tested_address(session)
    facts: dict[str, Any] = {
        "area": make_chain(session).estate,
        "title": "南站街道南烟小区2026年第二轮“幸福微实事”",
        "phase": "voting",
        "created_at": now - 3 * WEEK,
        "created_by": "factory",
        "budget": 300_000_00,
        "reference_day": (now + WEEK).date(),
        "opens_at": now - timedelta(days=1),
        "closes_at": now + WEEK,
        "max_choices": most,
        "help_number": "0791-86543210",
        "office_name": "站南巷社区居民委员会",
        "office_address": "站南巷15号社区服务大厅",
        "office_contact": "社区服务台",
        "polling_place": "社区服务大厅，9:00—17:00",
    }
    round = Round(**(facts | changes))
    session.add(round)
    session.flush()
    for number in range(1, candidates + 1):
        picture = files.put(stored_photograph(number)) if files else None
        session.add(_candidate(round.id, number, picture))
    session.flush()
    _freeze(round, keys, now=now, candidates=candidates)
    session.flush()
    return round


def _candidate(round_id: str, number: int, picture: str | None) -> Candidate:
    work = WORKS[number - 1]
    return Candidate(
        round_id=round_id,
        ballot_number=number,
        title=work.title,
        category=work.category,
        place=work.place,
        sentence=work.sentence,
        description=work.description,
        cost=work.cost * HUNDRED,
        beneficiaries=work.beneficiaries,
        picture=picture,
    )


def _freeze(round: Round, keys: Keyring, *, now: datetime, candidates: int) -> None:
    round.config = "{}"
    round.config_hash = hashlib.sha256(b"{}").digest()
    round.seal_public = keys.make_seal_key(round.id)
    round.ballot_length = padded_length(
        kind="approval", max_choices=round.max_choices, highest_number=candidates, max_points=None
    )
    round.frozen_at = now - WEEK


@dataclass(frozen=True)
class Cards:
    """One card for each thing that can become of a card, and the rounds they belong to."""

    good: Sequence[MadeCard]
    used: MadeCard
    void: MadeCard
    locked: MadeCard
    early: MadeCard
    late: MadeCard
    paused: MadeCard
    voting: str
    counted: str
    closed: str


def make_every_state(session: Session, keys: Keyring, *, now: datetime) -> Cards:
    """Make rounds in every state a resident may meet, with cards for each."""

    def make(**changes: Any) -> str:
        return make_full_round(session, keys, now=now, candidates=8, most=3, **changes).id

    open_round = make()
    early = make(phase="vote_announced", opens_at=now + WEEK, closes_at=now + 2 * WEEK)
    late = make(opens_at=now - WEEK, closes_at=now - timedelta(hours=1))
    paused = make()
    halted = session.get_one(Round, paused)
    halted.phase, halted.phase_before_pause = "paused", "voting"
    counted = make(opens_at=now - WEEK, closes_at=now - timedelta(hours=1))
    fill(session, counted, ((1, 2, 3), (1, 2), (1, 5), (2, 8), (6,), (1, 7, 3)))
    open_by_two(session, session.get_one(Round, counted), now=now)
    count(session, now=now, keys=keys, round_id=counted)
    session.get_one(Round, counted).phase = "result_review"
    used, void, locked, *good = make_cards(session, keys, open_round, 8)
    _mark(session, used, state="spent")
    _mark(session, void, state="void")
    _mark(session, locked, fails=5)
    others = {
        name: make_cards(session, keys, id)[0]
        for name, id in (("early", early), ("late", late), ("paused", paused))
    }
    return Cards(
        good=good, used=used, void=void, locked=locked, voting=open_round, counted=counted,
        closed=late, **others,
    )  # fmt: skip


def _mark(session: Session, card: MadeCard, **values: object) -> None:
    session.execute(
        update(BallotCard).where(BallotCard.cred_hash == card.cred_hash).values(**values)
    )
