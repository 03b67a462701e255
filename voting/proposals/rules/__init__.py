"""What a proposal and a candidate say, how names are compared and shown; plain values, no database."""

from voting.proposals.rules.facts import (
    DESCRIPTION_MOST,
    HIGHEST_NUMBER,
    MOST_BENEFICIARIES,
    NAME_MOST,
    PLACE_MOST,
    REASON_MOST,
    SENTENCE_MOST,
    TITLE_MOST,
    CandidateFacts,
    ProposalFacts,
    next_free_number,
)
from voting.proposals.rules.persons import masked_name, masked_phone, normalised_name

__all__ = [
    "DESCRIPTION_MOST",
    "HIGHEST_NUMBER",
    "MOST_BENEFICIARIES",
    "NAME_MOST",
    "PLACE_MOST",
    "REASON_MOST",
    "SENTENCE_MOST",
    "TITLE_MOST",
    "CandidateFacts",
    "ProposalFacts",
    "masked_name",
    "masked_phone",
    "next_free_number",
    "normalised_name",
]
