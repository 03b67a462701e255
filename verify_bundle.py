#!/usr/bin/env python3
"""Verify the bundle of a vote: one file, nothing but Python 3.11 or newer is needed.

    python3 verify_bundle.py FILE.zip [--head HEX] [--json] [--english] [--pure]

Exit code 0 when everything holds, 1 with the first thing that does not, 2 for a wrong command line.
``--head`` takes the 16 digits that hang on the notice board. Nothing here comes from the program that ran
the vote; it was written from docs/2_rules/{bundle,ledger,ballot,frozen_rules,counting,opening}.md. Where
the library `cryptography` is installed it makes signatures faster; ``--pure`` does without.
"""

import argparse
import base64
import hashlib
import json
import mmap
import os
import re
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, cast

Json = dict[str, Any]


class Text(NamedTuple):
    """One sentence in both languages."""

    zh: str
    en: str


class Broken(Exception):
    """Something does not hold."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


def fail(zh: str, en: str) -> NoReturn:
    """Stop here: this does not hold."""
    raise Broken(zh, en)


# ---------------------------------------------------------------------------------------------------------
# Ed25519 (RFC 8032), strict: canonical encodings, S < L, no key of small order; the equation without cofactor

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]  # extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z
NEUTRAL: Point = (0, 1, 1, 0)


def add(p: Point, q: Point) -> Point:
    """Return the sum of two points (RFC 8032 §5.1.4)."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def decompress(raw: bytes) -> Point | None:
    """Return the point of 32 bytes, or None where they are not its one canonical encoding (§5.1.3)."""
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if len(raw) != 32 or y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * ROOT_OF_MINUS_ONE % P
    if v * x * x % P != u or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def compress(point: Point) -> bytes:
    """Return the 32 bytes of a point."""
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def is_of_small_order(point: Point) -> bool:
    """Tell whether eight times the point is nothing."""
    for _ in range(3):
        point = add(point, point)
    return point[0] == 0 and point[1] == point[2]


class Multiples:
    """A point with its multiples j·16^i: any other multiple is then some sixty additions."""

    def __init__(self, point: Point) -> None:
        self.rows: list[list[Point]] = []
        for _ in range(64):
            row = [NEUTRAL]
            for _ in range(15):
                row.append(add(row[-1], point))
            self.rows.append(row)
            point = add(row[-1], point)

    def added(self, total: Point, number: int) -> Point:
        """Return ``total`` + number · point, for a number below 2^256."""
        for row in self.rows:
            digit = number & 15
            if digit:
                total = add(total, row[digit])
            number >>= 4
        return total


