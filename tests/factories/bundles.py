"""A round whose rules are really frozen, whose cards are really cast, and that is really counted."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests.factories.accounts import make_officer
from tests.factories.ballots import make_cards, make_listed_elector
from tests.factories.custody import pass_gate
from tests.factories.rounds import CLOSES, OPENS, make_plan, make_round
from tests.factories.withdrawals import make_withdrawn
from voting.adapters.keyring import Keyring
from voting.ballots.service import cast, load_paper
from voting.cards.service import check_code_hmac
from voting.conduct.service.freezing import freeze
from voting.permissions import Role
from voting.proposals.models import Candidate
from voting.results.models import Result
from voting.roll.models import Channel
from voting.roll.service import mark_participation
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import note_step
from voting.tally.service import OpeningsStore, approve_opening, count

ANNOUNCED = OPENS - timedelta(days=3)
VOTED = OPENS + timedelta(hours=2)
COUNTED = CLOSES + timedelta(hours=1)
# Ties, a withdrawn project with votes, and more asked for than the money pays.
VOTES = ((1, 2), (1, 3), (2, 3), (1,), (4,), (4, 5), (5, 6), (6,), (2, 6), (3, 5))


def make_voted_round(
    session: Session,
    keys: Keyring,
    *,
    votes: Sequence[Sequence[int]] = VOTES * 3,
    publication: str = "totals",
    withdrawn: int | None = 4,
    most: int = 10,
    rivals: Sequence[int] = (),
    **changes: Any,
) -> Round:
    """Make a round that was announced and voted in; one project was withdrawn meanwhile.

    ``changes`` are columns of the round, set before it is frozen; of the candidates with the numbers in
    ``rivals`` one is funded.
    """
    planned = make_plan(budget=60_000_00, max_choices=most)
    round = make_round(session, phase=Phase.SHORTLISTED, plan=planned)
    round.publication = publication
    if publication == "full":
        round.max_choices = 3
    for name, value in changes.items():
        setattr(round, name, value)
    for number in range(1, 7):
        made = _candidate(round.id, number)
        made.rival_group = 1 if number in rivals else None
        session.add(made)
    electors = [make_listed_elector(session, round.id) for _ in range(len(votes) + 5)]
    session.flush()
    pass_gate(session, keys, round, now=ANNOUNCED)
    freeze(session, now=ANNOUNCED, keys=keys, round=round)
    act, after = "round.announce_vote", Phase.VOTE_ANNOUNCED
    note_step(session, round, after, at=ANNOUNCED, by="factory", act=act)
    session.flush()
    cards = make_cards(session, keys, round.id, len(votes) + 5)
    # A ballot that spends too much is for the count to find: the check at casting has tests of its own.
    paper = replace(load_paper(session, round.id), spend_limit=None)
    for elector, card, choices in zip(electors, cards, votes, strict=False):
        mark_participation(
            session, round_id=round.id, elector_id=elector, channel=Channel.CARD_HANDED,
            day=VOTED.date(),
        )  # fmt: skip
        cast(
            session, now=VOTED, paper=paper, cred_hash=card.cred_hash, nonce=secrets.token_bytes(16),
            choices=choices, check_hmac=check_code_hmac(keys.card_key(), card.cred_hash, card.check_code),
        )  # fmt: skip
    _withdraw(session, round, withdrawn)
    return round


def _candidate(round_id: str, number: int) -> Candidate:
    return Candidate(
        round_id=round_id, ballot_number=number, title=f"增设第{number}处无障碍坡道", category="engineering",
        place=f"{number}栋门口", sentence="轮椅和婴儿车能自己进出单元门", description="门口有三级台阶。",
        cost=10_000_00 + number * 3_000_00, beneficiaries=100 + number % 2,
    )  # fmt: skip


def _withdraw(session: Session, round: Round, number: int | None) -> None:
    if number is not None:
        make_withdrawn(
            session, round.id, number, at=VOTED + timedelta(hours=1), reason="居民不同意"
        )


def count_round(session: Session, keys: Keyring, round: Round, openings: OpeningsStore) -> None:
    """Let two officers open the urn of a round, and count."""
    for role in (Role.COMMUNITY_SECRETARY, Role.STREET_OFFICER):
        officer = make_officer(session, area=round.area, role=role, name="李敏")
        approve_opening(session, now=COUNTED, officer_id=officer.id, round_id=round.id)
    count(session, now=COUNTED, keys=keys, round_id=round.id, openings=openings)


def declare(session: Session, round_id: str) -> None:
    """Let the street have declared the result, as far as a bundle asks."""
    session.add(
        Result(
            round_id=round_id,
            facts="{}",
            digest=bytes(32),
            prepared_at=COUNTED,
            declared_at=COUNTED,
        )
    )
    session.flush()
