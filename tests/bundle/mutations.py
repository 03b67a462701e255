"""Bundles that somebody has tampered with, without the key that signs. One function for each way.

Each takes a source of chance and a bundle, and returns the bundle changed; ``FOUND`` says in which checks
each way may be found, and nowhere else.
"""

import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterable

from tests.bundle.writing import Pieces, info, pack, unpack


class Unfit(Exception):
    """This bundle has nothing to change in this way."""


Mutation = Callable[[random.Random, Pieces], bytes]
FOUND: dict[Mutation, frozenset[str]] = {}
WHOLE = 22  # bytes of an end record


def found_in(*checks: str) -> Callable[[Mutation], Mutation]:
    """Register a way of tampering with the checks that find it."""

    def register(mutation: Mutation) -> Mutation:
        FOUND[mutation] = frozenset(checks)
        return mutation

    return register


def repacked(pieces: Pieces, change: Callable[[dict[str, bytes]], None]) -> bytes:
    files = unpack(pieces.write())
    change(files)
    return pack(files)


def _lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def _ballot_lines(rows: list[bytes]) -> list[int]:
    found = [at for at, row in enumerate(rows) if b'"kind":"ballot"' in row]
    if len(found) < 2:
        raise Unfit
    return found


# -- the archive


@found_in("archive", "signature", "manifest")
def a_flipped_bit(rng: random.Random, pieces: Pieces) -> bytes:
    raw = bytearray(pieces.write())
    raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return bytes(raw)


@found_in("archive")
def another_byte_in_the_directory(rng: random.Random, pieces: Pieces) -> bytes:
    raw = bytearray(pieces.write())
    start = raw.index(b"PK\x01\x02")
    raw[rng.randrange(start, len(raw))] ^= 1 << rng.randrange(8)
    return bytes(raw)


@found_in("archive")
def cut_short(rng: random.Random, pieces: Pieces) -> bytes:
    raw = pieces.write()
    return raw[: rng.randrange(len(raw))]


@found_in("archive")
def something_before_it(rng: random.Random, pieces: Pieces) -> bytes:
    return rng.randbytes(rng.randrange(1, 40)) + pieces.write()


@found_in("archive")
def something_after_it(rng: random.Random, pieces: Pieces) -> bytes:
    return pieces.write() + rng.randbytes(rng.randrange(1, 40))


@found_in("archive")
def a_comment(rng: random.Random, pieces: Pieces) -> bytes:
    raw = io.BytesIO(pieces.write())
    with zipfile.ZipFile(raw, "a") as archive:
        archive.comment = b"x" * rng.randrange(1, 9)
    return raw.getvalue()


def _rewritten(pieces: Pieces, change: Callable[[zipfile.ZipInfo], None], chosen: str) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name, data in unpack(pieces.write()).items():
            one = info(name)
            if name == chosen:
                change(one)
            archive.writestr(one, data)
    return raw.getvalue()


def _any_name(rng: random.Random, pieces: Pieces) -> str:
    return rng.choice(sorted(unpack(pieces.write())))


@found_in("archive")
def an_extra_field(rng: random.Random, pieces: Pieces) -> bytes:
    def change(one: zipfile.ZipInfo) -> None:
        one.extra = struct.pack("<HH", 0x7075, 4) + rng.randbytes(4)

    return _rewritten(pieces, change, _any_name(rng, pieces))


@found_in("archive")
def compressed(rng: random.Random, pieces: Pieces) -> bytes:
    def change(one: zipfile.ZipInfo) -> None:
        one.compress_type = zipfile.ZIP_DEFLATED

    return _rewritten(pieces, change, _any_name(rng, pieces))


@found_in("archive")
def another_time_or_system(rng: random.Random, pieces: Pieces) -> bytes:
    def change(one: zipfile.ZipInfo) -> None:
        if rng.random() < 0.5:
            one.date_time = (2026, 12, 1, 8, 0, 0)
        else:
            one.create_system = 0

    return _rewritten(pieces, change, _any_name(rng, pieces))


@found_in("archive", "signature")
def a_renamed_file(rng: random.Random, pieces: Pieces) -> bytes:
    old = _any_name(rng, pieces)
    new = rng.choice(["Config.json", "extra.txt", "ledger.jsonl ", "../about.txt", "urn2.jsonl"])
    files = {new if name == old else name: data for name, data in unpack(pieces.write()).items()}
    return pack(files)


