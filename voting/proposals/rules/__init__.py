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
from voting.proposals.rules.states import (
    CANDIDATE_STATE_NAMES,
    PROPOSAL_STATE_NAMES,
    CandidateState,
    ProposalState,
)

__all__ = [
    "CANDIDATE_STATE_NAMES",
    "DESCRIPTION_MOST",
    "HIGHEST_NUMBER",
    "MOST_BENEFICIARIES",
    "NAME_MOST",
    "PLACE_MOST",
    "PROPOSAL_STATE_NAMES",
    "REASON_MOST",
    "SENTENCE_MOST",
    "TITLE_MOST",
    "CandidateFacts",
    "CandidateState",
    "ProposalFacts",
    "ProposalState",
    "masked_name",
    "masked_phone",
    "next_free_number",
    "normalised_name",
]
