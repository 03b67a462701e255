"""The use cases: other people's elections come in as rounds, rounds of ours go out as files."""

from voting.pabulib.service.exporting import (
    FractionsOfPoints,
    LimitsNotWritable,
    NothingToExport,
    NotPublished,
    OnlyTotals,
    export,
)
from voting.pabulib.service.loading import Loaded, Progress, load

__all__ = [
    "FractionsOfPoints",
    "LimitsNotWritable",
    "Loaded",
    "NotPublished",
    "NothingToExport",
    "OnlyTotals",
    "Progress",
    "export",
    "load",
]
