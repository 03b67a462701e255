"""The result: its figures from every stage, declared once by the street, with the paper that says so."""

from voting.results.service.declaring import (
    RESULT,
    AlreadyDeclared,
    NotInReview,
    Printed,
    ResultChanged,
    declare,
    digest_of,
    prepare,
    publicity_of,
)
from voting.results.service.finding import (
    LotWaits,
    NotDeclaredYet,
    cut_of,
    days_in_force,
    declared_facts,
    facts_of,
    find_result,
    numbers_of,
)

__all__ = [
    "RESULT",
    "AlreadyDeclared",
    "LotWaits",
    "NotDeclaredYet",
    "NotInReview",
    "Printed",
    "ResultChanged",
    "cut_of",
    "days_in_force",
    "declare",
    "declared_facts",
    "digest_of",
    "facts_of",
    "find_result",
    "numbers_of",
    "prepare",
    "publicity_of",
]
