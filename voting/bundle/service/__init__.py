"""The use cases of the bundle: it is gathered from what stands, signed, and written."""

from voting.bundle.service.gathering import (
    Made,
    NothingSealed,
    OutcomeChanged,
    make_bundle,
    public_cover,
)
from voting.bundle.service.packing import BundleTooLarge

__all__ = [
    "BundleTooLarge",
    "Made",
    "NothingSealed",
    "OutcomeChanged",
    "make_bundle",
    "public_cover",
]
