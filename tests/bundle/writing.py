"""Bundles from docs/2_rules/bundle.md, written by code of their own: zipfile, recursion, true keys.

``Pieces`` is a bundle before it is written, so that a test can change a part and write the rest anew, with
the true key or another. Only the outcome comes from the platform's own count, so that the verifier's count
is held against it.
"""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Json = dict[str, Any]

DATE = (1980, 1, 1, 0, 0, 0)


def canonical(value: object) -> str:
    """Return canonical JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(data: bytes) -> bytes:
    """Return SHA-256."""
    return hashlib.sha256(data).digest()


@dataclass(frozen=True)
class Signer:
    """A log key with its name."""

    name: str
    private: Ed25519PrivateKey

    @cached_property
    def public(self) -> bytes:
        """The 32 bytes of the public key."""
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @cached_property
    def key_id(self) -> bytes:
        """The four bytes that name the key."""
        return sha256(self.name.encode() + b"\n\x01" + self.public)[:4]

    @property
    def verifier_key(self) -> str:
        """The key as entry 0 has it."""
        encoded = base64.b64encode(b"\x01" + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    def note(self, text: str) -> str:
        """Return a signed note."""
        return signed(text, self.name, self.key_id + self.private.sign(text.encode()))


def signed(text: str, name: str, packed: bytes) -> str:
    """Put a signature under a text."""
    return f"{text}\n\u2014 {name} {base64.b64encode(packed).decode()}\n"


def signer(name: str, seed: bytes) -> Signer:
    """Return the signer of a seed of any length."""
    return Signer(name, Ed25519PrivateKey.from_private_bytes(sha256(b"test key" + seed)))


class Roots:
    """Roots of the beginnings of a list, by the recursion of RFC 9162 §2.1.1; whole parts are kept."""

    def __init__(self, bodies: Iterable[str]) -> None:
        self.leaves = [sha256(b"\x00" + body.encode()) for body in bodies]
        self._kept: dict[tuple[int, int], bytes] = {}

    def root(self, size: int) -> bytes:
        """Return the root of the first ``size`` bodies."""
        return self._over(0, size) if size else sha256(b"")

    def _over(self, start: int, size: int) -> bytes:
        if size == 1:
            return self.leaves[start]
        if (start, size) in self._kept:
            return self._kept[start, size]
        left = 1
        while left * 2 < size:
            left *= 2
        node = b"\x01" + self._over(start, left) + self._over(start + left, size - left)
        if size & (size - 1) == 0:
            self._kept[start, size] = sha256(node)
        return sha256(node)


@dataclass
class Step:
    """The entries that one checkpoint adds, and the figures it states."""

    entries: list[Json]
    rights: Mapping[str, int]
    cards: Mapping[str, int]
    at: str
    journal: str = "00" * 32
    said: Json = field(
        default_factory=dict
    )  # what a lying checkpoint states: ballots, root, total, cards

    def text(self, origin: str, size: int, root: bytes, ballots: int) -> str:
        """Return the text of the checkpoint."""
        said, used = self.said, sorted((n, c) for n, c in self.rights.items() if c)
        cards = {name: self.cards.get(name, 0) for name in ("printed", "spent", "void")}
        lines = [
            origin,
            str(size),
            base64.b64encode(said.get("root", root)).decode(),
            f"time {self.at}",
            f"ballots {said.get('ballots', ballots)}",
            f"participation {said.get('total', sum(c for _, c in used))}"
            + "".join(f" {n}={c}" for n, c in used),
            f"cards {said.get('cards', sum(cards.values()))}"
            + "".join(f" {n}={c}" for n, c in cards.items()),
            f"journal {self.journal}",
        ]
        return "".join(f"{line}\n" for line in lines)


@dataclass
class Pieces:
    """A bundle before it is written."""

    sort: str
    key: Signer
    round: str
    config: Json
    steps: list[Step]
    outcome: Json | None = None
    openings: list[Json] | None = None
    urn: list[Json] | None = None

    @property
    def config_text(self) -> str:
        """The frozen text."""
        return canonical(self.config)

    @property
    def config_hash(self) -> bytes:
        """What entry 0 says of it."""
        return sha256(self.config_text.encode())

    @property
    def entries(self) -> list[Json]:
        """All entries."""
        return [entry for step in self.steps for entry in step.entries]

    def of_kind(self, kind: str) -> list[Json]:
        """Return the entries of a kind."""
        return [entry for entry in self.entries if entry.get("kind") == kind]

    def checkpoints(self) -> list[str]:
        """Return the signed checkpoints."""
        roots, size, ballots, notes = Roots(map(canonical, self.entries)), 0, 0, []
        for step in self.steps:
            size += len(step.entries)
            ballots += sum(entry.get("kind") == "ballot" for entry in step.entries)
            notes.append(self.key.note(step.text(self.key.name, size, roots.root(size), ballots)))
        return notes

    def head(self) -> str:
        """Return the 16 digits of the newest root."""
        return Roots(map(canonical, self.entries)).root(len(self.entries)).hex()[:16]

    def files(self) -> dict[str, bytes]:
        """Return all files but the manifest."""
        found = {
            "about.txt": "这是核对包。 / This is a bundle.\n",
            "config.json": self.config_text,
            "ledger.jsonl": _lines(self.entries),
            "checkpoints.json": canonical(self.checkpoints()),
        }
        if self.outcome is not None:
            found["outcome.json"] = canonical(self.outcome)
        if self.openings is not None:
            found["openings.jsonl"] = _lines(self.openings)
        if self.urn is not None:
            found["urn.jsonl"] = _lines(self.urn)
        return {name: text.encode() for name, text in found.items()}

    def record_outcome(self) -> None:
        """Let the entry of the count name the outcome as it now stands."""
        digest = sha256(canonical(self.outcome).encode()).hex()
        for entry in self.of_kind("tally"):
            entry["outcome"] = digest

    def record_config(self) -> None:
        """Let entry 0 name the frozen text as it now stands."""
        self.entries[0]["config"] = self.config_hash.hex()

    def write(self) -> bytes:
        """Return the bundle."""
        files = self.files()
        return pack({"manifest.note": manifest(self.sort, self.key, files)} | files)


def _lines(rows: Iterable[Json]) -> str:
    return "".join(f"{canonical(row)}\n" for row in rows)


def manifest_text(sort: str, origin: str, files: Mapping[str, bytes]) -> str:
    """Return what a manifest says."""
    rows = [f"{sha256(data).hex()} {len(data)} {name}" for name, data in sorted(files.items())]
    return "".join(f"{line}\n" for line in [origin, f"bundle {sort}", *rows])


def manifest(sort: str, key: Signer, files: Mapping[str, bytes]) -> bytes:
    """Return the signed manifest."""
    return key.note(manifest_text(sort, key.name, files)).encode()


def info(name: str) -> zipfile.ZipInfo:
    """Return how a file stands in the archive."""
    one = zipfile.ZipInfo(name, DATE)
    one.create_system = 3
    one.external_attr = 0o100644 << 16
    return one


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return the archive: the manifest first, the rest by name."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name in sorted(files, key=lambda one: (one != "manifest.note", one)):
            archive.writestr(info(name), files[name])
    return raw.getvalue()


def unpack(raw: bytes) -> dict[str, bytes]:
    """Return the files of an archive."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