def _base_point() -> Point:
    point = decompress((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    assert point is not None  # noqa: S101 -- RFC 8032 §5.1
    return point


class PublicKey:
    """A key that checks signatures; raises ValueError for a key that is none or proves nothing."""

    def __init__(self, raw: bytes, *, pure: bool = True) -> None:
        point = decompress(raw)
        if point is None or is_of_small_order(point):
            raise ValueError("no key")
        self.raw = raw
        self._negative: Point = (P - point[0], point[1], 1, P - point[3])
        self._tables: tuple[Multiples, Multiples] | None = None
        self._fast = None if pure else _library_key(raw)

    def holds(self, signature: bytes, message: bytes) -> bool:
        """Tell whether the signature is this key's over the message."""
        if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= L:
            return False
        return self._library_accepts(signature, message) or self._holds(signature, message)

    def _library_accepts(self, signature: bytes, message: bytes) -> bool:
        # What the library does not accept, for whatever reason, is decided by the arithmetic below.
        if self._fast is None:
            return False
        try:
            self._fast.verify(signature, message)
        except Exception:  # noqa: BLE001 -- the arithmetic decides, see above
            return False
        return True

    def _holds(self, signature: bytes, message: bytes) -> bool:
        if self._tables is None:
            self._tables = Multiples(_base_point()), Multiples(self._negative)
        base, negative = self._tables
        digest = hashlib.sha512(signature[:32] + self.raw + message).digest()
        challenge = int.from_bytes(digest, "little") % L
        point = base.added(NEUTRAL, int.from_bytes(signature[32:], "little"))
        return compress(negative.added(point, challenge)) == signature[:32]


def _library_key(raw: bytes) -> Any:
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        return Ed25519PublicKey.from_public_bytes(raw)
    except Exception:  # noqa: BLE001 -- absent or out of order: both are the same to us
        return None


# ---------------------------------------------------------------------------------------------------------
# the Merkle tree of RFC 9162 §2.1


def leaf_hash(body: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + body).digest()


class Tree:
    """A tree that only grows: the roots of its full parts, the largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._parts: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        size = self.size
        while size & 1:
            leaf = hashlib.sha256(b"\x01" + self._parts.pop() + leaf).digest()
            size >>= 1
        self._parts.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of all leaves so far."""
        if not self._parts:
            return hashlib.sha256().digest()
        root = self._parts[-1]
        for part in self._parts[-2::-1]:
            root = hashlib.sha256(b"\x01" + part + root).digest()
        return root


# ---------------------------------------------------------------------------------------------------------
# canonical JSON, Base64, signed notes


def _no_fraction(text: str) -> NoReturn:
    raise ValueError(text)


_DECODER = json.JSONDecoder(parse_float=_no_fraction, parse_constant=_no_fraction)
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_json(raw: bytes, where: Text) -> Any:
    """Return the value of canonical JSON; whatever would be written otherwise is refused."""
    try:
        value = _DECODER.decode(raw.decode("utf-8"))
        same = _ENCODER.encode(value).encode("utf-8") == raw
    except (ValueError, RecursionError):
        same = False
    if not same:
        fail(f"{where.zh}不是规范的 JSON", f"{where.en} is no canonical JSON")
    return value


def base64_bytes(text: str) -> bytes | None:
    """Return the bytes of canonical Base64, or None."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        return None
    return raw if base64.b64encode(raw).decode() == text else None


@dataclass(frozen=True)
class LogKey:
    """The key of entry 0, with the name it signs under."""

    name: str
    key_id: bytes
    key: PublicKey


_NAME = re.compile(r"[!-*,-~]+")


def read_log_key(text: str, *, pure: bool) -> LogKey:
    """Read a C2SP verifier key: name+key id+Base64(0x01 ‖ key)."""
    wrong = Text("第 0 条里的公钥写法不对", "the key in entry 0 is malformed")
    parts = text.split("+", 2)
    raw = base64_bytes(parts[2]) if len(parts) == 3 else None
    if raw is None or len(raw) != 33 or raw[0] != 1 or not _NAME.fullmatch(parts[0]):
        fail(*wrong)
    key_id = hashlib.sha256(parts[0].encode() + b"\n" + raw).digest()[:4]
    if parts[1] != key_id.hex():
        fail(*wrong)
    try:
        return LogKey(parts[0], key_id, PublicKey(raw[1:], pure=pure))
    except ValueError:
        fail("第 0 条里的公钥不能用来验证签名", "the key in entry 0 proves nothing")


_SIGNATURE = re.compile("\u2014 ([^ \n]+) ([A-Za-z0-9+/=]+)\n")


def read_note(raw: bytes, log: LogKey, where: Text) -> str:
    """Return the text of a signed note, with its last line feed."""
    try:
        text, _, last = raw.decode("utf-8").rpartition("\n\n")
    except UnicodeDecodeError:
        fail(f"{where.zh}不是文本", f"{where.en} is no text")
    text += "\n"
    line = _SIGNATURE.fullmatch(last)
    packed = base64_bytes(line[2]) if line else None
    if line is None or packed is None or len(packed) != 68:
        fail(f"{where.zh}没有规范的签名行", f"{where.en} has no proper signature line")
    if line[1] != log.name or packed[:4] != log.key_id:
        fail(
            f"{where.zh}不是用第 0 条的密钥签的",
            f"{where.en} is signed by another key than entry 0 names",
        )
    if not log.key.holds(packed[4:], text.encode("utf-8")):
        fail(f"{where.zh}的签名不对", f"the signature of {where.en} is wrong")
    return text


# ---------------------------------------------------------------------------------------------------------
# the archive

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
NAMES = frozenset(
    {
        "about.txt", "checkpoints.json", "config.json", "ledger.jsonl", "manifest.note",
        "openings.jsonl", "outcome.json", "urn.jsonl",
    }
)  # fmt: skip
ALWAYS = frozenset(
    {"about.txt", "checkpoints.json", "config.json", "ledger.jsonl", "manifest.note"}
)
DATE = 0x0021  # 1 January 1980
LONGEST_LINE = 1 << 20
LONGEST_TEXT = 1 << 28
MOST_PLACES = 100
_AT_ONCE = 1 << 20


class Archive:
    """The files of a bundle, where they lie in it; nothing is copied before it is asked for."""

    def __init__(self, memory: "mmap.mmap | bytes") -> None:
        self.memory = memory
        self.spans: dict[str, tuple[int, int]] = {}

    def size(self, name: str) -> int:
        """Return the length of a file in bytes."""
        start, end = self.spans[name]
        return end - start

    def data(self, name: str) -> bytes:
        """Return a file that is read whole."""
        start, end = self.spans[name]
        if end - start > LONGEST_TEXT:
            fail(f"{name} 大得不合理", f"{name} is too large to be true")
        return self.memory[start:end]

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a file piece by piece."""
        start, end = self.spans[name]
        for at in range(start, end, _AT_ONCE):
            yield self.memory[at : min(at + _AT_ONCE, end)]

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a file without their line feeds."""
        at, end = self.spans[name]
        number = 0
        while at < end:
            stop = self.memory.find(b"\n", at, min(end, at + LONGEST_LINE))
            if stop < 0:
                fail(
                    f"{name} 第 {number + 1} 行没有结尾或太长",
                    f"line {number + 1} of {name} has no end or is too long",
                )
            yield self.memory[at:stop]
            at, number = stop + 1, number + 1


def open_archive(memory: "mmap.mmap | bytes") -> Archive:
    """Read a canonical archive; every byte is compared with what it has to be."""
    archive, at = Archive(memory), 0
    if memory[:4] != b"PK\x03\x04":
        fail(
            "这个文件不是核对包（不是 ZIP 文件，或者前面多了东西）",
            "this file is no bundle (no ZIP file)",
        )
    directory = b""
    while memory[at : at + 4] == b"PK\x03\x04":
        start, name = _open_file(archive, at)
        end = archive.spans[name][1]
        crc = 0
        for chunk in archive.chunks(name):
            crc = zlib.crc32(chunk, crc)
        local, central = _headers(name, crc, end - start, at)
        if memory[at:start] != local:
            fail(f"压缩包里 {name} 的文件头不规范", f"the header of {name} is not canonical")
        directory += central
        at = end
    files = list(archive.spans)
    if not files or files != ["manifest.note", *sorted(set(files) - {"manifest.note"})]:
        fail("压缩包里文件的次序不对", "the files of the archive are out of order")
    number = len(files)
    last = END.pack(b"PK\x05\x06", 0, 0, number, number, len(directory), at, 0)
    if memory[at : at + len(directory) + len(last) + 1] != directory + last:
        fail(
            "压缩包的目录不规范，或者前后多了东西", "the directory of the archive is not canonical"
        )
    return archive


def _open_file(archive: Archive, at: int) -> tuple[int, str]:
    """Note where the file lies whose header is at ``at``; return where it starts, and its name."""
    head = archive.memory[at : at + LOCAL.size]
    if len(head) < LOCAL.size:
        fail("压缩包不完整", "the archive is cut short")
    fields = LOCAL.unpack(head)
    size, name_length, more = fields[8], fields[9], fields[10]
    start = at + LOCAL.size + name_length
    name = archive.memory[at + LOCAL.size : start].decode("latin-1")
    if name not in NAMES or name in archive.spans or more:
        fail(
            f"压缩包里有不该有的文件：{shown(name)}",
            f"the archive holds a file it should not: {shown(name)}",
        )
    if start + size > len(archive.memory):
        fail("压缩包不完整", "the archive is cut short")
    archive.spans[name] = start, start + size
    return start, name


def _headers(name: str, crc: int, size: int, offset: int) -> tuple[bytes, bytes]:
    raw = name.encode("ascii")
    common = (20, 0, 0, 0, DATE, crc, size, size, len(raw), 0)
    local = LOCAL.pack(b"PK\x03\x04", *common) + raw
    central = CENTRAL.pack(b"PK\x01\x02", 0x0314, *common, 0, 0, 0, 0x81A40000, offset) + raw
    return local, central


def shown(value: object) -> str:
    """Return something strange, short and visible."""
    return ascii(value)[:80]


# ---------------------------------------------------------------------------------------------------------
# the frozen text

HEX64 = re.compile(r"[0-9a-f]{64}")
_CHANNELS = frozenset({"card", "poster", "paper", "assisted", "loaded"})
_STEPS = ("beneficiaries", "cost", "draw", "id")


@dataclass(frozen=True)
class Project:
    """One line of the list."""

    id: str
    cost: int
    beneficiaries: int
    category: str = ""
    rival_group: int | None = None


class Quota(NamedTuple):
    """At most so many projects of a category, at most so much money for it; None sets no limit."""

    category: str
    projects: int | None
    money: int | None


@dataclass(frozen=True)
class Terms:
    """What the frozen text says, own rounds and loaded elections alike."""

    round: str
    title: str
    is_loaded: bool
    kind: str
    least: int
    most: int
    most_points: int | None
    allocation: str
    k: int | None
    least_votes: int
    tie_steps: tuple[str, ...]
    budget: int
    decimals: int
    point_decimals: int
    publication: str
    ballot_length: int | None
    seal_way: str | None
    roll: tuple[int, str] | None
    projects: Mapping[int, Project]
    least_share: int = 0
    least_turnout: int = 0
    quotas: tuple[Quota, ...] = ()
    spend_limit: int | None = None
    draw_way: str = "urn"

    @property
    def rule(self) -> str:
        """The name of the rule in an outcome."""
        threshold = self.allocation == "greedy" and (self.least_votes or self.least_share)
        return "greedy-threshold" if threshold else self.allocation

    def votes_needed(self, valid: int) -> int:
        """Return how many votes a project needs of so many valid ballots, a share rounded up."""
        return max(self.least_votes, -(-valid * self.least_share // 1000))

    @property
    def more_names(self) -> set[str]:
        """Return the names an outcome has only where the round declared these thresholds."""
        share = {"least_votes"} if self.least_share else set()
        return share | ({"turnout"} if self.least_turnout else set())


_CATEGORIES = ("engineering", "equipment", "service")


class Facts:
    """An object of the frozen text; asks for names and insists on what they hold."""

    def __init__(self, value: object) -> None:
        self.value: Json = value if isinstance(value, dict) else {}

    def part(self, name: str) -> "Facts":
        """Return an object inside."""
        return Facts(self.value.get(name))

    def whole(self, name: str, least: int = 0) -> int:
        """Return a whole number of at least ``least``."""
        value = self.value.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            self._wrong(name)
        return value

    def places(self, name: str) -> int:
        """Return a number of decimal places."""
        value = self.whole(name)
        if value > MOST_PLACES:
            self._wrong(name)
        return value

    def whole_or_none(self, name: str) -> int | None:
        """Return a whole number, or None."""
        return None if self.value.get(name) is None else self.whole(name)

    def text(self, name: str, *allowed: str) -> str:
        """Return a text, one of those allowed."""
        value = self.value.get(name)
        if not isinstance(value, str) or (allowed and value not in allowed):
            self._wrong(name)
        return str(value)

    def text_or(self, name: str, otherwise: str) -> str:
        """Return a text, or ``otherwise`` where there is none."""
        return otherwise if self.value.get(name) is None else self.text(name)

    def list(self, name: str) -> list[Any]:
        """Return a list."""
        value = self.value.get(name)
        if not isinstance(value, list):
            self._wrong(name)
        return list(value)

    def _wrong(self, name: str) -> NoReturn:
        fail(f"冻结的规则里“{name}”不对", f"{name} in the frozen rules is wrong")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def read_terms(config: object) -> Terms:
    """Return the terms of a frozen text, in either form."""
    facts = Facts(config)
    form = facts.text("format", "voting round config 1", "loaded election 1")
    return _loaded_terms(facts) if form == "loaded election 1" else _own_terms(facts)


def _own_terms(facts: Facts) -> Terms:
    rules, round = facts.part("rules"), facts.part("round")
    allocation = rules.text("allocation", "greedy", "greedy-stop", "top-k")
    projects = {}
    for one in map(Facts, facts.list("candidates")):
        number = one.whole("number", 1)
        projects[number] = Project(
            str(number), one.whole("cost"), one.whole("beneficiaries"), one.text_or("category", ""),
            one.whole_or_none("rival_group"),
        )  # fmt: skip
    if len(projects) != len(facts.list("candidates")):
        fail("冻结的名单里编号重复", "a number stands twice in the frozen list")
    kind = rules.text("ballot_kind", "approval", "choose-1", "cumulative", "ordinal", "knapsack")
    spend_limit = rules.whole_or_none("spend_limit")
    if (kind == "knapsack") != (spend_limit is not None):
        fail("冻结的规则里“spend_limit”不对", "spend_limit in the frozen rules is wrong")
    roll = None
    if facts.value.get("roll_count") is not None:
        roll = facts.whole("roll_count"), facts.text("roll_hash")
    return Terms(
        round=round.text("id"),
        title=round.text("title"),
        is_loaded=False,
        kind=kind,
        least=rules.whole("min_choices"),
        most=rules.whole("max_choices", 1),
        most_points=rules.whole_or_none("max_points"),
        allocation=allocation,
        k=rules.whole("funded_count", 1) if allocation == "top-k" else None,
        least_votes=rules.whole("least_votes"),
        tie_steps=_tie_steps(rules.list("tie_steps")),
        budget=rules.whole("budget"),
        decimals=rules.places("money_decimals"),
        point_decimals=0,
        publication=rules.text("publication", "totals", "full"),
        ballot_length=facts.whole("ballot_length", 1),
        seal_way=rules.text("seal_way", "server", "monitors"),
        roll=roll,
        projects=projects,
        # A text that was frozen before there were these rules does not name them.
        least_share=rules.whole_or_none("least_share") or 0,
        least_turnout=rules.whole_or_none("least_turnout") or 0,
        quotas=_quotas(rules),
        spend_limit=spend_limit,
        draw_way=_draw_way(rules),
    )


def _draw_way(rules: Facts) -> str:
    """Return how the lot is drawn; a text that was frozen before there were two ways does not say."""
    return "urn" if rules.value.get("draw_way") is None else rules.text("draw_way", "urn", "public")


def _quotas(rules: Facts) -> tuple[Quota, ...]:
    every = (
        Quota(
            category,
            rules.whole_or_none(f"quota_{category}"),
            rules.whole_or_none(f"quota_{category}_money"),
        )
        for category in _CATEGORIES
    )
    return tuple(one for one in every if (one.projects, one.money) != (None, None))


def _loaded_terms(facts: Facts) -> Terms:
    projects = {}
    for number, one in enumerate(facts.list("projects"), 1):
        id, cost = one if isinstance(one, list) and len(one) == 2 else (None, None)
        if not isinstance(id, str) or not isinstance(cost, int) or not _is_count(cost):
            fail(f"冻结的名单第 {number} 项不对", f"project {number} of the frozen list is wrong")
        projects[number] = Project(id, cost, 0)
    if len({one.id for one in projects.values()}) != len(projects):
        fail("冻结的名单里编号重复", "an id stands twice in the frozen list")
    steps = facts.text("tie_steps").split(",")
    return Terms(
        round=facts.text("round"),
        title="",
        is_loaded=True,
        kind=facts.text("kind", "approval", "choose-1", "cumulative", "ordinal"),
        least=0,
        most=facts.whole("max_choices", 1),
        most_points=None,
        allocation=facts.text("allocation", "greedy", "greedy-stop"),
        k=None,
        least_votes=facts.whole("least_votes"),
        tie_steps=_tie_steps(steps),
        budget=facts.whole("budget"),
        decimals=facts.places("decimals"),
        point_decimals=facts.places("point_decimals"),
        publication=facts.text("publication", "totals", "full"),
        ballot_length=None,
        seal_way=None,
        roll=None,
        projects=projects,
    )


def _tie_steps(steps: Sequence[object]) -> tuple[str, ...]:
    if any(step not in _STEPS for step in steps):
        fail("冻结的规则里有不认识的并列办法", "the frozen rules name an unknown way to break ties")
    return tuple(map(str, steps))


# ---------------------------------------------------------------------------------------------------------
# checkpoints

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_NUMBER = r"(0|[1-9][0-9]{0,17})"
_CHECKPOINT = re.compile(
    rf"([^\n]+)\n{_NUMBER}\n([A-Za-z0-9+/=]+)\ntime ([^\n]+)\nballots {_NUMBER}\n"
    rf"participation {_NUMBER}((?: [a-z_]+=[1-9][0-9]{{0,17}})*)\n"
    rf"cards {_NUMBER} printed={_NUMBER} spent={_NUMBER} void={_NUMBER}\njournal ([0-9a-f]{{64}})\n"
)
_RIGHTS = frozenset({"assisted", "card_cast", "card_handed", "paper_handed", "poster"})
_USED_AT_CASTING = ("poster", "assisted")


@dataclass
class Checkpoint:
    """A signed statement about the first ``size`` entries, and what those entries say themselves."""

    size: int
    root: bytes
    ballots: int
    rights: Mapping[str, int]
    total: int
    cards: tuple[int, int, int, int]  # all, printed, spent, void
    found_root: bytes = b""
    found_ballots: int = 0
    found_cards: int = 0
    closed_just_before: bool = False
    counted_just_before: bool = False
    entered: int = 0  # paper ballots that stand in the urn or were voided there
    is_explained: bool = False
    has_sheet: bool = False
    has_papers: bool = False


def is_moment(value: object) -> bool:
    """Tell whether this is a moment in UTC as the ledger writes it."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return False
    try:
        datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007 -- only its form is asked
    except ValueError:
        return False
    return True


def read_checkpoint(note: str, number: int, log: LogKey) -> Checkpoint:
    """Read one checkpoint and check its signature."""
    where = Text(f"第 {number} 个封存点", f"checkpoint {number}")
    wrong = Text(f"{where.zh}的写法不对", f"{where.en} is malformed")
    try:
        raw = note.encode("utf-8")
    except UnicodeEncodeError:
        fail(*wrong)
    match = _CHECKPOINT.fullmatch(read_note(raw, log, where))
    root = base64_bytes(match[3]) if match else None
    if match is None or root is None or len(root) != 32 or not is_moment(match[4]):
        fail(*wrong)
    if match[1] != log.name:
        fail(f"{where.zh}是别的账本的", f"{where.en} belongs to another ledger")
    pairs = [part.split("=") for part in match[7].split()]
    if [name for name, _ in pairs] != sorted({name for name, _ in pairs} & _RIGHTS):
        fail(*wrong)
    figures = tuple(int(match[at]) for at in range(8, 12))
    return Checkpoint(
        size=int(match[2]),
        root=root,
        ballots=int(match[5]),
        rights={name: int(count) for name, count in pairs},
        total=int(match[6]),
        cards=(figures[0], figures[1], figures[2], figures[3]),
    )


# ---------------------------------------------------------------------------------------------------------
# entries

ACTS = tuple(
    f"round.{act}"
    for act in (
        "announce_vote", "archive", "close", "close_vote", "confirm", "correct", "dismiss", "extend",
        "implement", "object", "open_vote", "pause", "publish", "reopen", "resume", "submit_result",
        "terminate", "void",
    )
)  # fmt: skip
_MOVES_CLOSING = ("round.extend", "round.reopen")
_BALLOT = re.compile(
    rb'\{"commitment":"([0-9a-f]{64})","kind":"ballot","sealed":"([0-9a-f]{64})","slot":"([0-9a-f]{64})"\}'
)
_BYTES = re.compile(r"([0-9a-f]{2})+")
_PUBLIC_NUMBER = re.compile(r"[0-9]{4,40}")


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and HEX64.fullmatch(value) is not None


def _is_hex(value: object) -> bool:
    return isinstance(value, str) and _BYTES.fullmatch(value) is not None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_count(value: object) -> bool:
    return _is_whole(value) and value >= 0  # type: ignore[operator]  # whole, said the first half


def _are_numbers(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_positive, value))


def _is_positive(value: object) -> bool:
    return _is_count(value) and value != 0


def _is_public_number(value: object) -> bool:
    return isinstance(value, str) and _PUBLIC_NUMBER.fullmatch(value) is not None


def _are_choices(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_count, value)) and value == sorted(value)


