"""Recovery sets of the server's way: the secrets a round cannot do without, on paper in a sealed envelope."""

from collections.abc import Mapping
from dataclasses import dataclass

from voting.custody.rules.lines import first_byte, from_lines, lines_for, to_lines
from voting.custody.rules.sheets import (
    KEY_LENGTH,
    SET_KIND,
    SHEET_KIND,
    OtherRoundSheet,
    round_tag,
)
from voting.errors import Refusal

SETS = 2
SECRETS = {
    "seal": "开箱钥匙",
    "pepper": "名册密钥",
    "ledger": "公开账本签名密钥",
    "app": "系统密钥",
    "cards": "投票卡密钥",
    "persons": "人员比对密钥",
}
"""What a set holds, in the order in which it lies there."""

_HEAD = 2
_ROUND_TAG = 8
_LENGTH = _HEAD + _ROUND_TAG + KEY_LENGTH * len(SECRETS)
SET_LINES = lines_for(_LENGTH)


class NotASet(Refusal):
    """It is something else."""

    msgid = "这不是恢复袋里的纸。请用印有“恢复袋”三个字的那一份。"
    status = 422


class SheetInsteadOfSet(Refusal):
    """It is a key sheet."""

    msgid = "这是钥匙纸，不是恢复袋里的纸。"
    status = 422


class OtherRoundSet(OtherRoundSheet):
    """The set belongs to another round."""

    msgid = "这份恢复袋是另一个轮次的。请核对纸上印的轮次名称。"


class SetDiffers(Refusal):
    """What was printed is not what the server uses now."""

    msgid = "这份恢复袋和服务器现在用的不一样：%(names)s。请重新打印两份，旧的销毁。"
    status = 422


@dataclass(frozen=True, repr=False)
class RecoverySet:
    """One of two equal sets: its number, whose it is, and the secrets by their short names."""

    round_tag: bytes
    number: int
    secrets: Mapping[str, bytes]

    @property
    def lines(self) -> list[str]:
        """The set as it is printed, line by line; joined, it is what the QR code says."""
        body = b"".join(self.secrets[name] for name in SECRETS)
        return to_lines(bytes((SET_KIND, self.number)) + self.round_tag + body)


def recovery_set(round_id: str, number: int, secrets: Mapping[str, bytes]) -> RecoverySet:
    """Return a set of a round."""
    return RecoverySet(round_tag(round_id), number, secrets)


def read_set(typed: str) -> RecoverySet:
    """Return the set that was typed or scanned; raise NotASet, SheetInsteadOfSet, or a line's flaw."""
    if first_byte(typed) == SHEET_KIND:
        raise SheetInsteadOfSet
    content = from_lines(typed, printed=SET_LINES)[:_LENGTH]
    if content[0] != SET_KIND or not 1 <= content[1] <= SETS:
        raise NotASet
    body = content[_HEAD + _ROUND_TAG :]
    secrets = {
        name: body[at * KEY_LENGTH : (at + 1) * KEY_LENGTH] for at, name in enumerate(SECRETS)
    }
    return RecoverySet(content[_HEAD : _HEAD + _ROUND_TAG], content[1], secrets)


def check_set(found: RecoverySet, *, round_id: str, kept: Mapping[str, bytes | None]) -> None:
    """Raise OtherRoundSet, or SetDiffers where a set is not what the keyring holds."""
    if found.round_tag != round_tag(round_id):
        raise OtherRoundSet
    other = [said for name, said in SECRETS.items() if found.secrets[name] != kept[name]]
    if other:
        raise SetDiffers(names="、".join(other))
