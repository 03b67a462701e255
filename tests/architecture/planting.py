"""How a check is itself checked: it must find the faults planted for it, and let the rest be."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from tests.architecture.sources import Source

Check = Callable[[list[Source]], list[str]]
Planted = Mapping[Check, Iterable[tuple[str, str]]]


def named(checks: Iterable[Check]) -> list[Any]:
    """Return each check under its own name."""
    return [pytest.param(check, id=_name(check)) for check in checks]


def cases(planted: Planted) -> list[Any]:
    """Return each check with one file at a time: its path and its text."""
    return [
        pytest.param(check, Source(*file), id=f"{_name(check)}-{number}")
        for check, files in planted.items()
        for number, file in enumerate(files, start=1)
    ]


def _name(check: Check) -> str:
    return getattr(check, "__name__", "check")
