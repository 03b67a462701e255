"""Made-up votes of every sort, as the pieces of their bundles."""

import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tests.bundle.counting import outcome_of
from tests.bundle.plans import OWN_LENGTH, Plan, chance, choices_of, loaded_config, own_config
from tests.bundle.writing import Json, Pieces, Signer, Step, canonical, sha256, signer
from voting.tally.rules.situations import staying

_START = datetime(2026, 12, 1, 1, tzinfo=UTC)


@dataclass
class _Cast:
    slot: bytes
    salt: bytes
    padded: bytes
    sealed: bytes
    commitment: bytes = b""


@dataclass
class Vote:
    """A vote on its way: entries come, and now and then a checkpoint."""

    plan: Plan
    rng: random.Random
    round: str
    key: Signer
    config: Json
    steps: list[Step] = field(default_factory=list)
    waiting: list[Json] = field(default_factory=list)
    dropped: list[_Cast] = field(default_factory=list)
    cards: int = 0
    spent: int = 0
    printed: int = 0
    rights: Counter[str] = field(default_factory=Counter)
    minutes: int = 0

    def moment(self) -> str:
        """Return a moment a little later than the last."""
        self.minutes += 7
        return (_START + timedelta(minutes=self.minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def add(self, kind: str, **facts: object) -> None:
        """Let an entry wait for its checkpoint."""
        self.waiting.append({"kind": kind, **facts})

    def act(self, name: str, **facts: object) -> None:
        """Let a step wait for its checkpoint."""
        self.add("act", act=f"round.{name}", at=self.moment(), **facts)

    def sign(self, ballots: Sequence[_Cast] = ()) -> None:
        """Make a checkpoint of what waits and of new ballots."""
        entries = [*self.waiting, *(_ballot_entry(one) for one in sorted(ballots, key=_slot))]
        self.waiting = []
        if not entries:
            return
        void = 2 if self.spent else 0
        cards = {"printed": self.cards - self.spent - void, "spent": self.spent, "void": void}
        if self.plan.is_loaded:
            cards = {}
        self.steps.append(Step(entries, dict(self.rights), cards, self.moment()))

    def drop(self, ballots: Sequence[_Cast]) -> None:
        """Cast ballots; a few of them on paper where the plan has paper."""
        self.dropped.extend(ballots)
        if self.plan.is_loaded:
            return
        paper = len(ballots) // 5 if self.plan.has_paper else 0
        self.rights["paper_handed"] += paper
        self.spent += len(ballots) - paper
        self.rights["card_handed"] = max(self.rights["card_handed"], self.spent + 3)


def _slot(cast: _Cast) -> bytes:
    return cast.slot


def _ballot_entry(one: _Cast) -> Json:
    return {
        "kind": "ballot",
        "slot": one.slot.hex(),
        "commitment": one.commitment.hex(),
        "sealed": sha256(one.sealed).hex(),
    }


def make(plan: Plan, seed: int = 0) -> Pieces:
    """Return the bundle of a vote as planned."""
    rng = chance(seed)
    round_id = f"k{rng.randbytes(8).hex()}"
    key = signer(f"vote.example.cn/ledger/{round_id}", rng.randbytes(8))
    config = (loaded_config if plan.is_loaded else own_config)(plan, rng, round_id)
    vote = Vote(plan, rng, round_id, key, config)
    said = [choices_of(plan, rng) for _ in range(plan.voters)]
    length = max(map(len, said), default=40) if plan.is_loaded else OWN_LENGTH
    ballots = [_cast(vote, one.ljust(length)) for one in said]
    _before(vote)
    _during(vote, ballots)
    _after(vote, ballots)
    return _pieces(vote)


def _cast(vote: Vote, padded: bytes) -> _Cast:
    rng = vote.rng
    sealed = rng.randbytes(16 + len(padded) + 48)
    cast = _Cast(rng.randbytes(32), rng.randbytes(16), padded, sealed)
    head = b"ballot leaf 1\x00" + vote.round.encode() + b"\x00"
    text = canonical(vote.config).encode()
    cast.commitment = sha256(head + sha256(text) + cast.slot + cast.salt + padded)
    return cast


def _before(vote: Vote) -> None:
    plan = vote.plan
    vote.add(
        "rules",
        ledger="voting ledger 1",
        round=vote.round,
        config=sha256(canonical(vote.config).encode()).hex(),
        log=vote.key.verifier_key,
    )
    if plan.is_loaded:
        return
    vote.add("roll", count=vote.config["roll_count"], hash=vote.config["roll_hash"])
    vote.act("announce_vote")
    for number in (1, 2):
        batch, root = vote.rng.randbytes(8).hex(), vote.rng.randbytes(32).hex()
        vote.cards += plan.voters + 5
        vote.add("batch", batch=batch, number=number, cards=plan.voters + 5, root=root)
    vote.sign()
    if plan.has_paper:
        _print_paper(vote)
    if plan.has_roll_changes:
        _change_roll(vote)
    if plan.has_tests:
        vote.add("tests", cards=4, hash=vote.rng.randbytes(32).hex())
    vote.act("open_vote")


def _print_paper(vote: Vote) -> None:
    for number in (1, 2):
        batch, root = vote.rng.randbytes(8).hex(), vote.rng.randbytes(32).hex()
        vote.printed += vote.plan.voters + 5
        vote.add(
            "paper", batch=batch, number=number, ballots=vote.plan.voters + 5, versions=2, root=root
        )


def _change_roll(vote: Vote) -> None:
    count = vote.config["roll_count"]
    for act, change in (("add", 1), ("strike", -1), ("restore", 1), ("correct", 0)):
        count += change
        digest = vote.rng.randbytes(32).hex()
        vote.add("roll_change", act=act, at=vote.moment(), count=count, hash=digest)


def _reconcile(vote: Vote, ballots: list[_Cast]) -> None:
    """Void the last paper, which nobody keys again, and sign the sheet."""
    paper = vote.rights["paper_handed"]
    voids = ballots[-1:] if paper else []
    for one in voids:
        vote.add("void", slot=one.slot.hex(), at=vote.moment())
    entered, invalid, spoiled = paper - len(voids), 2 + len(voids), 1
    vote.add(
        "reconciliation", at=vote.moment(), outcome="adds_up", issued=vote.printed,
        returned=entered + invalid, entered=entered, invalid=invalid, spoiled=spoiled,
        unused=vote.printed - entered - invalid - spoiled - 1, outstanding=1, foreign=0,
    )  # fmt: skip


def _during(vote: Vote, ballots: list[_Cast]) -> None:
    plan, parts = vote.plan, max(1, vote.plan.checkpoints)
    for part in range(parts - 1):
        some = ballots[part::parts]
        vote.drop(some)
        vote.sign(some)
        if part == 0 and plan.has_withdrawn:
            vote.add("withdrawn", number=2, at=vote.moment())
        if part == 0 and plan.has_extension:
            vote.act("pause")
            vote.act("resume")
            vote.act("extend", closes_at="2026-12-09T01:00:00Z")
    last = ballots[parts - 1 :: parts]
    vote.drop(last)
    if not plan.is_loaded:
        vote.act("close_vote")
    vote.sign(last)


def _after(vote: Vote, ballots: list[_Cast]) -> None:
    plan = vote.plan
    if plan.has_tests:
        for one, choices in _reveals(vote, ballots):
            vote.add("reveal", slot=one.hex(), choices=choices)
    if plan.has_paper:
        _reconcile(vote, ballots)
    if plan.is_counted:
        vote.add("tally", at=vote.moment(), ballots=len(ballots), outcome="00" * 32)
        if not plan.is_loaded and not plan.draws_in_public:
            vote.act("submit_result")
            vote.add("calls", drawn=3, marked=9, seed=vote.rng.randbytes(16).hex())
            vote.add("sheets", set=2)
    vote.sign()
    if plan.is_destroyed:
        vote.act("confirm")
        vote.add("destroyed", at=vote.moment(), way="server")
        vote.sign()


def _reveals(vote: Vote, ballots: list[_Cast]) -> Iterable[tuple[bytes, list[int]]]:
    """Yield two test cards that said what they should, one that did not, one that never came."""
    last = len(ballots) - 1 if vote.plan.has_paper else len(ballots)
    for at, one in enumerate(ballots[: min(3, last)]):
        try:
            choices = sorted(json.loads(one.padded)["choices"])
        except (ValueError, TypeError):
            choices = [1]
        yield one.slot, choices if at < 2 else [7, 8, 9]
    yield vote.rng.randbytes(32), [1]


def _cut(pieces: Pieces) -> None:
    """Cut the money so that the last of the funded leaves, where there is one; as its own last checkpoint."""
    assert pieces.outcome is not None
    costs = {str(one["number"]): one["cost"] for one in pieces.config["candidates"]}
    funded = pieces.outcome["funded"]
    spent = sum(costs[id] for id in funded)
    if not spent:
        return
    kept = staying([costs[id] for id in funded], spent - 1)
    body = {"kind": "cut", "at": "2026-12-20T01:00:00Z", "budget": spent - 1, "removed": []}
    last = pieces.steps[-1]
    pieces.steps.append(
        replace(last, entries=[body | {"funded": [int(id) for id in funded[:kept]]}], at=body["at"])
    )


def _pieces(vote: Vote) -> Pieces:
    plan = vote.plan
    dropped = sorted(vote.dropped, key=_slot)
    pieces = Pieces(plan.sort, vote.key, vote.round, vote.config, vote.steps)
    if plan.is_counted:
        pieces.outcome = outcome_of(pieces, {one.slot: one.padded for one in dropped})
        pieces.record_outcome()
        if plan.has_cut and not plan.is_loaded:
            _cut(pieces)
        if plan.sort == "monitors" or (plan.sort == "public" and plan.publication == "full"):
            pieces.openings = [
                {
                    "ballot": one.padded.decode("latin-1"),
                    "salt": one.salt.hex(),
                    "slot": one.slot.hex(),
                }
                for one in dropped
            ]
    if plan.sort == "sealed":
        pieces.urn = [{"sealed": one.sealed.hex(), "slot": one.slot.hex()} for one in dropped]
    return pieces
