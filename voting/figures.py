"""How numbers, money and time are written on a page and on paper.

Money comes in whole cents (分), moments as aware ``datetime``; moments are shown in Asia/Shanghai.
Every function is pure and uses whole numbers only, so that a figure is the same on a page, in a
notice and in an export.
"""

from datetime import date, datetime

from voting.clock import SHANGHAI

CENTS_PER_YUAN = 100
CENTS_PER_WAN = 10_000 * CENTS_PER_YUAN

# Fewer people than this are not told apart from one another in any table.
LEAST_SHOWN = 10

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ("亿", "万", "")
_WEEKDAYS = "一二三四五六日"


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _with_decimals(whole: int, digits: int) -> str:
    unit = 10**digits
    return f"{whole // unit}.{whole % unit:0{digits}d}"


def wan(cents: int) -> str:
    """Return the amount in 万元 with two decimals, half up, without the unit: ``12.50``."""
    sign = "-" if cents < 0 else ""
    return sign + _with_decimals(_half_up(abs(cents), CENTS_PER_WAN // 100), 2)


def yuan(cents: int) -> str:
    """Return the amount in 元 without the unit; cents only where there are some: ``8000.50``."""
    sign, rest = ("-" if cents < 0 else ""), abs(cents)
    if rest % CENTS_PER_YUAN:
        return sign + _with_decimals(rest, 2)
    return f"{sign}{rest // CENTS_PER_YUAN}"


def budget(cents: int) -> str:
    """Return the amount with its unit: ``12.50 万元``, and below 10,000 yuan ``8000 元``."""
    if abs(cents) < CENTS_PER_WAN:
        return f"{yuan(cents)} 元"
    return f"{wan(cents)} 万元"


def exact_wan(cents: int) -> str:
    """Return the amount in 万元 with nothing rounded off: ``12.50``, but ``30.0001``."""
    written = _with_decimals(abs(cents), 6)
    return ("-" if cents < 0 else "") + written[:-4] + written[-4:].rstrip("0")


def exact_budget(cents: int) -> str:
    """Return the amount as ``budget`` does, with nothing rounded off: ``30.00 万元``, but ``30.0001 万元``.

    For sums that are held against one another; rounded, two that differ may look equal.
    """
    return f"{yuan(cents)} 元" if abs(cents) < CENTS_PER_WAN else f"{exact_wan(cents)} 万元"


def _group_in_words(group: int) -> str:
    """Write 1 to 9999; zeros before the first digit and after the last one are not written."""
    text, skipped = "", False
    for digit, place in zip(f"{group:04d}", _PLACES, strict=True):
        if digit == "0":
            skipped = bool(text)
            continue
        text += ("零" if skipped else "") + _DIGITS[int(digit)] + place
        skipped = False
    return text


def _yuan_in_words(amount: int) -> str:
    text, previous = "", 0
    for position, unit in enumerate(_GROUPS):
        group = amount // 10_000 ** (len(_GROUPS) - 1 - position) % 10_000
        if group:
            # 零 is written where digits are missing; where only 万位 or 亿位 is 0 it may be left out.
            gap = bool(text) and (not previous or f"{group:04d}".startswith("0"))
            text += ("零" if gap else "") + _group_in_words(group) + unit
        previous = group
    return text


def capital(cents: int) -> str:
    """Return the amount in 大写, as contracts, final accounts and receipts want it.

    The rule is that of 正确填写票据和结算凭证的基本规定; where it allows 零 or none, none is
    written. Raises ValueError below zero and from a trillion yuan on.
    """
    if not 0 <= cents < 10_000**3 * CENTS_PER_YUAN:
        raise ValueError(f"no capital form for {cents} cents")
    whole, rest = divmod(cents, CENTS_PER_YUAN)
    jiao, fen = divmod(rest, 10)
    text = f"{_yuan_in_words(whole)}元" if whole else ""
    if not rest:
        return f"人民币{text or '零元'}整"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif whole:
        text += "零"
    return f"人民币{text}{_DIGITS[fen]}分" if fen else f"人民币{text}"


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone cannot be shown")
    return moment.astimezone(SHANGHAI)


def _date(value: date | datetime) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


def day(value: date | datetime) -> str:
    """Return ``2026年11月22日``."""
    shown = _date(value)
    return f"{shown.year}年{shown.month}月{shown.day}日"


def day_range(first: date | datetime, last: date | datetime) -> str:
    """Return ``2026年11月24日至30日``: the second day without what it shares with the first."""
    start, end = _date(first), _date(last)
    if start == end:
        return day(start)
    if start.year != end.year:
        return f"{day(start)}至{day(end)}"
    if start.month != end.month:
        return f"{day(start)}至{end.month}月{end.day}日"
    return f"{day(start)}至{end.day}日"


def clock(moment: datetime) -> str:
    """Return ``17:30``."""
    return f"{_local(moment):%H:%M}"


def day_clock(moment: datetime) -> str:
    """Return ``2026年11月22日 17:30``."""
    return f"{day(moment)} {clock(moment)}"


def short_day(value: date | datetime) -> str:
    """Return ``11月22日（周日）``, for pages where the year is plain."""
    shown = _date(value)
    return f"{shown.month}月{shown.day}日（周{_WEEKDAYS[shown.weekday()]}）"


def percent(numerator: int, denominator: int) -> str:
    """Return the share with one decimal, half up: ``70.0%``; a share of nothing is ``—``."""
    if denominator == 0:
        return "—"
    return f"{_with_decimals(_half_up(numerator * 1000, denominator), 1)}%"


def bar_width(numerator: int, denominator: int) -> str:
    """Return the share as an SVG length from ``0.0%`` to ``100.0%``; of nothing, ``0.0%``."""
    if denominator <= 0:
        return "0.0%"
    return percent(min(max(numerator, 0), denominator), denominator)


def grouped_code(code: str) -> str:
    """Return the code in groups of four, so that it can be read aloud: ``AB2C D3EF``."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def filesize(octets: int) -> str:
    """Return the size of a file as a file manager shows it: ``532 字节``, ``1.5 MB``."""
    for unit, name in ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB")):
        if octets >= unit:
            return f"{_with_decimals(_half_up(octets * 10, unit), 1)} {name}"
    return f"{octets} 字节"
