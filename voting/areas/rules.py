"""What a name, a telephone number and a public address look like; plain text in, plain text out."""

import ipaddress
import re
import unicodedata
from urllib.parse import urlsplit

from voting.errors import Refusal
from voting.reading import is_plain

NAME_MOST = 40
HELP_NUMBER_MOST = 24
ADDRESS_MOST = 200

_HELP_NUMBER = re.compile(r"[+(]?[0-9][0-9 ()-]{3,}[0-9]")
_MARK = "\N{REPLACEMENT CHARACTER}"
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class UnusableName(Refusal):
    """A name is empty, too long, or holds characters nobody can see."""

    msgid = "名称请写 1 到 %(most)s 个字，不要有换行和看不见的字符。"
    status = 422
    field = "name"


class UnusableHelpNumber(Refusal):
    """The help number cannot be dialled."""

    msgid = "电话号码只写数字，可以有空格和短横线，例如 0791-86561234。"
    status = 422
    field = "help_number"


class UnusableAddress(Refusal):
    """The public address is not the root of a web site."""

    msgid = "请填写完整的网址，例如 https://vote.example.cn，后面不要再带路径。"
    status = 422
    field = "public_url"


def displayable(raw: str | None) -> str | None:
    """Return what was typed with ``�`` for each character that a page must not hold, NUL above all.

    The mark is refused in names, so the person sees where the trouble is.
    """
    return raw and "".join(
        _MARK if unicodedata.category(char) in {"Cc", "Cs"} else char for char in raw
    )


def checked_name(raw: str, *, field: str = "name", most: int = NAME_MOST) -> str:
    """Return the name in single spaces; raise UnusableName for what no page could show."""
    name = re.sub(" {2,}", " ", unicodedata.normalize("NFC", raw).strip())
    if not is_plain(name) or not 1 <= len(name) <= most:
        raise UnusableName(field=field, most=most)
    return name


def checked_help_number(raw: str | None) -> str | None:
    """Return the number, or None for an empty one; raise UnusableHelpNumber."""
    number = (raw or "").strip()
    if not number:
        return None
    if len(number) > HELP_NUMBER_MOST or not _HELP_NUMBER.fullmatch(number):
        raise UnusableHelpNumber
    return number


def checked_address(raw: str) -> str:
    """Return ``scheme://host[:port]`` in small letters; raise UnusableAddress for anything else."""
    text = raw.strip().rstrip("/")
    if len(text) > ADDRESS_MOST or not text.isascii() or not text.isprintable():
        raise UnusableAddress
    try:
        parts = urlsplit(text.lower())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise UnusableAddress from None
    shown = f"[{host}]" if ":" in host else host
    address = f"{parts.scheme}://{shown}" + (f":{port}" if port else "")
    # Comparing with what was typed refuses user names, paths, queries and fragments all at once.
    if parts.scheme not in {"http", "https"} or not _is_host(host) or address != text.lower():
        raise UnusableAddress
    return address


def is_own_machine(address: str) -> bool:
    """Tell whether an address leads every telephone to itself only."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_top(path: str) -> bool:
    """Tell whether a path is that of a whole installation, or of nobody's area in particular."""
    return path.count("/") <= 1


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        # What ends in a number is a broken IP address, not a name.
        labels = host.split(".")
        return all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
    return True
