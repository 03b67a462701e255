"""The attacker: holds the whole database, its files, journals, backups, and knows the order of casting.

Every way gives a guess of which sealed ballot is whose; none is given a key. ``Scene`` is what the attacker
is told beforehand, and what only the test knows: whose ballot is whose, to count the hits.
"""

import json
import re
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from voting.adapters.sealing import CannotOpen, unseal
from voting.ballots.models import UrnEntry
from voting.ballots.rules import SALT_LENGTH, seal_info

KEY = 32
_CHOICES = re.compile(rb'"choices":\[[\d,]*\]')


@dataclass
class Scene:
    """A round: ``order`` is who voted when; ``slots`` and ``choices`` are the truth by person."""

    round_id: str
    config_hash: bytes
    seal_public: bytes
    order: list[str]
    slots: Mapping[str, bytes]
    choices: Mapping[str, tuple[int, ...]]


@dataclass
class Finding:
    """What one way found: right guesses, and how an order it read off goes with the order of casting."""

    way: str
    links: int
    rho: float = 0.0


Guess = dict[str, bytes]


def hits(scene: Scene, guess: Guess) -> int:
    """Count the right guesses."""
    return sum(scene.slots[person] == slot for person, slot in guess.items())


def by_rank(scene: Scene, way: str, slots: Iterable[bytes]) -> Finding:
    """Guess that ballots lie in the order of casting, forwards or backwards, whichever hits more."""
    found = list(dict.fromkeys(slots))
    forwards = dict(zip(scene.order, found, strict=False))
    backwards = dict(zip(scene.order, reversed(found), strict=False))
    place = {slot: at for at, slot in enumerate(found)}
    pairs = [
        (at, place[scene.slots[person]])
        for at, person in enumerate(scene.order)
        if scene.slots[person] in place
    ]
    rho = spearman(pairs) if len(pairs) > 2 else 0.0
    return Finding(way, max(hits(scene, forwards), hits(scene, backwards)), rho)


def spearman(pairs: Sequence[tuple[int, int]]) -> float:
    """Return the rank correlation of pairs of different numbers."""
    first, second = ([sorted(row).index(one) for one in row] for row in zip(*pairs, strict=True))
    return statistics.correlation(first, second)


def by_transaction(scene: Scene, session: Session) -> Finding:
    """PostgreSQL: who used a right in the transaction that wrote a ballot (xmin)."""
    people = _by_number(session, "SELECT xmin::text AS x, elector_id AS v FROM participation")
    ballots = _by_number(session, "SELECT xmin::text AS x, slot AS v FROM urn")
    guess = {
        people[number][0]: bytes(ballots[number][0])
        for number in people.keys() & ballots.keys()
        if len(people[number]) == len(ballots[number]) == 1
    }
    return Finding("xmin", hits(scene, guess))


