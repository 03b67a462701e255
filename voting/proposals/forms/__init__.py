"""What the pages about proposals and candidates send."""

from voting.proposals.forms.desk import (
    ActForm,
    CandidateForm,
    CorrectionForm,
    ProposalForm,
    of_candidate,
)

__all__ = ["ActForm", "CandidateForm", "CorrectionForm", "ProposalForm", "of_candidate"]
