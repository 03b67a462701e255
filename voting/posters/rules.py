"""What somebody claims to be, how often they may try, and the codes that prove it. Plain values."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from voting.errors import CountedRefusal, Refusal
from voting.roll.rules.names import comparable

MOST_FAILS = 5
MOST_MESSAGES = 5
CLAIM_LIFE = timedelta(minutes=20)
_NUMBER_PART = 14
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_SHORT = 8
_DIGITS = 6
_MOBILE = re.compile(r"1[3-9][0-9]{9}\Z")


class NotProven(CountedRefusal):
    """What was entered proves nobody; which part of it was wrong is not told."""

    msgid = (
        "没有核对上。请检查姓名、证件号码和 6 位数字，再试一次。同一个人输错 5 次就不能再在手机上试了，"
        "请带身份证件到投票点或社区服务台，一样能投。"
    )
    status = 422


class NotClaiming(Refusal):
    """Nobody comes by the poster now: voting is not open."""

    msgid = "现在不能用海报码投票：要在投票开始以后、截止以前，投票没有暂停的时候。"


class ClaimGone(Refusal):
    """The claim was cast, refused, or has expired."""

    msgid = "这次核实已经失效（20 分钟内有效）。请重新扫海报，再核实一次。"


class ClaimNotSeen(Refusal):
    """No waiting claim has this short code."""

    msgid = (
        "没有找到这个号，可能过了 20 分钟，或者已经办过。请居民在手机上重新核实一次，再扫新的码。"
    )
    status = 404


class ClaimNotConfirmable(Refusal):
    """The claim names nobody whose right can be used by the poster."""

    msgid = "这位居民现在不能放行。请看页面上写的原因。"


@dataclass(frozen=True, repr=False)
class Person:
    """Who somebody says they are. Its representation shows nothing, so that no log ever does."""

    name: str
    number: str

    def __repr__(self) -> str:
        return "Person()"

    @property
    def counted(self) -> tuple[str, str]:
        """What tries are counted under: the name, and the number but for what can be guessed of it."""
        return comparable(self.name), self.number[:_NUMBER_PART]


def new_secret() -> bytes:
    """Return what a browser keeps of a claim."""
    return secrets.token_bytes(32)


def new_message_code() -> str:
    """Return six random digits for a short message."""
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"


def short_code_of(mac: bytes) -> str:
    """Return eight letters of a keyed hash, of which none looks like another."""
    number, letters = int.from_bytes(mac, "big"), ""
    for _ in range(_SHORT):
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return letters


def read_claim_code(text: str) -> str | None:
    """Return a typed short code in capitals without spaces and hyphens, or None if it cannot be one."""
    code = re.sub(r"[\s\-－—]", "", text[:80]).upper()
    return code if len(code) == _SHORT and set(code) <= set(_LETTERS) else None


def is_mobile(phone: str) -> bool:
    """Tell whether a short message reaches a telephone."""
    return bool(_MOBILE.match(phone))


def message_text(office: str, code: str) -> str:
    """Return what the short message says."""
    return f"【{office}】您正在用海报码投票，核实数字 {code}，20 分钟内有效。不是您本人在办，请不要告诉别人。"