def _by_number(session: Session, query: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in session.execute(text(query)):
        found.setdefault(row.x, []).append(row.v)
    return found


def by_dead_rows(scene: Scene, session: Session) -> Finding:
    """PostgreSQL: rows as they lie on the pages, dead ones too, with the number that wrote each."""
    slots = set(scene.slots.values())
    by_number: dict[str, bytes] = {}
    for number, row in _page_items(session, "urn"):
        slot = next((slot for slot in slots if slot in row), None)
        if slot:
            by_number.setdefault(number, slot)
    people = {person.encode(): person for person in scene.order}
    guess: Guess = {}
    for number, row in _page_items(session, "participation"):
        person = next((name for raw, name in people.items() if raw in row), None)
        if person and number in by_number:
            guess[person] = by_number[number]
    return Finding("dead rows on the pages", hits(scene, guess))


def _page_items(session: Session, table: str) -> list[tuple[str, bytes]]:
    pages = session.execute(
        text("SELECT pg_relation_size(CAST(:t AS regclass)) / 8192"), {"t": table}
    ).scalar_one()
    query = text(
        "SELECT t_xmin::text, t_data FROM heap_page_items(get_raw_page(:t, :p)) WHERE t_data IS NOT NULL"
    )
    return [
        (number, bytes(row))
        for page in range(pages)
        for number, row in session.execute(query, {"t": table, "p": page})
    ]


def by_place(scene: Scene, session: Session) -> Finding:
    """PostgreSQL: the order of ctid."""
    return by_rank(scene, "ctid", _slots(session, "SELECT slot FROM urn ORDER BY ctid"))


def by_rowid(scene: Scene, session: Session) -> Finding:
    """SQLite: the order in which the tables themselves give their rows; they have no rowid to ask for."""
    return by_rank(scene, "order of a plain read", _slots(session, "SELECT slot FROM urn"))


def by_ledger(scene: Scene, session: Session) -> Finding:
    """The order of the published entries."""
    query = "SELECT slot FROM ledger_entry WHERE slot IS NOT NULL ORDER BY idx"
    return by_rank(scene, "order of the ledger", _slots(session, query))


def _slots(session: Session, query: str) -> list[bytes]:
    return [bytes(slot) for slot in session.execute(text(query)).scalars()]


def by_batch(scene: Scene, session: Session) -> Finding:
    """The number of the checkpoint: a guess inside each batch, in the order of casting."""
    query = select(UrnEntry.slot).where(UrnEntry.round_id == scene.round_id)
    rows = session.scalars(query.order_by(UrnEntry.batch_no, UrnEntry.leaf)).all()
    return by_rank(scene, "batch_no", rows)


def by_size(scene: Scene, session: Session) -> Finding:
    """The length of the ciphertext beside the number of ticks: 0 links while all have one length."""
    rows = session.execute(
        select(UrnEntry.slot, UrnEntry.sealed).where(UrnEntry.round_id == scene.round_id)
    ).all()
    if len({len(row.sealed) for row in rows}) == 1:
        return Finding("ciphertext sizes", 0)
    by_length = [row.slot for row in sorted(rows, key=lambda row: len(row.sealed))]
    by_ticks = sorted(scene.order, key=lambda person: len(scene.choices[person]))
    return Finding("ciphertext sizes", hits(scene, dict(zip(by_ticks, by_length, strict=False))))


def by_bytes(scene: Scene, way: str, content: bytes, *, page: int) -> Finding:
    """Raw bytes: the order in which slots lie on the pages, which both databases fill from their end."""
    places = [
        (content.find(slot) // page, -content.find(slot), slot)
        for slot in scene.slots.values()
        if slot in content
    ]
    return by_rank(scene, way, [slot for _, _, slot in sorted(places)])


def inside_pages(scene: Scene, way: str, content: bytes, *, page: int) -> Finding:
    """Raw bytes: how far, inside each page, the order of rows goes with that of casting; 0 is chance."""
    pages: dict[int, list[tuple[int, int]]] = {}
    for at, person in enumerate(scene.order):
        place = content.find(scene.slots[person])
        if place >= 0:
            pages.setdefault(place // page, []).append((at, -place))
    rhos = [(spearman(pairs), len(pairs)) for pairs in pages.values() if len(pairs) > 2]
    number = sum(count for _, count in rhos) or 1
    return Finding(way, 0, sum(rho * count for rho, count in rhos) / number)


def by_neighbours(scene: Scene, way: str, content: bytes) -> Finding:
    """A journal: the slot that was written next after a person's id."""
    marks = sorted(
        (place, person, slot)
        for person in scene.order
        for raw, slot in ((person.encode(), b""), (scene.slots[person], scene.slots[person]))
        for place in _places(content, raw)
    )
    guess: Guess = {}
    last = ""
    for _, person, slot in marks:
        if not slot:
            last = person
        elif last and last not in guess:
            guess[last] = slot
    return Finding(way, hits(scene, guess))


def _places(content: bytes, raw: bytes) -> Iterable[int]:
    at = content.find(raw)
    while at >= 0:
        yield at
        at = content.find(raw, at + 1)


def by_backups(scene: Scene, backups: Sequence[tuple[set[str], set[bytes]]]) -> Finding:
    """Two backups: whoever voted between them has one of the ballots that came between them."""
    guess: Guess = {}
    for (people, slots), (more_people, more_slots) in pairwise(backups):
        guess |= dict(zip(sorted(more_people - people), sorted(more_slots - slots), strict=False))
    return Finding("differences of backups", hits(scene, guess))


@dataclass
class Loot:
    """Everything that was stolen: raw contents by name, and the sealed ballots."""

    contents: dict[str, bytes] = field(default_factory=dict)
    sealed: dict[bytes, bytes] = field(default_factory=dict)

    def take(self, name: str, path: Path) -> None:
        self.contents[name] = path.read_bytes()

    def take_rows(self, session: Session, scene: Scene) -> None:
        rows = session.execute(
            select(UrnEntry.slot, UrnEntry.sealed).where(UrnEntry.round_id == scene.round_id)
        )
        self.sealed |= {row.slot: row.sealed for row in rows}


def readable(scene: Scene, loot: Loot, *, step: int = 1, is_counted: bool = False) -> int:
    """Count the ballots that can be read: written out somewhere, or opened with a key that was found.

    Every 32 bytes at every ``step`` of everything stolen are tried as the private key. Once a round
    ``is_counted`` what its ballots said stands in clear, without slots: that reads nobody's ballot.
    """
    texts: set[bytes] = set()
    if not is_counted:
        texts.update(*(_CHOICES.findall(content) for content in loot.contents.values()))
    said = sum(_text(choices) in texts for choices in set(scene.choices.values()))
    key = next(filter(None, (_key_in(scene, raw, step) for raw in loot.contents.values())), None)
    if key is None:
        return said
    return said + sum(_opens(scene, key, slot, sealed) for slot, sealed in loot.sealed.items())


def _text(choices: tuple[int, ...]) -> bytes:
    return json.dumps({"choices": list(choices)}, separators=(",", ":"))[1:-1].encode()


def _key_in(scene: Scene, content: bytes, step: int) -> bytes | None:
    for at in range(0, len(content) - KEY + 1, step):
        raw = content[at : at + KEY]
        if raw.count(0) > KEY // 4:
            continue
        public = X25519PrivateKey.from_private_bytes(raw).public_key()
        if public.public_bytes(Encoding.Raw, PublicFormat.Raw) == scene.seal_public:
            return raw
    return None


def _opens(scene: Scene, key: bytes, slot: bytes, sealed: bytes) -> bool:
    try:
        opened = unseal(key, sealed, seal_info(scene.round_id, scene.config_hash, slot))
    except CannotOpen:
        return False
    person = next(name for name, its in scene.slots.items() if its == slot)
    return _text(scene.choices[person]) in opened[SALT_LENGTH:]


Way = Callable[[Scene, Session], Finding]
ANYWHERE: tuple[Way, ...] = (by_ledger, by_batch, by_size)
ON_SQLITE: tuple[Way, ...] = (by_rowid, *ANYWHERE)
ON_POSTGRESQL: tuple[Way, ...] = (by_transaction, by_dead_rows, by_place, *ANYWHERE)
