"""Opening an urn on a computer that has no database: a sealed bundle in, openings out (bundle.md).

The bundle's own signature is checked by ``verify_bundle.py``; here every ballot is held against the digest
of its ciphertext and the commitment that stand in the ledger, and nothing else of the bundle is believed.
"""

import hashlib
import json
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

from voting.adapters.sealing import forget_private_keys, public_of
from voting.adapters.unsealing import Pair, cores, unseal_many
from voting.ballots.rules import SALT_LENGTH, leaf_of, receipt_code, seal_info
from voting.custody.rules import OtherKeySheet, check_sheet, join, read_sheet
from voting.errors import Refusal
from voting.journal.rules import canonical
from voting.tally.service.entries import ForeignEntry, LeafChanged
from voting.tally.service.openings import Opening

OPENINGS = "openings.jsonl"
_MOST_BYTES = 2 * 1024**3
_LONGEST_LINE = 64 * 1024
_AT_ONCE = 500
# Whatever a damaged archive may raise while it is read.
_UNREADABLE = (
    OSError, KeyError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError,
)  # fmt: skip
_STAMP = (1980, 1, 1, 0, 0, 0)


class NotABundle(Refusal):
    """It is no archive with these files."""

    msgid = "“%(file)s”不是这里要的文件包：缺 %(name)s，或者已经损坏。请重新导出。"
    status = 422
    field = "file"


class EntryMissing(Refusal):
    """Urn and ledger do not hold the same ballots."""

    msgid = (
        "文件包里的票箱和公开账本对不上（回执号 %(code)s）。没有开箱。请重新导出，或联系管理员。"
    )


@dataclass(frozen=True)
class SealedUrn:
    """What a sealed bundle says of its round, and where its ciphertexts are."""

    path: Path
    round_id: str
    title: str
    config_hash: bytes
    public: bytes
    set_no: int
    ballots: dict[bytes, tuple[bytes, bytes]]


def read_sealed_bundle(path: Path) -> SealedUrn:
    """Read rules and ledger of a sealed bundle; raise NotABundle."""
    config_text = b"".join(_lines(path, "config.json", whole=True))
    try:
        config = json.loads(config_text)
        ballots, set_no = _read_ledger(path)
        return SealedUrn(
            path=path,
            round_id=str(config["round"]["id"]),
            title=str(config["round"]["title"]),
            config_hash=hashlib.sha256(config_text).digest(),
            public=bytes.fromhex(config["seal_public"]),
            set_no=set_no,
            ballots=ballots,
        )
    except (ValueError, KeyError, TypeError, RecursionError) as broken:
        raise NotABundle(file=path.name, name="config.json") from broken


def open_offline(
    urn: SealedUrn, target: Path, *, typed: tuple[str, str], progress: Callable[[int], None] | None
) -> int:
    """Write what comes out of a sealed urn to ``target`` and return how many ballots there were.

    Raises what is wrong with a sheet, EntryMissing, ForeignEntry or LeafChanged; then there is no target.
    """
    private = _private(urn, typed)
    temporary = target.with_name(f".{target.name}.part")
    try:
        opened = _write(urn, private, temporary, progress)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
        forget_private_keys()
    return opened


def read_openings(path: Path, name: str = "") -> Iterator[Opening]:
    """Yield the openings of an archive that ``open_offline`` wrote; raise NotABundle."""
    for line in _lines(path, OPENINGS, shown=name):
        try:
            said = json.loads(line)
            slot, salt = bytes.fromhex(said["slot"]), bytes.fromhex(said["salt"])
            yield Opening(slot, salt, str(said["ballot"]).encode("latin-1"))
        except (ValueError, KeyError, TypeError, RecursionError) as broken:
            raise NotABundle(file=name or path.name, name=OPENINGS) from broken


def _private(urn: SealedUrn, typed: tuple[str, str]) -> bytes:
    sheets = [read_sheet(text) for text in typed]
    for sheet in sheets:
        check_sheet(sheet, round_id=urn.round_id, public=urn.public, set_no=urn.set_no)
    private = join(*sheets)
    if public_of(private) != urn.public:
        raise OtherKeySheet
    return private


