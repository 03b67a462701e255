"""The invariants of a round that no sequence of acts may break, each asked of the database."""

import hashlib
import json
from collections import Counter, defaultdict
from itertools import pairwise

from sqlalchemy import func, select, text

from tests.stateful.oracle import Oracle
from voting.ballots.models import UrnEntry
from voting.ballots.rules import slot_of
from voting.cards.models import BallotCard, CardBatch
from voting.ledger.models import Checkpoint, LedgerEntry
from voting.ledger.rules.tree import Tree, is_consistent, leaf_hash
from voting.paper.models import Exchange, PaperBallot, PaperBatch, PaperBundle, PaperVoid
from voting.persistence.guards import CANDIDATE_CONFIG, ROUND_CONFIG
from voting.roll.models import Participation
from voting.tally.models import OpenedBallot
from voting.tally.service import find_tally


def one_right_a_person(session, round_id: str, oracle: Oracle) -> None:
    """I1: the register is exactly what the acts made it, one row a person."""
    rows = session.execute(
        select(Participation.elector_id, Participation.channel).where(
            Participation.round_id == round_id
        )
    ).all()
    assert len(rows) == len({row.elector_id for row in rows})
    assert dict(rows) == {person: channel for person, (channel, _) in oracle.used.items()}


def every_ballot_has_a_right(session, round_id: str, oracle: Oracle) -> None:
    """I2 and I4: a ballot for each card spent, right used at casting and paper entered; receipts stay."""
    spent = session.scalar(
        select(func.count()).where(BallotCard.round_id == round_id, BallotCard.state == "spent")
    )
    papers = session.scalars(
        select(PaperBallot.slot).where(
            PaperBallot.round_id == round_id, PaperBallot.state == "entered"
        )
    ).all()
    helped = sum(channel == "assisted" for channel, _ in oracle.used.values())
    voids = session.scalars(select(PaperVoid.slot).where(PaperVoid.round_id == round_id)).all()
    urn = session.execute(
        select(UrnEntry.slot, UrnEntry.batch_no).where(UrnEntry.round_id == round_id)
    ).all()
    assert spent + helped + len(papers) + len(voids) == len(urn) == len(oracle.urn)
    known = {slot_of(nonce) for nonce in oracle.urn if isinstance(nonce, bytes)}
    assert {row.slot for row in urn} == known | {*papers, *voids}
    entered = session.scalars(
        select(LedgerEntry.slot).where(
            LedgerEntry.round_id == round_id, LedgerEntry.kind == "ballot"
        )
    ).all()
    assert Counter(entered) == Counter(row.slot for row in urn if row.batch_no is not None)


def papers_add_up(session, round_id: str, oracle: Oracle) -> None:
    """I3 on paper: papers are in the states the acts left them, bundles count what was handed out.

    The marks on the roll, with what was exchanged away from paper, are the papers handed out.
    """
    states = session.execute(
        select(PaperBallot.serial, PaperBallot.state).where(PaperBallot.round_id == round_id)
    ).all()
    assert dict(states) == {paper.serial: paper.state for paper in oracle.papers}
    bundles = session.execute(
        select(PaperBundle.batch_id, PaperBundle.handed, PaperBundle.count)
        .join(PaperBatch, PaperBatch.id == PaperBundle.batch_id)
        .where(PaperBatch.round_id == round_id)
    ).all()
    assert {row.batch_id: row.handed for row in bundles} == oracle.handed
    assert all(0 <= row.handed <= row.count for row in bundles)
    away = session.scalar(
        select(func.count()).where(Exchange.round_id == round_id, Exchange.before == "paper_handed")
    )
    marked = sum(channel == "paper_handed" for channel, _ in oracle.used.values())
    assert marked + away == sum(oracle.handed.values())


