"""Rounds in which somebody is helped to vote, and the two officers who are there."""

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.factories.accounts import make_officer
from tests.factories.ballots import NOW, make_listed_elector, make_open_round
from voting.accounts.models import Officer
from voting.adapters.keyring import Keyring
from voting.paper.models import Exchange
from voting.paper.service.assisting import (
    confirm_presence,
    start_assisting,
    start_exchanged,
)
from voting.permissions import Role
from voting.roll.models import Channel, Participation
from voting.roll.service import mark_participation
from voting.rounds.models import Round


@dataclass
class Helped:
    """An open round with somebody on its roll, and two officers."""

    round: Round
    elector_id: str
    first: Officer
    second: Officer


def make_helped(session: Session, keys: Keyring, **changes: object) -> Helped:
    """Make an open round with a person and two community workers."""
    round = make_open_round(session, keys, **changes)  # type: ignore[arg-type]  # passed on as given
    workers = [
        make_officer(session, area=round.area, role=Role.COMMUNITY_WORKER, name=name)
        for name in ("李敏", "周强")
    ]
    return Helped(round, make_listed_elector(session, round.id), *workers)


def accompany(session: Session, helped: Helped, elector_id: str = "") -> None:
    """Let the first officer begin and the second confirm."""
    about = {"round_id": helped.round.id, "elector_id": elector_id or helped.elector_id}
    start_assisting(session, now=NOW, actor=helped.first.actor, place="desk", **about)
    confirm_presence(session, now=NOW, actor=helped.second.actor, **about)


def exchange_for_help(session: Session, helped: Helped) -> None:
    """Let the person come with a card that was handed out: the mark moves, and the first officer begins."""
    about = {"round_id": helped.round.id, "elector_id": helped.elector_id}
    day = NOW.date()
    mark_participation(session, channel=Channel.CARD_HANDED, day=day, **about)
    session.add(Exchange(before="card_handed", after="assisted", day=day, by="factory", **about))
    session.flush()
    mine = update(Participation).where(Participation.elector_id == helped.elector_id)
    session.execute(mine.values(channel="assisted"))
    start_exchanged(session, now=NOW, actor=helped.first.actor, **about)
