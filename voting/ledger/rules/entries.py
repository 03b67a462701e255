"""The bodies of ledger entries, as docs/2_rules/ledger.md describes them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from voting.clock import moment_text
from voting.journal.rules import canonical
from voting.ledger.rules.tree import leaf_hash, root_of

FORMAT = "voting ledger 1"
# While voting is on, fewer new ballots than this wait: a small batch would tell when somebody voted.
LEAST_TOGETHER = 20

# The steps of a round that the ledger repeats; a correction or an end is no secret.
ACTS = frozenset(
    f"round.{act}"
    for act in (
        "announce_vote", "open_vote", "close_vote", "extend", "reopen", "pause", "resume", "void",
        "terminate", "submit_result", "publish", "object", "dismiss", "correct", "confirm", "implement",
        "close", "archive",
    )
)  # fmt: skip
_WITH_CLOSING = frozenset({"round.extend", "round.reopen"})


def rules_body(*, round_id: str, config_hash: bytes, log_key: str) -> str:
    """Return entry 0: which rules, and which key signs."""
    return _body("rules", ledger=FORMAT, round=round_id, config=config_hash.hex(), log=log_key)


def roll_body(*, count: int, digest: bytes) -> str:
    """Return the entry that fixes the roll."""
    return _body("roll", count=count, hash=digest.hex())


def batch_body(*, batch_id: str, number: int, cred_hashes: Iterable[bytes]) -> str:
    """Return the entry of a batch of cards; the order of ``cred_hashes`` does not matter."""
    leaves = [leaf_hash(one) for one in sorted(cred_hashes)]
    return _body(
        "batch", batch=batch_id, number=number, cards=len(leaves), root=root_of(leaves).hex()
    )


def paper_body(*, batch_id: str, number: int, versions: int, serials: Iterable[str]) -> str:
    """Return the entry of a batch of paper ballots; the order of ``serials`` does not matter."""
    leaves = [leaf_hash(one.encode("ascii")) for one in sorted(serials)]
    root = root_of(leaves).hex()
    return _body(
        "paper", batch=batch_id, number=number, ballots=len(leaves), versions=versions, root=root
    )


def act_body(*, act: str, at: datetime, closes_at: datetime) -> str:
    """Return the entry of a step; only what moves the closing says when that is."""
    more = {"closes_at": moment_text(closes_at)} if act in _WITH_CLOSING else {}
    return _body("act", act=act, at=moment_text(at), **more)


def withdrawn_body(*, number: int, at: datetime) -> str:
    """Return the entry of a candidate that was withdrawn."""
    return _body("withdrawn", number=number, at=moment_text(at))


def void_body(*, slot: bytes, at: datetime) -> str:
    """Return the entry of a ballot that was entered wrongly from a paper and is left out of the count."""
    return _body("void", slot=slot.hex(), at=moment_text(at))


@dataclass(frozen=True, kw_only=True)
class PaperSums:
    """What the ledger says of a sheet: papers of the round, each counted once but for those of others."""

    issued: int
    returned: int
    entered: int
    invalid: int
    spoiled: int
    unused: int
    outstanding: int
    foreign: int


def reconciliation_body(*, at: datetime, outcome: str, sums: PaperSums) -> str:
    """Return the entry of a sheet that two have signed."""
    return _body("reconciliation", at=moment_text(at), outcome=outcome, **asdict(sums))


def roll_change_body(*, act: str, at: datetime, count: int, digest: bytes) -> str:
    """Return the entry of a change of the frozen roll; count and hash are those of the roll after it."""
    return _body("roll_change", act=act, at=moment_text(at), count=count, hash=digest.hex())


def ballot_body(*, slot: bytes, commitment: bytes, sealed_digest: bytes) -> str:
    """Return the entry of a sealed ballot."""
    return _body("ballot", slot=slot.hex(), commitment=commitment.hex(), sealed=sealed_digest.hex())


def _body(kind: str, **facts: object) -> str:
    return canonical({"kind": kind, **facts})
