"""What the pages about the roll send."""

from voting.roll.forms.finding import SearchForm
from voting.roll.forms.importing import UploadForm, columns_form
from voting.roll.forms.people import STRIKE_REASONS, CorrectForm, PersonForm, StrikeForm

__all__ = [
    "STRIKE_REASONS",
    "CorrectForm",
    "PersonForm",
    "SearchForm",
    "StrikeForm",
    "UploadForm",
    "columns_form",
]