def _write(
    urn: SealedUrn, private: bytes, target: Path, progress: Callable[[int], None] | None
) -> int:
    done = 0
    left = dict(urn.ballots)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(OPENINGS, _STAMP)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(entry, "w", force_zip64=True) as file:
            for openings in _opened(urn, private, left):
                file.writelines(map(_line, openings))
                done += len(openings)
                if progress:
                    progress(done)
    if left:
        raise EntryMissing(code=receipt_code(next(iter(left))))
    return done


def _opened(
    urn: SealedUrn, private: bytes, left: dict[bytes, tuple[bytes, bytes]]
) -> Iterator[list[Opening]]:
    """Yield what comes out, on all cores, some hundred at a time; each is taken out of ``left``."""
    asked: deque[list[bytes]] = deque()
    found = _entries(urn)

    def requests() -> Iterator[list[Pair]]:
        while some := list(islice(found, _AT_ONCE)):
            asked.append([slot for slot, _sealed in some])
            yield [_pair(urn, left, slot, sealed) for slot, sealed in some]

    for texts in unseal_many(private, requests(), children=cores()):
        slots = asked.popleft()
        yield [_checked(urn, *one) for one in zip(slots, texts, strict=True)]


def _pair(
    urn: SealedUrn, left: dict[bytes, tuple[bytes, bytes]], slot: bytes, sealed: bytes
) -> Pair:
    fixed = left.pop(slot, None)
    if fixed is None or hashlib.sha256(sealed).digest() != fixed[1]:
        raise EntryMissing(code=receipt_code(slot))
    return seal_info(urn.round_id, urn.config_hash, slot), sealed


def _checked(urn: SealedUrn, slot: bytes, text: bytes | None) -> Opening:
    if text is None:
        raise ForeignEntry(code=receipt_code(slot))
    salt, padded = text[:SALT_LENGTH], text[SALT_LENGTH:]
    if leaf_of(urn.round_id, urn.config_hash, slot, salt, padded) != urn.ballots[slot][0]:
        raise LeafChanged(code=receipt_code(slot))
    return Opening(slot, salt, padded)


def _line(opening: Opening) -> bytes:
    said = {
        "ballot": opening.padded.decode("latin-1"),
        "salt": opening.salt.hex(),
        "slot": opening.slot.hex(),
    }
    return canonical(said).encode() + b"\n"


def _entries(urn: SealedUrn) -> Iterator[tuple[bytes, bytes]]:
    for line in _lines(urn.path, "urn.jsonl"):
        try:
            said = json.loads(line)
            yield bytes.fromhex(said["slot"]), bytes.fromhex(said["sealed"])
        except (ValueError, KeyError, TypeError, RecursionError) as broken:
            raise NotABundle(file=urn.path.name, name="urn.jsonl") from broken


def _read_ledger(path: Path) -> tuple[dict[bytes, tuple[bytes, bytes]], int]:
    """Return commitment and digest of the ciphertext by slot, and the number of the set of sheets in use."""
    ballots: dict[bytes, tuple[bytes, bytes]] = {}
    set_no = 1
    for line in _lines(path, "ledger.jsonl"):
        entry: dict[str, Any] = json.loads(line)
        if entry["kind"] == "ballot":
            slot, *fixed = (bytes.fromhex(entry[name]) for name in ("slot", "commitment", "sealed"))
            ballots[slot] = (fixed[0], fixed[1])
        elif entry["kind"] == "sheets":
            set_no = int(entry["set"])
    return ballots, set_no


def _lines(path: Path, name: str, *, whole: bool = False, shown: str = "") -> Iterator[bytes]:
    """Yield the lines of a member without their ends, or all of it at once."""
    refusal = NotABundle(file=shown or path.name, name=name)
    try:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo(name)
            if info.file_size > _MOST_BYTES:
                raise refusal
            with archive.open(info) as file:
                if whole:
                    yield file.read()
                    return
                yield from _bounded(file, refusal)
    except _UNREADABLE as broken:
        raise refusal from broken


def _bounded(file: IO[bytes], refusal: Refusal) -> Iterator[bytes]:
    while line := file.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise refusal
        yield line.rstrip(b"\n")
