"""Numbers of papers, names on them, their facts as stored. Plain values."""

from voting.notices.rules.facts import read_facts, write_facts
from voting.notices.rules.naming import (
    committee_name,
    desk_number,
    named_round,
    notice_number,
    office_name,
    read_number,
    rehearsal_number,
    short_category,
    whereabouts,
)
from voting.notices.rules.plain import PaperSection, PaperTable, PlainPaper, Signature
from voting.notices.rules.titles import TITLE_WIDTH, heading_lines, width

__all__ = [
    "TITLE_WIDTH",
    "PaperSection",
    "PaperTable",
    "PlainPaper",
    "Signature",
    "committee_name",
    "desk_number",
    "heading_lines",
    "named_round",
    "notice_number",
    "office_name",
    "read_facts",
    "read_number",
    "rehearsal_number",
    "short_category",
    "whereabouts",
    "width",
    "write_facts",
]