ROLL_CHANGES: Mapping[str, int] = {"add": 1, "restore": 1, "strike": -1, "correct": 0}
_SHEET_OUTCOMES = ("adds_up", "explained", "more_returned")
_SHEET_FIGURES = (
    "issued", "returned", "entered", "invalid", "spoiled", "unused", "outstanding", "foreign",
)  # fmt: skip

Shape = Mapping[str, Callable[[object], bool]]
SHAPES: Mapping[str, Shape] = {
    "rules": {"ledger": _is_text, "round": _is_text, "config": _is_hash, "log": _is_text},
    "roll": {"count": _is_count, "hash": _is_hash},
    "batch": {"batch": _is_text, "number": _is_positive, "cards": _is_positive, "root": _is_hash},
    "act": {"act": lambda value: value in ACTS, "at": is_moment},
    "withdrawn": {"number": _is_positive, "at": is_moment},
    "ballot": {"slot": _is_hash, "commitment": _is_hash, "sealed": _is_hash},
    "paper": {
        "batch": _is_text, "number": _is_positive, "ballots": _is_positive, "versions": _is_positive,
        "root": _is_hash,
    },
    "roll_change": {
        "act": lambda value: value in ROLL_CHANGES, "at": is_moment, "count": _is_count, "hash": _is_hash,
    },
    "void": {"slot": _is_hash, "at": is_moment},
    "reconciliation": {
        "at": is_moment, "outcome": lambda value: value in _SHEET_OUTCOMES,
        **dict.fromkeys(_SHEET_FIGURES, _is_count), "outstanding": _is_whole,
    },
    "tests": {"cards": _is_positive, "hash": _is_hash},
    "reveal": {"slot": _is_hash, "choices": _are_choices},
    "sheets": {"set": _is_positive},
    "tally": {"at": is_moment, "ballots": _is_count, "outcome": _is_hash},
    "draw": {
        "at": is_moment, "number": _is_public_number, "size": _is_positive, "root": _is_hash,
        "outcome": _is_hash,
    },
    "calls": {"drawn": _is_count, "marked": _is_count, "seed": _is_hex},
    "cut": {"at": is_moment, "budget": _is_count, "removed": _are_numbers, "funded": _are_numbers},
    "destroyed": {"at": is_moment, "way": lambda value: value in ("server", "monitors")},
}  # fmt: skip


def read_entry(raw: bytes, index: int) -> Json:
    """Return the body of an entry that has a known kind and exactly its names."""
    where = Text(f"账本第 {index} 条", f"entry {index}")
    body = read_json(raw, where)
    kind = body.get("kind") if isinstance(body, dict) else None
    shape = SHAPES.get(kind) if isinstance(kind, str) else None
    if shape is None:
        fail(f"{where.zh}的种类不认识", f"{where.en} is of no known kind")
    if kind == "act" and body.get("act") in _MOVES_CLOSING:
        shape = {**shape, "closes_at": is_moment}
    if set(body) != {"kind", *shape} or not all(holds(body[name]) for name, holds in shape.items()):
        fail(f"{where.zh}的内容不合格式", f"{where.en} does not have exactly its names")
    entry: Json = body
    return entry


@dataclass
class Ledger:
    """What the entries say, gathered on the way from the first to the last."""

    terms: Terms
    ballots: dict[bytes, bytes] = field(default_factory=dict)  # slot: commitment ‖ digest of sealed
    cards: int = 0
    batches: set[str] = field(default_factory=set)
    withdrawn: dict[int, str] = field(default_factory=dict)  # number: moment
    withdrawn_at_tally: set[int] = field(default_factory=set)
    cut: Json | None = None
    drawn: int = 0
    reveals: dict[bytes, list[int]] = field(default_factory=dict)
    sheets: int = 1
    tally: Json | None = None
    draw: Json | None = None
    is_submitted: bool = False
    is_destroyed: bool = False
    closed_at: int = -1
    tally_at: int = -1
    papers: dict[str, int] = field(default_factory=dict)  # batch: paper ballots
    listed: int | None = None  # how many are on the roll after its last change
    voids: set[bytes] = field(default_factory=set)
    sheet: Json | None = None

    @property
    def on_roll(self) -> int:
        """How many were on the roll at the count: nobody changes it after that."""
        frozen = self.terms.roll[0] if self.terms.roll else 0
        return frozen if self.listed is None else self.listed

    @property
    def aside(self) -> set[bytes]:
        """The slots that do not count: test ballots that were found, and voided paper."""
        return {slot for slot in self.reveals if slot in self.ballots} | self.voids

    def take(self, body: Json, index: int) -> None:
        """Take the next entry; everything that is said here is about its place."""
        take = getattr(self, f"_take_{body['kind']}", None)
        if take is not None:
            take(body, index)

    def take_ballot(self, slot: bytes, facts: bytes, index: int) -> None:
        """Take a ballot."""
        if self.tally is not None:
            fail(
                f"账本第 {index} 条：计票以后又来了选票", f"entry {index}: a ballot after the count"
            )
        if slot in self.ballots:
            fail(f"账本第 {index} 条：同一张选票出现两次", f"entry {index}: this slot came before")
        self.ballots[slot] = facts

    def _take_rules(self, body: Json, index: int) -> None:
        if index != 0 or body["ledger"] != "voting ledger 1":
            self._misplaced(index)

    def _take_roll(self, body: Json, index: int) -> None:
        if index != 1 or (body["count"], body["hash"]) != self.terms.roll:
            fail(
                f"账本第 {index} 条：名册和冻结的不一致",
                f"entry {index}: not the roll that was frozen",
            )

    def _take_batch(self, body: Json, index: int) -> None:
        if body["batch"] in self.batches:
            self._misplaced(index)
        self.batches.add(body["batch"])
        self.cards += body["cards"]

    def _take_act(self, body: Json, index: int) -> None:
        if body["act"] == "round.close_vote":
            self.closed_at = index
        elif body["act"] == "round.reopen":
            self.closed_at = -1
        elif body["act"] == "round.submit_result":
            self.is_submitted = True

    def _take_withdrawn(self, body: Json, index: int) -> None:
        number = body["number"]
        if number not in self.terms.projects or number in self.withdrawn:
            fail(
                f"账本第 {index} 条：撤下的项目不对",
                f"entry {index}: nothing of this number to withdraw",
            )
        self.withdrawn[number] = body["at"]

    def _take_tests(self, body: Json, index: int) -> None:
        if self.tally is not None:
            self._misplaced(index)
        self.drawn += body["cards"]

    def _take_reveal(self, body: Json, index: int) -> None:
        slot = bytes.fromhex(body["slot"])
        if self.tally is not None or slot in self.reveals or slot in self.voids:
            self._misplaced(index)
        self.reveals[slot] = body["choices"]

    def _take_paper(self, body: Json, index: int) -> None:
        if self.terms.is_loaded or self._is_settled or body["batch"] in self.papers:
            self._misplaced(index)
        self.papers[body["batch"]] = body["ballots"]

    def _take_roll_change(self, body: Json, index: int) -> None:
        if self.terms.roll is None or self.tally is not None:
            self._misplaced(index)
        before = self.terms.roll[0] if self.listed is None else self.listed
        if body["count"] != before + ROLL_CHANGES[body["act"]]:
            fail(
                f"账本第 {index} 条：名册的人数和上一次对不上",
                f"entry {index}: the roll's count does not follow from the one before",
            )
        self.listed = body["count"]

    def _take_void(self, body: Json, index: int) -> None:
        slot = bytes.fromhex(body["slot"])
        if self._is_settled or slot not in self.ballots or slot in self.reveals:
            self._misplaced(index)
        if slot in self.voids:
            fail(f"账本第 {index} 条：同一张票作废两次", f"entry {index}: voided twice")
        self.voids.add(slot)

    def _take_reconciliation(self, body: Json, index: int) -> None:
        if self._is_settled or self.terms.is_loaded:
            self._misplaced(index)
        kept = body["spoiled"] + body["unused"] + body["outstanding"]
        is_even = body["returned"] + kept == body["issued"] and not body["foreign"]
        if (
            body["issued"] != sum(self.papers.values())
            or body["returned"] != body["entered"] + body["invalid"]
            or (body["outcome"] == "adds_up" and not is_even)
            or (body["outcome"] != "more_returned" and body["outstanding"] < 0)
        ):
            fail(
                f"账本第 {index} 条：清票的数字对不上",
                f"entry {index}: the reconciliation does not add up",
            )
        self.sheet = body

    @property
    def _is_settled(self) -> bool:
        """Whether a sheet was signed with which the urn may be opened, or the count is there."""
        signed = self.sheet is not None and self.sheet["outcome"] != "more_returned"
        return signed or self.tally is not None

    def _take_sheets(self, body: Json, index: int) -> None:
        self.sheets += 1
        if body["set"] != self.sheets:
            self._misplaced(index)

    def _take_tally(self, body: Json, index: int) -> None:
        if self.tally is not None:
            self._misplaced(index)
        if body["ballots"] != len(self.ballots):
            fail(
                f"账本第 {index} 条：开箱的票数和账本不一致",
                f"entry {index}: another number of ballots",
            )
        if self.sheet is not None and not self._is_settled:
            fail(
                f"账本第 {index} 条：收回的票多于发出的，却计了票",
                f"entry {index}: counted although more paper came back than went out",
            )
        if self.papers and self.sheet is None:
            fail(
                f"账本第 {index} 条：纸质票没有清票就计票",
                f"entry {index}: counted before the paper was reconciled",
            )
        self.tally, self.tally_at = body, index
        self.withdrawn_at_tally = {n for n, at in self.withdrawn.items() if at <= body["at"]}

    def _take_draw(self, body: Json, index: int) -> None:
        has_lot = self.terms.draw_way == "public" and "draw" in self.terms.tie_steps
        if self.tally is None or self.draw is not None or self.is_submitted or not has_lot:
            self._misplaced(index)
        self.draw = body

    def _take_calls(self, body: Json, index: int) -> None:
        if body["drawn"] > body["marked"]:
            self._misplaced(index)

    def _take_cut(self, body: Json, index: int) -> None:
        if self.tally is None or self.cut is not None or self.terms.is_loaded:
            self._misplaced(index)
        self.cut = body

    def _take_destroyed(self, body: Json, index: int) -> None:
        if self.is_destroyed or self.terms.seal_way not in (None, body["way"]):
            self._misplaced(index)
        self.is_destroyed = True

    @staticmethod
    def _misplaced(index: int) -> NoReturn:
        fail(f"账本第 {index} 条不该出现在这里", f"entry {index} does not belong where it stands")


