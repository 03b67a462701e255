"""Use cases of paper: printed, charged, handed out, exchanged, and what came late."""

from voting.paper.service.printing import (
    MOST_PAPERS,
    PER_BUNDLE,
    PaperBatchSize,
    make_batch,
)

__all__ = [
    "MOST_PAPERS",
    "PER_BUNDLE",
    "PaperBatchSize",
    "make_batch",
]
