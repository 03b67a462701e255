"""Numbers of papers, and names as they stand on them. Plain values."""

import re

_LIVING = re.compile(r"在?(.+?)(?:居住|生活|工作|学习)")
_NUMBER = re.compile(r"[内演]?([0-9]{4})-([0-9]{4,9})")


def notice_number(year: int, count: int) -> str:
    """Return the number of the ``count``-th paper of a year: ``2026-0003``."""
    return f"{year:04d}-{count:04d}"


def desk_number(year: int, count: int) -> str:
    """Return the number of the ``count``-th paper of a year that stays at the desk: ``内2026-0003``."""
    return f"内{notice_number(year, count)}"


def rehearsal_number(year: int, count: int) -> str:
    """Return the number of the ``count``-th paper of a year's rehearsals: ``演2026-0003``."""
    return f"演{notice_number(year, count)}"


def read_number(text: str) -> tuple[int, int] | None:
    """Return year and count of a number of any series, or None if it is none."""
    match = _NUMBER.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else None


def office_name(street: str) -> str:
    """Return the name of a street's (or town's) office as it signs: 南站街道 becomes 南站街道办事处."""
    if street.endswith("街道"):
        return f"{street}办事处"
    return f"{street}人民政府" if street.endswith(("镇", "乡")) else street


def committee_name(community: str) -> str:
    """Return the name of a community's committee as it signs: 站南巷社区 becomes 站南巷社区居民委员会."""
    if community.endswith("社区"):
        return f"{community}居民委员会"
    return f"{community}村民委员会" if community.endswith("村") else community


def named_round(title: str) -> str:
    """Return a round's title as it stands before 项目票决 in the title of a paper."""
    return title.removesuffix("票决").removesuffix("项目")


def short_category(name: str) -> str:
    """Return a category as a narrow column says it: 设备采购类 becomes 设备."""
    return name.removesuffix("类").removesuffix("采购")


def whereabouts(scope: str, area_name: str) -> str:
    """Return where people must live, work or study, as it stands between 在 and 居住: ``南烟小区范围内``.

    ``scope`` is what the round says about who may vote; without it, the area's own name is used.
    """
    match = _LIVING.match(scope)
    if match:
        return match[1]
    return scope or f"{area_name}范围内"