# ---------------------------------------------------------------------------------------------------------
# counting


def money(amount: int, decimals: int) -> str:
    """Write a number of smallest units with its places."""
    if decimals == 0:
        return str(amount)
    sign, digits = "-" * (amount < 0), str(abs(amount)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def read_votes(value: object, decimals: int) -> int | None:
    """Return votes in their smallest unit as an outcome writes them, or None."""
    if decimals == 0:
        return value if isinstance(value, int) and not isinstance(value, bool) else None
    if not isinstance(value, str) or not re.fullmatch(
        rf"[0-9]{{1,4000}}\.[0-9]{{{decimals}}}", value
    ):
        return None
    amount = int(value.replace(".", ""))
    return amount if money(amount, decimals) == value else None


class Order:
    """The order of standing: votes, then the steps of the round, then the id.

    Without a seed the lot has not been drawn. ``lifted`` puts a project first (-1) or last (1) among those
    that nothing else parts.
    """

    def __init__(
        self,
        terms: Terms,
        votes: Mapping[str, int],
        seed: bytes | None,
        lifted: Mapping[str, int] | None = None,
    ) -> None:
        self.steps, self.votes, self.seed = terms.tie_steps, votes, seed
        self.lifted = lifted or {}

    def keys(self, project: Project) -> list[int | bytes]:
        """Return what the steps compare, one by one."""
        return [self._key(step, project) for step in self.steps]

    def _key(self, step: str, project: Project) -> int | bytes:
        if step == "beneficiaries":
            return -project.beneficiaries
        if step == "cost":
            return project.cost
        if step == "draw" and self.seed is None:
            return b""
        if step == "draw" and self.seed is not None:
            return hashlib.sha256(self.seed + b"\x00" + project.id.encode()).digest()
        return project.id.encode()

    def arranged(self, projects: Sequence[Project]) -> list[Project]:
        """Return the projects as they stand."""
        return sorted(
            projects,
            key=lambda one: (
                -self.votes[one.id], self.keys(one), self.lifted.get(one.id, 0), one.id.encode(),
            ),
        )  # fmt: skip

    def decided(self, first: Project, second: Project) -> str:
        """Name the step that put one of two equals before the other."""
        pairs = zip(self.steps, self.keys(first), self.keys(second), strict=True)
        return next((step for step, one, other in pairs if one != other), "undecided")


@dataclass
class Walk:
    """The way down the list: what is left, what was funded, where a rule that stops has stopped."""

    terms: Terms
    needed: int  # votes
    enough_took_part: bool
    left: int
    stopped: bool = False
    funded: list[Project] = field(default_factory=list)

    def row(self, one: Project, votes: int, place: int) -> Json:
        """Return what becomes of a project when its turn comes, and go on."""
        reason = self._reason(one, votes, place)
        before = self.left if reason in ("funded", "does_not_fit") else None
        row = _row(self.terms, one, votes, place, reason, before)
        if reason == "quota_full":
            row["quota"] = one.category
        elif reason == "excluded":
            row["rival"] = self._rival(one)
        elif reason == "funded":
            self.funded.append(one)
            self.left -= one.cost
        elif reason == "does_not_fit" and self.terms.allocation == "greedy-stop":
            self.stopped = True
        return row

    def _reason(self, one: Project, votes: int, place: int) -> str:
        if votes <= 0:
            return "no_votes"
        if not self.enough_took_part:
            return "turnout_too_low"
        if votes < self.needed:
            return "below_threshold"
        if self.terms.k is not None and place > self.terms.k:
            return "beyond_k"
        if self.stopped:
            return "after_stop"
        if self._rival(one) is not None:
            return "excluded"
        if not all(self._has_room(quota, one) for quota in self.terms.quotas):
            return "quota_full"
        return "funded" if one.cost <= self.left else "does_not_fit"

    def _rival(self, one: Project) -> str | None:
        """Return the funded project that excludes this one."""
        if one.rival_group is None:
            return None
        rivals = (other.id for other in self.funded if other.rival_group == one.rival_group)
        return next(rivals, None)

    def _has_room(self, quota: Quota, one: Project) -> bool:
        if one.category != quota.category:
            return True
        inside = [other.cost for other in self.funded if other.category == quota.category]
        fits = quota.projects is None or len(inside) < quota.projects
        return fits and (quota.money is None or sum(inside) + one.cost <= quota.money)


def allocate(
    terms: Terms,
    votes: Mapping[str, int],
    withdrawn: set[int],
    seed: bytes | None,
    lifted: Mapping[str, int] | None = None,
    *,
    valid: int,
    took_part: Mapping[str, int] | None,
) -> Json:
    """Walk down the list; return every field of an outcome that follows from votes and turnout alone.

    ``valid`` is the number of valid ballots; ``took_part`` is the turnout where the round asks for one.
    """
    order = Order(terms, votes, seed, lifted)
    field_ = [one for number, one in terms.projects.items() if number not in withdrawn]
    gone = [one for number, one in terms.projects.items() if number in withdrawn]
    ranked = order.arranged(field_)
    needed, is_enough = terms.votes_needed(valid), took_part is None or suffices(took_part)
    walk = Walk(terms, needed, is_enough, terms.budget)
    rows = [walk.row(one, votes[one.id], place) for place, one in enumerate(ranked, 1)]
    rows += [
        _row(terms, one, votes[one.id], None, "withdrawn", None) for one in order.arranged(gone)
    ]
    more: Json = {"least_votes": needed} if terms.least_share else {}
    if took_part is not None:
        more["turnout"] = took_part
    return more | {
        "rule": terms.rule,
        "votes": {id: written(number, terms) for id, number in votes.items()},
        "budget": money(terms.budget, terms.decimals),
        "spent": money(terms.budget - walk.left, terms.decimals),
        "left": money(walk.left, terms.decimals),
        "funded": [one.id for one in walk.funded],
        "projects": rows,
        "ties": _ties(terms, ranked, order, needed) if is_enough else [],
    }


def suffices(took_part: Mapping[str, int]) -> bool:
    """Tell whether enough of the roll took part, exactly; of an empty roll never."""
    marked, roll = took_part["marked"], took_part["roll"]
    return roll > 0 and marked * 1000 >= took_part["least"] * roll


def needs_lot(allocated: Callable[[Mapping[str, int] | None], Json]) -> bool:
    """Tell whether somebody else is funded if one of those whom nothing parts comes first, or last.

    ``allocated`` returns the outcome without a lot, some ids lifted to the front (-1) or to the end (1).
    """
    shown = allocated(None)
    funded = set(shown["funded"])
    open_ = [
        id for tie in shown["ties"] if "undecided" in tie["decided_by"] for id in tie["candidates"]
    ]
    return any(set(allocated({id: place})["funded"]) != funded for id in open_ for place in (-1, 1))


def written(votes: int, terms: Terms) -> int | str:
    """Return votes as an outcome writes them."""
    return votes if terms.point_decimals == 0 else money(votes, terms.point_decimals)


def _row(
    terms: Terms, one: Project, votes: int, place: int | None, reason: str, before: int | None
) -> Json:
    return {
        "id": one.id,
        "place": place,
        "votes": written(votes, terms),
        "cost": money(one.cost, terms.decimals),
        "funded": reason == "funded",
        "reason": reason,
        "left_before": None if before is None else money(before, terms.decimals),
    }


def _ties(terms: Terms, ranked: Sequence[Project], order: Order, needed: int) -> list[Json]:
    least = max(1, needed)
    could_win = [one for one in ranked if order.votes[one.id] >= least]
    groups = [list(group) for _, group in groupby(could_win, key=lambda one: order.votes[one.id])]
    return [
        {
            "votes": written(order.votes[group[0].id], terms),
            "candidates": [one.id for one in group],
            "decided_by": [order.decided(one, next_) for one, next_ in pairwise(group)],
        }
        for group in groups
        if len(group) > 1
    ]


# ---------------------------------------------------------------------------------------------------------
# ballots


class Ballot(NamedTuple):
    """What a readable ballot says."""

    channel: str
    choices: tuple[int, ...]
    points: tuple[int, ...]


def read_ballot(padded: bytes) -> Ballot | None:
    """Return what a padded ballot says, or None: unreadable is whatever is not written just so."""
    try:
        value = _DECODER.decode(padded.decode("ascii"))
    except (ValueError, RecursionError):
        return None
    channel = value.get("channel") if isinstance(value, dict) else None
    if not isinstance(channel, str) or channel not in _CHANNELS:
        return None
    choices, points = value.get("choices"), value.get("points", [])
    if not _are_whole(choices) or not _are_whole(points):
        return None
    exact = {"channel": channel, "choices": choices} | ({"points": points} if points else {})
    if _ENCODER.encode(exact).encode() != padded.rstrip(b" "):
        return None
    return Ballot(channel, tuple(choices), tuple(points))


def _are_whole(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_whole, value))


