"""The number on a paper: nine digits, the last of them a check digit, without order and without a person."""

import re
import secrets

from stdnum.iso7064 import mod_11_10

from voting.reading import half_width

LENGTH = 9
_BODY = 10 ** (LENGTH - 1)
_LONGEST_TYPED = 40
_DIGITS = re.compile(rf"[0-9]{{{LENGTH}}}\Z")
_FILLING = re.compile(r"(?i:\A(?:NO|№)[.:]?)|[\s\-_.·—]")
_SCANNED = re.compile(r"/B/[A-Z0-9]+-[0-9]{1,2}-([0-9]{9})-[A-Z2-7]+/?\Z", re.IGNORECASE)


def draw_serial() -> str:
    """Return a random number that a paper may bear."""
    body = f"{secrets.randbelow(_BODY):0{LENGTH - 1}d}"
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """Return the ninth digit of eight (ISO 7064 MOD 11,10): one wrong digit is always found."""
    digit: str = mod_11_10.calc_check_digit(body)
    return digit


def is_serial(text: str) -> bool:
    """Tell whether these are nine digits of which the last fits."""
    return _DIGITS.match(text) is not None and check_digit(text[:-1]) == text[-1]


def read_serial(text: str) -> str | None:
    """Return the nine digits of what was typed or scanned, or None if no paper bears it.

    Understood are the digits alone or in groups, full-width, with ``No.`` before them, and the text of the
    QR code, whose keyed code is not tested here.
    """
    scanned = _SCANNED.search(text.strip())
    digits = scanned[1] if scanned else _FILLING.sub("", half_width(text[:_LONGEST_TYPED]).strip())
    return digits if is_serial(digits) else None


def grouped(serial: str) -> str:
    """Return a number as people read it aloud: three groups of three."""
    return " ".join(serial[at : at + 3] for at in range(0, LENGTH, 3))
