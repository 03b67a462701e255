"""Numbers of papers, names on them, their facts as stored. Plain values."""

from voting.notices.rules.facts import read_facts, write_facts
from voting.notices.rules.naming import (
    named_round,
    notice_number,
    office_name,
    read_number,
    short_category,
    whereabouts,
)

__all__ = [
    "named_round",
    "notice_number",
    "office_name",
    "read_facts",
    "read_number",
    "short_category",
    "whereabouts",
    "write_facts",
]
