"""Exact decimal numbers, as files write them: a point or a comma, no exponent, no sign, no grouping."""

import re
from dataclasses import dataclass

from voting.pabulib.rules import refusals

# Twenty-four digits are more than all the money there is; int() must never meet a million digits.
_DIGITS = 24
_PLAIN = re.compile(r"([0-9]*)(?:[.,]([0-9]*))?")
_NEGATIVE = re.compile(r"[-−][0-9.,]+")


def power(decimals: int) -> int:
    """Return how many of the smallest units with so many places make one."""
    # mypy knows int ** int only as Any, because a negative exponent gives a float.
    units: int = 10**decimals
    return units


@dataclass(frozen=True)
class Figure:
    """``digits`` × 10^-``decimals``, with as many places as were written."""

    digits: int
    decimals: int

    def at(self, decimals: int) -> int:
        """Return the number in units of 10^-``decimals``, rounded up where it has more places."""
        return -(-self.digits * power(decimals) // power(self.decimals))

    def is_whole(self, number: int) -> bool:
        """Tell whether this is exactly the whole ``number``."""
        return self.digits == number * power(self.decimals)

    @property
    def significant(self) -> int:
        """How many places are needed, without the zeros at the end."""
        digits, decimals = self.digits, self.decimals
        while decimals and digits % 10 == 0:
            digits, decimals = digits // 10, decimals - 1
        return decimals


def figure(text: str, *, line: int, column: str) -> Figure:
    """Read a number that is not negative, or refuse the file with its line."""
    match = _PLAIN.fullmatch(text)
    whole, places = (match[1], match[2] or "") if match else ("", "")
    if not whole + places:
        fault = refusals.NegativeNumber if _NEGATIVE.fullmatch(text) else refusals.NotANumber
        raise fault(line, column=column, text=text)
    if len(whole) > _DIGITS or len(places) > _DIGITS:
        raise refusals.NumberTooLong(line, column=column, text=text)
    return Figure(int(whole + places), len(places))


def equals(text: str, amount: int, decimals: int) -> bool:
    """Tell whether a stated number is ``amount`` × 10^-``decimals``; what is no number is not."""
    try:
        stated = figure(text, line=0, column="")
    except refusals.DamagedFile:
        return False
    return stated.digits * power(decimals) == amount * power(stated.decimals)


def whole(text: str) -> int | None:
    """Return a whole number that only informs; None where there is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