def cards_add_up(session, round_id: str, oracle: Oracle) -> None:
    """I3: the cards of each batch are printed, spent or void, and in the states the acts left them."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    rows = session.execute(
        select(BallotCard.batch_id, BallotCard.state, func.count())
        .where(BallotCard.round_id == round_id)
        .group_by(BallotCard.batch_id, BallotCard.state)
    )
    for batch, state, number in rows:
        found[batch][state] = number
    wanted: dict[str, Counter[str]] = defaultdict(Counter)
    for card in oracle.cards:
        wanted[card.batch][card.state] += 1
    assert found == wanted
    counts = session.execute(
        select(CardBatch.id, CardBatch.count).where(CardBatch.round_id == round_id)
    ).all()
    assert dict(counts) == {batch: sum(states.values()) for batch, states in found.items()}


def ledger_only_grows(session, round_id: str) -> int:
    """I5: numbers without a gap, hashes that fit their bodies, each head a beginning of the next."""
    entries = session.execute(
        select(LedgerEntry.idx, LedgerEntry.body, LedgerEntry.leaf)
        .where(LedgerEntry.round_id == round_id)
        .order_by(LedgerEntry.idx)
    ).all()
    assert [row.idx for row in entries] == list(range(len(entries)))
    leaves = [leaf_hash(row.body.encode()) for row in entries]
    assert leaves == [row.leaf for row in entries]
    tree = Tree(leaves)
    heads = session.execute(
        select(Checkpoint.size, Checkpoint.root)
        .where(Checkpoint.round_id == round_id)
        .order_by(Checkpoint.size)
    ).all()
    assert all(tree.root(head.size) == head.root for head in heads)
    for old, new in pairwise(heads):
        proof = tree.consistency(old.size, new.size)
        assert is_consistent(old.size, new.size, old.root, new.root, proof)
    assert not heads or heads[-1].size == tree.size
    return tree.size


def count_is_right(session, round_id: str, oracle: Oracle) -> None:
    """I6: the count says what the ballots said, within the bounds of arithmetic."""
    tally = find_tally(session, round_id)
    assert (tally is not None) == oracle.counted
    if tally is None:
        return
    rows = session.scalars(select(OpenedBallot).where(OpenedBallot.round_id == round_id)).all()
    said = {tuple(json.loads(row.ballot)["choices"]): row.number for row in rows}
    assert said == oracle.said()
    assert tally.ballots == oracle.said().total()
    outcome = json.loads(tally.outcome)
    idle = sum(n for choices, n in oracle.said().items() if not set(choices) - oracle.gone)
    assert (outcome["blank"], outcome["invalid"]) == (idle, 0)
    off = {int(one["id"]) for one in outcome["projects"] if one["reason"] == "withdrawn"}
    assert off == oracle.gone
    votes = Counter(
        number for choices, ballots in oracle.said().items() for number in choices * ballots
    )
    assert votes.total() <= tally.ballots * oracle.most
    assert max(votes.values(), default=0) <= tally.ballots
    assert {int(id): number for id, number in outcome["votes"].items() if number} == dict(votes)


def frozen_digest(session, round_id: str) -> str:
    """I7: the digest of everything that is frozen with the announcement."""
    rows = [
        session.execute(
            text(f"SELECT {', '.join(columns)} FROM {table} WHERE {key} = :id ORDER BY id"),  # noqa: S608 -- names of our own
            {"id": round_id},
        ).all()
        for table, columns, key in (
            ("round", ROUND_CONFIG, "id"),
            ("candidate", CANDIDATE_CONFIG, "round_id"),
        )
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def nothing_joins(session, round_id: str) -> None:
    """I8: no value beside a person stands beside a ballot as well."""
    people = session.execute(
        select(Participation.elector_id, Participation.channel, Participation.day).where(
            Participation.round_id == round_id
        )
    ).all()
    cards = session.execute(
        select(BallotCard.cred_hash, BallotCard.short_hash, BallotCard.check_hmac).where(
            BallotCard.round_id == round_id
        )
    ).all()
    ballots = session.execute(
        select(UrnEntry.slot, UrnEntry.sealed, UrnEntry.leaf).where(UrnEntry.round_id == round_id)
    ).all()
    beside_ballots = {value for row in ballots for value in row}
    assert not {value for row in (*people, *cards) for value in row} & beside_ballots