def flaw_of(ballot: Ballot, terms: Terms, withdrawn: set[int]) -> str | None:
    """Return what is wrong with a readable ballot, or None; who was withdrawn uses up nothing."""
    if any(choice not in terms.projects for choice in ballot.choices):
        return "unknown_candidate"
    if not _points_fit(ballot, terms):
        return "points"
    given = set(ballot.choices)
    if len(given - withdrawn) > terms.most:
        return "too_many"
    if _is_over_limit(given - withdrawn, terms):
        return "over_limit"
    return "too_few" if 0 < len(given) < terms.least else None


def _is_over_limit(standing: set[int], terms: Terms) -> bool:
    """Tell whether a ballot inside a budget spends too much; who was withdrawn uses up nothing."""
    spent = sum(terms.projects[choice].cost for choice in standing)
    return terms.spend_limit is not None and spent > terms.spend_limit


def _points_fit(ballot: Ballot, terms: Terms) -> bool:
    if terms.kind != "cumulative":
        return not ballot.points
    within = terms.most_points is None or sum(ballot.points) <= terms.most_points
    return (
        len(ballot.points) == len(ballot.choices) and min(ballot.points, default=0) >= 0 and within
    )


def worth_of(ballot: Ballot, terms: Terms) -> Iterator[tuple[int, int]]:
    """Yield each number a valid ballot names with what it is worth there."""
    once = list(dict.fromkeys(ballot.choices))
    if terms.kind == "cumulative":
        yield from zip(ballot.choices, ballot.points, strict=True)
    elif terms.kind == "ordinal":
        yield from zip(once, range(len(once), 0, -1), strict=True)
    else:
        yield from ((choice, 1) for choice in once)


LEAST_SHOWN = 10


def shown_channels(channels: Mapping[str, int]) -> dict[str, int]:
    """Put channels with fewer than ten ballots together, and with the next larger until there are ten."""
    ordered = sorted(channels.items(), key=lambda item: (item[1], item[0]))
    together: list[str] = []
    number = 0
    while ordered and (ordered[0][1] < LEAST_SHOWN or 0 < number < LEAST_SHOWN):
        name, more = ordered.pop(0)
        together.append(name)
        number += more
    small = {"+".join(sorted(together)): number} if together else {}
    return small | dict(ordered)


@dataclass
class Count:
    """All ballots judged and added up; one that names nobody but withdrawn projects is a blank one."""

    terms: Terms
    withdrawn: set[int]
    ballots: int = 0
    blank: int = 0
    flaws: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    votes: Counter[int] = field(default_factory=Counter)

    def take(self, padded: bytes, number: int) -> None:
        """Take equal ballots."""
        self.ballots += number
        ballot = read_ballot(padded)
        if ballot is None:
            self.flaws["unreadable"] += number
            return
        self.channels[ballot.channel] += number
        flaw = flaw_of(ballot, self.terms, self.withdrawn)
        if flaw is not None:
            self.flaws[flaw] += number
            return
        if not set(ballot.choices) - self.withdrawn:
            self.blank += number
        for choice, worth in worth_of(ballot, self.terms):
            self.votes[choice] += worth * number

    def figures(self) -> Json:
        """Return the fields of an outcome that the ballots give."""
        return {
            "ballots": self.ballots,
            "blank": self.blank,
            "invalid": self.flaws.total(),
            "flaws": dict(self.flaws),
            "channels": shown_channels(self.channels),
        }


# ---------------------------------------------------------------------------------------------------------
# the verification, check by check

CHECKS: Mapping[str, Text] = {
    "archive": Text("文件完整、格式规范", "The file is whole and canonical"),
    "signature": Text("清单由账本的密钥签名", "The manifest is signed with the ledger's key"),
    "manifest": Text("每个文件都和清单一致", "Every file is the one the manifest names"),
    "rules": Text("投票前冻结的规则没有变", "The frozen rules are those of entry 0"),
    "checkpoints": Text(
        "每个封存点都有签名，只增不减", "Every checkpoint is signed, and they grow"
    ),
    "entries": Text(
        "账本每一条都合格、在该在的位置", "Every entry is well-formed and in its place"
    ),
    "tree": Text("账本和每个封存点一致", "The entries give the root of every checkpoint"),
    "figures": Text("领票、用票、收票的数字对得上", "Rights, cards and ballots agree"),
    "head": Text("和公告栏上的封存号一致", "The head on the notice board is one of these"),
    "outcome": Text("公布的结果就是账本里记的结果", "The outcome is the one the ledger records"),
    "arithmetic": Text("名次、并列、资金重新算过，一致", "Places, ties and money come out again"),
    "openings": Text(
        "每张开出的选票都和投票时的封存一致", "Every opened ballot fits its commitment"
    ),
    "recount": Text("全部选票重新数过，一致", "All ballots counted anew give the outcome"),
    "urn": Text("每张密封选票都和账本一致", "Every sealed ballot is the one of the ledger"),
}

_OUTCOME = frozenset(
    {
        "ballots", "blank", "budget", "channels", "draw_seed", "flaws", "funded", "invalid", "left",
        "projects", "rule", "spent", "tests", "ties", "urn_digest", "votes",
    }
)  # fmt: skip
_FLAWS = frozenset(
    {"unreadable", "unknown_candidate", "points", "too_many", "over_limit", "too_few"}
)
_TESTS = frozenset({"drawn", "revealed", "found", "same"})
_MANIFEST_LINE = re.compile(r"([0-9a-f]{64}) (0|[1-9][0-9]{0,12}) ([a-z]+\.[a-z]+)")


_NONSENSE = (ArithmeticError, LookupError, MemoryError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True)
class Check:
    """One line of the report."""

    name: str
    ok: bool
    detail: Text


