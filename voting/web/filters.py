"""Numbers, money and time as templates write them: the functions of ``voting.figures`` by their names."""

from collections.abc import Callable

from flask import Flask

from voting.figures import (
    CENTS_PER_WAN,
    CENTS_PER_YUAN,
    bar_width,
    budget,
    capital,
    clock,
    day,
    day_clock,
    day_range,
    exact_budget,
    exact_wan,
    filesize,
    grouped_code,
    percent,
    short_day,
    wan,
    yuan,
)

__all__ = [
    "CENTS_PER_WAN",
    "CENTS_PER_YUAN",
    "FILTERS",
    "bar_width",
    "budget",
    "capital",
    "clock",
    "day",
    "day_clock",
    "day_range",
    "exact_budget",
    "exact_wan",
    "filesize",
    "grouped_code",
    "percent",
    "register",
    "short_day",
    "wan",
    "yuan",
]

FILTERS: tuple[Callable[..., str], ...] = (
    wan,
    yuan,
    budget,
    exact_wan,
    exact_budget,
    capital,
    day,
    day_range,
    clock,
    day_clock,
    short_day,
    percent,
    bar_width,
    grouped_code,
    filesize,
)


def register(app: Flask) -> None:
    """Make every filter known to the templates under its own name."""
    for function in FILTERS:
        app.add_template_filter(function)
