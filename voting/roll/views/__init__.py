"""The roll: applications of residents; at the desk lists, files, people, changes."""

from voting.roll.views import (
    answering,
    applying,
    asking,
    changing,
    deciding,
    differences,
    importing,
    listing,
    people,
    reports,
    uploads,
)
from voting.roll.views.blueprint import bp

__all__ = [
    "answering",
    "applying",
    "asking",
    "bp",
    "changing",
    "deciding",
    "differences",
    "importing",
    "listing",
    "people",
    "reports",
    "uploads",
]