class Verification:
    """One bundle, checked from the outside in; stops at the first thing that does not hold."""

    def __init__(self, path: str, *, head: str | None, pure: bool) -> None:
        self.path, self.wanted_head, self.pure = path, head, pure
        self.checks: list[Check] = []
        self.sort: str | None = None
        self.log: LogKey | None = None
        self.terms: Terms | None = None
        self.checkpoints: list[Checkpoint] = []
        self.ledger: Ledger | None = None
        self.archive = Archive(b"")
        self.outcome: Json | None = None
        self.counted = 0

    @property
    def failure(self) -> Check | None:
        """The check that did not hold."""
        return next((check for check in self.checks if not check.ok), None)

    def run(self) -> bool:
        """Check everything; tell whether it holds."""
        try:
            path = Path(self.path)
            # A pipe would keep us waiting for ever.
            if not path.exists() or path.is_file() or path.is_dir():
                with path.open("rb") as file:
                    return self._run_on(file.fileno())
            self._note("archive", ok=False, detail=Text("这不是一个文件", "this is no file"))
        except (OSError, ValueError) as problem:
            why = getattr(problem, "strerror", None) or str(problem)
            self._note(
                "archive", ok=False, detail=Text(f"打不开文件：{why}", f"cannot be read: {why}")
            )
        except MemoryError:
            self._note("archive", ok=False, detail=Text("内存不够", "out of memory"))
        return False

    def _run_on(self, file: int) -> bool:
        size = os.fstat(file).st_size
        if size == 0 or size >= 1 << 32:
            text = Text("文件是空的，或者根本不是核对包", "the file is empty or cannot be a bundle")
            self._note("archive", ok=False, detail=text)
            return False
        with mmap.mmap(file, 0, access=mmap.ACCESS_READ) as memory:
            return all(self._passes(name, memory) for name in CHECKS)

    def _passes(self, name: str, memory: "mmap.mmap | bytes") -> bool:
        try:
            if name == "archive":
                self.archive = open_archive(memory)
                detail = Text(f"{len(memory)} 字节", f"{len(memory)} bytes")
            else:
                detail = getattr(self, f"_check_{name}")()
        except Broken as broken:
            self._note(name, ok=False, detail=broken.text)
            return False
        except _NONSENSE as nonsense:
            # Nobody but the holder of the key can bring us here; what makes no sense does not hold.
            why = shown(nonsense)
            self._note(name, ok=False, detail=Text(f"内容不合理：{why}", f"makes no sense: {why}"))
            return False
        if detail is not None:
            self._note(name, ok=True, detail=detail)
        return True

    def _note(self, name: str, *, ok: bool, detail: Text) -> None:
        self.checks.append(Check(name, ok, detail))

    def _has(self, name: str) -> bool:
        return name in self.archive.spans

    @property
    def _known(self) -> tuple[LogKey, Terms, Ledger]:
        """What the first checks have established."""
        return cast("tuple[LogKey, Terms, Ledger]", (self.log, self.terms, self.ledger))

    # -- the files

    def _check_signature(self) -> Text:
        lacking = ALWAYS - set(self.archive.spans)
        if lacking:
            fail(f"缺少文件 {min(lacking)}", f"{min(lacking)} is missing")
        body = read_entry(next(self.archive.lines("ledger.jsonl"), b""), 0)
        if body["kind"] != "rules":
            fail("账本第 0 条不是规则", "entry 0 is not the rules")
        self.first = body
        self.log = read_log_key(body["log"], pure=self.pure)
        where = Text("清单", "the manifest")
        self.manifest = read_note(self.archive.data("manifest.note"), self.log, where)
        return Text(f"账本 {self.log.name}", f"ledger {self.log.name}")

    def _check_manifest(self) -> Text:
        log = self.log
        assert log is not None  # noqa: S101 -- an earlier check has read it
        lines = self.manifest.split("\n")
        sort = re.fullmatch("bundle (public|monitors|sealed)", lines[1]) if len(lines) > 2 else None
        if sort is None or lines[0] != log.name:
            fail("清单的开头不对", "the manifest does not begin as it should")
        self.sort = sort[1]
        found = [
            self._manifest_line(name) for name in self.archive.spans if name != "manifest.note"
        ]
        if lines[2:-1] != found or lines[-1]:
            self._name_difference(lines[2:-1], found)
        return Text(f"{len(found)} 个文件", f"{len(found)} files")

    def _manifest_line(self, name: str) -> str:
        digest = hashlib.sha256()
        for chunk in self.archive.chunks(name):
            digest.update(chunk)
        return f"{digest.hexdigest()} {self.archive.size(name)} {name}"

    @staticmethod
    def _name_difference(stated: list[str], found: list[str]) -> NoReturn:
        odd = next((line for line in [*found, *stated] if (line in stated) != (line in found)), "")
        name = odd.rpartition(" ")[2]
        fail(f"文件 {shown(name)} 和清单不一致", f"{shown(name)} is not what the manifest says")

    # -- rules, checkpoints, entries

    def _check_rules(self) -> Text:
        raw = self.archive.data("config.json")
        config = read_json(raw, Text("config.json ", "config.json"))
        if hashlib.sha256(raw).hexdigest() != self.first["config"]:
            fail("规则和账本第 0 条记的不一致", "the rules do not have the hash of entry 0")
        self.terms = terms = read_terms(config)
        name = self.log.name if self.log else ""
        if terms.round != self.first["round"] or not name.endswith(f"/ledger/{terms.round}"):
            fail(
                "规则、账本、密钥说的不是同一个轮次", "rules, ledger and key name different rounds"
            )
        self.config_hash = bytes.fromhex(self.first["config"])
        self.ledger = Ledger(terms)
        projects = len(terms.projects)
        return Text(f"{projects} 个项目", f"{projects} projects")

    def _check_checkpoints(self) -> Text:
        log = self.log
        assert log is not None  # noqa: S101 -- an earlier check has read it
        where = Text("checkpoints.json ", "checkpoints.json")
        notes = read_json(self.archive.data("checkpoints.json"), where)
        if (
            not isinstance(notes, list)
            or not notes
            or not all(isinstance(one, str) for one in notes)
        ):
            fail("没有封存点", "there are no checkpoints")
        self.checkpoints = [read_checkpoint(note, at, log) for at, note in enumerate(notes, 1)]
        sizes = [one.size for one in self.checkpoints]
        if sizes[0] < 1 or any(one >= next_ for one, next_ in pairwise(sizes)):
            fail("封存点没有逐个增长", "the checkpoints do not grow")
        return Text(f"{len(sizes)} 个封存点", f"{len(sizes)} checkpoints")

    def _check_entries(self) -> Text:
        _, terms, ledger = self._known
        tree, last, at = Tree(), b"", 0
        for index, raw in enumerate(self.archive.lines("ledger.jsonl")):
            if at == len(self.checkpoints):
                fail(
                    "账本里有封存点以外的条目", "the ledger holds entries that no checkpoint covers"
                )
            tree.append(leaf_hash(raw))
            last = self._take(ledger, raw, index, last)
            if index == 1 and terms.roll is not None and b'"kind":"roll"' not in raw:
                fail("账本第 1 条应该是名册", "entry 1 is not the roll")
            if tree.size == self.checkpoints[at].size:
                self._arrive(self.checkpoints[at], tree, ledger, at)
                last, at = b"", at + 1
        if terms.roll is not None and tree.size == 1:
            fail("账本第 1 条应该是名册", "entry 1 is not the roll")
        if at < len(self.checkpoints):
            fail("账本比封存点记的短", "the ledger is shorter than its checkpoints say")
        return Text(
            f"{tree.size} 条，其中选票 {len(ledger.ballots)} 张",
            f"{tree.size} entries, {len(ledger.ballots)} of them ballots",
        )

    @staticmethod
    def _take(ledger: Ledger, raw: bytes, index: int, last: bytes) -> bytes:
        """Take one entry; ``last`` is the last slot since the last checkpoint, or nothing."""
        match = _BALLOT.fullmatch(raw)
        if match is None:
            body = read_entry(raw, index)
            if last:
                fail(f"账本第 {index} 条排在选票后面", f"entry {index} stands behind ballots")
            ledger.take(body, index)
            return b""
        if index == 0:
            fail("账本第 0 条不是规则", "entry 0 is not the rules")
        if match[3] <= last:
            fail(
                f"账本第 {index} 条：选票没有按次序",
                f"entry {index}: ballots are not sorted by slot",
            )
        facts = bytes.fromhex((match[1] + match[2]).decode())
        ledger.take_ballot(bytes.fromhex(match[3].decode()), facts, index)
        return match[3]

    def _arrive(self, checkpoint: Checkpoint, tree: Tree, ledger: Ledger, at: int) -> None:
        before = self.checkpoints[at - 1].size if at else 0
        checkpoint.found_root = tree.root()
        checkpoint.found_ballots = len(ledger.ballots)
        checkpoint.found_cards = ledger.cards
        checkpoint.closed_just_before = ledger.closed_at >= before
        checkpoint.counted_just_before = ledger.tally_at >= before
        sheet = ledger.sheet or {}
        checkpoint.entered = sheet.get("entered", 0) + len(ledger.voids)
        checkpoint.is_explained = sheet.get("outcome") == "explained"
        checkpoint.has_sheet = sheet.get("outcome") in ("adds_up", "explained")
        checkpoint.has_papers = bool(ledger.papers)

    def _check_tree(self) -> Text:
        for number, one in enumerate(self.checkpoints, 1):
            if one.root != one.found_root:
                fail(
                    f"第 {number} 个封存点和账本不一致",
                    f"the root of checkpoint {number} is not that of its entries",
                )
        head = " ".join(self.head[at : at + 4] for at in range(0, 16, 4))
        return Text(f"最新封存号 {head}", f"head {head}")

    @property
    def head(self) -> str:
        """The first 16 digits of the newest root."""
        return self.checkpoints[-1].root.hex()[:16]

    def _check_figures(self) -> Text:
        _, terms, _ = self._known
        for number, one in enumerate(self.checkpoints, 1):
            before = self.checkpoints[number - 2] if number > 1 else None
            problem = figures_disagree(one, before, is_loaded=terms.is_loaded)
            if problem:
                fail(f"第 {number} 个封存点：{problem.zh}", f"checkpoint {number}: {problem.en}")
        last = self.checkpoints[-1]
        if terms.is_loaded:
            return Text("导入的选举没有领票记录", "a loaded election has no cards")
        return Text(
            f"已用投票权 {last.total} 份，投票卡已用 {last.cards[2]} 张，选票 {last.ballots} 张",
            f"{last.total} rights used, {last.cards[2]} cards spent, {last.ballots} ballots",
        )

    def _check_head(self) -> Text | None:
        wanted = self.wanted_head
        if wanted is None:
            return None
        if not any(one.root.hex().startswith(wanted) for one in self.checkpoints):
            fail(f"没有一个封存点的封存号是 {wanted}", f"no root begins with {wanted}")
        return Text(wanted, wanted)

    # -- the outcome

    def _check_outcome(self) -> Text | None:
        _, terms, ledger = self._known
        if ledger.tally is None:
            if self._has("outcome.json") or self._has("openings.jsonl"):
                fail("还没有计票，却有结果", "there is an outcome before the count")
            return None
        if not self._has("outcome.json"):
            fail("已经计票，却没有结果文件", "the outcome is missing")
        raw = self.archive.data("outcome.json")
        if hashlib.sha256(raw).hexdigest() != (ledger.draw or ledger.tally)["outcome"]:
            fail("结果和账本记的不一致", "the outcome does not have the hash of the ledger")
        outcome = read_json(raw, Text("outcome.json ", "outcome.json"))
        if not isinstance(outcome, dict) or set(outcome) != _OUTCOME | terms.more_names:
            fail("结果的内容不合格式", "the outcome does not have exactly its names")
        self.outcome = outcome
        self.votes = self._votes(outcome, terms)
        self._check_numbers(outcome)
        self._check_tests(outcome["tests"], outcome["ballots"], ledger)
        self._check_lot(outcome, ledger)
        number = (ledger.draw or {}).get("number")
        return Text(
            f"选票 {outcome['ballots']} 张" + (f"，抽签号码 {number}" if number else ""),
            f"{outcome['ballots']} ballots" + (f", lot drawn with {number}" if number else ""),
        )

    @staticmethod
    def _votes(outcome: Json, terms: Terms) -> dict[str, int]:
        ids = {one.id for one in terms.projects.values()}
        stated = outcome["votes"]
        if not isinstance(stated, dict) or set(stated) != ids:
            fail("结果里的项目和名单不一致", "the outcome names other projects than the list")
        votes = {id: read_votes(value, terms.point_decimals) for id, value in stated.items()}
        if any(value is None or value < 0 for value in votes.values()):
            fail("结果里的票数写法不对", "votes in the outcome are malformed")
        return {id: value or 0 for id, value in votes.items()}

    @staticmethod
    def _check_numbers(outcome: Json) -> None:
        flaws, channels = outcome["flaws"], outcome["channels"]
        whole = [outcome["ballots"], outcome["blank"], outcome["invalid"]]
        for counts, known in ((flaws, _FLAWS), (channels, _CHANNELS)):
            if not isinstance(counts, dict):
                fail("结果的内容不合格式", "the outcome is malformed")
            # Channels with few ballots stand together: "assisted+paper".
            names = [one for name in counts for one in name.split("+")]
            if len(set(names)) != len(names) or not set(names) <= known:
                fail("结果的内容不合格式", "the outcome is malformed")
            if not all(map(_is_positive, counts.values())):
                fail("结果的内容不合格式", "the outcome is malformed")
        if not all(map(_is_count, whole)):
            fail("结果的内容不合格式", "the outcome is malformed")
        readable = outcome["ballots"] - flaws.get("unreadable", 0)
        if sum(flaws.values()) != outcome["invalid"] or sum(channels.values()) != readable:
            fail("结果里的票数加起来对不上", "the outcome's numbers of ballots do not add up")
        if outcome["blank"] + outcome["invalid"] > outcome["ballots"]:
            fail("空白票和无效票比选票还多", "more blank and invalid ballots than ballots")

    @staticmethod
    def _check_tests(tests: object, ballots: int, ledger: Ledger) -> None:
        if (
            not isinstance(tests, dict)
            or set(tests) != _TESTS
            or not all(map(_is_count, tests.values()))
        ):
            fail("结果里暗访卡的数字不合格式", "the outcome's test cards are malformed")
        found = sum(slot in ledger.ballots for slot in ledger.reveals)
        if (tests["drawn"], tests["revealed"], tests["found"]) != (
            ledger.drawn, len(ledger.reveals), found,
        ):  # fmt: skip
            fail(
                "结果里暗访卡的数字和账本不一致",
                "the outcome's test cards are not those of the ledger",
            )
        if tests["same"] > found or tests["revealed"] > tests["drawn"]:
            fail("结果里暗访卡的数字对不上", "the outcome's test cards do not add up")
        if ballots != len(ledger.ballots) - len(ledger.aside):
            fail(
                "结果的票数和账本不一致",
                "the outcome has another number of ballots than the ledger",
            )

    def _check_lot(self, outcome: Json, ledger: Ledger) -> None:
        commitments = sorted(facts[:32] for facts in ledger.ballots.values())
        digest = hashlib.sha256(b"".join(commitments)).digest()
        if outcome["urn_digest"] != digest.hex():
            fail("票箱的摘要和账本不一致", "the urn's digest is not that of the ledger")
        self.seed = self._seed(digest, ledger)
        if outcome["draw_seed"] != (b"" if self.seed is None else self.seed).hex():
            fail("抽签的种子不对", "the lot's seed is wrong")

    def _seed(self, digest: bytes, ledger: Ledger) -> bytes | None:
        """Return the seed of the lot, or None while a lot in public has not been drawn."""
        if ledger.terms.draw_way == "urn":
            return hashlib.sha256(b"draw 1\x00" + self.config_hash + digest).digest()
        draw = ledger.draw
        if draw is None:
            return None
        covering = next(one for one in self.checkpoints if one.size > ledger.tally_at)
        if (draw["size"], draw["root"]) != (covering.size, covering.root.hex()):
            fail(
                "抽签用的不是第一个包含计票的封存点",
                "the lot does not follow from the first checkpoint that covers the count",
            )
        number = str(draw["number"]).encode()
        return hashlib.sha256(b"draw 2\x00" + covering.root + number).digest()

    def _check_arithmetic(self) -> Text | None:
        _, terms, ledger = self._known
        if self.outcome is None:
            return None
        outcome = self.outcome
        valid = outcome["ballots"] - outcome["blank"] - outcome["invalid"]
        gone = {terms.projects[number].id for number in ledger.withdrawn_at_tally}
        check_bounds(self.votes, gone, outcome, terms)
        check_spending(self.votes, valid, terms, ledger.withdrawn_at_tally)
        expected = self._allocated(self.votes, valid)
        compare(outcome, expected)
        if terms.draw_way == "public":
            self._check_draw(outcome, valid, ledger)
        check_cut(ledger.cut, expected["funded"], terms)
        funded, part = len(expected["funded"]), expected.get("turnout")
        return Text(
            f"入选 {funded} 个，共 {expected['spent']}"
            + (f"；名册 {part['roll']} 人，登记投票 {part['marked']} 人" if part else ""),
            f"{funded} funded, {expected['spent']} spent"
            + (f"; {part['marked']} of {part['roll']} on the roll took part" if part else ""),
        )

    def _allocated(self, votes: Mapping[str, int], valid: int) -> Json:
        return self._allocating(votes, valid, self.seed)(None)

    def _allocating(
        self, votes: Mapping[str, int], valid: int, seed: bytes | None = None
    ) -> Callable[[Mapping[str, int] | None], Json]:
        """Return what allocates with some ids lifted; without a seed the lot has not been drawn."""
        _, terms, ledger = self._known
        gone, took_part = ledger.withdrawn_at_tally, self._took_part()
        return lambda lifted: allocate(
            terms, votes, gone, seed, lifted, valid=valid, took_part=took_part
        )

    def _took_part(self) -> dict[str, int] | None:
        """Return the turnout that the ledger states for the count, where the round asks for one."""
        _, terms, ledger = self._known
        if not terms.least_turnout:
            return None
        covering = next(one for one in self.checkpoints if one.size > ledger.tally_at)
        if covering.total > ledger.on_roll:
            fail(
                "用掉的投票权比名册上的人还多", "more rights were used than people are on the roll"
            )
        return {"marked": covering.total, "roll": ledger.on_roll, "least": terms.least_turnout}

    def _check_draw(self, outcome: Json, valid: int, ledger: Ledger) -> None:
        """A lot in public is drawn where it decides, nowhere else, and before the result goes on."""
        allocated = self._allocating(self.votes, valid)
        is_needed = needs_lot(allocated)
        if ledger.draw is None:
            if is_needed and ledger.is_submitted:
                fail(
                    "并列要抽签，没有抽签就送审了结果",
                    "the result went on without the lot that its ties need",
                )
            return
        if not is_needed:
            fail("没有要抽签的并列，却抽了签", "a lot was drawn though no tie needs one")
        text = _ENCODER.encode(outcome | allocated(None) | {"draw_seed": ""})
        if (
            ledger.tally is None
            or ledger.tally["outcome"] != hashlib.sha256(text.encode()).hexdigest()
        ):
            fail(
                "抽签以前的结果和账本里记的计票不一致",
                "the outcome before the lot does not have the hash of the count",
            )

    # -- openings and ciphertexts

    def _check_openings(self) -> Text | None:
        _, terms, ledger = self._known
        if ledger.tally is None:
            return None
        may = self.sort == "monitors" or (self.sort == "public" and terms.publication == "full")
        if not self._has("openings.jsonl"):
            if may and not ledger.is_destroyed:
                fail(
                    "这种核对包应该有开出的选票，却没有",
                    "this sort of bundle should hold the openings",
                )
            return None
        if not may:
            fail("这种核对包不该有开出的选票", "this sort of bundle must not hold openings")
        self.said: Counter[bytes] = Counter()
        self.same = 0
        self._read_openings(terms, ledger)
        number = len(ledger.ballots)
        return Text(f"{number} 张", f"{number} ballots")

    def _read_openings(self, terms: Terms, ledger: Ledger) -> None:
        start = b"ballot leaf 1\x00" + terms.round.encode() + b"\x00" + self.config_hash
        length, last, number = terms.ballot_length, b"", 0
        for number, raw in enumerate(self.archive.lines("openings.jsonl"), 1):
            slot, salt, padded = read_opening(raw, number)
            facts = ledger.ballots.get(slot)
            if slot <= last or facts is None:
                fail(
                    f"第 {number} 张开出的选票不在账本里或重复",
                    f"opening {number} is not in the ledger",
                )
            length = length or len(padded)
            if (
                len(padded) != length
                or hashlib.sha256(start + slot + salt + padded).digest() != facts[:32]
            ):
                fail(
                    f"第 {number} 张开出的选票和投票时的封存不一致",
                    f"opening {number} does not give its commitment",
                )
            if slot in ledger.reveals:
                ballot = read_ballot(padded)
                self.same += ballot is not None and sorted(ballot.choices) == ledger.reveals[slot]
            elif slot not in ledger.voids:
                self.said[padded] += 1
            last = slot
        if number != len(ledger.ballots):
            fail(
                f"账本有 {len(ledger.ballots)} 张选票，只开出 {number} 张",
                f"{number} openings for {len(ledger.ballots)} ballots",
            )

    def _check_recount(self) -> Text | None:
        _, terms, ledger = self._known
        if self.outcome is None or not self._has("openings.jsonl"):
            return None
        count = Count(terms, ledger.withdrawn_at_tally)
        for padded, number in self.said.items():
            count.take(padded, number)
        votes = {one.id: count.votes[number] for number, one in terms.projects.items()}
        figures = count.figures()
        valid = count.ballots - figures["blank"] - figures["invalid"]
        expected = self._allocated(votes, valid) | figures
        expected["tests"] = self.outcome["tests"] | {"same": self.same}
        compare(self.outcome, expected)
        self.counted = count.ballots
        return Text(f"{count.ballots} 张选票", f"{count.ballots} ballots")

    def _check_urn(self) -> Text | None:
        _, terms, ledger = self._known
        if (self.sort == "sealed") != self._has("urn.jsonl"):
            fail(
                "密封的选票只能在开箱用的核对包里，而且必须在", "only the sealed sort holds the urn"
            )
        if self.sort != "sealed":
            return None
        length = None if terms.ballot_length is None else terms.ballot_length + 64
        last, number = b"", 0
        for number, raw in enumerate(self.archive.lines("urn.jsonl"), 1):
            slot, sealed = read_sealed(raw, number)
            facts = ledger.ballots.get(slot)
            if slot <= last or facts is None:
                fail(
                    f"第 {number} 张密封选票不在账本里或重复",
                    f"sealed ballot {number} is not in the ledger",
                )
            length = length or len(sealed)
            if hashlib.sha256(sealed).digest() != facts[32:] or len(sealed) != length:
                fail(
                    f"第 {number} 张密封选票和账本不一致",
                    f"sealed ballot {number} is not that of the ledger",
                )
            last = slot
        if number != len(ledger.ballots):
            fail("密封的选票比账本少", "the urn holds fewer ballots than the ledger")
        return Text(f"{number} 张", f"{number} ballots")

    # -- what was not checked

    def not_checked(self) -> list[Text]:
        """Return what this bundle, or this way of checking it, cannot show."""
        if self.failure or self.ledger is None or self.terms is None:
            return []
        found: list[Text] = []
        if self.wanted_head is None:
            found.append(_NO_HEAD)
        if self.ledger.tally is None:
            found.append(_NOT_COUNTED)
        elif not self._has("openings.jsonl"):
            found.append(_NO_OPENINGS)
        if self.sort != "sealed":
            found.append(_NO_SEALED)
        found.append(_LOADED if self.terms.is_loaded else _PEOPLE)
        if not self.terms.is_loaded:
            found.append(_PHONES)
        return found


