"""Making a batch of papers: when it is allowed, its bundles, random serials, versions of the form."""

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.cards.service import tested_address
from voting.config import Config
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.paper.models import PaperBallot, PaperBatch, PaperBundle
from voting.paper.rules.layout import layout_of
from voting.paper.rules.serials import draw_serial
from voting.paper.service.noting import note
from voting.persistence.base import new_id
from voting.proposals.service import candidates_of
from voting.rounds.models import Round
from voting.rounds.rules import BallotKind, Phase
from voting.rounds.service import get_round

MOST_PAPERS = 20_000
PER_BUNDLE = 50
MOST_VERSIONS = 8
TICKED = frozenset({BallotKind.APPROVAL, BallotKind.CHOOSE_1, BallotKind.KNAPSACK})
_TRIES = 20
_PAPER = cast("Table", PaperBallot.__table__)
_BUNDLE = cast("Table", PaperBundle.__table__)


class PaperBatchSize(Refusal):
    """More or fewer papers than one batch may hold."""

    msgid = "一批最少 1 张，最多 %(most)d 张。人多时请分几批印。"
    status = 422
    field = "count"


class NoPaperChannel(Refusal):
    """The round's rules, which are frozen, have no paper."""

    msgid = "这一轮的规则里没有纸质票，不能印，也不能发。"


class PaperBeforeNotice(Refusal):
    """Papers would be printed before rules and list are fixed."""

    msgid = "投票公告发布以后才能印纸质票：规则和候选名单要先定下来。"


class PaperAfterVoting(Refusal):
    """Nobody can take a new paper any more."""

    msgid = "这一轮的投票已经结束，不能再印纸质票。"


class PaperWhilePaused(Refusal):
    """The street has paused the round."""

    msgid = "这一轮暂停了，恢复以后才能印纸质票。"


class OnlyTicks(Refusal):
    """The paper has one square for each project."""

    msgid = "这一轮不是打勾的选票，不能用纸质票。"


def order_batch(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    count: int,
    versions: int,
    config: Config | None = None,
) -> PaperBatch:
    """Make a batch for a round whose vote is announced; raise what ``require_printing`` raises."""
    round = require_printing(session, round_id, now=now, config=config)
    batch = make_batch(session, now=now, actor=actor, round=round, count=count, versions=versions)
    note(session, actor, "paper.issue", now=now, batch=batch, count=count, versions=versions)
    return batch


def require_printing(
    session: Session, round_id: str, *, now: datetime, config: Config | None = None
) -> Round:
    """Return the round if papers may be made for it now; raise the refusal that says why not."""
    round = get_round(session, round_id)
    require_paper(round)
    phase = round.phase_at(now)
    if phase is Phase.PAUSED:
        raise PaperWhilePaused
    if round.frozen_at is None:
        raise PaperBeforeNotice
    if phase not in {Phase.VOTE_ANNOUNCED, Phase.VOTING}:
        raise PaperAfterVoting
    layout_of(len(candidates_of(session, round_id)))
    tested_address(session, config)
    return round


def require_paper(round: Round) -> None:
    """Raise unless the round has papers, and ballots of ticks."""
    if not round.offers("paper"):
        raise NoPaperChannel
    if round.ballot_kind not in TICKED:
        raise OnlyTicks


def make_batch(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round: Round,
    count: int,
    versions: int,
    kind: str = "vote",
    bundle_size: int = PER_BUNDLE,
) -> PaperBatch:
    """Insert a batch in state ``ready`` with its bundles and papers; raise PaperBatchSize.

    The caller has checked the round and writes the journal. Each version stands equally often in a bundle.
    """
    if not 1 <= count <= MOST_PAPERS:
        raise PaperBatchSize(most=MOST_PAPERS)
    batch_id = new_id()
    facts = {"kind": kind, "count": count, "versions": versions, "state": "ready"}
    _insert_batch(session, id=batch_id, round_id=round.id, made_at=now, made_by=actor.id, **facts)
    sizes = [min(bundle_size, count - at) for at in range(0, count, bundle_size)]
    bundles = [
        {"batch_id": batch_id, "number": number, "count": size, "handed": 0}
        for number, size in enumerate(sizes, 1)
    ]
    session.execute(insert(_BUNDLE), bundles)
    for bundle in bundles:
        _insert_papers(session, round.id, bundle, versions=versions)
    return session.get_one(PaperBatch, batch_id)


def _insert_batch(session: Session, **values: object) -> None:
    """Insert the batch under the next free number."""
    highest = select(func.coalesce(func.max(PaperBatch.number), 0)).where(
        PaperBatch.round_id == values["round_id"]
    )

    def at_next() -> None:
        number = session.execute(highest).scalar_one() + 1
        session.execute(insert(PaperBatch).values(number=number, **values))

    _until_free(session, at_next)


def _insert_papers(
    session: Session, round_id: str, bundle: dict[str, Any], *, versions: int
) -> None:
    """Insert the papers of a bundle; if another paper of the round bears one of the serials, draw anew."""
    _until_free(
        session, lambda: session.execute(insert(_PAPER), list(_papers(round_id, bundle, versions)))
    )


def _until_free(session: Session, insert_all: Callable[[], object]) -> None:
    """Insert until no number is taken: the unique constraint decides, not a look before."""
    tries = 0
    while True:
        tries += 1
        try:
            with session.begin_nested():
                insert_all()
        except IntegrityError:
            if tries == _TRIES:
                raise
        else:
            return


def _papers(round_id: str, bundle: dict[str, Any], versions: int) -> Iterator[dict[str, Any]]:
    serials: set[str] = set()
    while len(serials) < bundle["count"]:
        serials.add(draw_serial())
    shift = secrets.randbelow(versions)
    # Sorted, so that a heap in order of arrival tells no more than the key does.
    for at, serial in enumerate(sorted(serials), shift):
        yield {
            "round_id": round_id,
            "serial": serial,
            "batch_id": bundle["batch_id"],
            "bundle": bundle["number"],
            "version": at % versions + 1,
            "state": "printed",
            "generation": 1,
        }
