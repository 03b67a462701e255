"""Names to sign in with, passwords, the set-up code; plain text in, plain text out."""

import hashlib
import hmac
import secrets
import unicodedata

from voting.errors import Refusal
from voting.permissions import Role

SIGN_IN_NAME_LEAST = 2
SIGN_IN_NAME_MOST = 32
PASSWORD_LEAST = 8
PASSWORD_MOST = 128

ROLE_NAMES = {
    Role.COMMUNITY_WORKER: "社区工作者",
    Role.COMMUNITY_SECRETARY: "社区书记",
    Role.STREET_OFFICER: "街道工作人员",
    Role.DISTRICT_OBSERVER: "区级观察员",
    Role.AUDITOR: "审计员",
    Role.ADMINISTRATOR: "管理员",
}

# Without 0 O 1 I L U and whatever else is misread or misheard from a slip of paper.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS = 3
_GROUP = 4

# What anybody would try first at a Chinese site, in small letters; shorter ones fail by their length.
_COMMON = """
    0123456789 01234567 1029384756 112233445566 11223344 1122334455 123123123 12312312 1234512345 12341234
    1234abcd 1234qwer 12344321 123456123456 12345678 123456789 1234567890 12345678910 123456789a 12345678a
    123456abc 123456aa 123456qq 1234567a 123654789 123qweasd 123qwe123 1314520520 13145200 147258369
    147852369 159357456 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz@wsx 20082008 31415926 3141592653 520131400
    5201314520 5201314a 741852963 789456123 7894561230 87654321 963852741 987654321 9876543210 a12345678
    a123456789 a1234567 a1b2c3d4 aa123456 aa12345678 aa123456789 aaa123456 abc12345 abc123456 abcd1234
    abcdefgh abcd123456 admin123 admin888 admin@123 administrator aini1314 asd123456 asdasdasd asdf1234
    asdfasdf asdfghjk asdfghjkl baobao123 changeme huawei@123 iloveyou iloveyou1 internet letmein1 li123456
    liu123456 mima1234 mimamima p@ssw0rd p@ssword passw0rd password password1 password123 q1w2e3r4
    q1w2e3r4t5 q123456789 qazwsx123 qazwsxedc qq123456 qq123456789 qq5201314 qwe123456 qweasdzxc qwer1234
    qwerasdf qwerqwer qwertyui qwertyuiop qwerty123 root1234 sunshine superman taobao123 test1234 trustno1
    w123456789 wang123456 welcome1 welcome123 wo123456 woaini123 woaini1314 woaini520 woaini521 woainima
    woaiwojia z123456789 zhang123456 zhang123 zxc123456 zxcvbnm1 zxcvbnm123 zz123456 xingfu123 weishishi
    shequ123 jiedao123
"""
_COMMONEST = frozenset(_COMMON.split())


class UnusableSignInName(Refusal):
    """The sign-in name cannot be typed reliably."""

    msgid = "登录名用 2 到 %(most)s 个字母、数字或汉字，中间可以有 . _ - @，不要有空格。"
    status = 422
    field = "sign_in_name"


class PasswordTooShort(Refusal):
    """Below the least length (ASVS 6.2.1)."""

    msgid = "密码至少要 %(least)s 个字符，最多 %(most)s 个。"
    status = 422
    field = "password"


class PasswordTooCommon(Refusal):
    """Among the first that anybody would try."""

    msgid = "这个密码太常见，一猜就中。请换一个，比如用几个不相干的词连起来。"
    status = 422
    field = "password"


class PasswordLikeName(Refusal):
    """The password is the sign-in name, with some figures at most."""

    msgid = "密码不能就是登录名，也不能只在登录名前后加数字，请换一个。"
    status = 422
    field = "password"


def folded_name(raw: str) -> str:
    """Return a sign-in name as it is stored: full-width letters and capitals count as small ones."""
    return unicodedata.normalize("NFKC", raw).strip().casefold()


def checked_sign_in_name(raw: str) -> str:
    """Return the sign-in name as it is stored; raise UnusableSignInName."""
    name = folded_name(raw)
    plain = all(char.isalnum() or char in "._-@" for char in name)
    # An id never begins with "-", and neither may a name that commands take as an argument.
    if (
        not plain
        or not SIGN_IN_NAME_LEAST <= len(name) <= SIGN_IN_NAME_MOST
        or not name[0].isalnum()
    ):
        raise UnusableSignInName(most=SIGN_IN_NAME_MOST)
    return name


def check_password(password: str, sign_in_name: str) -> None:
    """Raise a refusal for a password that would be guessed; nothing is said of its kinds of characters."""
    if not PASSWORD_LEAST <= len(password) <= PASSWORD_MOST:
        raise PasswordTooShort(least=PASSWORD_LEAST, most=PASSWORD_MOST)
    folded = folded_name(password)
    if sign_in_name in {folded, folded.strip("0123456789.!@#_-")}:
        raise PasswordLikeName
    if folded in _COMMONEST or len(set(folded)) <= 2:  # noqa: PLR2004 -- 88888888, 12121212
        raise PasswordTooCommon


def new_password() -> str:
    """Return an initial password of some 58 random bits that can be read from a slip: ``7KMP-3XWQ-9HFT``."""
    return _grouped("".join(secrets.choice(_ALPHABET) for _ in range(_GROUPS * _GROUP)))


def set_up_code(key: bytes) -> str:
    """Return the code that only somebody who can read the keyring knows: ``7KMP-3XWQ-9HFT``."""
    number = int.from_bytes(hmac.digest(key, b"first set-up", hashlib.sha256))
    letters = ""
    for _ in range(_GROUPS * _GROUP):
        number, index = divmod(number, len(_ALPHABET))
        letters += _ALPHABET[index]
    return _grouped(letters)


def is_set_up_code(key: bytes, typed: str) -> bool:
    """Tell whether the typed code is the one of this key; case, spaces and dashes do not matter."""
    letters = "".join(char for char in typed.upper() if char.isalnum())
    wanted = set_up_code(key).replace("-", "")
    return hmac.compare_digest(wanted.encode(), letters.encode())


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))