def figures_disagree(one: Checkpoint, before: Checkpoint | None, *, is_loaded: bool) -> Text | None:
    """Return what is wrong with the figures of a checkpoint, or None."""
    total, printed, spent, void = one.cards
    if one.ballots != one.found_ballots:
        return Text("选票数和账本不一致", "not the number of ballots in the ledger")
    if sum(one.rights.values()) != one.total or printed + spent + void != total:
        return Text("数字加起来对不上", "the figures do not add up")
    if total != one.found_cards:
        return Text("投票卡数和账本里的批次不一致", "not the number of cards in the ledger")
    if is_loaded:
        has_any = one.total or total
        return (
            Text("导入的选举不该有领票记录", "a loaded election has no cards") if has_any else None
        )
    return _unbalanced(one, spent) or _fallen(one, before)


def _unbalanced(one: Checkpoint, spent: int) -> Text | None:
    """Hold the ballots against cards spent and rights used by other channels."""
    assisted = one.rights.get("assisted", 0)
    at_casting = sum(one.rights.get(name, 0) for name in _USED_AT_CASTING)
    on_paper = one.rights.get("paper_handed", 0)
    due = spent + at_casting + one.entered
    # Paper is keyed before its register is typed, and voided after its ballot is covered: the sheet tells.
    if not one.has_papers and not one.has_sheet and one.ballots > due + on_paper:
        return Text("选票比用掉的投票权多", "more ballots than rights used")
    is_plain = not at_casting and not on_paper and not one.has_papers
    if one.closed_just_before and is_plain and one.ballots != spent:
        return Text(
            "截止后选票数和用掉的投票卡数不等", "after the close, not one ballot for each card"
        )
    if one.has_sheet or (one.counted_just_before and not on_paper):
        # Somebody may have given a card back to be helped, and gone: a mark without a ballot.
        spare = assisted if not one.has_sheet else due if one.is_explained else 0
        if not due - spare <= one.ballots <= due:
            return Text(
                "选票数和用掉的投票权、录入的纸质票对不上",
                "not one ballot for each card spent, right used at once and paper entered",
            )
    return None


