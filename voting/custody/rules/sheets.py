"""Key sheets: a key as three sheets of which any two restore it (docs/2_rules/custody.md).

The key is K = r1 xor r2 xor r3, where r1 and r2 are random; sheet i holds the two shares other than r_i.
One sheet alone is 64 bytes of uniform noise whatever the key is; two sheets hold all three shares.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from voting.custody.rules.lines import first_byte, from_lines, lines_for, to_lines
from voting.errors import Refusal

SHEETS = 3
NEEDED = 2
KEY_LENGTH = 32
SHEET_KIND = 1
SET_KIND = 2
_ROUND_TAG = 8
_KEY_TAG = 4
_HEAD = 3
_LENGTH = _HEAD + _ROUND_TAG + _KEY_TAG + 2 * KEY_LENGTH
SHEET_LINES = lines_for(_LENGTH)

Random = Callable[[int], bytes]


class NotASheet(Refusal):
    """It is something else, perhaps a ballot card."""

    msgid = "这不是钥匙纸。请用印有“钥匙纸”三个字的那一张。"
    status = 422


class SetInsteadOfSheet(Refusal):
    """It is a recovery set."""

    msgid = "这是恢复袋里的纸，不是钥匙纸。"
    status = 422


class OtherRoundSheet(Refusal):
    """The sheet belongs to another round."""

    msgid = "这张钥匙纸是另一个轮次的。请核对纸上印的轮次名称。"
    status = 422


class OldSheet(Refusal):
    """A new set has taken the place of this one."""

    msgid = "这张钥匙纸是第 %(old)d 套的，已经作废；现在用的是第 %(current)d 套。"
    status = 422


class OtherKeySheet(Refusal):
    """The sheet is of this round, but not of the key that is in use."""

    msgid = "这张钥匙纸打不开这一轮的票箱：它是以前重新生成钥匙时作废的。请用最后印的那一套。"
    status = 422


class SameSheetTwice(Refusal):
    """One sheet is no two sheets."""

    msgid = "两次给的是同一张钥匙纸（第 %(number)d 张）。要两张不同的钥匙纸。"
    status = 422


class SheetsDisagree(Refusal):
    """Two sheets that should have a share in common do not."""

    msgid = "这两张钥匙纸合起来打不开票箱。请换第三张钥匙纸再试。"
    status = 422


@dataclass(frozen=True, repr=False)
class KeySheet:
    """What one sheet holds: whose it is, and two of the three shares in rising order."""

    round_tag: bytes
    key_tag: bytes
    set_no: int
    number: int
    shares: tuple[bytes, bytes]

    @property
    def lines(self) -> list[str]:
        """The sheet as it is printed, line by line; joined, it is what the QR code says."""
        head = bytes((SHEET_KIND, self.set_no, self.number))
        return to_lines(head + self.round_tag + self.key_tag + b"".join(self.shares))


def round_tag(round_id: str) -> bytes:
    """Return the eight bytes by which a sheet is known to belong to a round."""
    return hashlib.sha256(b"custody round 1\x00" + round_id.encode()).digest()[:_ROUND_TAG]


def key_tag(public: bytes) -> bytes:
    """Return the four bytes by which a sheet is known to belong to a key."""
    return hashlib.sha256(b"custody key 1\x00" + public).digest()[:_KEY_TAG]


def shares_of(private: bytes, random: Random = secrets.token_bytes) -> tuple[bytes, bytes, bytes]:
    """Return three shares whose exclusive or is the key; two of them are random."""
    first, second = random(KEY_LENGTH), random(KEY_LENGTH)
    return first, second, _xor(private, first, second)


def sheets_of(
    shares: tuple[bytes, bytes, bytes], *, round_id: str, public: bytes, set_no: int
) -> list[KeySheet]:
    """Return the three sheets of a set; sheet i lacks share i."""
    return [
        KeySheet(
            round_tag=round_tag(round_id),
            key_tag=key_tag(public),
            set_no=set_no,
            number=lacking + 1,
            shares=tuple(share for at, share in enumerate(shares) if at != lacking),  # type: ignore[arg-type]  # two of three
        )
        for lacking in range(SHEETS)
    ]


def read_sheet(typed: str) -> KeySheet:
    """Return the sheet that was typed or scanned; raise NotASheet, SetInsteadOfSheet, or a line's flaw."""
    kind = first_byte(typed)
    if kind == SET_KIND:
        raise SetInsteadOfSheet
    content = from_lines(typed, printed=SHEET_LINES)
    head, rest = content[:_HEAD], content[_HEAD:_LENGTH]
    if head[0] != SHEET_KIND or not 1 <= head[2] <= SHEETS or not head[1]:
        raise NotASheet
    tagged, shares = rest[: _ROUND_TAG + _KEY_TAG], rest[_ROUND_TAG + _KEY_TAG :]
    return KeySheet(
        round_tag=tagged[:_ROUND_TAG],
        key_tag=tagged[_ROUND_TAG:],
        set_no=head[1],
        number=head[2],
        shares=(shares[:KEY_LENGTH], shares[KEY_LENGTH:]),
    )


def check_sheet(sheet: KeySheet, *, round_id: str, public: bytes, set_no: int) -> None:
    """Raise OtherRoundSheet, OtherKeySheet or OldSheet unless a sheet is one of the set in use.

    A newer set is taken too: after a restore from before it was made, only its sheets are left, and any two
    of one set restore the same key.
    """
    if sheet.round_tag != round_tag(round_id):
        raise OtherRoundSheet
    if sheet.key_tag != key_tag(public):
        raise OtherKeySheet
    if sheet.set_no < set_no:
        raise OldSheet(old=sheet.set_no, current=set_no)


def join(first: KeySheet, second: KeySheet) -> bytes:
    """Return the key that two sheets restore; raise SameSheetTwice or SheetsDisagree."""
    if first.number == second.number:
        raise SameSheetTwice(number=first.number)
    shares: dict[int, bytes] = {}
    for sheet in (first, second):
        held = (at for at in range(1, SHEETS + 1) if at != sheet.number)
        for at, share in zip(held, sheet.shares, strict=True):
            if shares.setdefault(at, share) != share:
                raise SheetsDisagree
    return _xor(*(shares[at] for at in sorted(shares)))


def _xor(*values: bytes) -> bytes:
    mixed = 0
    for value in values:
        mixed ^= int.from_bytes(value, "big")
    return mixed.to_bytes(KEY_LENGTH, "big")
