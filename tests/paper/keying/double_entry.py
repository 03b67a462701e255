"""Two keyers who err now and then, each on their own: what double entry stops, and what it cannot see."""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.keying import Boxes, decide, key, paper_of
from voting.adapters.keyring import Keyring
from voting.adapters.sealing import unseal
from voting.ballots.models import UrnEntry
from voting.ballots.rules import SALT_LENGTH, decode, seal_info
from voting.paper.rules.keying import NumberTwice
from voting.paper.service.adjudicating import open_case
from voting.paper.service.keying import After

CANDIDATES, MOST = 20, 5
Ticks = frozenset[int]


@dataclass
class Entry:
    """What the campaign saw."""

    errors: Counter[str] = field(default_factory=Counter)
    stopped: int = 0
    adjudicated: int = 0
    wrong: list[str] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)


def marked(chance: random.Random) -> Ticks:
    """Return what somebody ticks: mostly some, now and then none, all that is allowed, or one too many."""
    number = chance.choices((0, 1, 2, 3, 4, MOST, MOST + 1), (2, 10, 15, 20, 20, 30, 3))[0]
    return frozenset(chance.sample(range(1, CANDIDATES + 1), number))


def wrong_number(chance: random.Random, ticks: Ticks) -> Ticks:
    """Tick another number in place of one."""
    return missed(chance, ticks) | added(chance, ticks) - ticks


def missed(chance: random.Random, ticks: Ticks) -> Ticks:
    """Overlook a tick."""
    return ticks - {chance.choice(sorted(ticks))}


def added(chance: random.Random, ticks: Ticks) -> Ticks:
    """Tick one more."""
    return ticks | {chance.choice(sorted(set(range(1, CANDIDATES + 1)) - ticks))}


SLIPS: Mapping[str, Callable[[random.Random, Ticks], Ticks]] = {
    "wrong number": wrong_number,
    "missed": missed,
    "added": added,
}


@dataclass
class Keyers:
    """What each of two keyers will type of each paper; of ``doubled`` first a number twice."""

    truth: dict[str, Ticks]
    typed: tuple[dict[str, Ticks], dict[str, Ticks]]
    doubled: set[tuple[int, str]]
    errors: Counter[str]


def err(chance: random.Random, serials: list[str], *, seeded: int, alike: int = 0) -> Keyers:
    """Let two keyers err on ``seeded`` papers, never both on one, and on ``alike`` more both alike."""
    truth = {serial: marked(chance) for serial in serials}
    typed = (dict(truth), dict(truth))
    keyers = Keyers(truth, typed, set(), Counter())
    left = [serial for serial in serials if 0 < len(truth[serial]) <= MOST]
    chance.shuffle(left)
    for _ in range(alike):
        serial = left.pop()
        typed[0][serial] = typed[1][serial] = wrong_number(chance, truth[serial])
        keyers.errors["alike"] += 1
    kinds = [*SLIPS, "swapped", "doubled"]
    while sum(keyers.errors.values()) < seeded + alike:
        kind, who, serial = kinds[chance.randrange(len(kinds))], chance.randrange(2), left.pop()
        if kind == "doubled":
            keyers.doubled.add((who, serial))
        elif kind == "swapped":
            other = next(one for one in reversed(left) if truth[one] != truth[serial])
            left.remove(other)
            typed[who][serial], typed[who][other] = truth[other], truth[serial]
            keyers.errors[kind] += 1
        else:
            typed[who][serial] = SLIPS[kind](chance, truth[serial])
        keyers.errors[kind] += 1
    return keyers


def enter(session: Session, keys: Keyring, boxes: Boxes, keyers: Keyers) -> Entry:
    """Key every paper by both, let a third decide what is open by the paper itself, and open the urn."""
    seen = Entry(errors=keyers.errors)
    for who in (0, 1):
        for serial, ticks in keyers.typed[who].items():
            after = _key(session, keys, boxes, keyers, seen, who, serial, ticks)
            if after is After.DISPUTED:
                _adjudicate(session, keys, boxes, serial, keyers.truth[serial])
                seen.adjudicated += 1
    _open(session, keys, boxes, keyers, seen)
    return seen


def _key(
    session: Session, keys: Keyring, boxes: Boxes, keyers: Keyers, seen: Entry, who: int,
    serial: str, ticks: Ticks,
) -> After:  # fmt: skip
    text = " ".join(map(str, sorted(ticks)))
    if (who, serial) in keyers.doubled:
        try:
            key(session, keys, boxes, who, serial, f"{text} {min(ticks)}")
        except NumberTwice:
            seen.stopped += 1
    return key(session, keys, boxes, who, serial, text).after


def _adjudicate(session: Session, keys: Keyring, boxes: Boxes, serial: str, truth: Ticks) -> None:
    case = open_case(
        session, actor=boxes.actors[2], keys=keys, round_id=boxes.round.id, serial=serial
    )
    marks = {number: number in truth for number in case.marks}
    unseen = truth - set(case.marks) - set(case.agreed)
    also = " ".join(map(str, sorted(unseen)))
    decide(session, keys, boxes, serial, marks=marks, also=also)


def _open(session: Session, keys: Keyring, boxes: Boxes, keyers: Keyers, seen: Entry) -> None:
    private = keys.seal_key(boxes.round.id)
    found: dict[bytes, Ticks] = {}
    for entry in session.scalars(select(UrnEntry).where(UrnEntry.round_id == boxes.round.id)):
        info = seal_info(boxes.round.id, boxes.round.config_hash or b"", entry.slot)
        text = unseal(private, entry.sealed, info)[SALT_LENGTH:]
        found[entry.slot] = frozenset(decode(text).choices)
    for serial, truth in keyers.truth.items():
        paper = paper_of(session, boxes, serial)
        seen.states[paper.reason or paper.state] += 1
        said = found.pop(paper.slot) if paper.slot else paper.reason
        meant = "blank" if not truth else "over" if len(truth) > MOST else truth
        if said != meant:
            seen.wrong.append(serial)
    assert not found, "a ballot in the urn belongs to no paper"
