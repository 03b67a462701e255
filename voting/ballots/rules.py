"""What a ballot says, how it is written down and what its leaf is. Plain values, no database.

The byte layout is described in docs/2_rules/ballot.md; an independent verifier follows that page.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from voting.errors import Refusal
from voting.rounds.rules import (
    MOST_LISTED,
    BallotKind,
    Phase,
    check_total,
    phase_at,
    spending_phrase,
)

SALT_LENGTH = 16
_LEAF = b"ballot leaf 1\x00"
_INFO = b"ballot seal 1\x00"
_LONGEST_NUMBER, _MOST_TICKS = 4, 1000
_CHANNELS = ("card", "poster", "paper", "assisted", "loaded")


class NothingChosen(Refusal):
    """No candidate was ticked."""

    msgid = "您还没有选。请在想支持的项目前打勾，%(limit)s。"


class TooFewChosen(Refusal):
    """Fewer were ticked than the round asks for."""

    msgid = "您选了 %(chosen)d 项，还不够。请至少选 %(least)d 项。"


class TooManyChosen(Refusal):
    """More were ticked than the round allows."""

    msgid = "您选了 %(chosen)d 项，最多只能选 %(most)d 项。请去掉 %(excess)d 项。"


class UnknownChoice(Refusal):
    """A number that is not on this ballot."""

    msgid = "有的项目不在这张选票上。请回到选票重新选择。"


class WithdrawnChoice(Refusal):
    """A candidate was withdrawn while the vote was on."""

    msgid = "%(number)d 号项目已经撤下，不能再选。请看看其余的项目，再点“下一步”。"


class VotingNotOpen(Refusal):
    """The round is not taking ballots at this moment."""

    msgid = "现在不能投票。请看投票时间，或拨打帮助电话。"


class VotingNotYetOpen(VotingNotOpen):
    """The vote is announced, but its first moment has not come."""

    msgid = "投票还没有开始。请收好这张卡，到时候再扫一次。"


class VotingClosed(VotingNotOpen):
    """The round has stopped taking ballots."""

    msgid = "投票已经截止，这张卡不能再投。结果会在社区公示栏和本网站公布。"


class VotingPaused(VotingNotOpen):
    """The street has paused the round."""

    msgid = "投票暂停了，您的卡没有作废。请收好，恢复以后再扫一次；怎么安排请看社区公示栏，或拨打帮助电话。"


class VotingEnded(VotingNotOpen):
    """The street has ended the round."""

    msgid = "这个轮次已经终止，不再投票。原因请看社区公示栏里的终止公告，或拨打帮助电话。"


class VoteVoid(VotingNotOpen):
    """The vote counts for nothing; it may be held again, with new cards."""

    msgid = (
        "这次投票无效，这张卡不能再用。要重新投票的话，社区会重新发卡，请看公示栏，或拨打帮助电话。"
    )


_REFUSAL_BY_PHASE: dict[Phase, type[VotingNotOpen]] = {
    Phase.VOTE_ANNOUNCED: VotingNotYetOpen,
    Phase.PAUSED: VotingPaused,
    Phase.TERMINATED: VotingEnded,
    Phase.VOTE_VOID: VoteVoid,
}


def refusal_of_phase(phase: Phase) -> VotingNotOpen | None:
    """Return why a round in this phase takes no ballots, or None if it does."""
    return None if phase is Phase.VOTING else _REFUSAL_BY_PHASE.get(phase, VotingClosed)()


@dataclass(frozen=True)
class PaperCandidate:
    """One line of the ballot paper; money in whole smallest units.

    With the numbers in ``rivals`` it shares one place: only one of them is funded.
    """

    number: int
    title: str
    category_code: str
    category: str
    place: str
    sentence: str
    description: str
    cost: int
    beneficiaries: int
    picture: str | None
    withdrawn: bool = False
    rivals: tuple[int, ...] = ()
    why_withdrawn: str = ""


@dataclass(frozen=True)
class BallotPaper:
    """Everything a voter is shown and a ballot is checked against."""

    round_id: str
    title: str
    kind: BallotKind
    min_choices: int
    max_choices: int
    check_code: bool
    config_hash: bytes
    seal_public: bytes
    ballot_length: int
    help_number: str
    phase: Phase
    opens_at: datetime
    closing: datetime
    # The frozen rules' hash stands for the candidates; only withdrawals can differ under one hash.
    withdrawn: frozenset[int]
    candidates: tuple[PaperCandidate, ...] = field(compare=False)
    by_number: Mapping[int, PaperCandidate] = field(compare=False)
    is_rehearsal: bool = False
    spend_limit: int | None = None

    @property
    def spending(self) -> str:
        """To what a ballot inside a budget keeps, in words; empty where only a number is set."""
        return spending_phrase(self.spend_limit, self.max_choices)

    @property
    def is_numbered(self) -> bool:
        """Whether the number of choices is limited at all."""
        return self.max_choices < MOST_LISTED

    @property
    def standing(self) -> int:
        """How many candidates can be chosen."""
        return len(self.candidates) - len(self.withdrawn)

    def phase_at(self, now: datetime) -> Phase:
        """Return the phase in force at ``now``, as far as this copy of the paper knows."""
        return phase_at(self.phase, self.opens_at, self.closing, now)


@dataclass(frozen=True)
class Ballot:
    """The content of one ballot: numbers of candidates, and points where the round asks for them."""

    channel: str
    choices: tuple[int, ...]
    points: tuple[int, ...] = ()


def read_choices(values: Iterable[str]) -> list[int]:
    """Return the ticked ballot numbers; raise UnknownChoice for whatever is not a number."""
    ticked = list(values)
    if len(ticked) > _MOST_TICKS or not all(
        value.isascii() and value.isdigit() and len(value) <= _LONGEST_NUMBER for value in ticked
    ):
        raise UnknownChoice
    return [int(value) for value in ticked]


def check_choices(paper: BallotPaper, choices: Sequence[int]) -> tuple[int, ...]:
    """Return the choices of an approval ballot in the order of the list, each once; raise a Refusal."""
    chosen = tuple(sorted(set(choices)))
    for number in chosen:
        candidate = paper.by_number.get(number)
        if candidate is None:
            raise UnknownChoice
        if candidate.withdrawn:
            raise WithdrawnChoice(number=number)
    _check_number(paper, chosen)
    check_total(len(chosen), total_cost(paper, chosen), spend_limit=paper.spend_limit)
    return chosen


def _check_number(paper: BallotPaper, chosen: Sequence[int]) -> None:
    if len(chosen) > paper.max_choices:
        raise TooManyChosen(
            chosen=len(chosen), most=paper.max_choices, excess=len(chosen) - paper.max_choices
        )
    if not chosen and paper.min_choices:
        raise NothingChosen(limit=paper.spending or f"最多选 {paper.max_choices} 项")
    if len(chosen) < paper.min_choices:
        raise TooFewChosen(chosen=len(chosen), least=paper.min_choices)


def total_cost(paper: BallotPaper, choices: Iterable[int]) -> int:
    """Return what the chosen projects of the list cost together, in cents, each counted once.

    A project that was withdrawn costs nothing: nobody can get it any more.
    """
    lines = (paper.by_number.get(number) for number in set(choices))
    return sum(line.cost for line in lines if line is not None and not line.withdrawn)


def exceeds_limit(paper: BallotPaper, choices: Iterable[int]) -> bool:
    """Tell whether choices cost more than a ballot inside a budget may spend; just as much is allowed."""
    return paper.spend_limit is not None and total_cost(paper, choices) > paper.spend_limit


def encode(ballot: Ballot) -> bytes:
    """Return the canonical JSON of a ballot: sorted keys, no spaces, whole numbers only."""
    content: dict[str, object] = {"channel": ballot.channel, "choices": list(ballot.choices)}
    if ballot.points:
        content["points"] = list(ballot.points)
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")


def decode(raw: bytes) -> Ballot:
    """Read a ballot, padded or not; raise ValueError when it is not one."""
    content = json.loads(raw)
    if not isinstance(content, dict) or not set(content) <= {"channel", "choices", "points"}:
        raise ValueError("not a ballot")
    numbers = [content.get("choices"), content.get("points", [])]
    if content.get("channel") not in _CHANNELS or not all(map(_are_whole, numbers)):
        raise ValueError("not a ballot")
    ballot = Ballot(
        channel=content["channel"],
        choices=tuple(content["choices"]),
        points=tuple(content.get("points", ())),
    )
    # Two programs must agree on what is a ballot: there is one way to write it, and no other is read.
    if encode(ballot) != raw.rstrip(b" "):
        raise ValueError("not written as a ballot is")
    return ballot


def _are_whole(values: object) -> bool:
    return isinstance(values, list) and all(type(value) is int for value in values)


def padded_length(
    *, kind: str, max_choices: int, highest_number: int, max_points: int | None
) -> int:
    """Return the one length of all ballots of a round, in bytes: no ciphertext tells how many were ticked."""
    longest = Ballot(
        channel=max(_CHANNELS, key=len),
        choices=(highest_number,) * max_choices,
        points=(max_points or 0,) * max_choices if kind == BallotKind.CUMULATIVE else (),
    )
    return len(encode(longest))


def pad(raw: bytes, length: int) -> bytes:
    """Fill a ballot with spaces, which JSON ignores, to ``length`` bytes."""
    if len(raw) > length:
        raise ValueError("a ballot longer than its round allows")
    return raw.ljust(length, b" ")


def slot_of(nonce: bytes) -> bytes:
    """Return the slot of a nonce; never derived from the token, which the printer knows."""
    return hashlib.sha256(b"ballot slot 1\x00" + nonce).digest()


def seal_info(round_id: str, config_hash: bytes, slot: bytes) -> bytes:
    """Return what a sealed ballot is bound to: its round, the frozen rules, its slot."""
    return _INFO + round_id.encode("ascii") + b"\x00" + config_hash + slot


def leaf_of(round_id: str, config_hash: bytes, slot: bytes, salt: bytes, padded: bytes) -> bytes:
    """Return the leaf: SHA-256 over round, rules, slot, salt and padded ballot."""
    return hashlib.sha256(
        _LEAF + round_id.encode("ascii") + b"\x00" + config_hash + slot + salt + padded
    ).digest()


def receipt_code(slot: bytes) -> str:
    """Return the receipt of a slot: its first 80 bits as 16 base32 characters."""
    return base64.b32encode(slot[:10]).decode("ascii")


def slot_range(code: str) -> tuple[bytes, bytes]:
    """Return the first and last slot that a receipt code can stand for; raise ValueError."""
    first = base64.b32decode(code)
    return first + bytes(22), first + b"\xff" * 22
