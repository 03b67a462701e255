"""What the pages about the roll send."""

from voting.roll.forms.applying import AcceptForm, ApplyForm, RefuseForm
from voting.roll.forms.changing import (
    AskCorrectForm,
    AskPersonForm,
    AskRestoreForm,
    ConfirmForm,
    TakeOverForm,
)
from voting.roll.forms.finding import SearchForm
from voting.roll.forms.importing import UploadForm, columns_form
from voting.roll.forms.people import STRIKE_REASONS, CorrectForm, PersonForm, StrikeForm

__all__ = [
    "STRIKE_REASONS",
    "AcceptForm",
    "ApplyForm",
    "AskCorrectForm",
    "AskPersonForm",
    "AskRestoreForm",
    "ConfirmForm",
    "CorrectForm",
    "PersonForm",
    "RefuseForm",
    "SearchForm",
    "StrikeForm",
    "TakeOverForm",
    "UploadForm",
    "columns_form",
]
