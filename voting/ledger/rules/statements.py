"""What a checkpoint says, read back from what was signed, and what a person may type. Plain values."""

import re
from dataclasses import dataclass

from voting.errors import Refusal
from voting.ledger.rules.notes import HEAD_DIGITS, NotANote

_HEX = re.compile(r"[0-9a-f]+")
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
_ADDRESS_MOST = 254
_SLOT = 64


class OddSlot(Refusal):
    """Whatever it is, it is no slot."""

    msgid = "slot 应当是 64 个十六进制数字（0–9、a–f）。"
    status = 422
    field = "slot"


class OddHead(Refusal):
    """Whatever it is, it is no head as papers print it."""

    msgid = "封存号是 16 个数字或字母（0–9、a–f），四个一组。请照着纸上再输一遍。"
    status = 422
    field = "head"


class OddAddress(Refusal):
    """A letter to it would not arrive."""

    msgid = "这个邮箱地址不对，请检查，例如 name@example.cn。"
    status = 422
    field = "address"


@dataclass(frozen=True)
class Statement:
    """A checkpoint in figures: entries, ballots among them, rights used so far, ballot cards."""

    size: int
    ballots: int
    rights: int
    cards: int


def read_statement(note: str) -> Statement:
    """Return what a checkpoint of ours states; raise NotANote for any other text."""
    lines = note.split("\n")
    try:
        said = dict(line.split(" ", 1) for line in lines[4:7])
        return Statement(
            size=int(lines[1]),
            ballots=int(said["ballots"]),
            rights=int(said["participation"].split(" ")[0]),
            cards=int(said["cards"].split(" ")[0]),
        )
    except (IndexError, KeyError, ValueError) as odd:
        raise NotANote from odd


def read_slot(typed: str) -> bytes:
    """Return the slot of 64 hex digits; raise OddSlot."""
    digits = typed.strip().lower()
    if len(digits) != _SLOT or not _HEX.fullmatch(digits):
        raise OddSlot
    return bytes.fromhex(digits)


def read_head(typed: str) -> bytes:
    """Return the first eight bytes of a root as they were typed from a paper; raise OddHead."""
    digits = "".join(typed[:80].split()).lower()
    if len(digits) != HEAD_DIGITS or not _HEX.fullmatch(digits):
        raise OddHead
    return bytes.fromhex(digits)


def read_address(typed: str) -> str:
    """Return an address for letters, its host in small letters; raise OddAddress."""
    address = typed.strip()
    if len(address) > _ADDRESS_MOST or not _ADDRESS.fullmatch(address):
        raise OddAddress
    local, _, host = address.rpartition("@")
    return f"{local}@{host.lower()}"
