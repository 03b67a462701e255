"""What a resident sends, how often, and the code with which they come back; plain values."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from voting.errors import Refusal

MOST_PHOTOS = 3
MOST_FROM_PHONE = 10
MOST_WAITING = 200
WAITING_SPAN = timedelta(hours=1)
APPEAL_DAYS = 3
APPEAL_MOST = 300

# Letters and digits of which none is taken for another; 31 of them, so ten are 49 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
_CODE = re.compile(f"[{ALPHABET}]{{{CODE_LENGTH}}}\\Z")
_FILLING = re.compile(r"[\s\-－—–_·.．]")
_LONGEST_TYPED = 60


class NotCollecting(Refusal):
    """The round does not take proposals at this moment."""

    msgid = "这一轮现在不收建议了。您可以打求助电话问下一轮什么时候开始。"


class TooManyFromPhone(Refusal):
    """One telephone has sent as many proposals as one may."""

    msgid = "这个电话在这一轮已经提了 %(most)d 条建议，不能再提。还有想法，请到社区服务台说，或打求助电话。"
    status = 429
    field = "phone"


class TooManyWaiting(Refusal):
    """So many came within the hour that nobody can look at them."""

    msgid = "这一小时收到的建议太多，暂时收不下了。您填的内容还在这一页，请过一小时再点提交。"
    status = 429


class TooManyPhotos(Refusal):
    """More photographs than a proposal has room for."""

    msgid = "最多 %(most)d 张照片。请先去掉不要的，再传新的。"
    status = 422
    field = "photo_1"


@dataclass(frozen=True, kw_only=True)
class SentFacts:
    """What a resident writes of a proposal and of themselves."""

    title: str
    category: str
    place: str
    reason: str
    proposer_name: str
    phone: str
    basis: str


def written_code(number: int) -> str:
    """Return the follow-up code of a number: ten characters of the alphabet."""
    letters = []
    for _position in range(CODE_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def shown_code(code: str) -> str:
    """Return a code as it is printed: two groups of five."""
    return f"{code[:5]}-{code[5:]}"


def read_code(typed: str) -> str | None:
    """Return a typed code in capitals without spaces and hyphens, or None if it cannot be one."""
    plain = unicodedata.normalize("NFKC", typed[:_LONGEST_TYPED])
    code = _FILLING.sub("", plain).upper()
    return code if _CODE.match(code) else None
