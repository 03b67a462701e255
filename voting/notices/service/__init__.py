"""Papers as issued: numbered without gaps, stored with their facts and the digest of their PDF."""

from voting.notices.service.finding import (
    PER_PAGE,
    NoticePage,
    Wanted,
    find_notice,
    get_notice,
    get_notice_in,
    issuer_of,
    notices_in,
    notices_of,
)
from voting.notices.service.issuing import DESK, PUBLIC, AlreadyIssued, issue, issue_plain
from voting.notices.service.keeping import DamagedPaper, keep_digest, stored_pdf
from voting.notices.service.numbering import NumberTaken, Overtaken, Series, next_number
from voting.notices.service.typesetting import Render, official, plain_paper

__all__ = [
    "DESK",
    "PER_PAGE",
    "PUBLIC",
    "AlreadyIssued",
    "DamagedPaper",
    "NoticePage",
    "NumberTaken",
    "Overtaken",
    "Render",
    "Series",
    "Wanted",
    "desk_notices_in",
    "find_notice",
    "get_desk_notice",
    "get_notice",
    "get_notice_in",
    "issue",
    "issue_plain",
    "issuer_of",
    "keep_digest",
    "next_number",
    "notices_in",
    "notices_of",
    "official",
    "plain_paper",
    "stored_pdf",
]
