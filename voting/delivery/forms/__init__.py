"""What the desk sends about projects."""

from voting.delivery.forms.acting import MonthForm, PackForm, ReasonForm, StepForm
from voting.delivery.forms.keeping import EntryForm, PhotoForm, SpendingForm
from voting.delivery.forms.preparing import (
    DoneForm,
    MilestoneChangeForm,
    MilestoneForm,
    ResponsibilityForm,
)

__all__ = [
    "DoneForm",
    "EntryForm",
    "MilestoneChangeForm",
    "MilestoneForm",
    "MonthForm",
    "PackForm",
    "PhotoForm",
    "ReasonForm",
    "ResponsibilityForm",
    "SpendingForm",
    "StepForm",
]
