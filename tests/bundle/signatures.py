"""Bundles whose signatures somebody has tampered with, without the key that signs."""

import base64
import random
from collections.abc import Callable

from tests.bundle.mutations import found_in, repacked
from tests.bundle.writing import Pieces, manifest, pack, signed, signer

L = 2**252 + 27742317777372353535851937790883648493


def _note_parts(note: bytes) -> tuple[str, str, bytes]:
    text, _, last = note.decode().rpartition("\n\n")
    _, name, packed = last.strip().split(" ")
    return f"{text}\n", name, base64.b64decode(packed)


def _with_manifest(pieces: Pieces, change: Callable[[bytes], bytes]) -> bytes:
    def rewrite(files: dict[str, bytes]) -> None:
        files["manifest.note"] = change(files["manifest.note"])

    return repacked(pieces, rewrite)


@found_in("signature")
def s_plus_l(_rng: random.Random, pieces: Pieces) -> bytes:
    def change(note: bytes) -> bytes:
        text, name, packed = _note_parts(note)
        s = int.from_bytes(packed[36:], "little") + L
        return signed(text, name, packed[:36] + s.to_bytes(32, "little")).encode()

    return _with_manifest(pieces, change)


@found_in("signature")
def base64_written_otherwise(rng: random.Random, pieces: Pieces) -> bytes:
    def change(note: bytes) -> bytes:
        start, last = note[:-3], note[-3:-2]  # the last digit before "=" and the line feed
        alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        digit = alphabet.index(last)
        other = alphabet[digit ^ rng.randrange(1, 4) : (digit ^ 3) + 64][:1]
        if rng.random() < 0.3:
            return note[:-2] + b"\n"
        return start + other + note[-2:]

    return _with_manifest(pieces, change)


@found_in("signature")
def another_signature(rng: random.Random, pieces: Pieces) -> bytes:
    def change(note: bytes) -> bytes:
        text, name, packed = _note_parts(note)
        odd = bytearray(packed)
        odd[rng.randrange(4, 68)] ^= 1 << rng.randrange(8)
        return signed(text, name, bytes(odd)).encode()

    return _with_manifest(pieces, change)


@found_in("signature")
def two_signatures(_rng: random.Random, pieces: Pieces) -> bytes:
    return _with_manifest(pieces, lambda note: note + note.splitlines(keepends=True)[-1])


@found_in("signature")
def a_manifest_of_a_foreign_key(rng: random.Random, pieces: Pieces) -> bytes:
    foreign = signer(pieces.key.name, rng.randbytes(8))

    def change(files: dict[str, bytes]) -> None:
        del files["manifest.note"]
        if "outcome.json" in files:
            files["outcome.json"] = files["outcome.json"].replace(b'"blank":', b'"blank":1')
        files["manifest.note"] = manifest(pieces.sort, foreign, files)

    return repacked(pieces, change)


@found_in("signature")
def a_foreign_signature_under_the_true_key_id(rng: random.Random, pieces: Pieces) -> bytes:
    foreign = signer(pieces.key.name, rng.randbytes(8))

    def change(note: bytes) -> bytes:
        text, name, packed = _note_parts(note)
        return signed(text, name, packed[:4] + foreign.private.sign(text.encode())).encode()

    return _with_manifest(pieces, change)


@found_in("checkpoints")
def everything_but_the_checkpoints_by_a_foreign_key(rng: random.Random, pieces: Pieces) -> bytes:
    checkpoints = pieces.files()["checkpoints.json"]
    pieces.key = signer(pieces.key.name, rng.randbytes(8))
    pieces.entries[0]["log"] = pieces.key.verifier_key
    files = pieces.files() | {"checkpoints.json": checkpoints}
    return pack(files | {"manifest.note": manifest(pieces.sort, pieces.key, files)})
