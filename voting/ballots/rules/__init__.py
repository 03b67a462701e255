"""What a ballot says, how it is written down and what its leaf is. Plain values, no database.

The byte layout is described in docs/2_rules/ballot.md; an independent verifier follows that page.
"""

from voting.ballots.rules.choosing import (
    BallotPaper,
    NothingChosen,
    PaperCandidate,
    TooFewChosen,
    TooManyChosen,
    UnknownChoice,
    WithdrawnChoice,
    check_choices,
    exceeds_limit,
    read_choices,
    total_cost,
)
from voting.ballots.rules.phases import (
    VoteVoid,
    VotingClosed,
    VotingEnded,
    VotingNotOpen,
    VotingNotYetOpen,
    VotingPaused,
    refusal_of_phase,
)
from voting.ballots.rules.writing import (
    SALT_LENGTH,
    Ballot,
    decode,
    encode,
    leaf_of,
    pad,
    padded_length,
    receipt_code,
    seal_info,
    slot_of,
    slot_range,
)

__all__ = [
    "SALT_LENGTH",
    "Ballot",
    "BallotPaper",
    "NothingChosen",
    "PaperCandidate",
    "TooFewChosen",
    "TooManyChosen",
    "UnknownChoice",
    "VoteVoid",
    "VotingClosed",
    "VotingEnded",
    "VotingNotOpen",
    "VotingNotYetOpen",
    "VotingPaused",
    "WithdrawnChoice",
    "check_choices",
    "decode",
    "encode",
    "exceeds_limit",
    "leaf_of",
    "pad",
    "padded_length",
    "read_choices",
    "receipt_code",
    "refusal_of_phase",
    "seal_info",
    "slot_of",
    "slot_range",
    "total_cost",
]