def _fallen(one: Checkpoint, before: Checkpoint | None) -> Text | None:
    if before is None:
        return None
    fell = any(
        one.rights.get(name, 0) < number
        for name, number in before.rights.items()
        if name not in ("card_handed", "paper_handed")
    )
    if fell or one.cards[2] < before.cards[2] or one.cards[3] < before.cards[3]:
        return Text("有的数字比上一个封存点还小", "a figure fell since the checkpoint before")
    return None


def check_bounds(votes: Mapping[str, int], gone: set[str], outcome: Json, terms: Terms) -> None:
    """Refuse votes that so many ballots cannot give; ``gone`` was withdrawn and uses up no choice."""
    naming = outcome["ballots"] - outcome["invalid"]
    valid = naming - outcome["blank"]
    counted = {id: number for id, number in votes.items() if id not in gone}
    top, whole = _most_of_one(terms, len(gone))
    if top is not None and any(number > valid * top for number in counted.values()):
        fail("有的项目得票比有效票还多", "a project has more votes than there are valid ballots")
    # Who names nobody but withdrawn projects casts a blank ballot, yet the votes of these are shown.
    if top is not None and any(votes[id] > naming * top for id in gone):
        fail(
            "撤下的项目得票比选票还多", "a withdrawn project has more votes than there are ballots"
        )
    if whole is not None and sum(counted.values()) > valid * whole:
        fail("得票合计多于有效票能投出的", "all votes together are more than the ballots allow")
    least = max(1, terms.least)
    if terms.kind != "cumulative" and (
        sum(votes.values()) < valid * least or sum(counted.values()) < valid
    ):
        fail("得票合计少于有效票至少要投出的", "all votes together are fewer than the ballots give")


def _most_of_one(terms: Terms, gone: int) -> tuple[int | None, int | None]:
    """Return the most that one ballot gives to one project, and to all that stand; None without a limit."""
    if terms.kind == "cumulative":
        return terms.most_points, terms.most_points
    unit = 10**terms.point_decimals
    if terms.kind == "ordinal":
        ranks = terms.most + gone
        return ranks * unit, ranks * (ranks + 1) // 2 * unit
    return unit, terms.most * unit


def check_spending(votes: Mapping[str, int], valid: int, terms: Terms, withdrawn: set[int]) -> None:
    """Refuse votes for projects that cost more than so many ballots inside a budget may spend."""
    standing = (one for number, one in terms.projects.items() if number not in withdrawn)
    spent = sum(one.cost * votes[one.id] for one in standing)
    if terms.spend_limit is not None and spent > valid * terms.spend_limit:
        fail("得票的项目合计多于有效票能选的金额", "the votes spend more than the ballots may")


def check_cut(body: Json | None, funded: Sequence[str], terms: Terms) -> None:
    """Refuse a cut that leaves others than the last of the funded, until the rest can be paid."""
    if body is None:
        return
    numbers = {one.id: number for number, one in terms.projects.items()}
    chosen = [numbers[id] for id in funded]
    kept = [number for number in chosen if number not in body["removed"]]
    while sum(terms.projects[number].cost for number in kept) > body["budget"]:
        kept.pop()
    removed = [number for number in chosen if number in body["removed"]]
    if body["budget"] >= terms.budget or body["removed"] != removed or body["funded"] != kept:
        fail("核减以后留下的项目不对", "the cut leaves other projects than it must")


def compare(outcome: Json, expected: Json) -> None:
    """Refuse the first field of an outcome that comes out otherwise."""
    for name, value in expected.items():
        if _ENCODER.encode(outcome[name]) != _ENCODER.encode(value):
            fail(f"重新计算，结果里的“{name}”不一样", f"{name} of the outcome comes out otherwise")


def read_opening(raw: bytes, number: int) -> tuple[bytes, bytes, bytes]:
    """Return slot, salt and padded ballot of a line."""
    where = Text(f"openings.jsonl 第 {number} 行", f"line {number} of openings.jsonl")
    line = read_json(raw, where)
    try:
        if set(line) == {"ballot", "salt", "slot"} and _is_hash(line["slot"]):
            salt, ballot = line["salt"], line["ballot"].encode("latin-1")
            if _is_hex(salt) and len(salt) == 32:
                return bytes.fromhex(line["slot"]), bytes.fromhex(salt), ballot
    except (TypeError, AttributeError, UnicodeEncodeError):
        pass
    fail(f"{where.zh}不合格式", f"{where.en} is malformed")


def read_sealed(raw: bytes, number: int) -> tuple[bytes, bytes]:
    """Return slot and ciphertext of a line."""
    where = Text(f"urn.jsonl 第 {number} 行", f"line {number} of urn.jsonl")
    line = read_json(raw, where)
    is_line = isinstance(line, dict) and set(line) == {"sealed", "slot"}
    if is_line and _is_hash(line["slot"]) and _is_hex(line["sealed"]):
        return bytes.fromhex(line["slot"]), bytes.fromhex(line["sealed"])
    fail(f"{where.zh}不合格式", f"{where.en} is malformed")


_NO_HEAD = Text(
    "没有和公告栏比对：请用 --head 输入公告上的 16 位封存号。不比对，就不能发现整本账被人用真密钥重写过。",
    "Not compared with the notice board: give its 16 digits with --head. Otherwise a ledger rewritten with "
    "the true key cannot be told from the true one.",
)
_NOT_COUNTED = Text(
    "还没有计票，没有结果可以核对。", "There was no count yet: there is no outcome to check."
)
_NO_OPENINGS = Text(
    "核对包里没有每张选票的内容：总票数是不是选票上写的，这里看不出来。监票人看过每一张。",
    "Whole ballots are not in this bundle: that the totals are what the ballots say it cannot show. "
    "Monitors have seen that.",
)
_NO_SEALED = Text(
    "密封的选票原件不在核对包里：只有开箱用的电脑核对过它们。",
    "The sealed ballots are not in this bundle: the computer that opened the urn has checked them.",
)
_PEOPLE = Text(
    "投票的人是不是都有资格、是不是本人，账本看不出来：名册公示、领票签名和回访管这件事。",
    "Whether those who voted were entitled and were who they said no ledger shows: the posted roll, the "
    "signatures and the call-backs are for that.",
)
_PHONES = Text(
    "手机上选的是不是原样封存，账本看不出来：监票人的暗访卡管这件事。",
    "Whether a phone's choice was sealed as it was made no ledger shows: the monitors' test cards are for "
    "that.",
)
_LOADED = Text(
    "这是导入的别处的选举：选票是从文件读进来的，没有投票卡和名册。",
    "This is an election of another place, loaded from a file: it has no cards and no roll.",
)

SORTS = {
    "public": Text("公开核对包", "public bundle"),
    "monitors": Text("监票人核对包", "monitors' bundle"),
    "sealed": Text("开箱用核对包", "sealed bundle"),
}


# ---------------------------------------------------------------------------------------------------------
# the report


def as_json(done: Verification, language: str) -> Json:
    """Return the answer of ``--json``."""

    def say(text: Text) -> str:
        return text.en if language == "en" else text.zh

    failure, terms, ledger = done.failure, done.terms, done.ledger
    is_read = bool(done.checkpoints and done.checkpoints[-1].found_root)
    return {
        "ok": failure is None,
        "sort": done.sort,
        "origin": done.log.name if done.log else None,
        "round": terms.round if terms else None,
        "title": terms.title if terms else None,
        "size": done.checkpoints[-1].size if is_read else None,
        "head": done.head if is_read else None,
        "ballots": len(ledger.ballots) if ledger and is_read else None,
        "checks": [{"name": c.name, "ok": c.ok, "detail": say(c.detail)} for c in done.checks],
        "not_checked": [say(text) for text in done.not_checked()],
        "failure": {"check": failure.name, "detail": say(failure.detail)} if failure else None,
    }


def as_text(done: Verification, language: str) -> str:
    """Return the report for people."""

    def say(text: Text) -> str:
        return text.en if language == "en" else text.zh

    english, failure = language == "en", done.failure
    lines = [("Verification of " if english else "核对 ") + done.path]
    if done.sort and done.log:
        title = done.terms.title if done.terms else ""
        lines.append("  ".join(filter(None, [say(SORTS[done.sort]), title, done.log.name])))
    lines.append("")
    colon = ": " if english else "："
    lines += [
        f"  {'✓' if check.ok else '✗'} {say(CHECKS[check.name])}{colon}{say(check.detail)}"
        for check in done.checks
    ]
    lines.append("")
    if failure:
        lines.append(
            "RESULT: it does NOT hold."
            if english
            else "结论：对不上。到这里为止，不能相信这个核对包。"
        )
        return "\n".join(lines) + "\n"
    lines.append(
        "RESULT: everything that was checked holds." if english else "结论：查过的都对得上。"
    )
    lines.append("What this cannot show:" if english else "这里看不出来的：")
    lines += [f"  - {say(text)}" for text in done.not_checked()]
    return "\n".join(lines) + "\n"


def head_digits(text: str) -> str:
    """Return the digits of a head as somebody types them: spaces and capitals do not matter."""
    digits = re.sub(r"[\s-]", "", text).lower()
    if not re.fullmatch(r"[0-9a-f]{16,64}", digits):
        raise argparse.ArgumentTypeError("--head: 16 to 64 hex digits / 请输入公告上的 16 位数字")
    return digits


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify one file; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="verify_bundle.py", description="核对投票的核对包 / verify the bundle of a vote"
    )
    parser.add_argument("file", metavar="FILE.zip")
    parser.add_argument("--head", type=head_digits, metavar="HEX", help="公告栏上的 16 位数字")
    parser.add_argument("--json", action="store_true", help="JSON")
    parser.add_argument("--english", action="store_true", help="report in English")
    parser.add_argument("--pure", action="store_true", help="do without the library cryptography")
    options = parser.parse_args(arguments)
    done = Verification(options.file, head=options.head, pure=options.pure)
    done.run()
    language = "en" if options.english else "zh"
    if options.json:
        text = json.dumps(as_json(done, language), ensure_ascii=False, indent=1) + "\n"
    else:
        text = as_text(done, language)
    sys.stdout.write(text)
    return 1 if done.failure else 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)