@found_in("archive")
def files_in_another_order(rng: random.Random, pieces: Pieces) -> bytes:
    files = list(unpack(pieces.write()).items())
    one, other = rng.sample(range(len(files)), 2)
    files[one], files[other] = files[other], files[one]
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name, data in files:
            archive.writestr(info(name), data)
    return raw.getvalue()


@found_in("archive", "signature", "manifest")
def a_missing_file(rng: random.Random, pieces: Pieces) -> bytes:
    name = _any_name(rng, pieces)
    files = unpack(pieces.write())
    del files[name]
    return pack(files)


@found_in("manifest")
def a_file_too_many(rng: random.Random, pieces: Pieces) -> bytes:
    spare = [name for name in ("openings.jsonl", "urn.jsonl") if name not in pieces.files()]
    name = rng.choice(spare)
    return repacked(pieces, lambda files: files.update({name: b""}))


@found_in("archive")
def not_a_bundle(rng: random.Random, _pieces: Pieces) -> bytes:
    return rng.choice(
        [b"", b"PK", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), rng.randbytes(5000), b"{}"]
    )


# -- the ledger and the other files, the manifest left as it was


def _in_ledger(pieces: Pieces, change: Callable[[list[bytes]], Iterable[bytes]]) -> bytes:
    def rewrite(files: dict[str, bytes]) -> None:
        files["ledger.jsonl"] = b"".join(change(_lines(files["ledger.jsonl"])))

    return repacked(pieces, rewrite)


@found_in("manifest")
def two_ballots_swapped(rng: random.Random, pieces: Pieces) -> bytes:
    def change(rows: list[bytes]) -> list[bytes]:
        one, other = rng.sample(_ballot_lines(rows), 2)
        rows[one], rows[other] = rows[other], rows[one]
        return rows

    return _in_ledger(pieces, change)


@found_in("manifest")
def a_ballot_deleted(rng: random.Random, pieces: Pieces) -> bytes:
    def change(rows: list[bytes]) -> list[bytes]:
        del rows[rng.choice(_ballot_lines(rows))]
        return rows

    return _in_ledger(pieces, change)


@found_in("manifest")
def a_ballot_doubled(rng: random.Random, pieces: Pieces) -> bytes:
    def change(rows: list[bytes]) -> list[bytes]:
        at = rng.choice(_ballot_lines(rows))
        return [*rows[:at], rows[at], *rows[at:]]

    return _in_ledger(pieces, change)


@found_in("manifest")
def a_ballot_added(rng: random.Random, pieces: Pieces) -> bytes:
    def change(rows: list[bytes]) -> list[bytes]:
        row = b'{"commitment":"%b","kind":"ballot","sealed":"%b","slot":"%b"}\n'
        new = row % tuple(rng.randbytes(32).hex().encode() for _ in range(3))
        at = rng.choice(_ballot_lines(rows))
        return [*rows[:at], new, *rows[at:]]

    return _in_ledger(pieces, change)


@found_in("manifest")
def a_log_cut_or_shuffled(rng: random.Random, pieces: Pieces) -> bytes:
    def change(rows: list[bytes]) -> list[bytes]:
        rest = rows[1:]
        if len(rest) < 2:
            raise Unfit
        if rng.random() < 0.5:
            return [rows[0], *rest[: rng.randrange(len(rest))]]
        return [rows[0], *rest[::-1]]

    return _in_ledger(pieces, change)


@found_in("manifest")
def a_moved_total(rng: random.Random, pieces: Pieces) -> bytes:
    if pieces.outcome is None:
        raise Unfit
    id = rng.choice(sorted(pieces.outcome["votes"]))
    pieces.outcome["votes"][id] = 4711
    changed = pieces.files()["outcome.json"]
    pieces.outcome["votes"][id] = None
    return repacked(pieces, lambda files: files.update({"outcome.json": changed}))


@found_in("manifest")
def white_space_in_a_file(rng: random.Random, pieces: Pieces) -> bytes:
    names = set(pieces.files()) - {"ledger.jsonl"}
    name = rng.choice(sorted(names))
    return repacked(pieces, lambda files: files.update({name: files[name] + b"\n"}))
