"""How open data is written: schemas, cursors, money and moments. Plain values."""

from voting.api.rules.cursors import (
    MOST_ITEMS,
    BadCursor,
    BadLimit,
    read_cursor,
    read_limit,
    write_cursor,
)
from voting.api.rules.writing import Json, day_or_none, moment, moment_or_none, money, money_or_none

__all__ = [
    "MOST_ITEMS",
    "BadCursor",
    "BadLimit",
    "Json",
    "day_or_none",
    "moment",
    "moment_or_none",
    "money",
    "money_or_none",
    "read_cursor",
    "read_limit",
    "write_cursor",
]
