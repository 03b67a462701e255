"""Made-up votes of every sort, as the pieces of their bundles."""

import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.bundle.writing import Json, Pieces, Signer, Step, canonical, sha256, signer
from voting.ballots.rules import decode
from voting.rounds.rules import Allocation, BallotKind
from voting.tally.rules.answer import answer
from voting.tally.rules.counting import Candidate
from voting.tally.rules.deciding import Declared, decide, draw_seed, urn_digest
from voting.tally.rules.judging import Terms, contents_of, judge

_START = datetime(2026, 12, 1, 1, tzinfo=UTC)
OWN_LENGTH = 96


def chance(seed: int | str) -> random.Random:
    """Return a source of chance that a test can repeat."""
    return random.Random(seed)  # noqa: S311 -- made-up votes keep no secret


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a made-up vote shall be."""

    sort: str = "public"
    publication: str = "totals"
    kind: str = "approval"
    allocation: str = "greedy"
    least_votes: int = 0
    voters: int = 30
    projects: int = 6
    is_loaded: bool = False
    is_counted: bool = True
    is_destroyed: bool = False
    has_tests: bool = False
    has_withdrawn: bool = False
    has_extension: bool = False
    has_paper: bool = False
    has_flaws: bool = False
    tie_steps: tuple[str, ...] = ("beneficiaries", "cost", "draw")
    point_decimals: int = 0
    checkpoints: int = 3


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
    config = (_loaded_config if plan.is_loaded else _own_config)(plan, rng, round_id)
    vote = Vote(plan, rng, round_id, key, config)
    said = [_choices(plan, rng) for _ in range(plan.voters)]
    length = max(map(len, said), default=40) if plan.is_loaded else OWN_LENGTH
    ballots = [_cast(vote, one.ljust(length)) for one in said]
    _before(vote)
    _during(vote, ballots)
    _after(vote, ballots)
    return _pieces(vote)


def _own_config(plan: Plan, rng: random.Random, round_id: str) -> Json:
    costs = [rng.randrange(1, 9) * 10000 for _ in range(plan.projects)]
    rules: Json = {
        "kind": "real", "budget": sum(costs) // 2, "currency": "CNY", "money_decimals": 2,
        "ballot_kind": plan.kind, "min_choices": 1, "max_choices": 3, "max_points": None,
        "allocation": plan.allocation, "funded_count": None, "least_votes": plan.least_votes,
        "tie_steps": list(plan.tie_steps), "publication": plan.publication, "seal_way": "server",
        "check_code": True, "hash_alg": "sha256",
    }  # fmt: skip
    if plan.kind == "cumulative":
        rules["max_points"] = 10
    if plan.allocation == "top-k":
        rules["funded_count"] = 3
    return {
        "format": "voting round config 1",
        "round": {"id": round_id, "title": "樟树社区“微实事”", "area": "樟树社区", "scope": ""},
        "rules": rules,
        "candidates": [
            {
                "number": number,
                "title": f"项目{number}",
                "cost": cost,
                "beneficiaries": 100 * (number % 2),
            }
            for number, cost in enumerate(costs, 1)
        ],
        "seal_public": rng.randbytes(32).hex(),
        "ballot_length": OWN_LENGTH,
        "roll_count": 500,
        "roll_hash": rng.randbytes(32).hex(),
    }


def _loaded_config(plan: Plan, rng: random.Random, round_id: str) -> Json:
    costs = [rng.randrange(1, 9) * 100 for _ in range(plan.projects)]
    projects = [[f"P-{rng.randrange(10**6)}ł{n}", cost] for n, cost in enumerate(costs)]
    return {
        "format": "loaded election 1",
        "round": round_id,
        "declared": "greedy",
        "kind": plan.kind,
        "budget": sum(costs) // 2,
        "decimals": 2,
        "point_decimals": plan.point_decimals,
        "allocation": plan.allocation,
        "least_votes": plan.least_votes,
        "max_choices": 3,
        "tie_steps": "cost,id",
        "projects": projects,
        "publication": "full",
    }


def _choices(plan: Plan, rng: random.Random) -> bytes:
    channel = "loaded" if plan.is_loaded else rng.choice(["card", "card", "card", "paper"])
    if plan.has_flaws and rng.random() < 0.2:
        return _flawed(channel, rng)
    number = rng.randrange(1, 4) if rng.random() < 0.95 else 0
    chosen = rng.sample(range(1, plan.projects + 1), min(number, plan.projects))
    if plan.kind != "ordinal":
        chosen.sort()
    ballot: Json = {"channel": channel, "choices": chosen}
    if plan.kind == "cumulative" and chosen:
        ballot["points"] = [rng.randrange(4) for _ in chosen]
    return canonical(ballot).encode()


def _flawed(channel: str, rng: random.Random) -> bytes:
    ballot: Json = {"channel": channel, "choices": [1, 2]}
    odd: list[bytes] = [
        canonical(ballot | {"choices": [1, 2, 3, 4]}).encode(),
        canonical(ballot | {"choices": [99]}).encode(),
        canonical(ballot | {"points": [-1, 2]}).encode(),
        b'{"channel":"fax","choices":[1]}',
        b'{"choices":[1],"channel":"card"}',
        b"[1,2",
        "选一".encode(),
    ]
    return rng.choice(odd)


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
    if plan.has_tests:
        vote.add("tests", cards=4, hash=vote.rng.randbytes(32).hex())
    vote.act("open_vote")


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
    if plan.is_counted:
        vote.add("tally", at=vote.moment(), ballots=len(ballots), outcome="00" * 32)
        if not plan.is_loaded:
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
    for at, one in enumerate(ballots[:3]):
        try:
            choices = sorted(json.loads(one.padded)["choices"])
        except (ValueError, TypeError):
            choices = [1]
        yield one.slot, choices if at < 2 else [7, 8, 9]
    yield vote.rng.randbytes(32), [1]


def _pieces(vote: Vote) -> Pieces:
    plan = vote.plan
    dropped = sorted(vote.dropped, key=_slot)
    pieces = Pieces(plan.sort, vote.key, vote.round, vote.config, vote.steps)
    if plan.is_counted:
        pieces.outcome = outcome_of(pieces, {one.slot: one.padded for one in dropped})
        pieces.record_outcome()
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


def outcome_of(pieces: Pieces, said: dict[bytes, bytes]) -> Json:
    """Return the outcome as the platform counts it, test ballots taken out."""
    reveals = {bytes.fromhex(one["slot"]): one["choices"] for one in pieces.of_kind("reveal")}
    rest = Counter(padded for slot, padded in said.items() if slot not in reveals)
    same = sum(_says(said[slot], choices) for slot, choices in reveals.items() if slot in said)
    commitments = [bytes.fromhex(one["commitment"]) for one in pieces.of_kind("ballot")]
    terms, declared, candidates, decimals = _platform_terms(pieces)
    contents = contents_of(rest)
    judged = judge(contents.said, terms)
    digest = urn_digest(commitments)
    seed = draw_seed(pieces.config_hash, digest)
    outcome = decide(judged, terms=terms, declared=declared, candidates=candidates, seed=seed)
    facts = answer(
        outcome,
        rule=declared.name,
        ballots=contents.ballots,
        decimals=decimals,
        vote_decimals=pieces.config.get("point_decimals", 0),
    )
    return facts | {
        "blank": judged.blank,
        "invalid": judged.invalid,
        "flaws": {flaw.value: number for flaw, number in judged.flaws.items()},
        "channels": dict(contents.channels),
        "urn_digest": digest.hex(),
        "draw_seed": seed.hex(),
        "tests": {
            "drawn": sum(one["cards"] for one in pieces.of_kind("tests")),
            "revealed": len(reveals),
            "found": sum(slot in said for slot in reveals),
            "same": same,
        },
    }


def _says(padded: bytes, choices: list[int]) -> bool:
    try:
        return sorted(decode(padded).choices) == choices
    except ValueError:
        return False


def _platform_terms(pieces: Pieces) -> tuple[Terms, Declared, list[Candidate], int]:
    config, gone = pieces.config, {one["number"] for one in pieces.of_kind("withdrawn")}
    if config["format"].startswith("loaded"):
        rules, decimals, steps = config, config["decimals"], config["tie_steps"]
        rows = [(n, id, cost, 0) for n, (id, cost) in enumerate(config["projects"], 1)]
        kind, least, points = config["kind"], 0, None
    else:
        rules = config["rules"]
        decimals, steps = rules["money_decimals"], ",".join(rules["tie_steps"])
        rows = [
            (one["number"], str(one["number"]), one["cost"], one["beneficiaries"])
            for one in config["candidates"]
        ]
        kind, least, points = rules["ballot_kind"], rules["min_choices"], rules["max_points"]
    terms = Terms(
        kind=BallotKind(kind),
        least=least,
        most=rules["max_choices"],
        most_points=points,
        ids={number: id for number, id, _, _ in rows},
    )
    declared = Declared(
        allocation=Allocation(rules["allocation"]),
        funded_count=rules.get("funded_count"),
        least_votes=rules["least_votes"],
        budget=rules["budget"],
        tie_steps=steps,
    )
    candidates = [
        Candidate(id, cost, people, withdrawn=number in gone) for number, id, cost, people in rows
    ]
    return terms, declared, candidates, decimals


def any_plan(rng: random.Random) -> Plan:
    """Return a plan of any sort."""
    sort = rng.choice(["public", "monitors", "sealed"])
    is_loaded = rng.random() < 0.3
    kind = rng.choice(["approval", "approval", "choose-1", "cumulative", "ordinal"])
    return Plan(
        sort=sort,
        publication="full" if is_loaded else rng.choice(["totals", "full"]),
        kind=kind,
        allocation=rng.choice(["greedy", "greedy-stop"] + ["top-k"] * (not is_loaded)),
        least_votes=rng.choice([0, 0, 3]),
        voters=rng.choice([0, 1, 5, 20, 40, 60]),
        projects=rng.randrange(2, 9),
        is_loaded=is_loaded,
        is_counted=rng.random() < 0.8,
        is_destroyed=not is_loaded and rng.random() < 0.2,
        has_tests=not is_loaded and rng.random() < 0.4,
        has_withdrawn=rng.random() < 0.3,
        has_extension=not is_loaded and rng.random() < 0.3,
        has_paper=not is_loaded and rng.random() < 0.3,
        has_flaws=rng.random() < 0.4,
        tie_steps=rng.choice([("beneficiaries", "cost", "draw"), ("draw",), ("cost",), ()]),
        point_decimals=2 if is_loaded and kind == "cumulative" and rng.random() < 0.5 else 0,
        checkpoints=rng.randrange(1, 6),
    )
